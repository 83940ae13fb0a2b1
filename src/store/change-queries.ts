/**
 * Reads what "what changed" is answered from: counts of signatures in a span and in like spans before, and the facets of
 * their reasons. Facets are kept in wider buckets than counts, so that of them only the shares are taken.
 */
import type { DataSource, EntityManager } from 'typeorm';
import { explain, type ChangeRow, type Explanation, type FacetRow } from '../core/alert/attribution.js';
import { ceilTo, FACET_LEVELS, FACET_SECONDS, floorTo, type Level } from '../core/levels.js';
import { FACETS } from '../core/witness.js';
import { countsSql, type Span } from './count-queries.js';
import { loadSignatures, type SignatureRow } from './entities.js';
import { DIMENSIONS, EVERYTHING } from './filters.js';
import type { RolledUpQueries } from './rolled-up-queries.js';
import { COUNT_TABLES } from './series.js';
import { onSnapshot } from './snapshots.js';

export interface ChangeScope {
  projectId: number;
  /** Makes a condition on signatures `s`, binding values behind the ones given. */
  where: (parameters: unknown[]) => string;
  /** Dimensions that the question names a value of: they have changed nothing. */
  asked: readonly string[];
  now: Span;
  /** Of any lengths; what begins before anything was counted is left out. */
  before: readonly Span[];
}

interface ChangedSignature {
  id: string;
  now: number;
  /** In a span like this one. */
  before: number;
}

export interface Changes {
  explanation: Explanation;
  /** The ones that grew most, first. */
  signatures: ChangedSignature[];
}

const DAY = 86_400;
const HOUR = 3_600;
const DAYS_BEFORE = 7;
const HOURS_BEFORE = 3;
/** In which they are rolled up for as long as they are read here. */
const BUCKET = 300;

/**
 * What a span is compared with where nobody says: the same hours of the days before with an hour on either side, so that
 * few refusals a minute are enough, and the hours right before it.
 */
export function spansBefore({ from, to }: Span): Span[] {
  const apart = Math.ceil((to - from + 2 * HOUR) / DAY) * DAY;
  const daily = Array.from({ length: DAYS_BEFORE }, (_, at) => ({
    from: floorTo(from - (at + 1) * apart - HOUR, BUCKET),
    to: ceilTo(to - (at + 1) * apart + HOUR, BUCKET),
  }));
  // Not up to the span itself: what is asked about may have begun a little earlier.
  const right = { from: floorTo(from - (to - from) - HOURS_BEFORE * HOUR, BUCKET), to: floorTo(from - (to - from), BUCKET) };
  return to - from > HOURS_BEFORE * HOUR ? daily : [right, ...daily];
}

/** The most frequent ones; what lies below them cannot account for much. */
const MAX_ROWS = 5_000;
const MAX_FACET_ROWS = 20_000;
const MAX_FACET_REASONS = 20;
/** Of the span, and as many of the time before. */
const MAX_FACET_BUCKETS = 24;
/** What facets were like before, at least; twice the span, and a day at most. */
const FACETS_BEFORE_SECONDS = 3 * HOUR;

const CHANGE_DIMENSIONS = ['service', 'environment', 'route', 'method', 'status', 'cause', 'fault', 'scheme', 'error_code'] as const;

interface CountedRow extends ChangeRow {
  id: string;
}

export class ChangeQueries {
  constructor(private readonly database: DataSource) {}

  async changes(scope: ChangeScope): Promise<Changes> {
    return onSnapshot(this.database, ({ rolledUp }, transaction) => new Reading(transaction, rolledUp).changes(scope));
  }

  /** The signatures themselves, in the order given. */
  load(projectId: number, ids: readonly string[]): Promise<SignatureRow[]> {
    return loadSignatures(this.database, projectId, ids);
  }
}

class Reading {
  constructor(
    private readonly database: EntityManager,
    private readonly rolledUp: RolledUpQueries | undefined,
  ) {}

