/**
 * The levels at which figures are kept (counts: 10 s, 1 min, 1 h), how long each holds them, and which step a chart gets.
 * Every figure stands at exactly one level of its kind: the finest whose retention still reaches back to it.
 */

/** Seconds of the finest bucket; what the fold counts by. */
export const FINEST_SECONDS = 10;

export interface Level {
  table: string;
  /** Width of its buckets. */
  seconds: number;
  /** How far back it reaches, seconds. */
  kept: (retention: Retention) => number;
}

/** Of counts, finest first. */
export const LEVELS: readonly Level[] = [
  { seconds: FINEST_SECONDS, table: 'counts_10s', kept: (retention) => retention['10s'] },
  { seconds: 60, table: 'counts_1m', kept: (retention) => retention['1m'] },
  { seconds: 3_600, table: 'counts_1h', kept: (retention) => retention['1h'] },
];

export const MINUTE_SECONDS = 60;
/** Of requests with any status, which rates are made of. */
export const TRAFFIC_LEVELS: readonly Level[] = [
  { seconds: MINUTE_SECONDS, table: 'traffic_1m', kept: (retention) => retention['1m'] },
  { seconds: 3_600, table: 'traffic_1h', kept: (retention) => retention['1h'] },
];

export const FACET_SECONDS = 300;
/** Of facets: they explain what changes now; what was a month ago has its counts. */
export const FACET_LEVELS: readonly Level[] = [
  { seconds: FACET_SECONDS, table: 'facets_5m', kept: (retention) => retention['10s'] },
  { seconds: 3_600, table: 'facets_1h', kept: (retention) => retention['1m'] },
];

/** Seconds. */
export const MINUTE_SKETCHES_KEPT = 7_200;
/** Of distinct clients and users. Each holds everything by itself: sketches of an hour are no sum of those of its minutes. */
export const SKETCH_LEVELS: readonly Level[] = [
  { seconds: MINUTE_SECONDS, table: 'sketches_1m', kept: () => MINUTE_SKETCHES_KEPT },
  { seconds: 3_600, table: 'sketches_1h', kept: (retention) => retention['1m'] },
  { seconds: 86_400, table: 'sketches_1d', kept: (retention) => retention['1h'] },
];

/** @param now epoch seconds @returns from when on a level of sketches holds everything, a multiple of its width */
export function keptFrom({ seconds, kept }: Level, now: number, retention: Retention): number {
  return floorTo(now - kept(retention), seconds);
}

/** Buckets of one level; epoch seconds. */
export interface LevelSpan {
  level: Level;
  from: number;
  to: number;
}

/**
 * The fewest buckets of sketches that hold a span: wide ones that lie in it, and at its edges the finest that are kept, which may
 * reach beyond it.
 * @param now epoch seconds: nothing comes after it, so that buckets that have begun hold no more than a span that ends then
 */
export function sketchCover({ from, to }: { from: number; to: number }, now: number, retention: Retention): LevelSpan[] {
  const end = to < now ? to : ceilTo(to, SKETCH_LEVELS.at(-1)?.seconds ?? 1);
  return coverWith(SKETCH_LEVELS.length - 1, { from, to: end }, (level) => keptFrom(level, now, retention));
}

function coverWith(index: number, { from, to }: { from: number; to: number }, kept: (level: Level) => number): LevelSpan[] {
  const level = SKETCH_LEVELS[index];
  if (level === undefined || from >= to) return [];
  const finer = SKETCH_LEVELS[index - 1];
  const [start, end] = [ceilTo(from, level.seconds), floorTo(to, level.seconds)];
  const edges =
    start > end
      ? [{ from, to }]
      : [
          { from, to: start },
          { from: end, to },
        ];
  const covered = edges
    .filter((edge) => edge.from < edge.to)
    .flatMap((edge) =>
      finer !== undefined && edge.from >= kept(finer)
        ? coverWith(index - 1, edge, kept)
        : [{ level, from: floorTo(edge.from, level.seconds), to: ceilTo(edge.to, level.seconds) }],
    );
  return start < end ? [...covered, { level, from: start, to: end }] : covered;
}

/** What stands for everything beyond a limit. */
export const OTHER = '__other__';

/** How long each level and the samples are kept, seconds. */
export interface Retention {
  '10s': number;
  '1m': number;
  '1h': number;
  samples: number;
}

const DAY = 86_400;
/** How far a sender's clock may run ahead before its time is taken for wrong. */
const FUTURE_TOLERANCE_SECONDS = 600;
const UNIT_SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: DAY, w: 7 * DAY };
/** Round numbers that people read an axis by; each divides the next or the day. */
const STEPS = [10, 30, 60, 300, 600, 1_800, 3_600, 10_800, 21_600, 43_200, DAY, 7 * DAY];
/** About one point per three pixels of a wide chart; 24 hours come out at 5 minutes. */
const AUTO_POINTS = 300;
const QUARTER = 900;

