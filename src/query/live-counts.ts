/**
 * Counts as they land, for streams. Equal questions share one feed: it reads the last two minutes of 10-second buckets every
 * second and tells its listeners what each key gained. What lands later than that (senders that held records back) is in the
 * trends alone. A feed without listeners ends; `close` ends all, so that a process can stop.
 */
import { FINEST_SECONDS, floorTo, OTHER } from '../core/levels.js';
import { Budget } from '../ops/budget.js';
import type { SeriesPoint, Span } from '../store/count-queries.js';
import type { DataSource } from '../store/database.js';
import type { Dimension, Filters } from '../store/filters.js';
import { onSnapshot } from '../store/snapshots.js';

export interface LiveQuery {
  projectId: number;
  filters: Filters;
  by: readonly Dimension[];
}

interface Change {
  key: string[];
  count: number;
}

export interface LiveListener {
  counts(atMs: number, total: number, changes: readonly Change[]): void;
  alive(): void;
  /** No more will come. */
  end(problem?: string): void;
}

export type ReadLive = (query: LiveQuery, span: Span, limit: number) => Promise<SeriesPoint[]>;

/** Each holds a connection. A project has half of them while no other wants any. */
const MAX_LISTENERS = 100;
const POLL_MS = 1_000;
/** Proxies close what is silent for a minute, some after half of one. */
const ALIVE_MS = 15_000;
const WINDOW_SECONDS = 120;
/** Records may be dated so far ahead. */
const AHEAD_SECONDS = 660;
/** Keys by bucket, in memory and read every second. */
const MAX_POINTS = 20_000;
const MAX_CHANGES = 100;
const READ_TIMEOUT_MS = 5_000;

export class LiveCounts {
  private readonly feeds = new Map<string, Feed>();
  private readonly room = new Budget(MAX_LISTENERS);
  private isClosed = false;

  constructor(private readonly read: ReadLive) {}

  static of(database: DataSource): LiveCounts {
    return new LiveCounts(({ projectId, filters, by }, span, limit) =>
      onSnapshot(database, (queries) => queries.everySeries({ projectId, span, filters }, by, FINEST_SECONDS, limit), READ_TIMEOUT_MS),
    );
  }

  /** @returns how to leave again; undefined when the project has its share already, or the process is about to end */
  listen(query: LiveQuery, listener: LiveListener): (() => void) | undefined {
    const { projectId, filters, by } = query;
    if (this.isClosed || !this.room.take(projectId, 1)) return undefined;
    const name = JSON.stringify([projectId, filters, by]);
    const feed = this.feeds.get(name) ?? new Feed(query, this.read, () => this.feeds.delete(name));
    this.feeds.set(name, feed);
    feed.listeners.add(listener);
    return () => {
      if (feed.leave(listener)) this.room.give(projectId, 1);
    };
  }

  close(): void {
    this.isClosed = true;
    for (const feed of this.feeds.values()) feed.end();
  }
}

/** Starts with its first listener, ends with its last one. */
class Feed {
  readonly listeners = new Set<LiveListener>();
  private known: ReadonlyMap<string, SeriesPoint> | undefined;
  private poll: NodeJS.Timeout | undefined;
  private readonly heartbeat: NodeJS.Timeout;
  private isOver = false;

  constructor(
    private readonly query: LiveQuery,
    private readonly read: ReadLive,
    private readonly onEnd: () => void,
  ) {
    this.heartbeat = setInterval(() => {
      for (const listener of this.listeners) listener.alive();
    }, ALIVE_MS);
    void this.look();
  }

  /** @returns false for one that had left */
  leave(listener: LiveListener): boolean {
    if (!this.listeners.delete(listener)) return false;
    if (this.listeners.size === 0) this.stop();
    return true;
  }

  end(problem?: string): void {
    this.stop();
    // Listeners leave as they are told.
    for (const listener of [...this.listeners]) listener.end(problem);
  }

  private stop(): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.poll);
    clearInterval(this.heartbeat);
    this.onEnd();
  }

  /** A look that fails is made up for by the next: health tells of the database. */
  private async look(): Promise<void> {
    await this.compare().catch(() => undefined);
    if (!this.isOver) this.poll = setTimeout(() => void this.look(), POLL_MS);
  }

  private async compare(): Promise<void> {
    const now = Date.now();
    const from = floorTo(now / 1000 - WINDOW_SECONDS, FINEST_SECONDS);
    const points = await this.read(this.query, { from, to: now / 1000 + AHEAD_SECONDS }, MAX_POINTS + 1);
    if (this.isOver) return;
    if (points.length > MAX_POINTS) {
      this.end('there are too many different keys to follow; ask with fewer dimensions or a filter');
      return;
    }
    const seen = byBucket(points);
    const changes = this.known === undefined ? [] : changesBetween(this.known, seen);
    this.known = seen;
    const total = changes.reduce((sum, { count }) => sum + count, 0);
    if (total > 0) for (const listener of this.listeners) listener.counts(now, total, most(changes));
  }
}

function byBucket(points: readonly SeriesPoint[]): Map<string, SeriesPoint> {
  return new Map(points.map((point) => [JSON.stringify([point.at, ...point.key]), point]));
}

/**
 * What each key gained, the largest first. Counts of a bucket only grow, so that a key which lost some was judged anew and
 * another one has them: then the sum alone says what landed.
 */
function changesBetween(before: ReadonlyMap<string, SeriesPoint>, now: ReadonlyMap<string, SeriesPoint>): Change[] {
  const gains = new Map<string, Change>();
  const oldest = Math.min(...[...now.values()].map(({ at }) => at));
  let lost = 0;
  for (const [name, { at, count }] of before) if (at >= oldest) lost += Math.max(0, count - (now.get(name)?.count ?? 0));
  for (const [name, { key, count }] of now) {
    const gain = count - (before.get(name)?.count ?? 0);
    if (gain <= 0) continue;
    const change = gains.get(JSON.stringify(key)) ?? { key, count: 0 };
    change.count += gain;
    gains.set(JSON.stringify(key), change);
  }
  const changes = [...gains.values()].sort((a, b) => b.count - a.count);
  return lost === 0 ? changes : [other(changes, -lost)].filter(({ count }) => count > 0);
}

function most(changes: readonly Change[]): Change[] {
  const rest = changes.slice(MAX_CHANGES);
  return rest.length === 0 ? [...changes] : [...changes.slice(0, MAX_CHANGES), other(rest)];
}

/** @param more to add to their sum */
function other(changes: readonly Change[], more = 0): Change {
  return { key: (changes[0]?.key ?? []).map(() => OTHER), count: changes.reduce((sum, { count }) => sum + count, more) };
}
