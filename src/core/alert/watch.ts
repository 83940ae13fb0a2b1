/**
 * What a rule knows of its groups, bucket by bucket: spikes by a detector for each, windows by their sums. Buckets that are
 * over go in once and in their order (`learn`); what holds now is asked with the buckets that may still change (`observe`),
 * as often as wanted, which changes nothing. Replaying history is the same calls.
 */
import type { RuleSettings } from './rule.js';
import { secondsOf, timingOf } from './rule.js';
import { SPIKE_TUNING, SpikeDetector, type SpikeState, type SpikeVerdict } from './spike.js';
import { GAP, type Observation } from './state.js';

const MINUTE = 60;
const HOUR = 3_600;
/** As long as a detector takes no alarm but a loud one. */
const KNOWN_MINUTES = 720;
const SILENT_FOR = 7 * 86_400;
/** For as long, a group that somebody called normal is taken for it whatever comes. */
const ACCEPTED_FOR = 900;

/** Counts of one bucket by group; a group that is not in it had none. Keys are the values of `group_by`, as JSON. */
export interface Bucket {
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
  /** Width of the buckets that it takes, seconds. */
  readonly seconds: number;
  /** Groups that were left out because there are too many: the most in one bucket of the last hour. */
  readonly leftOut: number;
  /** @param isNews a breach in it is told by the next `observe`, although it is over: it came late, or nobody looked in time */
  learn(bucket: Bucket, isNews: boolean): void;
  /** @param buckets the ones behind the last learnt, in their order; only groups that show something are answered */
  observe(buckets: readonly Bucket[]): Observation[];
  /** What was observed last is told. */
  confirm(): void;
  /** What a group breached up to a time is told, as another process knew it. @param at epoch seconds */
  remind(key: string, at: number): void;
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

class LeftOut {
  most = 0;
  private at = 0;

  note(count: number, at: number): void {
    if (count < this.most && at - this.at < HOUR) return;
    this.most = count;
    this.at = at;
  }
}

/**
 * Breaches that nobody was told of when they were, one a group: found while learning, and kept until they are told. Those
 * that did not last for as long as the rule asks are none.
 */
class LateBreaches {
  private readonly found = new Map<string, Observation & { lateSince: number }>();
  /** Up to which bucket breaches of a group were told, epoch seconds. */
  private readonly told = new Map<string, number>();
  private telling = new Map<string, number>();
  /** How long groups have been in breach, epoch seconds. */
  private readonly runs = new Map<string, { from: number; to: number }>();

  /** @param seconds width of the buckets */
  constructor(
    private readonly seconds: number,
    readonly pendingFor: number,
  ) {}

  /** Takes breaches in the order of their buckets. @param at start of the bucket, epoch seconds */
  note(observation: Observation, at: number, isNews: boolean): void {
    for (const [other, until] of this.told) if (until < at - HOUR) this.told.delete(other);
    for (const [other, { to }] of this.runs) if (to < at - HOUR) this.runs.delete(other);
    const key = keyText(observation.key);
    const end = at + this.seconds;
    const run = this.runs.get(key);
    const from = run !== undefined && at - run.to <= GAP ? run.from : at;
    this.runs.set(key, { from, to: end });
    if (!isNews || (this.told.get(key) ?? -1) >= at || end - from < this.pendingFor) return;
    const known = this.found.get(key);
    if (known !== undefined && known.observed > observation.observed) return;
    this.found.set(key, { ...observation, at: end, lateSince: known?.lateSince ?? from + this.seconds });
  }

  /** The observations up to a bucket, with the late ones of groups that breach no more. */
  with(observations: readonly Observation[], at: number): Observation[] {
    const all = observations.map((one) => {
      const found = this.found.get(keyText(one.key));
      if (found === undefined) return one;
      return one.isBreach ? { ...one, lateSince: found.lateSince } : found;
    });
    const keys = new Set(observations.map(({ key }) => keyText(key)));
    all.push(...[...this.found].filter(([key]) => !keys.has(key)).map(([, one]) => one));
    this.telling = new Map(all.filter(({ isBreach }) => isBreach).map(({ key }) => [keyText(key), at]));
    return all;
  }

  confirm(): void {
    for (const [key, at] of this.telling) {
      this.told.set(key, at);
      this.found.delete(key);
    }
    this.telling.clear();
  }