  async changes(scope: ChangeScope): Promise<Changes> {
    const oldest = await this.oldest(scope.projectId, scope.before);
    const before = scope.before.filter(({ from }) => from >= oldest);
    const length = scope.now.to - scope.now.from;
    // In spans as long as this one.
    const spans = before.length === 0 ? 1 : before.reduce((sum, { from, to }) => sum + to - from, 0) / length;
    const counted = (await this.countedRolledUp({ ...scope, before })) ?? (await this.counted({ ...scope, before }));
    const facets = await this.facets(scope, counted, spans);
    const signatures = counted
      .filter(({ now }) => now > 0)
      .map(({ id, now, before }) => ({ id, now, before: before / spans }))
      .sort((a, b) => b.now - b.before - (a.now - a.before));
    const told = CHANGE_DIMENSIONS.filter((name) => !isAsked(scope.asked, name));
    return { explanation: explain(counted, facets, spans, told), signatures };
  }

  /**
   * Epoch seconds of the first count that is kept, or anything that is no later than it has to be; Infinity where there is none.
   * Where counts moved up to a wider level, the first of a level is found behind all that moved: wider levels are asked first whether that is needed.
   */
  private async oldest(projectId: number, before: readonly Span[]): Promise<number> {
    const enough = before.reduce((least, { from }) => Math.min(least, from), Infinity);
    if (enough === Infinity) return enough;
    const isThere = COUNT_TABLES.map(
      (table) => `EXISTS (SELECT FROM ${table} WHERE project_id = $1 AND bucket <= to_timestamp($2))`,
    ).reverse();
    const first = COUNT_TABLES.map((table) => `(SELECT min(bucket) FROM ${table} WHERE project_id = $1)`);
    const [row] = await this.database.query<{ bucket: number | null }[]>(
      `SELECT CASE WHEN ${isThere.join(' OR ')} THEN $2 ELSE extract(epoch FROM least(${first.join(', ')}))::float8 END AS bucket`,
      [projectId, enough],
    );
    return row?.bucket ?? Infinity;
  }

  /** @returns undefined where rollups do not reach */
  private async countedRolledUp({ projectId, where, now, before }: ChangeScope): Promise<CountedRow[] | undefined> {
    const totals = await this.rolledUp?.totals(projectId, [now]);
    const earlier = await this.rolledUp?.totals(projectId, before);
    // Numbers of one must be those of the other.
    if (totals === undefined || earlier === undefined || totals.known !== earlier.known) return undefined;
    const wanted = await this.wanted(projectId, where);
    const rows: CountedRow[] = [];
    earlier.sums.forEach((count, index) => {
      const values = earlier.values[index];
      const id = earlier.known.idTextOf(index);
      const current = totals.sums[index] ?? 0;
      if (values === undefined || (count === 0 && current === 0) || wanted?.has(id) === false) return;
      rows.push({ values, id, reason: values.reason, now: current, before: count });
    });
    return rows.sort((a, b) => b.now - a.now || b.before - a.before).slice(0, MAX_ROWS);
  }

  /** @returns undefined for all */
  private async wanted(projectId: number, where: ChangeScope['where']): Promise<ReadonlySet<string> | undefined> {
    const parameters: unknown[] = [projectId];
    const condition = where(parameters);
    if (condition === EVERYTHING) return undefined;
    const rows = await this.database.query<{ id: string }[]>(
      `SELECT s.id FROM signatures s WHERE s.project_id = $1 AND ${condition}`,
      parameters,
    );
    return new Set(rows.map(({ id }) => id));
  }

  private async counted({ projectId, where, now, before }: ChangeScope): Promise<CountedRow[]> {
    const parameters: unknown[] = [];
    const from = Math.min(now.from, ...before.map((span) => span.from));
    const counts = countsSql({ projectId, span: { from, to: now.to } }, parameters);
    const condition = where(parameters);
    const within = ({ from: start, to }: Span): string =>
      `(c.bucket >= to_timestamp($${String(parameters.push(start))}) AND c.bucket < to_timestamp($${String(parameters.push(to))}))`;
    const isNow = within(now);
    const isBefore = before.length === 0 ? 'false' : before.map(within).join(' OR ');
    return this.database.query<CountedRow[]>(
      `SELECT s.id, s.reason_id AS reason, json_build_object(${CHANGE_DIMENSIONS.map((name) => `'${name}', ${DIMENSIONS[name]}`).join(', ')}) AS values,
              coalesce(sum(c.count) FILTER (WHERE ${isNow}), 0)::float8 AS now, coalesce(sum(c.count) FILTER (WHERE ${isBefore}), 0)::float8 AS before
       FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id
       WHERE ${condition} AND (${isNow} OR ${isBefore})
       GROUP BY s.project_id, s.id ORDER BY now DESC, before DESC LIMIT ${String(MAX_ROWS)}`,
      parameters,
    );
  }

