/**
 * What a rule knows of its groups, minute by minute: spikes by a detector for each, windows by their sums. Minutes that are
 * over go in once and in their order (`learn`); what holds now is asked with the minutes that may still change (`observe`),
 * as often as wanted, which changes nothing. Replaying history is the same calls.
 */
import type { RuleSettings } from './rule.js';
import { secondsOf, timingOf } from './rule.js';
import { SPIKE_TUNING, SpikeDetector, type SpikeState, type SpikeVerdict } from './spike.js';
import type { Observation } from './state.js';

const MINUTE = 60;
const HOUR = 3_600;
/** As long as a detector takes no alarm but a loud one. */
const KNOWN_MINUTES = 720;

/** Counts of one minute by group; a group that is not in it had none. Keys are the values of `group_by`, as JSON. */
export interface Minute {
  /** Epoch seconds. */
  at: number;
  counts: ReadonlyMap<string, number>;
  /** Requests by group, for ratios. */
  traffic?: ReadonlyMap<string, number>;
  /** False when nothing could have been counted: then nothing is learnt of it. */
  isAlive: boolean;
  /** Part that is over, above 0; 1 for a whole one. */
  elapsed: number;
}

export interface Watch {
  learn(minute: Minute): void;
  /** @param minutes the ones behind the last learnt, in their order; only groups that show something are answered */
  observe(minutes: readonly Minute[]): Observation[];
  /** Groups of the last learnt minute that were left out because there are too many. */
  readonly leftOut: number;
}

/** @param settings of any type but `new_signature`, which looks at no counts */
export function makeWatch(settings: RuleSettings): Watch {
  if (settings.type === 'spike') return new SpikeWatch(settings);
  if (settings.type === 'new_signature') throw new TypeError('new signatures are not counted by the minute');
  return new WindowWatch(settings);
}

/** Groups of one rule. */
export const MAX_GROUPS = 250;

export function keyText(key: readonly string[]): string {
  return JSON.stringify(key);
}

export function keyOf(text: string): string[] {
  return JSON.parse(text) as string[];
}

/**
 * A detector for each group; groups that have been silent for a week make room for new ones. A group that turns up where
 * the others have been known for half a day was silent so far, which says much; where nothing is known of any, it says
 * nothing.
 */
export class SpikeWatch implements Watch {
  leftOut = 0;
  /** What is known of a group that was never there, by the hour. */
  private silent: { hour: number; state: SpikeState } | undefined;
  private readonly detector: SpikeDetector;
  private readonly states = new Map<string, { state: SpikeState; lastSeen: number }>();

  constructor(private readonly settings: RuleSettings) {
    this.detector = new SpikeDetector(MINUTE, { ...SPIKE_TUNING, resolveAfter: timingOf(settings).resolveAfter });
  }

  learn(minute: Minute): void {
    if (!minute.isAlive) return;
    this.leftOut = 0;
    for (const [key, count] of minute.counts) if (count > 0) this.admit(key, minute.at);
    for (const [key, group] of this.states) {
      const bucket = { at: minute.at, count: minute.counts.get(key) ?? 0 };
      this.detector.learn(group.state, bucket, this.detector.judge(group.state, bucket));
    }
  }

  observe(minutes: readonly Minute[]): Observation[] {
    const observations: Observation[] = [];
    const keys = new Set(minutes.flatMap(({ counts }) => [...counts.keys()]));
    for (const [key, { state }] of this.states) if (state.open !== null) keys.add(key);
    for (const key of keys) {
      const state = this.states.get(key)?.state;
      if (state !== undefined) observations.push(this.observed(key, state, minutes));
      else if (this.states.size < MAX_GROUPS) observations.push(this.observed(key, ...this.newGroup(key, minutes)));
    }
    return observations;
  }

  /** "This is normal": what is counted now is expected from now on. */
  accept(key: string): void {
    const group = this.states.get(key);
    if (group !== undefined) this.detector.accept(group.state);
  }

  get memory(): { key: string; state: SpikeState; lastSeen: number }[] {
    return [...this.states].map(([key, group]) => ({ key, ...group }));
  }

  remember(key: string, state: SpikeState, lastSeen: number): void {
    this.states.set(key, { state, lastSeen });
  }

  private admit(key: string, at: number): void {
    const known = this.states.get(key);
    if (known !== undefined) {
      known.lastSeen = at;
      return;
    }
    if (this.states.size >= MAX_GROUPS && !this.makeRoom(at)) {
      this.leftOut += 1;
      return;
    }
    this.states.set(key, { state: this.stateBefore(at), lastSeen: at });
  }

  /** The state of a group that is seen for the first time, and the minutes that say something of it. */
  private newGroup(key: string, minutes: readonly Minute[]): [SpikeState, readonly Minute[]] {
    const first = minutes.findIndex(({ counts }) => counts.has(key));
    const seen = minutes.slice(Math.max(0, first));
    return [this.stateBefore(seen[0]?.at ?? 0), seen];
  }