  remind(key: string, at: number): void {
    this.told.set(key, at);
  }
}

/**
 * A detector for each group; groups that have been silent for a week make room for new ones. A group that turns up where
 * the others have been known for half a day was silent so far, which says much; where nothing is known of any, it says
 * nothing.
 */
export class SpikeWatch implements Watch {
  readonly seconds = MINUTE;
  private readonly left = new LeftOut();
  /** What is known of a group that was never there, by the hour. */
  private silent: { hour: number; state: SpikeState } | undefined;
  private readonly detector: SpikeDetector;
  private readonly states = new Map<string, { state: SpikeState; lastSeen: number }>();
  /** From when until when, epoch seconds. */
  private readonly accepted = new Map<string, { from: number; until: number }>();
  private readonly late: LateBreaches;

  constructor(private readonly settings: RuleSettings) {
    this.late = new LateBreaches(MINUTE, timingOf(settings).pendingFor);
    this.detector = new SpikeDetector(MINUTE, { ...SPIKE_TUNING, resolveAfter: timingOf(settings).resolveAfter });
  }

  get leftOut(): number {
    return this.left.most;
  }

  learn(minute: Bucket, isNews: boolean): void {
    if (!minute.isAlive) return;
    const leftOut = [...minute.counts].filter(([key, count]) => count > 0 && !this.admit(key, minute.at));
    this.left.note(leftOut.length, minute.at);
    for (const [key, group] of this.states) {
      const bucket = { at: minute.at, count: minute.counts.get(key) ?? 0 };
      const verdict = this.detector.judge(group.state, bucket);
      this.detector.learn(group.state, bucket, verdict);
      if (this.isAccepted(key, minute.at)) this.detector.accept(group.state);
      else if (verdict.isSpike) {
        const observation = this.observationOf(key, verdict, true);
        if (observation.isBreach) this.late.note(observation, minute.at, isNews);
      }
    }
  }

  observe(minutes: readonly Bucket[]): Observation[] {
    const observations: Observation[] = [];
    const keys = new Set(minutes.flatMap(({ counts }) => [...counts.keys()]));
    for (const [key, { state }] of this.states) if (state.open !== null) keys.add(key);
    let room = MAX_GROUPS - this.states.size;
    for (const key of keys) {
      const state = this.states.get(key)?.state;
      if (state !== undefined) observations.push(this.observed(key, state, minutes));
      else if ((room -= 1) >= 0) observations.push(this.observed(key, ...this.newGroup(key, minutes)));
    }
    return this.late.with(observations, minutes.at(-1)?.at ?? 0);
  }

  /** "This is normal": what is counted now, and in the next minutes, is expected from now on. @param now epoch seconds */
  accept(key: string, now: number): void {
    this.acceptAt(key, now);
    const group = this.states.get(key);
    if (group !== undefined) this.detector.accept(group.state);
  }

  /** The same for what is still to be learned. @param at when it was said, epoch seconds */
  acceptAt(key: string, at: number): void {
    this.accepted.set(key, { from: at - MINUTE, until: at + ACCEPTED_FOR });
  }

  confirm(): void {
    this.late.confirm();
  }

  remind(key: string, at: number): void {
    this.late.remind(key, at);
  }

  get memory(): { key: string; state: SpikeState; lastSeen: number }[] {
    return [...this.states].map(([key, group]) => ({ key, ...group }));
  }

  remember(key: string, state: SpikeState, lastSeen: number): void {
    this.states.set(key, { state, lastSeen });
  }

  private isAccepted(key: string, at: number): boolean {
    const span = this.accepted.get(key);
    return span !== undefined && at >= span.from && at <= span.until;
  }

  /** @returns false where there is no room for another group */
  private admit(key: string, at: number): boolean {
    const known = this.states.get(key);
    if (known !== undefined) known.lastSeen = at;
    else if (this.states.size < MAX_GROUPS || this.makeRoom(at)) this.states.set(key, { state: this.stateBefore(at), lastSeen: at });
    else return false;
    return true;
  }

