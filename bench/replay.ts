/** Runs the spike detector over a series, as the service would from minute to minute, and says where spikes began and ended. */
import { SPIKE_TUNING, SpikeDetector, type SpikeTuning } from '../src/core/alert/spike.js';
import { LEARNING_WEEKS, SPIKE_MINUTES, type CountSeries, type Simulated } from './count-series.js';

export interface Spike {
  /** Rows; the last one that is not in it any more, or the number of rows. */
  first: number;
  end: number;
}

export function spikesIn({ rows, seconds }: Pick<CountSeries, 'rows' | 'seconds'>, tuning: SpikeTuning = SPIKE_TUNING): Spike[] {
  const detector = new SpikeDetector(seconds, tuning);
  const state = detector.fresh();
  const spikes: Spike[] = [];
  let open: Spike | undefined;
  rows.forEach((bucket, row) => {
    detector.learn(state, bucket, detector.judge(state, bucket));
    if (state.open !== null && open === undefined) spikes.push((open = { first: row, end: rows.length }));
    if (state.open === null && open !== undefined) {
      open.end = row;
      open = undefined;
    }
  });
  return spikes;
}

/** By row: a spike begins there. */
export function alarmsIn(series: CountSeries, tuning?: SpikeTuning): boolean[] {
  const alarms = series.rows.map(() => false);
  for (const { first } of spikesIn(series, tuning)) alarms[first] = true;
  return alarms;
}

export interface SimulatedResult {
  /** Minutes from the spike's beginning to the alarm, where it was found, and from the spike's end to that of the alert. */
  delay: number | undefined;
  over: number | undefined;
  falseAlarms: number;
}

/** What is found while it lasts is found; what begins in the ten minutes after it is a late telling of the same. */
export function judgeSimulated({ rows, spikeAt }: Simulated, tuning?: SpikeTuning): SimulatedResult {
  const spikes = spikesIn({ rows, seconds: 60 }, tuning).filter(({ end }) => end > LEARNING_WEEKS * 7 * 1_440);
  const spikeEnd = spikeAt + SPIKE_MINUTES;
  const about = spikes.filter(({ first, end }) => first < spikeEnd + 10 && end > spikeAt);
  const found = about.find(({ first }) => first >= spikeAt && first < spikeEnd);
  const wrong = spikes.filter((spike) => !about.includes(spike) || spike.first < spikeAt).length;
  return {
    delay: found === undefined ? undefined : found.first - spikeAt + 1,
    over: found === undefined ? undefined : (about.at(-1)?.end ?? spikeEnd) - spikeEnd,
    falseAlarms: wrong,
  };
}
