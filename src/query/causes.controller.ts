/** `GET /v1/causes`: the catalogue with advice, and how often each cause occurred in the span. */
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { CATALOGUE, isCauseId, type Cause } from '../core/causes.js';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { DataSource } from '../store/database.js';
import { onSnapshot } from '../store/snapshots.js';
import { causeAnswer, causesAnswer } from './answers.js';
import { filtersOf, spanOf, spanParameters } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

@ApiTags('query')
@Controller('v1/causes')
export class CausesController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listCauses', summary: 'The catalogue of causes with advice, and counts in the span' })
  @ApiOkResponse({ standardSchema: causesAnswer })
  async list(
    @Query({ schema: spanParameters }) parameters: z.output<typeof spanParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof causesAnswer>> {
    const { span } = spanOf(parameters, this.retention);
    const query = { projectId, span, filters: filtersOf(parameters) };
    const ranked = await onSnapshot(this.database, (queries) => queries.rank(query, ['cause'], Object.keys(CATALOGUE).length));
    const counts = new Map(ranked.map(({ key, count }) => [key[0], count]));
    const total = ranked.reduce((sum, { count }) => sum + count, 0);
    const causes = Object.entries(CATALOGUE as Record<string, Cause>).map(([id, cause]) => {
      const count = counts.get(id) ?? 0;
      return { id, ...cause, count, share: total === 0 ? 0 : count / total };
    });
    return { ...isoSpan(span), causes, total };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ operationId: 'getCause', summary: 'One cause of the catalogue' })
  @ApiOkResponse({ standardSchema: causeAnswer })
  async one(
    @Param('id', { schema: z.string() }) id: string,
    @Query({ schema: spanParameters }) parameters: z.output<typeof spanParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof causeAnswer>> {
    if (!isCauseId(id)) throw new ProblemError(404, 'there is no such cause; GET /v1/causes lists them');
    const cause = (await this.list(parameters, projectId)).causes.find((one) => one.id === id);
    if (cause === undefined) throw new ProblemError(404, 'there is no such cause; GET /v1/causes lists them');
    return cause;
  }
}
