/**
 * The states of an alert. A breach opens it (`pending`), a breach that lasts for the rule's `for` makes it `firing`; calm
 * for `resolve_after` ends it (`resolved`), or drops it when it never fired:
 *
 *   nothing -> pending -> firing -> resolved
 *                 \-> nothing
 *
 * While nothing can be known (ingestion is away, history is being learned), nothing changes. Acknowledging and silencing
 * stand beside these states and change none of them.
 */
import type { Timing } from './rule.js';

/** What an evaluation found of one group. */
export interface Observation {
  key: readonly string[];
  isBreach: boolean;
  /** Seconds that the figures are of. */
  window: number;
  observed: number;
  /** Null where a rule expects nothing. */
  expected: number | null;
  score: number | null;
  /** In words, for people. */
  reason: string;
  /** Ids of the signatures that it is about, where it is not about all of the group. */
  signatures?: readonly string[];
  /** End of the window, epoch seconds, where it is not now. */
  at?: number;
  /** Of a breach that was found late, and lasted for as long as the rule asks: end of its first window, epoch seconds. */
  lateSince?: number;
}

export interface OpenAlert {
  status: 'pending' | 'firing';
  /** Epoch seconds. */
  startedAt: number;
  lastBreachAt: number;
}

export type Step =
  | { to: 'pending' | 'firing' | 'resolved' | 'dropped'; reason: string }
  /** Nothing changes but that the breach goes on, or not even that. */
  | { to: 'same'; isBreach: boolean };

/** A breach that is not seen for less than this goes on all the same, seconds: evaluations and records come in their own time. */
export const GAP = 30;

/**
 * @param open undefined where there is none
 * @param observation undefined where nothing was seen of the group
 * @param now epoch seconds
 */
export function step(timing: Timing, open: OpenAlert | undefined, observation: Observation | undefined, now: number): Step {
  const isBreach = observation?.isBreach === true;
  if (open === undefined) {
    if (!isBreach) return { to: 'same', isBreach };
    return { to: timing.pendingFor > 0 && observation.lateSince === undefined ? 'pending' : 'firing', reason: observation.reason };
  }
  if (open.status === 'pending') {
    if (!isBreach && now - open.lastBreachAt > GAP) return { to: 'dropped', reason: 'it was over before it had lasted long enough' };
    if (isBreach && (observation.lateSince !== undefined || now - open.startedAt >= timing.pendingFor))
      return { to: 'firing', reason: observation.reason };
    return { to: 'same', isBreach };
  }
  if (!isBreach && now - open.lastBreachAt >= timing.resolveAfter) return { to: 'resolved', reason: reasonOf(open, observation, now) };
  return { to: 'same', isBreach };
}

function reasonOf({ lastBreachAt }: OpenAlert, observation: Observation | undefined, now: number): string {
  const calm = `${String(Math.round((now - lastBreachAt) / 60))} min`;
  if (observation === undefined || observation.observed === 0) return `nothing for ${calm}`;
  return `as expected again for ${calm}: ${observation.reason}`;
}
