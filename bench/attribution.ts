/**
 * `npm run bench:attribution`: how often "what changed" names the true cause of made-up incidents, and how often it blames
 * somebody for even growth, by kind of cause and by kind of traffic; and how fast. Fails when a promised figure is missed.
 */
import { explain, type Change } from '../src/core/alert/attribution.js';
import { contrast, zOfGrowth } from '../src/core/alert/surprise.js';
import { logUniform, pick, randomOf, type Random } from './chance.js';
import { draw, expectedOf, partsOfCells, union, worldOf, type Cause, type Named, type Plan, type World } from './refusals.js';
import { percent, say, sayMachine, table } from './print.js';

const PROMISE = { first: 0.95, blamed: 0.01, milliseconds: 50 };
const CASES = 2_000;
const WORLDS = 60;
/** Causes that are counted are expected to stand out by this many standard deviations, and to be this part of the difference. */
const TELLABLE = { z: 7, part: 0.15, growth: 1.5, shift: 1.1 };
/** Variance over mean, where counts are bursty. */
const BURSTS = { from: 2, to: 10 };
const SIGNATURE_DIMENSIONS = ['service', 'route', 'method', 'cause', 'error_code', 'scheme', 'status', 'environment', 'fault'];
const SPEED_ROWS = 5_000;
const SPEED_RUNS = 15;

interface Kind {
  name: string;
  networks: number;
  traffic: 'Poisson' | 'bursty' | 'either';
  /** None: even growth. */
  causes: (random: Random, world: World) => (readonly Named[])[];
  /** Only causes that cannot be expected to be told. */
  isFaint?: true;
}

const one = (random: Random, world: World): (readonly Named[])[] => [[valueOf(random, world)]];
const facet = (random: Random, world: World): (readonly Named[])[] => [[facetOf(random, world)]];
const either = (random: Random, world: World): (readonly Named[])[] => (random() < 0.5 ? one : facet)(random, world);
const NAMES: Readonly<Record<string, Kind['causes']>> = {
  'one value': one,
  'pair of values': (random, world) => [pairOf(random, world)],
  facet,
  'two causes': (random, world) => [...one(random, world), ...either(random, world)],
  'even growth': () => [],
};
const KINDS: readonly Kind[] = [
  ...Object.entries(NAMES).flatMap(([name, causes]) =>
    (['Poisson', 'bursty'] as const).map((traffic) => ({ name, networks: 50, traffic, causes })),
  ),
  { name: 'facet, capped', networks: 200, traffic: 'either', causes: facet },
  { name: 'even growth, capped', networks: 200, traffic: 'either', causes: () => [] },
  { name: 'too faint', networks: 50, traffic: 'either', causes: either, isFaint: true },
];
/** Values of a facet that are told apart within a reason. */
const TOLD = 50;

process.exitCode = bench() ? 0 : 1;

/** @returns whether every promise was kept */
function bench(): boolean {
  sayMachine();
  explainTable();
  const lines = KINDS.map(measure);
  table(
    ['what happened', 'traffic', 'cases', 'of drawn', 'true first', 'all true named', 'others named', 'nothing named'],
    lines.map(({ kind: { name, traffic, isFaint }, ...line }) => {
      const isEven = line.causes === 0;
      const part = (count: number): string => percent(count / line.cases);
      const counted = isEven ? '-' : percent(line.cases / line.drawn);
      return [
        name,
        traffic,
        line.cases,
        isFaint ? '-' : counted,
        isEven ? '-' : part(line.first),
        isEven ? '-' : part(line.all),
        part(line.others),
        part(line.nothing),
      ];
    }),
  );
  say('');
  const promised = lines.filter(({ kind }) => kind.isFaint === undefined);
  const least = Math.min(...promised.filter(({ causes }) => causes > 0).map(({ first, cases }) => first / cases));
  const most = Math.max(...promised.filter(({ causes }) => causes === 0).map(({ others, cases }) => others / cases));
  return [
    kept(`the true cause is named first: ${percent(least)} in the worst line, promised ${percent(PROMISE.first)}`, least >= PROMISE.first),
    kept(`even growth is blamed: ${percent(most)} in the worst line, promised at most ${percent(PROMISE.blamed)}`, most <= PROMISE.blamed),
    speed(),
  ].every(Boolean);
}

