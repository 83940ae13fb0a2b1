/** `GET /v1/explain`: what accounts for the difference between a span and one or more before it. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ChangeQueries, spansBefore } from '../store/change-queries.js';
import { filterSql } from '../store/filters.js';
import { explainAnswer } from './answers.js';
import { baselineOf, explainParameters, filtersOf, spanOf } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

@ApiTags('query')
@Controller('v1/explain')
export class ExplainController {
  constructor(
    private readonly changes: ChangeQueries,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    operationId: 'explainChange',
    summary: 'What changed: values that account for the difference to the time before, the strongest first',
  })
  @ApiOkResponse({ standardSchema: explainAnswer })
  async explain(
    @Query({ schema: explainParameters }) parameters: z.output<typeof explainParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof explainAnswer>> {
    const { span } = spanOf(parameters, this.retention);
    const given = baselineOf(parameters, this.retention);
    const before = given === undefined ? spansBefore(span) : [{ from: Math.floor(given.from), to: Math.ceil(given.to) }];
    const filters = filtersOf(parameters);
    const { explanation } = await this.changes.changes({
      projectId,
      where: (bound) => filterSql(filters, bound),
      now: span,
      asked: Object.entries(filters)
        .filter(([, values]) => values.length === 1 && !/^!|\*$/.test(values[0] ?? ''))
        .map(([name]) => name),
      before,
    });
    return {
      ...isoSpan(span),
      baseline: before.map(isoSpan),
      count: explanation.now,
      expected: explanation.before,
      changes: explanation.changes.map(({ values, now, before: earlier, shareNow, shareBefore, lift, explains }) => ({
        values,
        count: Math.round(now),
        expected: earlier,
        share_now: shareNow,
        share_before: shareBefore,
        lift: earlier === 0 || !Number.isFinite(lift) ? null : lift,
        explains,
      })),
    };
  }
}
