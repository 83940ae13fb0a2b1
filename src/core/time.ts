/** Reads the ways in which senders and callers write a moment. Output is epoch milliseconds; the clock is an argument. */
import { parseDuration } from './levels.js';

/** Epoch numbers are told apart by size: seconds reach 10^11 in the year 5138, milliseconds stay below 10^14 until then. */
const LARGEST_SECONDS = 1e11;
const LARGEST_MILLISECONDS = 1e14;
const LARGEST_MICROSECONDS = 1e17;
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** Epoch seconds, milliseconds, microseconds or nanoseconds as milliseconds; undefined for what is no time after 1970. */
export function epochMs(value: number): number | undefined {
  if (!Number.isFinite(value) || value <= 0) return undefined;
  if (value < LARGEST_SECONDS) return Math.floor(value * 1000);
  if (value < LARGEST_MILLISECONDS) return Math.floor(value);
  return Math.floor(value / (value < LARGEST_MICROSECONDS ? 1e3 : 1e6));
}

/** RFC 3339 text or an epoch number (also as text); undefined for anything else. */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return epochMs(value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,19}(?:\.\d{1,9})?$/.test(value)) return epochMs(Number(value));
  if (!RFC_3339.test(value)) return undefined;
  // Date.parse takes 30 February for 2 March.
  const [year = 0, month = 0, day = 0] = value.slice(0, 10).split('-').map(Number);
  if (new Date(Date.UTC(year, month, 0)).getUTCDate() < day) return undefined;
  const ms = Date.parse(value.replace(' ', 'T').toUpperCase());
  return Number.isNaN(ms) ? undefined : ms;
}

/** The same, and `now` or a span before it such as `-15m`, as query parameters allow. */
export function parseMoment(text: string, nowMs: number): number | undefined {
  if (text === 'now') return nowMs;
  const back = text.startsWith('-') ? parseDuration(text.slice(1)) : undefined;
  return back === undefined ? parseTime(text) : nowMs - back * 1000;
}