/** `90s`, `15m`, `24h`, `7d`, `2w` in seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,9})([smhdw])$/.exec(text);
  return match === null ? undefined : Number(match[1]) * (UNIT_SECONDS[match[2] ?? ''] ?? NaN);
}

/** Reads `10s=2d,1m=30d,1h=400d,samples=7d`; levels that are not named keep `base`. The answer is the problem in words. */
export function parseRetention(text: string, base: Retention): Retention | string {
  const retention = { ...base };
  for (const part of text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')) {
    const [name = '', duration = ''] = part.split('=');
    const seconds = parseDuration(duration);
    if (!Object.hasOwn(retention, name)) return `"${name}" is no level; the levels are ${Object.keys(base).join(', ')}`;
    if (seconds === undefined || seconds < 3_600) return `"${part}" needs a duration of at least 1h, such as ${name}=2d`;
    retention[name as keyof Retention] = seconds;
  }
  if (retention['10s'] > retention['1m'] || retention['1m'] > retention['1h'])
    return 'a finer level cannot be kept longer than a coarser one (10s <= 1m <= 1h)';
  return retention;
}

/** Halvings of each level. */
const SQUEEZES_PER_LEVEL = 3;
const LEAST_KEPT_SECONDS = 3_600;
const DETAIL_FIRST = ['10s', '1m', '1h'] as const;
export const MOST_SQUEEZES = SQUEEZES_PER_LEVEL * DETAIL_FIRST.length;

/** The same with less: the finest level is halved some times, then the next one. @param squeezes how often, 0 to MOST_SQUEEZES */
export function squeezed(retention: Retention, squeezes: number): Retention {
  const less = { ...retention };
  DETAIL_FIRST.forEach((level, index) => {
    const halvings = Math.min(Math.max(squeezes - index * SQUEEZES_PER_LEVEL, 0), SQUEEZES_PER_LEVEL);
    less[level] = Math.max(Math.min(retention[level], LEAST_KEPT_SECONDS), Math.floor(retention[level] / 2 ** halvings));
  });
  // A finer level is never kept for longer than a coarser one.
  less['1m'] = Math.max(less['1m'], less['10s']);
  less['1h'] = Math.max(less['1h'], less['1m']);
  return less;
}

/**
 * @param bucket start of a 10-second bucket, epoch seconds
 * @param now epoch seconds
 * @param levels of one kind, finest first
 * @returns the level at which its figures stand; undefined once it is older than the longest retention
 */
export function levelFor(bucket: number, now: number, retention: Retention, levels = LEVELS): Level | undefined {
  return levels.find((level) => bucket >= movesBefore(level, now, retention, levels));
}

/**
 * Buckets of a level that start before this moment (epoch seconds) are moved up, or dropped from the last level.
 * A multiple of the next level's width, so that a bucket above is never fed from both sides of the line.
 */
export function movesBefore(level: Level, now: number, retention: Retention, levels = LEVELS): number {
  const above = levels[levels.indexOf(level) + 1]?.seconds ?? level.seconds;
  return floorTo(now - level.kept(retention), above);
}

/**
 * The time a record is counted at, of records that come at the same moment.
 * @returns from epoch milliseconds to epoch milliseconds; the time of receipt for a time that lies too far ahead; undefined for one too old to keep
 */
export function countedAt(nowMs: number, retention: Retention): (timeMs: number) => number | undefined {
  const latestMs = nowMs + FUTURE_TOLERANCE_SECONDS * 1000;
  const oldestMs = 1000 * Math.min(...LEVELS.map((level) => movesBefore(level, nowMs / 1000, retention)));
  return (timeMs) => {
    if (timeMs > latestMs) return nowMs;
    return timeMs >= oldestMs ? timeMs : undefined;
  };
}

/** The finest width in which counts reach back to `from`, seconds. Both arguments are epoch seconds. */
export function resolutionAt(from: number, now: number, retention: Retention): number {
  return (levelFor(from, now, retention) ?? LEVELS.at(-1) ?? { seconds: 3_600 }).seconds;
}

/** A readable step for a span: at most about 300 points, never finer than `resolution`, of minutes from a quarter of an hour on. All in seconds. */
export function autoStep(span: number, resolution: number): number {
  const finest = Math.max(resolution, span > QUARTER ? MINUTE_SECONDS : FINEST_SECONDS);
  return STEPS.find((step) => step >= finest && span / step <= AUTO_POINTS) ?? Math.ceil(span / AUTO_POINTS / (7 * DAY)) * 7 * DAY;
}

export function floorTo(seconds: number, width: number): number {
  return Math.floor(seconds / width) * width;
}

export function ceilTo(seconds: number, width: number): number {
  return Math.ceil(seconds / width) * width;
}
