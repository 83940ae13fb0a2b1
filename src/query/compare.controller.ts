/** `GET /v1/compare`: two spans side by side, what differs most first. */
import { Controller, Get, Inject, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { DataSource } from '../store/database.js';
import { onSnapshot } from '../store/snapshots.js';
import { compareAnswer } from './answers.js';
import { CsvInterceptor, type Row } from './csv.interceptor.js';
import { comparedSpansOf, compareParameters, filtersOf } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan, keyOf } from './trends.controller.js';

type Answer = z.input<typeof compareAnswer>;

@ApiTags('query')
@Controller('v1/compare')
export class CompareController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'compareSpans', summary: 'Two spans side by side by any dimensions; the largest difference first' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: compareAnswer })
  @UseInterceptors(new CsvInterceptor(compareRows))
  async compare(
    @Query({ schema: compareParameters }) parameters: z.output<typeof compareParameters>,
    @ProjectId() projectId: number,
  ): Promise<Answer> {
    const { by, limit } = parameters;
    const { span, before } = comparedSpansOf(parameters, this.retention);
    const scale = (span.to - span.from) / (before.to - before.from);
    const query = { projectId, span, filters: filtersOf(parameters), before, scale };
    const comparison = await onSnapshot(this.database, (queries) => queries.compare(query, by, limit + 1));
    const rows = comparison.rows.slice(0, limit).map((row) => {
      const expected = row.before * scale;
      return {
        key: keyOf(by, row.key),
        count: row.now,
        expected,
        change: expected === 0 ? null : row.now / expected - 1,
        share_now: share(row.now, comparison.now),
        share_before: share(row.before, comparison.before),
      };
    });
    return {
      ...isoSpan(span),
      ...{ baseline: isoSpan(before), by, rows, total: comparison.now, baseline_total: comparison.before },
      truncated: comparison.rows.length > limit,
    };
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function compareRows({ rows }: Answer): Row[] {
  return rows.map(({ key, ...figures }) => ({ ...key, ...figures }));
}
