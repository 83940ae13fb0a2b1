/**
 * Rollups: the counts of all signatures in one bucket, as one value, in six widths. Here: which widths a question can use, which
 * buckets cover a span, and how a value is read. Who makes them is not said here.
 */
import { ceilTo, FINEST_SECONDS, floorTo, LEVELS, MINUTE_SECONDS, movesBefore, type Level, type Retention } from './levels.js';

/** Widths, narrowest first. Each divides the next, so that a bucket lies in one of each wider width. */
export const ROLLUP_SECONDS: readonly number[] = [FINEST_SECONDS, MINUTE_SECONDS, 300, 3_600, 10_800, 86_400];

/** The narrowest stand for the last minutes alone, until those are rolled up themselves, also where the queue is some minutes behind. */
export const FINEST_KEPT_SECONDS = 600;

/** Epoch seconds, end excluded. */
interface Range {
  from: number;
  to: number;
}

/** Buckets of one width. */
export interface Buckets extends Range {
  seconds: number;
}

export interface Cover {
  buckets: Buckets[];
  /** What no rollup covers. */
  gaps: Range[];
}

/** Counts of some signatures, each by the number that `indexOf` gave it. */
export interface Cells {
  signatures: Uint32Array;
  counts: Float64Array;
}

/** The widest width that divides steps of a chart; undefined where a step is finer than any that is kept for more than minutes. */
export function widestWithin(stepSeconds: number): number | undefined {
  return ROLLUP_SECONDS.findLast((seconds) => seconds > FINEST_SECONDS && stepSeconds % seconds === 0);
}

/**
 * Covers a span by as few buckets as can be.
 * @param packed the buckets that there are, each width once
 * @param widest no bucket is wider, seconds
 */
export function coverOf(span: Range, packed: readonly Buckets[], widest: number): Cover {
  if (span.from >= span.to) return { buckets: [], gaps: [] };
  const usable = packed.filter(({ seconds }) => seconds <= widest).sort((a, b) => b.seconds - a.seconds);
  const [{ seconds, from, to } = { seconds: 0, from: 0, to: 0 }] = usable;
  if (seconds === 0) return { buckets: [], gaps: [span] };
  const first = ceilTo(Math.max(span.from, from), seconds);
  const end = floorTo(Math.min(span.to, to), seconds);
  if (first >= end) return coverOf(span, packed, seconds - 1);
  const left = coverOf({ from: span.from, to: first }, packed, seconds - 1);
  const right = coverOf({ from: end, to: span.to }, packed, seconds - 1);
  return {
    buckets: [...left.buckets, { seconds, from: first, to: end }, ...right.buckets],
    gaps: [...left.gaps, ...right.gaps],
  };
}

/**
 * From when on rollups of a width are kept. Never before the line at which counts move up to a level wider than they are: what
 * had moved would be missing where a narrow bucket has to be counted again.
 * @param now epoch seconds
 */
export function rolledUpFrom(seconds: number, now: number, retention: Retention): number {
  const from = movesBefore(keptLike(seconds), now, retention);
  return ceilTo(seconds === FINEST_SECONDS ? Math.max(from, now - FINEST_KEPT_SECONDS) : from, seconds);
}

/** Minutes live as long as counts by ten seconds, five minutes as long as counts by the minute, the rest as long as there is anything. */
function keptLike(seconds: number): Level {
  const [finest, minutes, hours] = LEVELS as [Level, Level, Level];
  if (seconds >= hours.seconds) return hours;
  return seconds > minutes.seconds ? minutes : finest;
}

/** Each cell: signature and count, 64 bits each, big-endian. */
const CELL_BYTES = 16;
const HIGH = 2 ** 32;

export function cellsOf(bytes: Buffer, indexOf: (id: bigint) => number): Cells {
  const length = bytes.length / CELL_BYTES;
  const signatures = new Uint32Array(length);
  const counts = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    const at = index * CELL_BYTES;
    signatures[index] = indexOf(bytes.readBigInt64BE(at));
    counts[index] = bytes.readUInt32BE(at + 8) * HIGH + bytes.readUInt32BE(at + 12);
  }
  return { signatures, counts };
}
