/**
 * The counts that alert rules look at, by minute and group: refusals, refusals with a finding, requests of any status; who
 * was refused, and which signatures were new. Everything is read from where queries read it.
 */
import type { DataSource } from 'typeorm';
import type { RuleSettings } from '../core/alert/rule.js';
import { MAX_GROUPS } from '../core/alert/watch.js';
import type { Retention } from '../core/levels.js';
import { CLIENTS } from '../core/sketch-set.js';
import { countsSql, requestsSql, type Span } from './count-queries.js';
import { DIMENSIONS, filterSql, TARGET_DIMENSIONS } from './filters.js';
import { unionOf } from './sketch-reader.js';

export interface GroupCount {
  /** Start of the bucket, epoch seconds. */
  at: number;
  key: string[];
  count: number;
}

export interface Scope {
  projectId: number;
  settings: RuleSettings;
}

export interface NewSignature {
  id: string;
  key: string[];
  firstSeen: Date;
  /** Seconds that it had been away; null for one that was never seen before. */
  quietSeconds: number | null;
  count: number;
}

/** Signatures of one group that its clients are counted over. */
const MAX_SIGNATURES = 2_000;
const MAX_NEW = 250;
/** So that what belongs to a few buckets is never cut among many groups of one. */
const MIN_BUCKETS = 10;

export class AlertCounts {
  constructor(
    private readonly database: DataSource,
    private readonly retention: Retention,
  ) {}

  /** @param seconds width of the buckets */
  async buckets({ projectId, settings }: Scope, span: Span, seconds: number): Promise<GroupCount[]> {
    const parameters: unknown[] = [];
    const counts = countsSql({ projectId, span }, parameters);
    const where = conditionOf(settings, parameters);
    return this.grouped(
      settings.group_by.map((name) => columnOf(DIMENSIONS, name)),
      `FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id WHERE ${where}`,
      { parameters, span, seconds },
    );
  }

  /** Everything of one group, or of some of its signatures. */
  async total({ projectId, settings }: Scope, key: readonly string[], span: Span, signatures?: readonly string[]): Promise<number> {
    const parameters: unknown[] = [];
    const counts = countsSql({ projectId, span }, parameters);
    const where = `${conditionOf(settings, parameters)} AND ${keyCondition(settings, key, parameters)} AND ${amongCondition(signatures, parameters)}`;
    const rows = await this.database.query<{ total: string | null }[]>(
      `SELECT sum(c.count) AS total FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id WHERE ${where}`,
      parameters,
    );
    return Number(rows[0]?.total ?? 0);
  }

  /** Requests of any status, by bucket and group. */
  async traffic({ projectId, settings }: Scope, span: Span, seconds: number): Promise<GroupCount[]> {
    const parameters: unknown[] = [];
    const requests = requestsSql({ projectId, span }, parameters);
    const where = filterSql(settings.filter, parameters);
    return this.grouped(
      settings.group_by.map((name) => columnOf(TARGET_DIMENSIONS, name)),
      `FROM ${requests} c JOIN targets s ON s.project_id = $1 AND s.id = c.target_id WHERE ${where}`,
      { parameters, span, seconds },
    );
  }

  /** Minutes of the span in which records could be taken, and the first minute of all that is known of. Epoch seconds. */
  async alive({ from, to }: Span): Promise<{ minutes: Set<number>; first: number | undefined }> {
    const rows = await this.database.query<{ minute: number }[]>(
      `SELECT extract(epoch FROM minute)::float8 AS minute FROM ingest_minutes WHERE minute > to_timestamp($1::float8 - 60) AND minute < to_timestamp($2)`,
      [from, to],
    );
    const first = await this.database.query<{ minute: number | null }[]>(
      'SELECT extract(epoch FROM min(minute))::float8 AS minute FROM ingest_minutes',
    );
    return { minutes: new Set(rows.map(({ minute }) => minute)), first: first[0]?.minute ?? undefined };
  }

  /** About how many different clients were refused; 0 where no record tells, undefined where there is too much to merge. @param now epoch seconds */
  async distinctClients(
    { projectId, settings }: Scope,
    key: readonly string[],
    { from, to }: Span,
    now: number,
  ): Promise<number | undefined> {
    const parameters: unknown[] = [];
    const counts = countsSql({ projectId, span: { from, to } }, parameters);
    const where = `${conditionOf(settings, parameters)} AND ${keyCondition(settings, key, parameters)}`;
    const rows = await this.database.query<{ id: string }[]>(
      `SELECT DISTINCT s.id FROM ${counts} c JOIN signatures s ON s.project_id = $1 AND s.id = c.signature_id WHERE ${where} LIMIT ${String(MAX_SIGNATURES)}`,
      parameters,
    );
    const places = new Map(rows.map(({ id }) => [BigInt(id), 0]));
    const unions = await unionOf(this.database.manager, { projectId, span: { from, to }, retention: this.retention, now, places });
    return unions === undefined ? undefined : (unions.get(0)?.get(CLIENTS)?.estimate() ?? 0);
  }

