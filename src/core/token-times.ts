/** A token's times as texts tell them: what libraries print beside "expired" or "not active yet". */
import { epochMs, parseTime } from './time.js';
import type { TokenTimes } from './credential.js';

/** Longer texts tell it among their first lines. */
const MAX_TEXT = 4_000;
const TELLS_TIMES = /expir|valid|active|before/i;
const MOMENT = '(\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?)';
/** jsonwebtoken's property, jjwt's and Spring's sentence. */
const EXPIRED_AT = new RegExp(
  `(?:expiredAt["']?\\s{0,2}[:=]\\s{0,2}["']?|\\b(?:jwt|token) (?:is |has |was )?expired (?:at|on|since) )${MOMENT}`,
  'i',
);
const NOT_BEFORE = new RegExp(`\\bnot (?:active|valid|accepted|be accepted|before)[^.\\d]{0,40}${MOMENT}`, 'i');
/** Microsoft.IdentityModel writes dates the American way, in UTC. */
const VALID_TO = /ValidTo \(UTC\): '?(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d\d):(\d\d)( [AP]M)?/;
/** golang-jwt's durations. */
const EXPIRED_BY = /\bexpired by (?:(\d{1,7})h)?(?:(\d{1,3})m)?(?:(\d{1,3})(?:\.\d{1,9})?s)/;

/** @param atMs epoch milliseconds of the record */
export function timesInText(text: string, atMs: number): TokenTimes {
  if (!TELLS_TIMES.test(text.slice(0, MAX_TEXT))) return {};
  const told = text.slice(0, MAX_TEXT);
  const expiresAt = secondsOf(EXPIRED_AT.exec(told)?.[1]) ?? validTo(told) ?? expiredBy(told, atMs);
  if (expiresAt !== undefined) return { expiresAt };
  const notBefore = secondsOf(NOT_BEFORE.exec(told)?.[1]);
  return notBefore === undefined ? {} : { notBefore };
}

/** Senders that count in milliseconds mean the same moment (RFC 7519 section 2 counts in seconds). */
export function epochSeconds(time: number | undefined): number | undefined {
  if (time === undefined || time < 1e11) return time;
  const ms = epochMs(time);
  return ms === undefined ? undefined : ms / 1000;
}

/** A moment without a zone is taken for UTC, as servers log it. */
function secondsOf(moment: string | undefined): number | undefined {
  if (moment === undefined) return undefined;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(moment) ? moment.replace(/([+-]\d\d)(\d\d)$/, '$1:$2') : `${moment}Z`;
  const ms = parseTime(zoned);
  return ms === undefined ? undefined : ms / 1000;
}

function validTo(text: string): number | undefined {
  const match = VALID_TO.exec(text);
  if (match === null) return undefined;
  const [month = 0, day = 0, year = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  const half = match[7]?.trim();
  const hours = half === undefined ? hour : (hour % 12) + (half === 'PM' ? 12 : 0);
  return Date.UTC(year, month - 1, day, hours, minute, second) / 1000;
}

function expiredBy(text: string, atMs: number): number | undefined {
  const match = EXPIRED_BY.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map((part) => Number((part as string | undefined) ?? 0));
  return atMs / 1000 - (hours * 3_600 + minutes * 60 + seconds);
}
