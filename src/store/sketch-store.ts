/**
 * Writes sketches of distinct clients and users, at every level at once (a minute, an hour, a day), so that a question reads few
 * buckets. Rows are only added, each what this process had not written of its bucket yet; what a bucket has many of is merged later.
 */
import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { Distinct, SketchMemory } from '../core/distinct.js';
import { floorTo, keptFrom, MINUTE_SECONDS, SKETCH_LEVELS, type Level, type Retention } from '../core/levels.js';
import { MAX_SET_BYTES, mergeSketchSets, readSketchSet, writeSketchSets } from '../core/sketch-set.js';
import type { JudgedBatch } from './count-store.js';
import { idFromHex } from './entities.js';

/** Of one level. The small ones weigh little; of the large ones, 250 kB each, there are few. */
const MAX_KNOWN_REGISTERS = 200_000;
/** Rows of one bucket that are left as they are. */
const MOST_SETS = 16;
const CROWDED_AT_ONCE = 1_000;
/** Of one merge: some tens of milliseconds without a pause. */
const MAX_MERGED_BYTES = 2 * 1024 * 1024;

interface News {
  level: Level;
  projectId: number;
  bucket: number;
  /** As the memory has it. */
  owner: string;
  slot: number;
  signature: bigint;
  kind: number;
  sketch: Distinct;
}

export class SketchStore {
  /** What this process has written lately, so that it is not written again. */
  private readonly written = new Map(SKETCH_LEVELS.map((level) => [level, new SketchMemory(MAX_KNOWN_REGISTERS)]));

  constructor(private readonly retention: Retention) {}

  /** @returns to be called once the transaction is committed */
  async write(transaction: EntityManager, batches: readonly JudgedBatch[], nowMs: number): Promise<() => void> {
    const news = this.newsOf(batches, nowMs / 1000);
    for (const level of SKETCH_LEVELS)
      await writeSets(
        transaction,
        level,
        [...news.values()].filter((one) => one.level === level),
      );
    return () => {
      for (const { level, owner, slot, sketch } of news.values()) this.written.get(level)?.learn(owner, slot, sketch);
    };
  }

  /** What was not written before, by level, bucket, signature and kind. */
  private newsOf(batches: readonly JudgedBatch[], now: number): Map<string, News> {
    const news = new Map<string, News>();
    for (const { projectId, signatures, sketches, repeatedSketches = [] } of batches) {
      const own = sketches.map(([at, ...rest]) => [signatures[at]?.id ?? '', ...rest] as const);
      for (const [id, minute, kind, text] of [...own, ...repeatedSketches]) {
        if (id === '') continue;
        const owner = `${String(projectId)}:${id}`;
        const told = new Distinct();
        told.merge(Buffer.from(text, 'base64'));
        for (const level of SKETCH_LEVELS) {
          const bucket = floorTo(minute, level.seconds);
          if (bucket < keptFrom(level, now, this.retention)) continue;
          const slot = (2 * bucket) / MINUTE_SECONDS + kind;
          const name = `${level.table}:${owner}:${String(slot)}`;
          const one = news.get(name) ?? {
            ...{ level, projectId, bucket, owner, slot, kind },
            ...{ signature: BigInt(idFromHex(id)), sketch: new Distinct() },
          };
          const known = this.written.get(level)?.of(owner)?.get(slot);
          for (const entry of told.entries()) if (known?.covers(entry) !== true) one.sketch.add(entry);
          if (one.sketch.size > 0) news.set(name, one);
        }
      }
    }
    return news;
  }
}

async function writeSets(transaction: EntityManager, level: Level, news: readonly News[]): Promise<void> {
  const buckets = new Map<string, News[]>();
  for (const one of news) {
    const name = `${String(one.projectId)}:${String(one.bucket)}`;
    buckets.set(name, [...(buckets.get(name) ?? []), one]);
  }
  const rows = [...buckets.values()].flatMap((own) =>
    writeSketchSets(own.map(({ signature, kind, sketch }) => ({ signature, kind, bytes: sketch.bytes() }))).map((bytes) => ({
      projectId: own[0]?.projectId,
      bucket: own[0]?.bucket,
      bytes,
    })),
  );
  if (rows.length === 0) return;
  await transaction.query(
    `INSERT INTO ${level.table} (project_id, bucket, id, sketches)
     SELECT project_id, to_timestamp(bucket), id, sketches FROM unnest($1::integer[], $2::float8[], $3::uuid[], $4::bytea[]) AS r (project_id, bucket, id, sketches)`,
    [
      rows.map(({ projectId }) => projectId),
      rows.map(({ bucket }) => bucket),
      rows.map(() => randomUUID()),
      rows.map(({ bytes }) => bytes),
    ],
  );
}

/** Makes few rows of many, bucket by bucket, each in a transaction. Whoever reads meanwhile sees either. @returns how many became how many fewer */
export async function mergeCrowded(database: DataSource): Promise<number> {
  let fewer = 0;
  for (const level of SKETCH_LEVELS) {
    const crowded = await database.query<{ project: number; bucket: Date }[]>(
      `SELECT project_id AS project, bucket FROM ${level.table} GROUP BY 1, 2 HAVING count(*) > ${String(MOST_SETS)} LIMIT ${String(CROWDED_AT_ONCE)}`,
    );
    for (const { project, bucket } of crowded)
      fewer += await database.transaction((transaction) => mergeBucket(transaction, level, { project, bucket }));
  }
  return fewer;
}

async function mergeBucket(
  transaction: EntityManager,
  level: Level,
  { project, bucket }: { project: number; bucket: Date },
): Promise<number> {
  const sizes = await transaction.query<{ id: string; size: number }[]>(
    `SELECT id, octet_length(sketches) AS size FROM ${level.table} WHERE project_id = $1 AND bucket = $2 ORDER BY 2, 1`,
    [project, bucket],
  );
  const ids = sizes.slice(0, worthMerging(sizes.map(({ size }) => size))).map(({ id }) => id);
  if (ids.length < 2) return 0;
  const [rows] = await transaction.query<[{ sketches: Buffer }[], number]>(
    `DELETE FROM ${level.table} WHERE project_id = $1 AND bucket = $2 AND id = ANY($3::uuid[]) RETURNING sketches`,
    [project, bucket, ids],
  );
  const merged = writeSketchSets(mergeSketchSets(rows.map(({ sketches }) => readSketchSet(sketches))));
  await transaction.query(
    `INSERT INTO ${level.table} (project_id, bucket, id, sketches) SELECT $1, $2, * FROM unnest($3::uuid[], $4::bytea[])`,
    [project, bucket, merged.map(() => randomUUID()), merged],
  );
  return rows.length - merged.length;
}

/**
 * How many of the smallest rows are merged: a large one is written again only when the smaller ones have come to half of it, so that
 * what is written in all stays within a few times of what is kept.
 * @param sizes ascending, bytes
 */
function worthMerging(sizes: readonly number[]): number {
  let sum = 0;
  let count = 0;
  for (const size of sizes) {
    if (size >= MAX_SET_BYTES || sum + size > MAX_MERGED_BYTES || (count >= 2 && size > 2 * sum)) break;
    sum += size;
    count += 1;
  }
  return count;
}

/** What a finer level no longer holds, wider ones do. @param now epoch seconds */
export async function forgetSketches(database: DataSource, now: number, retention: Retention): Promise<void> {
  for (const level of SKETCH_LEVELS) {
    await database.query(`DELETE FROM ${level.table} WHERE bucket < to_timestamp($1)`, [keptFrom(level, now, retention)]);
  }
}
