// @ts-check
/**
 * A made-up past for the demo: what a service refused on an ordinary day, so that alert rules know what is usual. More by day
 * than by night, and in runs, because a client that is refused tries again. The same from run to run: its chance is seeded.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startLogs } from './api.js';
import { call } from './listener.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A rule knows a group after half a day, and its hours after a whole one. */
const PAST_MS = 26 * HOUR_MS;
/** Minutes that rules still look at are left alone. */
const END_MS = 3 * MINUTE_MS;
const SEED = 401;
const MOST_TRIES = 5;
const FLUSH_EVERY = 5_000;
const COUNT_TIMEOUT_MS = 30_000;

/**
 * Repeats records that were really logged over the past day, and waits until they are counted.
 * @param {{ serviceUrl: string, logs: import('./api.js').Logs, records: { record: import('@opentelemetry/sdk-logs').ReadableLogRecord, anHour: number }[] }} past
 *   `anHour`: how often each, at the busiest time of the day
 * @returns {Promise<number>} how many
 */
export async function makeHistory({ serviceUrl, logs, records }) {
  const now = Date.now();
  const random = chance(SEED);
  const moments = records.flatMap(({ record, anHour }) => {
    const times = ordinaryTimes({ from: now - PAST_MS, to: now - END_MS, anHour, random });
    return times.map((time) => ({ time, record, client: `203.0.113.${Math.floor(random() * 200)}` }));
  });
  const { provider, logger } = startLogs(logs);
  for (const [index, { time, record, client }] of moments.entries()) {
    const { body, attributes, severityNumber, severityText } = record;
    logger.emit({ timestamp: new Date(time), severityNumber, severityText, body, attributes: { ...attributes, 'client.address': client } });
    if (index % FLUSH_EVERY === FLUSH_EVERY - 1) await provider.forceFlush();
  }
  await provider.shutdown();
  await counted(serviceUrl, logs.service, moments.length);
  return moments.length;
}

/**
 * @param {{ from: number, to: number, anHour: number, random: () => number }} rate epoch milliseconds; `anHour` at the busiest time of the day
 * @returns {number[]} epoch milliseconds
 */
function ordinaryTimes({ from, to, anHour, random }) {
  const times = [];
  const gap = (HOUR_MS / anHour) * ((1 + MOST_TRIES) / 2);
  for (let start = from; start < to; start += (2 * random() * gap) / busyness(start)) {
    const tries = 1 + Math.floor(MOST_TRIES * random());
    for (let at = start, left = tries; left > 0 && at < to; left -= 1, at += 500 + 3_000 * random()) times.push(at);
  }
  return times;
}

/** 1 at noon (UTC), less at night. */
function busyness(/** @type {number} */ time) {
  return 0.6 + 0.4 * Math.sin((Math.PI * (time % DAY_MS)) / DAY_MS) ** 2;
}

/** @returns {() => number} from 0 to below 1, the same row for the same seed (mulberry32) */
function chance(/** @type {number} */ seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Waits until why401 has counted as many of the past day. */
async function counted(/** @type {string} */ serviceUrl, /** @type {string} */ service, /** @type {number} */ least) {
  const deadline = Date.now() + COUNT_TIMEOUT_MS;
  for (;;) {
    const { total } = /** @type {{ total: number }} */ (await call(serviceUrl, 'GET', `/v1/trends?from=-27h&service=${service}`));
    if (total >= least) return;
    if (Date.now() > deadline) throw new Error(`only ${total} of ${least} records were counted within ${COUNT_TIMEOUT_MS / 1000} s`);
    await sleep(200);
  }
}
