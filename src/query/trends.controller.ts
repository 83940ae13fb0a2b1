/** `GET /v1/trends` and `GET /v1/top`: counts over time, and rankings against the span before. */
import { Controller, Get, Inject, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { CountQueries, type CountQuery, type Ranked, type Span } from '../store/count-queries.js';
import { DataSource } from '../store/database.js';
import { distinctOf } from '../store/distinct-queries.js';
import type { Dimension } from '../store/filters.js';
import { onSnapshot } from '../store/snapshots.js';
import { topAnswer, trendsAnswer } from './answers.js';
import { countPoints, linesOf, ratesOfLine, Requests, restOf, targetDimensions, type Line, type Rates } from './chart.js';
import { CsvInterceptor, type Row } from './csv.interceptor.js';
import { comparableSpanOf, filtersOf, rateSpanOf, spanOf, topParameters, trendsParameters } from './parameters.js';
import { RETENTION } from './tokens.js';

@ApiTags('query')
@Controller('v1')
export class TrendsController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get('trends')
  @Needs('read')
  @ApiOperation({
    operationId: 'getTrends',
    summary: 'Refusals over time, by cause or any other dimensions, as counts or as part of all requests',
  })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: trendsAnswer })
  @UseInterceptors(new CsvInterceptor(trendRows))
  trends(
    @Query({ schema: trendsParameters }) parameters: z.output<typeof trendsParameters>,
    @ProjectId() projectId: number,
  ): Promise<Trends> {
    const { by, unit } = parameters;
    const isRate = unit === 'rate';
    const { span, step } = (isRate ? rateSpanOf : spanOf)(parameters, this.retention, parameters.step);
    const query = { projectId, span, filters: filtersOf(parameters) };
    return onSnapshot(this.database, async (queries) => {
      const { lines, rest } = await linesOfQuery(queries, query, { by, step, limit: parameters.limit });
      const all = rest === undefined ? lines : [...lines, rest];
      const figures = isRate
        ? await ratesOf(queries, query, { by, step, lines, rest })
        : all.map((line) => ({ points: countPoints(line, span, step) }));
      const series = all.map(({ key, total }, index) => ({ key: keyOf(by, key), total, points: [], ...figures[index] }));
      const total = series.reduce((sum, one) => sum + one.total, 0);
      return { ...isoSpan(span), step_seconds: step, unit, by, series, total, truncated: rest !== undefined };
    });
  }

  @Get('top')
  @Needs('read')
  @ApiOperation({ operationId: 'getTop', summary: 'Ranking by any dimensions, with share and change against the span before' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: topAnswer })
  @UseInterceptors(new CsvInterceptor(topRows))
  top(
    @Query({ schema: topParameters }) parameters: z.output<typeof topParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof topAnswer>> {
    const { span, before } = comparableSpanOf(parameters, this.retention);
    const query: CountQuery = { projectId, span, filters: filtersOf(parameters) };
    return onSnapshot(this.database, async (queries, transaction) => {
      const ranked = await queries.rank(query, parameters.by, parameters.limit + 1);
      const total = await queries.total(query);
      const shown = ranked.slice(0, parameters.limit);
      const keys = shown.map(({ key }) => key);
      const previous = before === undefined ? undefined : byKey(await queries.counts({ ...query, span: before }, parameters.by, keys));
      const distinct = await distinctOf(queries, transaction, query, {
        by: parameters.by,
        keys,
        retention: this.retention,
        now: Date.now() / 1000,
      });
      const rows = shown.map(({ key, count }, index) => {
        const earlier = previous === undefined ? null : (previous.get(JSON.stringify(key)) ?? 0);
        const change = earlier === null || earlier === 0 ? null : count / earlier - 1;
        const figures = { count, share: total === 0 ? 0 : count / total, previous_count: earlier, change };
        const { clients, users } = distinct[index] ?? { clients: null, users: null };
        return { key: keyOf(parameters.by, key), ...figures, distinct_clients: clients, distinct_users: users };
      });
      return { ...isoSpan(span), by: parameters.by, rows, total, truncated: ranked.length > shown.length };
    });
  }
}

type Trends = z.input<typeof trendsAnswer>;

interface Chart {
  by: Dimension[];
  step: number;
}

/** The highest ones, and what is beyond the limit, if anything is. */
async function linesOfQuery(
  queries: CountQueries,
  query: CountQuery,
  { by, step, limit }: Chart & { limit: number },
): Promise<{ lines: Line[]; rest: Line | undefined }> {
  const ranked = await queries.rank(query, by, limit + 1, step);
  const shown = ranked.slice(0, limit);
  const points = await queries.series(
    query,
    by,
    shown.map(({ key }) => key),
    step,
  );
  const rest = ranked.length > shown.length ? restOf(by, await queries.series(query, [], [], step), points) : undefined;
  return { lines: linesOf(shown, points), rest };
}

/** The figures of the lines, and behind them those of the rest. */
async function ratesOf(
  queries: CountQueries,
  query: CountQuery,
  { by, step, lines, rest }: Chart & { lines: Line[]; rest: Line | undefined },
): Promise<Rates[]> {
  const requests = new Requests(by);
  const known = await queries.requests(query, targetDimensions(by), requests.keysOf(lines), step);
  const figures = requests.of(lines, known);
  const rates = lines.map((line, index) => ratesOfLine(line, figures[index] ?? new Map(), query.span, step));
  if (rest === undefined) return rates;
  const beyond = requests.beyond(await queries.requests(query, [], [], step), known);
  return [...rates, ratesOfLine(rest, beyond, query.span, step)];
}

/** One row a point. */
function trendRows({ series, unit }: Trends): Row[] {
  return series.flatMap(({ key, points }) => points.map(([at, figure]) => ({ time: new Date(at).toISOString(), ...key, [unit]: figure })));
}

function topRows({ rows }: z.input<typeof topAnswer>): Row[] {
  return rows.map(({ key, ...figures }) => ({ ...key, ...figures }));
}

function byKey(ranked: readonly Ranked[]): Map<string, number> {
  return new Map(ranked.map(({ key, count }) => [JSON.stringify(key), count]));
}

export function keyOf(by: readonly Dimension[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(by.map((dimension, index) => [dimension, values[index] ?? '']));
}

export function isoSpan(span: Span): { from: string; to: string } {
  return { from: new Date(span.from * 1000).toISOString(), to: new Date(span.to * 1000).toISOString() };
}
