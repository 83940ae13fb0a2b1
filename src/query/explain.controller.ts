/** `GET /v1/explain`: what accounts for the difference between a span and one or more before it. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { ChangeQueries } from '../store/change-queries.js';
import type { Span } from '../store/count-queries.js';
import { filterSql } from '../store/filters.js';
import { explainAnswer } from './answers.js';
import { badField, checkSpan, explainParameters, filtersOf, momentOf, spanOf } from './parameters.js';
import { DEFAULT_PROJECT, RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

const DAY = 86_400;
/** The same hours of days before; for spans of days, the days before each other. */
const SPANS_BEFORE = 7;

@ApiTags('query')
@Controller('v1/explain')
export class ExplainController {
  constructor(
    private readonly changes: ChangeQueries,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What changed: values that account for the difference to the time before, the strongest first' })
  @ApiOkResponse({ standardSchema: explainAnswer })
  async explain(
    @Query({ schema: explainParameters }) parameters: z.output<typeof explainParameters>,
  ): Promise<z.input<typeof explainAnswer>> {
    const { span } = spanOf(parameters, this.retention);
    const before = this.spansBefore(span, parameters);
    const filters = filtersOf(parameters);
    const { explanation } = await this.changes.changes({
      projectId: DEFAULT_PROJECT,
      where: (bound) => filterSql(filters, bound),
      now: span,
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

  /** The spans given, cut to the length of the one that is asked about; or like ones on days before. */
  private spansBefore({ from, to }: Span, parameters: z.output<typeof explainParameters>): Span[] {
    const { baseline_from: first, baseline_to: last } = parameters;
    const length = to - from;
    if (first === undefined && last === undefined) {
      const apart = Math.ceil(length / DAY) * DAY;
      return Array.from({ length: SPANS_BEFORE }, (_, at) => ({ from: from - (at + 1) * apart, to: to - (at + 1) * apart }));
    }
    if (first === undefined || last === undefined) throw badField('baseline_from', 'and baseline_to belong together; give both or none');
    const given = { from: momentOf(first), to: momentOf(last) };
    checkSpan(given, this.retention);
    const whole = Math.floor((given.to - given.from) / length);
    if (whole < 1) throw badField('baseline_from', 'the baseline must be as long as the span itself at least');
    return Array.from({ length: Math.min(whole, 100) }, (_, at) => ({ from: given.to - (at + 1) * length, to: given.to - at * length }));
  }
}
