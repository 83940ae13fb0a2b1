/** `GET /v1/trends` and `GET /v1/top`: counts over time, and rankings against the span before. */
import { Controller, Get, Inject, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { OTHER, type Retention } from '../core/levels.js';
import { CountQueries, onSnapshot, type CountQuery, type SeriesPoint, type Span } from '../store/count-queries.js';
import { DataSource } from '../store/database.js';
import type { Dimension } from '../store/filters.js';
import { topAnswer, trendsAnswer } from './answers.js';
import { CsvInterceptor, type Row } from './csv.interceptor.js';
import { comparableSpanOf, filtersOf, spanOf, topParameters, trendsParameters } from './parameters.js';
import { DEFAULT_PROJECT, RETENTION } from './tokens.js';

@ApiTags('query')
@Controller('v1')
export class TrendsController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get('trends')
  @ApiOperation({ summary: 'Refusals over time, by cause or any other dimensions; gaps are zeros' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: trendsAnswer })
  @UseInterceptors(new CsvInterceptor(trendRows))
  trends(@Query({ schema: trendsParameters }) parameters: z.output<typeof trendsParameters>): Promise<z.input<typeof trendsAnswer>> {
    const { span, step } = spanOf(parameters, this.retention, parameters.step);
    const query = { projectId: DEFAULT_PROJECT, span, filters: filtersOf(parameters) };
    return onSnapshot(this.database, async (queries) => {
      const ranked = await queries.rank(query, parameters.by, parameters.limit + 1);
      const shown = ranked.slice(0, parameters.limit);
      const points = await queries.series(
        query,
        parameters.by,
        shown.map(({ key }) => key),
        step,
      );
      const everything = ranked.length > shown.length ? await queries.series(query, [], [], step) : undefined;
      const series = shown.map(({ key, count }) => ({
        key: keyOf(parameters.by, key),
        total: count,
        points: filled(
          points.filter((point) => isSame(point.key, key)),
          span,
          step,
        ),
      }));
      if (everything !== undefined) series.push(rest(parameters.by, everything, points, { span, step }));
      const total = series.reduce((sum, one) => sum + one.total, 0);
      return { ...isoSpan(span), step_seconds: step, by: parameters.by, series, total, truncated: everything !== undefined };
    });
  }

  @Get('top')
  @ApiOperation({ summary: 'Ranking by any dimensions, with share and change against the span before' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: topAnswer })
  @UseInterceptors(new CsvInterceptor(topRows))
  top(@Query({ schema: topParameters }) parameters: z.output<typeof topParameters>): Promise<z.input<typeof topAnswer>> {
    const { span, before } = comparableSpanOf(parameters, this.retention);
    const query: CountQuery = { projectId: DEFAULT_PROJECT, span, filters: filtersOf(parameters) };
    return onSnapshot(this.database, async (queries) => {
      const ranked = await queries.rank(query, parameters.by, parameters.limit + 1);
      const total = await queries.total(query);
      const shown = ranked.slice(0, parameters.limit);
      const keys = shown.map(({ key }) => key);
      const previous = before === undefined ? undefined : await countsOf(queries, { ...query, span: before }, parameters.by, keys);
      const rows = shown.map(({ key, count }) => {
        const earlier = previous === undefined ? null : (previous.get(JSON.stringify(key)) ?? 0);
        const change = earlier === null || earlier === 0 ? null : count / earlier - 1;
        return { key: keyOf(parameters.by, key), count, share: count / total, previous_count: earlier, change };
      });
      return { ...isoSpan(span), by: parameters.by, rows, total, truncated: ranked.length > shown.length };
    });
  }
}

/** One row a point. */
function trendRows({ series }: z.input<typeof trendsAnswer>): Row[] {
  return series.flatMap(({ key, points }) => points.map(([at, count]) => ({ time: new Date(at).toISOString(), ...key, count })));
}

function topRows({ rows }: z.input<typeof topAnswer>): Row[] {
  return rows.map(({ key, ...figures }) => ({ ...key, ...figures }));
}

/** Counts of the keys given over the whole span. */
async function countsOf(queries: CountQueries, query: CountQuery, by: Dimension[], keys: string[][]): Promise<Map<string, number>> {
  // One step as long as any span there can be, so that every key comes out as one number.
  const points = await queries.series(query, by, keys, Number.MAX_SAFE_INTEGER);
  return new Map(points.map(({ key, count }) => [JSON.stringify(key), count]));
}

function rest(
  by: Dimension[],
  everything: SeriesPoint[],
  shown: SeriesPoint[],
  { span, step }: { span: Span; step: number },
): { key: Record<string, string>; total: number; points: [number, number][] } {
  const shownAt = new Map<number, number>();
  for (const { at, count } of shown) shownAt.set(at, (shownAt.get(at) ?? 0) + count);
  const points = filled(
    everything.map((point) => ({ ...point, count: point.count - (shownAt.get(point.at) ?? 0) })),
    span,
    step,
  );
  return {
    key: keyOf(
      by,
      by.map(() => OTHER),
    ),
    total: points.reduce((sum, [, count]) => sum + count, 0),
    points,
  };
}

/** One point per step, zero where nothing was counted: ingestion tells of refusals only, so nothing means none. */
function filled(points: readonly SeriesPoint[], span: Span, step: number): [number, number][] {
  const counts = new Map(points.map(({ at, count }) => [at, count]));
  const length = Math.round((span.to - span.from) / step);
  return Array.from({ length }, (_, index) => {
    const at = span.from + index * step;
    return [at * 1000, counts.get(at) ?? 0];
  });
}

function keyOf(by: readonly Dimension[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(by.map((dimension, index) => [dimension, values[index] ?? '']));
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

export function isoSpan(span: Span): { from: string; to: string } {
  return { from: new Date(span.from * 1000).toISOString(), to: new Date(span.to * 1000).toISOString() };
}