  /** Of the reasons that grew most: what the others had in common has changed nothing. @param spans how many times as long the time before is */
  private async facets({ projectId, now }: ChangeScope, rows: readonly ChangeRow[], spans: number): Promise<FacetRow[]> {
    const sums = new Map<string, { now: number; before: number }>();
    for (const { reason, now: count, before } of rows) {
      const sum = sums.get(reason) ?? { now: 0, before: 0 };
      sums.set(reason, { now: sum.now + count, before: sum.before + before });
    }
    if (sums.size === 0) return [];
    const grown = [...sums].sort(([, a], [, b]) => b.now - b.before / spans - (a.now - a.before / spans)).slice(0, MAX_FACET_REASONS);
    const from = floorTo(now.from, FACET_SECONDS);
    const to = ceilTo(now.to, FACET_SECONDS);
    const before = from - Math.min(Math.max(FACETS_BEFORE_SECONDS, 2 * (to - from)), DAY);
    const found = await this.database.query<{ reason_id: string; facet: number; value: string; now: string; before: string }[]>(
      `SELECT reason_id, facet, value, coalesce(sum(count) FILTER (WHERE is_now), 0) AS now, coalesce(sum(count) FILTER (WHERE NOT is_now), 0) AS before
       FROM (${FACET_LEVELS.map(facetsSql).join(' UNION ALL ')}) f GROUP BY 1, 2, 3 ORDER BY now DESC LIMIT ${String(MAX_FACET_ROWS)}`,
      [projectId, grown.map(([reason]) => reason), from, [...someOf({ from: before, to: from }), ...someOf({ from, to })]],
    );
    const totals = new Map<string, { now: number; before: number }>();
    for (const row of found) {
      const key = `${row.reason_id}:${String(row.facet)}`;
      const total = totals.get(key) ?? { now: 0, before: 0 };
      totals.set(key, { now: total.now + Number(row.now), before: total.before + Number(row.before) });
    }
    return found.map((row) => {
      const sum = sums.get(row.reason_id) ?? { now: 0, before: 0 };
      const total = totals.get(`${row.reason_id}:${String(row.facet)}`) ?? { now: 0, before: 0 };
      return {
        reason: row.reason_id,
        dimension: FACETS[row.facet] ?? 'unknown',
        value: row.value,
        now: share(Number(row.now), total.now) * sum.now,
        before: share(Number(row.before), total.before) * sum.before,
      };
    });
  }
}

/** At most so many starts of facets' buckets, evenly: shares are asked for, and some tell them. */
function someOf({ from, to }: Span): number[] {
  const buckets = Math.ceil((to - from) / FACET_SECONDS);
  const every = Math.ceil(buckets / MAX_FACET_BUCKETS);
  return Array.from({ length: Math.ceil(buckets / every) }, (_, index) => from + index * every * FACET_SECONDS);
}

/**
 * $1 project, $2 reasons, $3 where the span begins, $4 buckets. Bucket by bucket and reason by reason, as the index has them: of other
 * reasons nothing is read.
 */
function facetsSql({ table, seconds }: Level): string {
  return `SELECT f.* FROM (SELECT DISTINCT floor(b / ${String(seconds)}) * ${String(seconds)} AS at FROM unnest($4::float8[]) b) buckets CROSS JOIN unnest($2::bigint[]) r
    CROSS JOIN LATERAL (
      SELECT reason_id, facet, value, count, bucket >= to_timestamp($3) AS is_now FROM ${table}
      WHERE project_id = $1 AND bucket = to_timestamp(buckets.at) AND reason_id = r OFFSET 0
    ) f`;
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** A cause has its fault. */
function isAsked(asked: readonly string[], name: string): boolean {
  return asked.includes(name) || (name === 'fault' && asked.includes('cause'));
}