function explainTable(): void {
  say(`
Each case is a made-up company (5 services, 30 routes, 8 causes, 20 instances, 3 versions, 50 client networks or 200 where
capped, 12 user agents, 3 issuers, 6 keys; Zipf weights), 1 to 7 spans before and one incident of 100 to 100,000 refusals.
What is the cause grew 1.5 to 20 times, all else 0.8 to 1.25 times; in even growth everything grew 1.5 to 20 times. Bursty:
the variance is ${String(BURSTS.from)} to ${String(BURSTS.to)} times the mean, of facets in whole bursts. Capped: ${String(TOLD)} values of a facet are told apart in a reason.
Counted are the incidents that counts can tell: the refusals grew by ${String(TELLABLE.z)} standard deviations or more, each cause is
expected to stand out by as many, to have grown ${String(TELLABLE.growth)} times as much as the rest, to have a share of everything that is
${String(TELLABLE.shift)} times what it was, and to be ${percent(TELLABLE.part)} of the difference ("of drawn": how many of the incidents drawn these are). Too faint: the others. A description is true if it has the same records
as a cause, but for a tenth. All true named: every cause among the changes. Others named: some change that is no cause.
`);
}

interface Line {
  kind: Kind;
  /** Per case. */
  causes: number;
  drawn: number;
  cases: number;
  first: number;
  all: number;
  others: number;
  nothing: number;
}

function measure(kind: Kind): Line {
  const random = randomOf(KINDS.indexOf(kind) + 1);
  const worlds = Array.from({ length: WORLDS }, () => worldOf(random, kind.networks));
  const line: Line = { kind, causes: 0, drawn: 0, cases: 0, first: 0, all: 0, others: 0, nothing: 0 };
  while (line.cases < CASES) {
    const world = pick(random, worlds);
    const plan = planOf(random, kind, world);
    if (plan === undefined) continue;
    line.drawn += 1;
    const isTellable = plan.causes.every((cause) => isToldBy(world, plan, cause));
    if (isTellable !== (kind.isFaint === undefined)) continue;
    const { rows, facets } = draw(random, world, plan);
    count(line, world, plan, explain(rows, facets, plan.spans).changes);
  }
  return line;
}

function count(line: Line, world: World, plan: Plan, changes: readonly Change[]): void {
  const { causes } = plan;
  const isTrue = (change: Change, cause: Cause): boolean => isSame(world, plan, change.values, cause.values);
  const [first] = changes;
  line.causes = causes.length;
  line.cases += 1;
  if (first === undefined) line.nothing += 1;
  else if (causes.some((cause) => isTrue(first, cause))) line.first += 1;
  if (causes.every((cause) => changes.some((change) => isTrue(change, cause)))) line.all += 1;
  if (changes.some((change) => !causes.some((cause) => isTrue(change, cause)))) line.others += 1;
}

function planOf(random: Random, kind: Kind, world: World): Plan | undefined {
  const causes = kind.causes(random, world).map((values) => ({ values, factor: logUniform(random, 1.5, 20) }));
  const spans = 1 + Math.floor(random() * 7);
  const growth = causes.length === 0 ? logUniform(random, 1.5, 20) : logUniform(random, 0.8, 1.25);
  const isBursty = kind.traffic === 'bursty' || (kind.traffic === 'either' && random() < 0.5);
  const scatter = isBursty ? Math.floor(logUniform(random, BURSTS.from, BURSTS.to + 1)) : 1;
  const plan = { spans, scatter, growth, causes, told: TOLD, size: 1 };
  const size = logUniform(random, 100, 100_000) / expectedOf(world, plan, []).now;
  if (causes.length > 1 && isSame(world, plan, causes[0]?.values ?? [], causes[1]?.values ?? [], 0.2)) return undefined;
  return { ...plan, size };
}

