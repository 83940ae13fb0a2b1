/**
 * When a webhook is tried again, and when it is given up. Pure: the caller keeps the count of attempts, rolls the dice and
 * stores the time of the next attempt.
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits before the 1st, 2nd, … attempt, each after the one before: the schedule that Standard Webhooks 1.0 recommends. */
const WAITS_MS = [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
/** A wait is drawn out by up to this share, never shortened: deliveries that failed together shall not come back together. */
const JITTER = 0.2;
/** A receiver may ask for time, not for silence until the alert is forgotten. */
const MAX_RETRY_AFTER_MS = 24 * HOUR;

/**
 * @param attempt attempts made so far: 0 before the first
 * @param random in [0, 1)
 * @param retryAfterMs what the receiver asked for; it can lengthen a wait and never shortens one
 * @returns milliseconds to wait from now; undefined when no attempt is left and the delivery is dead
 */
export function nextAttempt(attempt: number, random: number, retryAfterMs = 0): number | undefined {
  const wait = WAITS_MS[attempt];
  if (wait === undefined) return undefined;
  return Math.round(Math.max(wait, retryAfterMs) * (1 + JITTER * random));
}

/**
 * A Retry-After header (RFC 9110, 10.2.3) as milliseconds from now, at most a day; 0 when the date has passed.
 * @returns undefined for anything that is neither whole seconds nor an HTTP date
 */
export function retryAfterMs(header: string, nowMs: number): number | undefined {
  const text = header.trim();
  if (/^\d+$/.test(text)) return clamp(Number(text) * SECOND);
  if (!HTTP_DATE.test(text)) return undefined;
  // The asctime form leaves the zone out and means GMT.
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? undefined : clamp(at - nowMs);
}

/** The three forms of RFC 9110, 5.6.7: all begin with a day's name, which keeps out what Date.parse would guess at. */
const HTTP_DATE =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}(?:, \d\d[ -][A-Z][a-z]{2}[ -]\d{2,4} \d\d:\d\d:\d\d GMT| [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4})$/;

function clamp(durationMs: number): number {
  return Math.min(Math.max(durationMs, 0), MAX_RETRY_AFTER_MS);
}