  /** The state of a group that is seen for the first time, and the minutes that say something of it. */
  private newGroup(key: string, minutes: readonly Bucket[]): [SpikeState, readonly Bucket[]] {
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

  private observed(key: string, state: SpikeState, minutes: readonly Bucket[]): Observation {
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
    const isOpen = ahead.open !== null && ahead.open.calmFor === 0;
    const observation = this.observationOf(key, verdict, isOpen);
    return this.isAccepted(key, minutes.at(-1)?.at ?? 0) ? { ...observation, isBreach: false } : observation;
  }

  private observationOf(key: string, verdict: SpikeVerdict | undefined, isOpen: boolean): Observation {
    const window = verdict?.windows.reduce((most, one) => (one.score > most.score ? one : most));
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

/** Sums over the rule's window, against a number or against the requests; in whole buckets of ten seconds, or of the minutes that requests are counted by. */
class WindowWatch implements Watch {
  readonly seconds: number;
  private readonly left = new LeftOut();
  private readonly window: number;
  private readonly counts = new Map<string, number>();
  private readonly traffic = new Map<string, number>();
  /** What was added, and has to be taken out again. */
  private readonly within: { at: number; counts: ReadonlyMap<string, number>; traffic: ReadonlyMap<string, number> }[] = [];
  private readonly late: LateBreaches;

  constructor(private readonly settings: Extract<RuleSettings, { type: 'threshold' | 'ratio' | 'finding' }>) {
    this.window = secondsOf(settings.window);
    this.seconds = settings.type === 'ratio' ? MINUTE : 10;
    this.late = new LateBreaches(this.seconds, timingOf(settings).pendingFor);
  }

  get leftOut(): number {
    return this.left.most;
  }

  learn(bucket: Bucket, isNews: boolean): void {
    this.take(bucket);
    // Sums of history matter only where a breach has to last, and without counts they only fall.
    if (this.late.pendingFor === 0 && (!isNews || bucket.counts.size === 0)) return;
    for (const observation of this.sums()) if (observation.isBreach) this.late.note(observation, bucket.at, isNews);
  }

  observe(buckets: readonly Bucket[]): Observation[] {
    // One that has just begun would make the window longer than it is; in ten seconds it counts.
    const whole = buckets.filter(({ elapsed }) => elapsed === 1);
    const end = whole.at(-1)?.at ?? this.within.at(-1)?.at ?? 0;
    if (whole.length === 0) return this.late.with(this.sums(), end);
    const ahead = new WindowWatch(this.settings);
    for (const [key, count] of this.counts) ahead.counts.set(key, count);
    for (const [key, count] of this.traffic) ahead.traffic.set(key, count);
    ahead.within.push(...this.within);
    for (const bucket of whole) ahead.take(bucket);
    return this.late.with(ahead.sums(), end);
  }

  confirm(): void {
    this.late.confirm();
  }

  /** The bucket that had just begun was not looked at. */
  remind(key: string, at: number): void {
    this.late.remind(key, at - this.seconds);
  }

  private take({ at, counts, traffic }: Bucket): void {
    for (let [oldest] = this.within; oldest !== undefined && oldest.at <= at - this.window; [oldest] = this.within) {
      this.within.shift();
      for (const [key, count] of oldest.counts) bump(this.counts, key, -count);
      for (const [key, count] of oldest.traffic) bump(this.traffic, key, -count);
    }
    const admitted = added(this.counts, counts, MAX_GROUPS);
    this.left.note(counts.size - admitted.size, at);
    this.within.push({ at, counts: admitted, traffic: added(this.traffic, traffic ?? new Map<string, number>(), MAX_TRAFFIC) });
  }

  private sums(): Observation[] {
    return [...this.counts].map(([key, count]) => this.observed(key, count, this.traffic.get(key) ?? 0));
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

/** Groups whose requests are summed up, refused or not. */
const MAX_TRAFFIC = 5_000;

/** @returns what there was room for */
function added(sums: Map<string, number>, more: ReadonlyMap<string, number>, most: number): Map<string, number> {
  const admitted = new Map<string, number>();
  for (const [key, count] of more) {
    if (!sums.has(key) && sums.size >= most) continue;
    bump(sums, key, count);
    admitted.set(key, count);
  }
  return admitted;
}

/** Sums that are nothing again take no room. */
function bump(sums: Map<string, number>, key: string, by: number): void {
  const sum = (sums.get(key) ?? 0) + by;
  if (sum > 0) sums.set(key, sum);
  else sums.delete(key);
}

function spanText(seconds: number): string {
  if (seconds % HOUR === 0) return `${String(seconds / HOUR)} h`;
  return seconds % MINUTE === 0 ? `${String(seconds / MINUTE)} min` : `${String(seconds)} s`;
}
