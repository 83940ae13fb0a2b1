/**
 * `npm run bench:causes`: how often the causes are right, on the shared corpus (where it lies beside the repository) and on
 * the labelled records of systems that it does not have; by cause, by system, with the misses; without the tables of the
 * system at hand; stated confidence against observed; and how fast. Fails when a promised figure is missed.
 */
import { parseArgs } from 'node:util';
import { judge } from '../src/core/judge.js';
import { knowledgeOf, TABLES } from '../src/core/rules/index.js';
import { isTableOf, recordSets, scoreAll, scoreOf, signatureOfRecord, type Labelled, type Score, type Scored } from './score.js';
import { percent, say, sayMachine, table } from './print.js';

const HELP = `Usage: npm run bench:causes [-- options]

  --misses   list every miss with what was read in it
  --help     this text
`;
/** Promised for the shared corpus, for records of other systems, and for the judge: parts of one, signatures a second. */
const PROMISE = { corpus: { right: 0.97, wrongButSure: 0.01 }, others: { right: 0.9, wrongButSure: 0.03 }, perSecond: 20_000 };
const SPEED_SIGNATURES = 20_000;
const SPEED_RUNS = 7;

const { values } = parseArgs({ options: { misses: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } } });
if (values.help) process.stdout.write(HELP);
else process.exitCode = bench() ? 0 : 1;

/** @returns whether every promise was kept */
function bench(): boolean {
  sayMachine();
  const sets = recordSets();
  const corpus = sets.get('shared corpus');
  if (corpus === undefined) say('\n../shared/corpus is not there: the figures for the shared corpus are left out.');
  const others = [...sets].filter(([name]) => name !== 'shared corpus').flatMap(([, records]) => records);
  const all = [...sets.values()].flat();
  const scored = scoreAll(all);
  bySet(sets);
  byCause(scored);
  confusion(scored);
  bySystem(scored);
  calibration(scored);
  if (values.misses) misses(scored);
  return [
    corpus === undefined || kept('shared corpus', scoreOf(scoreAll(corpus)), PROMISE.corpus),
    kept('systems that are not in it', scoreOf(scoreAll(others)), PROMISE.others),
    speed(all),
  ].every(Boolean);
}

function bySet(sets: ReadonlyMap<string, Labelled[]>): void {
  say('\n## Right, by set (right: the label or one of the accepted ones; sure: confidence of 0.8 and more)\n');
  table(
    ['set', 'records', 'systems', 'right', 'wrong but sure', "without the system's tables", 'without any table'],
    [...sets].map(([name, records]) => {
      const score = scoreOf(scoreAll(records));
      const without = scoreOf(withoutOwnTables(records));
      const none = knowledgeOf([]);
      const reading = scoreOf(scoreAll(records, () => none));
      const systems = new Set(records.map(({ system }) => system)).size;
      return [name, records.length, systems, percent(score.right), percent(score.wrongButSure), both(without), both(reading)];
    }),
  );
}

/** Cross-validation: what the tables know of a record's own system is taken away before it is judged. */
function withoutOwnTables(records: readonly Labelled[]): Scored[] {
  const systems = new Set(records.map(({ system }) => system));
  return [...systems].flatMap((system) => {
    const known = knowledgeOf(TABLES.filter((one) => !isTableOf(one.system, system)));
    return scoreAll(
      records.filter((record) => record.system === system),
      () => known,
    );
  });
}

function byCause(scored: readonly Scored[]): void {
  say('\n## By cause, all sets\n');
  const causes = [...new Set(scored.map(({ cause }) => cause))].sort();
  table(
    ['cause', 'records', 'right', 'wrong but sure'],
    causes.map((cause) => {
      const score = scoreOf(scored.filter((one) => one.cause === cause));
      return [cause, score.records, percent(score.right), percent(score.wrongButSure)];
    }),
  );
}

function confusion(scored: readonly Scored[]): void {
  say('\n## Misses: labelled as, judged as\n');
  const pairs = new Map<string, number>();
  for (const { isRight, cause, verdict } of scored)
    if (!isRight) pairs.set(`${cause}\t${verdict.cause}`, (pairs.get(`${cause}\t${verdict.cause}`) ?? 0) + 1);
  table(
    ['labelled', 'judged', 'records'],
    [...pairs].sort((a, b) => b[1] - a[1]).map(([pair, count]) => [...pair.split('\t'), count]),
  );
}