  /** Signatures that were first seen, or seen again after a while, in the span; by when that was found out. Newest first. */
  async newSignatures({ projectId, settings }: Scope, { from, to }: Span, backAfter: number | undefined): Promise<NewSignature[]> {
    const parameters: unknown[] = [];
    const counts = countsSql({ projectId, span: { from: from - 3_600, to } }, parameters);
    const where = conditionOf(settings, parameters);
    const start = `to_timestamp($${String(parameters.push(from))})`;
    // What is told of a day later is history that somebody fills in.
    const isNew = `(s.created_at >= ${start} AND s.first_seen > s.created_at - interval '1 day')`;
    const end = `to_timestamp($${String(parameters.push(to))})`;
    const quiet = `$${String(parameters.push(backAfter ?? null))}::integer`;
    const key = `ARRAY[${settings.group_by.map((name) => columnOf(DIMENSIONS, name)).join(', ')}]::text[]`;
    const rows = await this.database.query<{ id: string; key: string[]; first_seen: Date; quiet: number | null; count: string | null }[]>(
      // Counts are read once for all of them, and not at all where there is none.
      `WITH news AS MATERIALIZED (
         SELECT s.id, ${key} AS key, s.created_at, s.first_seen, CASE WHEN ${isNew} THEN NULL ELSE s.quiet_seconds END AS quiet
         FROM signatures s
         WHERE s.project_id = $1 AND ${where} AND (${isNew} OR (s.returned_at >= ${start} AND s.quiet_seconds >= ${quiet}))
           AND s.created_at < ${end}
         ORDER BY s.created_at DESC, s.id LIMIT ${String(MAX_NEW)}
       )
       SELECT n.id, n.key, n.first_seen, n.quiet, c.count FROM news n
       LEFT JOIN (SELECT signature_id, sum(count) AS count FROM ${counts} c WHERE signature_id IN (SELECT id FROM news) GROUP BY 1) c
         ON c.signature_id = n.id
       ORDER BY n.created_at DESC, n.id`,
      parameters,
    );
    return rows.map((row) => ({
      id: row.id,
      key: row.key,
      firstSeen: row.first_seen,
      quietSeconds: row.quiet,
      count: Number(row.count ?? 0),
    }));
  }

  /** The highest counts, as many as a rule may have groups: variety without end must not fill the memory. */
  private async grouped(
    columns: readonly string[],
    from: string,
    { parameters, span, seconds }: { parameters: unknown[]; span: Span; seconds: number },
  ): Promise<GroupCount[]> {
    const most = MAX_GROUPS * Math.max(MIN_BUCKETS, Math.ceil((span.to - span.from) / seconds));
    const width = `$${String(parameters.push(seconds))}::float8`;
    const rows = await this.database.query<{ at: number; key: string[]; count: string }[]>(
      `SELECT (floor(extract(epoch FROM c.bucket) / ${width}) * ${width})::float8 AS at, ARRAY[${columns.join(', ')}]::text[] AS key, sum(c.count) AS count
       ${from} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ${String(most)}`,
      parameters,
    );
    return rows.map(({ at, key, count }) => ({ at, key, count: Number(count) }));
  }
}

/** A rule that was written by a newer version may name what this one does not know. */
function columnOf(columns: Readonly<Record<string, string>>, name: string): string {
  const column = Object.hasOwn(columns, name) ? columns[name] : undefined;
  if (column === undefined) throw new Error(`cannot group by "${name}": this version has ${Object.keys(columns).join(', ')}`);
  return column;
}

/** Of signatures `s`. */
export function conditionOf(settings: RuleSettings, parameters: unknown[]): string {
  const filter = filterSql(settings.filter, parameters);
  if (settings.type !== 'finding') return filter;
  return `${filter} AND s.findings @> $${String(parameters.push(JSON.stringify([{ id: settings.finding }])))}::jsonb`;
}

/** @param signatures ids; all where none are given */
export function amongCondition(signatures: readonly string[] | undefined, parameters: unknown[]): string {
  return signatures === undefined ? 'true' : `s.id = ANY($${String(parameters.push(signatures))}::bigint[])`;
}

export function keyCondition(settings: RuleSettings, key: readonly string[], parameters: unknown[]): string {
  const conditions = settings.group_by.map(
    (name, index) => `${columnOf(DIMENSIONS, name)} = $${String(parameters.push(key[index] ?? ''))}`,
  );
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}
