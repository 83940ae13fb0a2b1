/** The tables that batches go through where the queue is in PostgreSQL: made by BullMQ, for jobs that are small and few. Here it holds neither. */
import { exclusively, type DataSource } from './database.js';

const LOCK_TIMEOUT_MS = 3_000;
/** An arbitrary constant of ours. */
const CLEARING_LOCK = 0x77343036;
/** Of 2 kB, as PostgreSQL cuts long values: half a megabyte. */
const CLEARED_CHUNKS = 250;
/** What a long line has left is given back while batches come; a smaller table would be cut and grown again all the time. */
const KEPT_BYTES = 64 * 1024 * 1024;
/** What is given back as soon as none comes or goes. */
const KEPT_QUIET_BYTES = 256 * 1024;
/** Clearing a larger one takes many seconds, and is left to the server's own vacuum. */
const MOST_BYTES = 512 * 1024 * 1024;
/** After what was of no use so often: somebody may look at an old snapshot for hours. */
const REST_MS = 60_000;
const MOST_USELESS = 5;

/**
 * Batches on their way through the queue's table are texts that hardly become smaller: PostgreSQL spends 3 ms on compressing one of 100 kB,
 * three quarters of what adding it takes. Altered once, when the queue has made its table: it takes a lock on it.
 */
export async function storeBatchesAsTheyCome(database: DataSource): Promise<void> {
  const compressed = await database.query<unknown[]>(
    "SELECT 1 FROM pg_attribute WHERE attrelid = to_regclass('bullmq.job') AND attname = 'data' AND attstorage <> 'e'",
  );
  if (compressed.length === 0) return;
  await database.transaction(async (transaction) => {
    await transaction.query(`SET LOCAL lock_timeout = ${String(LOCK_TIMEOUT_MS)}`);
    await transaction.query('ALTER TABLE bullmq.job ALTER COLUMN data SET STORAGE EXTERNAL');
  });
}

interface Chunks {
  dead: number;
  bytes: number;
  /** Added and taken away, ever. */
  changes: number;
}

export class QueueTable {
  /** Of `performance.now()`. */
  private restsUntilMs = 0;
  /** How often in a row. */
  private useless = 0;
  /** At the last look, and when the table was cut last. */
  private changes = 0;
  private cutAt: number | undefined;

  constructor(private readonly database: DataSource) {}

  /**
   * Clears away what counted batches have left, which at full load is more than a megabyte a second. In time, new batches come to lie where
   * the last ones lay, and the table stays as small as what is in it; the server's own vacuum looks once a minute. Once none comes or
   * goes, the space is given back. To be called every second; one process at a time does something, and where nothing can be cleared, nobody for a while.
   */
  async clear(): Promise<void> {
    if (performance.now() < this.restsUntilMs) return;
    const before = await this.chunks();
    if (before === undefined) return;
    const isQuiet = before.changes === this.changes && before.changes !== this.cutAt && before.bytes > KEPT_QUIET_BYTES;
    this.changes = before.changes;
    if ((before.dead < CLEARED_CHUNKS && !isQuiet) || before.bytes > MOST_BYTES) return;
    const isMine = await exclusively(this.database, CLEARING_LOCK, async () => {
      await this.database.query(`VACUUM (SKIP_LOCKED, TRUNCATE ${String(isQuiet || before.bytes > KEPT_BYTES)}) bullmq.job, bullmq.event`);
      return true;
    });
    if (isMine !== true) return;
    if (isQuiet) this.cutAt = before.changes;
    if (before.dead < CLEARED_CHUNKS) return;
    const after = await this.chunks();
    this.useless = (after?.dead ?? 0) > before.dead / 2 ? this.useless + 1 : 0;
    if (this.useless < MOST_USELESS) return;
    this.useless = 0;
    this.restsUntilMs = performance.now() + REST_MS;
  }

  /** Of the batches' texts; undefined where no queue is in this database. */
  private async chunks(): Promise<Chunks | undefined> {
    const [chunks] = await this.database.query<Chunks[]>(
      `SELECT pg_stat_get_dead_tuples(reltoastrelid)::float8 AS dead, pg_relation_size(reltoastrelid)::float8 AS bytes,
         (pg_stat_get_tuples_inserted(reltoastrelid) + pg_stat_get_tuples_deleted(reltoastrelid))::float8 AS changes
       FROM pg_class WHERE oid = to_regclass('bullmq.job')`,
    );
    return chunks;
  }
}