function bySystem(scored: readonly Scored[]): void {
  const systems = [...new Set(scored.map(({ system }) => system))].sort();
  const scores = systems.map((system) => ({ system, ...scoreOf(scored.filter((one) => one.system === system)) }));
  const missed = scores.filter(({ right }) => right < 1);
  say(`\n## By system: ${String(scores.length - missed.length)} of ${String(scores.length)} without a miss; the others\n`);
  table(
    ['system', 'records', 'right', 'wrong but sure'],
    missed.map(({ system, records, right, wrongButSure }) => [system, records, percent(right), percent(wrongButSure)]),
  );
}

function calibration(scored: readonly Scored[]): void {
  say('\n## Confidence, stated and observed, all sets\n');
  const rows: (string | number)[][] = [];
  for (let decile = 9; decile >= 0; decile -= 1) {
    const members = scored.filter(({ verdict }) => Math.min(9, Math.floor(verdict.confidence * 10 + 1e-9)) === decile);
    if (members.length === 0) continue;
    const stated = members.reduce((sum, { verdict }) => sum + verdict.confidence, 0) / members.length;
    rows.push([
      `${(decile / 10).toFixed(1)} to ${((decile + 1) / 10).toFixed(1)}`,
      members.length,
      percent(stated),
      percent(scoreOf(members).right),
    ]);
  }
  table(['confidence', 'records', 'stated', 'observed'], rows);
}

function misses(scored: readonly Scored[]): void {
  say('\n## Every miss\n');
  for (const { isRight, id, cause, verdict, signature } of scored) {
    if (isRight) continue;
    const [evidence] = verdict.evidence;
    say(
      `${id}: ${cause}, judged ${verdict.cause} (${String(verdict.confidence)}) by ${evidence?.rule ?? 'nothing'}: ${evidence?.matched ?? ''}`,
    );
    say(`    ${signature.template}`);
  }
}

/** Distinct signatures, so that nothing can be remembered; the first run is the cold one. */
function speed(records: readonly Labelled[]): boolean {
  const signatures = Array.from({ length: SPEED_SIGNATURES }, (_, index) => {
    const signature = signatureOfRecord(records[index % records.length] as Labelled);
    return { ...signature, service: `service-${String(index)}` };
  });
  const rates = Array.from({ length: SPEED_RUNS }, () => {
    const started = performance.now();
    for (const signature of signatures) judge(signature);
    return SPEED_SIGNATURES / ((performance.now() - started) / 1_000);
  });
  const [first = 0] = rates;
  const sorted = [...rates].sort((a, b) => a - b);
  const [lowest, median, highest] = [sorted[0], sorted[Math.floor(SPEED_RUNS / 2)], sorted.at(-1)].map((rate) => Math.round(rate ?? 0));
  say(`\n## Speed: ${String(SPEED_SIGNATURES)} different signatures on one core, ${String(SPEED_RUNS)} runs\n`);
  say(`first run ${String(Math.round(first))} signatures/s; median ${String(median)} (${String(lowest)} to ${String(highest)})`);
  say(`promised ${String(PROMISE.perSecond)}: ${(median ?? 0) >= PROMISE.perSecond ? 'kept' : 'MISSED'}`);
  return (median ?? 0) >= PROMISE.perSecond;
}

function kept(what: string, score: Score, promise: { right: number; wrongButSure: number }): boolean {
  const isKept = score.right >= promise.right && score.wrongButSure <= promise.wrongButSure;
  say(
    `\n${what}: ${percent(score.right)} right (promised ${percent(promise.right)}), ${percent(score.wrongButSure)} wrong but sure (at most ${percent(promise.wrongButSure)}): ${isKept ? 'kept' : 'MISSED'}`,
  );
  return isKept;
}

function both({ right, wrongButSure }: Score): string {
  return `${percent(right)}, ${percent(wrongButSure)} wrong but sure`;
}
