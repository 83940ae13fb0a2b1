/**
 * `npm run bench:detect [-- --data DIR]`: how well spikes are found. On labelled series in NAB's layout, beside detectors
 * as people build them first; and on simulated minutes whose spikes are known, with the alarms that were none.
 * `--tune SECONDS` searches the detector's constants by cross-validation and prints the ones found.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SpikeDetector } from '../src/core/alert/spike.js';
import {
  KINDS,
  LEARNING_WEEKS,
  loadLabelled,
  scoreOf,
  simulate,
  SPIKE_MINUTES,
  total,
  type CountSeries,
  type Score,
  type SimulatedKind,
} from './count-series.js';
import { alarmsOf, REFERENCE_DETECTORS } from './reference-detectors.js';
import { alarmsIn, tune } from './tune-detector.js';

const HELP = `Usage: npm run bench:detect [-- options]

  --data DIR       labelled series: DIR/data/**.csv, DIR/labels/combined_windows.json   (default ../shared/nab)
  --series N       simulated series of each kind                                        (default 30)
  --tune SECONDS   search the constants by cross-validation instead
  --help           this text
`;
const SHARED = fileURLToPath(new URL('../../../shared/nab', import.meta.url));
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: SHARED },
    series: { type: 'string', default: '30' },
    tune: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else {
  const labelled = existsSync(values.data) ? loadLabelled(values.data) : [];
  if (labelled.length === 0) say(`no labelled series in ${values.data}; give their directory with --data`);
  if (values.tune !== undefined) tune(labelled, Number(values.tune), say);
  else {
    const [cpu] = cpus();
    say(`${cpu?.model.trim() ?? 'unknown CPU'}, Node ${process.versions.node}`);
    if (labelled.length > 0) printLabelled(labelled);
    printSimulated(Number(values.series));
    printSpeed();
  }
}

function printLabelled(labelled: readonly CountSeries[]): void {
  say(`\nlabelled series, ${String(labelled.length)} of them (NAB's standard profile; 0 is silence, 100 perfect)\n`);
  say(`  ${'detector'.padEnd(48)} score  found  false alarms`);
  row(
    'why401',
    labelled.map((series) => scoreOf(series, alarmsIn(series.rows, series.seconds))),
  );
  for (const { name, scores, thresholds } of REFERENCE_DETECTORS) {
    const figures = labelled.map((series) => scores(series));
    const tried = thresholds.map((threshold) =>
      labelled.map((series, index) => scoreOf(series, alarmsOf(figures[index] ?? [], threshold, series.seconds))),
    );
    row(
      `${name}, best threshold`,
      tried.reduce((best, one) => (total(one) > total(best) ? one : best)),
    );
  }
  say('');
  for (const series of labelled) row(`why401 on ${series.name}`, [scoreOf(series, alarmsIn(series.rows, series.seconds))]);
}

function row(name: string, scores: readonly Score[]): void {
  const sum = (pick: (score: Score) => number): string => String(scores.reduce((all, score) => all + pick(score), 0));
  const found = `${sum((score) => score.found)}/${sum((score) => score.perfect)}`;
  say(
    `  ${name.padEnd(60).slice(0, 60)} ${total(scores).toFixed(1).padStart(5)} ${found.padStart(6)} ${sum((score) => score.falseAlarms).padStart(8)}`,
  );
}

function printSimulated(count: number): void {
  say(`\nsimulated minutes with days and weekends, ${String(count)} series of each kind: two weeks to learn, four judged,`);
  say(`three times as much for ${String(SPIKE_MINUTES)} minutes once\n`);
  say('  kind      mean a minute   found   delay, median (worst)   false alarms in 4 weeks, mean (worst)');
  for (const kind of KINDS) {
    const results = Array.from({ length: count }, (_, index) => judgeSimulated(kind, 1_000 + index));
    const delays = results.flatMap(({ delay }) => delay ?? []).sort((a, b) => a - b);
    const wrong = results.map(({ falseAlarms }) => falseAlarms);
    say(
      `  ${kind.name.padEnd(10)}${String(kind.mean).padStart(13)}${`${((100 * delays.length) / count).toFixed(0)} %`.padStart(8)}   ` +
        (delays.length === 0 ? '-' : `${String(delays[delays.length >> 1])} min (${String(delays.at(-1))})`).padEnd(24) +
        `${(wrong.reduce((sum, one) => sum + one, 0) / count).toFixed(2)} (${String(Math.max(...wrong))})`,
    );
  }
}

function judgeSimulated(kind: SimulatedKind, seed: number): { delay: number | undefined; falseAlarms: number } {
  const { rows, spikeAt } = simulate(kind, seed);
  const alarms = alarmsIn(rows, 60).flatMap((isAlarm, minute) => (isAlarm && minute >= LEARNING_WEEKS * 7 * 1_440 ? [minute] : []));
  // An hour-long window may still tell of it when it is just over.
  const hits = alarms.filter((minute) => minute >= spikeAt && minute < spikeAt + SPIKE_MINUTES + 10);
  return { delay: hits[0] === undefined ? undefined : hits[0] - spikeAt + 1, falseAlarms: alarms.length - hits.length };
}

/** What one evaluation of many groups costs: a judgement each, and once a minute what is learnt. */
function printSpeed(): void {
  const groups = 10_000;
  const detector = new SpikeDetector(60);
  const states = Array.from({ length: groups }, () => detector.fresh());
  const counts = (minute: number, group: number): number => (group % 7) + ((minute * 31 + group) % 5);
  for (let minute = 0; minute < 90; minute += 1)
    states.forEach((state, group) => {
      const bucket = { at: 1_767_225_600 + minute * 60, count: counts(minute, group) };
      detector.learn(state, bucket, detector.judge(state, bucket));
    });
  const started = performance.now();
  states.forEach((state, group) => {
    const bucket = { at: 1_767_225_600 + 90 * 60, count: counts(90, group) };
    detector.learn(state, bucket, detector.judge(state, bucket));
  });
  say(`\n${groups.toLocaleString('en')} groups judged and learnt in ${(performance.now() - started).toFixed(0)} ms on one core`);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