function isToldBy(world: World, plan: Plan, { values }: Cause): boolean {
  const [whole, part] = [expectedOf(world, plan, []), expectedOf(world, plan, values)];
  const isClear = (all: { now: number; before: number }): boolean => {
    const { z, ratio, shift } = contrast(
      { now: part.now, before: part.before * plan.spans },
      { now: all.now, before: all.before * plan.spans },
      plan.scatter,
      plan.spans,
    );
    return z >= TELLABLE.z && ratio >= TELLABLE.growth && shift >= TELLABLE.shift;
  };
  const wholes = values.length > 1 ? values.map((value) => expectedOf(world, plan, [value])) : [];
  if (zOfGrowth({ now: whole.now, before: whole.before * plan.spans }, plan.spans) < TELLABLE.z * Math.sqrt(plan.scatter)) return false;
  return part.now - part.before >= TELLABLE.part * (whole.now - whole.before) && [whole, ...wholes].every(isClear);
}

/** Whether two descriptions are the same records, but for a tenth. */
function isSame(world: World, plan: Plan, some: readonly Named[], others: readonly Named[], part = 0.9): boolean {
  const both = expectedOf(world, plan, union(some, others));
  const most = Math.max(expectedOf(world, plan, some).now, expectedOf(world, plan, others).now);
  return both.now >= part * most;
}

function valueOf(random: Random, world: World): Named {
  const dimension = pick(random, SIGNATURE_DIMENSIONS);
  const values = [...new Set(world.cells.map((cell) => cell.values[dimension] ?? ''))].filter((value) => value !== '');
  return { dimension, value: pick(random, values) };
}

function facetOf(random: Random, { facets }: World): Named {
  const [dimension, values] = pick(random, [...facets]);
  return { dimension, value: pick(random, values) };
}

/** Of what is neither nearly all of one of them nor nearly nothing. */
function pairOf(random: Random, world: World): Named[] {
  for (;;) {
    const [one, other] = [valueOf(random, world), valueOf(random, world)];
    if (one.dimension === other.dimension) continue;
    const weight = (values: readonly Named[]): number =>
      partsOfCells(world, values).reduce((sum, part, at) => sum + part * (world.cells[at]?.weight ?? 0), 0);
    const both = weight([one, other]);
    if (both > 0 && both <= 0.7 * Math.min(weight([one]), weight([other]))) return [one, other];
  }
}

function speed(): boolean {
  const random = randomOf(1);
  const name = (dimension: string, size: number): string => `${dimension} ${String(Math.floor(size * random() ** 2))}`;
  const counts = (): { now: number; before: number } => ({ now: Math.floor(20 * random()), before: Math.floor(100 * random()) });
  const rows = Array.from({ length: SPEED_ROWS }, () => ({
    values: Object.fromEntries(SIGNATURE_DIMENSIONS.map((dimension, at) => [dimension, name(dimension, 5 * (at + 1) ** 2)])),
    reason: name('reason', 200),
    ...counts(),
  }));
  for (const row of rows) if (row.values.route === 'route 1' || row.values.cause === 'cause 2') row.now *= 20;
  const facets = Array.from({ length: SPEED_ROWS }, () => {
    const dimension = pick(random, ['instance', 'version', 'client_network', 'user_agent']);
    return { reason: name('reason', 200), dimension, value: name(dimension, 50), ...counts() };
  });
  const times = Array.from({ length: SPEED_RUNS }, () => {
    const started = performance.now();
    explain(rows, facets, 5);
    return performance.now() - started;
  });
  const [first = 0] = times;
  const median = [...times].sort((a, b) => a - b)[Math.floor(SPEED_RUNS / 2)] ?? 0;
  return kept(
    `${String(SPEED_ROWS)} signatures and ${String(SPEED_ROWS)} facets are explained in ${median.toFixed(1)} ms (median of ${String(SPEED_RUNS)}; first run ${first.toFixed(1)} ms), promised ${String(PROMISE.milliseconds)} ms`,
    median <= PROMISE.milliseconds,
  );
}

function kept(what: string, isKept: boolean): boolean {
  say(`${isKept ? 'kept' : 'MISSED'}: ${what}`);
  return isKept;
}