  private stateBefore(at: number): SpikeState {
    const known = Math.max(0, ...[...this.states.values()].map(({ state }) => state.buckets));
    if (known < KNOWN_MINUTES) return this.detector.fresh();
    const hour = Math.floor(at / HOUR);
    if (this.silent?.hour !== hour) {
      const state = this.detector.fresh();
      for (let minute = hour * HOUR - KNOWN_MINUTES * MINUTE; minute < hour * HOUR; minute += MINUTE) {
        const bucket = { at: minute, count: 0 };
        this.detector.learn(state, bucket, this.detector.judge(state, bucket));
      }
      this.silent = { hour, state };
    }
    return structuredClone(this.silent.state);
  }

  private makeRoom(at: number): boolean {
    const [oldest] = [...this.states].sort(([, a], [, b]) => a.lastSeen - b.lastSeen);
    if (oldest === undefined || at - oldest[1].lastSeen < SILENT_FOR) return false;
    return this.states.delete(oldest[0]);
  }

  private observed(key: string, state: SpikeState, minutes: readonly Minute[]): Observation {
    let ahead = state;
    let verdict: SpikeVerdict | undefined;
    for (const [index, { at, counts, elapsed, isAlive }] of minutes.entries()) {
      if (!isAlive) continue;
      const bucket = { at, count: counts.get(key) ?? 0, elapsed };
      verdict = this.detector.judge(ahead, bucket);
      if (index === minutes.length - 1) continue;
      if (ahead === state) ahead = structuredClone(state);
      this.detector.learn(ahead, bucket, verdict);
    }
    const window = verdict?.windows.reduce((most, one) => (one.score > most.score ? one : most));
    const isOpen = ahead.open !== null && ahead.open.calmFor === 0;
    const { observed = 0, expected = 0, seconds = MINUTE } = window ?? {};
    const isEnough = observed >= this.settings.min_count && observed - expected >= this.settings.min_count / 2;
    return {
      key: keyOf(key),
      isBreach: (isOpen || verdict?.isSpike === true) && isEnough,
      window: seconds,
      observed,
      expected,
      score: verdict?.score ?? null,
      reason: `${String(observed)} in ${spanText(seconds)} where ${expected.toFixed(expected < 10 ? 1 : 0)} were expected`,
    };
  }
}

const SILENT_FOR = 7 * 86_400;

/** Sums over the rule's window, against a number or against the requests. */
class WindowWatch implements Watch {
  readonly leftOut = 0;
  private readonly window: number;
  private minutes: Minute[] = [];

  constructor(private readonly settings: Extract<RuleSettings, { type: 'threshold' | 'ratio' | 'finding' }>) {
    this.window = secondsOf(settings.window);
  }

  learn(minute: Minute): void {
    this.minutes = [...this.minutes, minute].filter(({ at }) => at > minute.at - this.window);
  }

  observe(minutes: readonly Minute[]): Observation[] {
    const last = minutes.at(-1) ?? this.minutes.at(-1);
    if (last === undefined) return [];
    const within = [...this.minutes, ...minutes].filter(({ at }) => at > last.at - this.window);
    const counts = sumOf(within.map((minute) => minute.counts));
    const traffic = sumOf(within.map((minute) => minute.traffic ?? new Map<string, number>()));
    return [...counts].map(([key, count]) => this.observed(key, count, traffic.get(key) ?? 0));
  }

  private observed(key: string, observed: number, traffic: number): Observation {
    const { settings, window } = this;
    const isEnough = observed >= settings.min_count;
    const common = { key: keyOf(key), window, observed, expected: null };
    if (settings.type !== 'ratio') {
      const reason = `${String(observed)} in ${spanText(window)}, ${String(settings.count)} or more`;
      return { ...common, isBreach: isEnough && observed >= settings.count, score: observed / settings.count, reason };
    }
    // More refusals than known requests: then not all requests are told, and the share means nothing.
    const ratio = traffic < observed || traffic === 0 ? 0 : observed / traffic;
    const reason = `${(100 * ratio).toFixed(1)} % of ${String(traffic)} requests in ${spanText(window)}, ${(100 * settings.ratio).toFixed(1)} % or more`;
    return { ...common, isBreach: isEnough && ratio >= settings.ratio, score: ratio / settings.ratio, reason };
  }
}

function sumOf(maps: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const map of maps) for (const [key, count] of map) sums.set(key, (sums.get(key) ?? 0) + count);
  return sums;
}

function spanText(seconds: number): string {
  if (seconds % 3_600 === 0) return `${String(seconds / 3_600)} h`;
  return seconds % MINUTE === 0 ? `${String(seconds / MINUTE)} min` : `${String(seconds)} s`;
}
