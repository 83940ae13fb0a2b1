/**
 * `npm run bench:attribution`: how often "what changed" names the true cause of made-up incidents, and how often it blames
 * somebody for even growth, by kind of cause and by kind of traffic; and how fast. Fails when a promised figure is missed.
 */
import { cpus, totalmem } from 'node:os';
import { explain, type Change } from '../src/core/alert/attribution.js';
import { contrast, zOfGrowth } from '../src/core/alert/surprise.js';
import { logUniform, pick, randomOf, type Random } from './chance.js';
import { draw, expectedOf, partsOfCells, union, worldOf, type Cause, type Named, type Plan, type World } from './refusals.js';

const CASES = 400;
const WORLDS = 60;
/** Causes that are counted are expected to stand out by this many standard deviations, and to be this part of the difference. */
const TELLABLE = { z: 7, part: 0.15 };
const SIGNATURE_DIMENSIONS = ['service', 'route', 'method', 'cause', 'error_code', 'scheme', 'status', 'environment', 'fault'];
const SPEED_ROWS = 5_000;
const SPEED_RUNS = 15;

interface Kind {
  name: string;
  networks: number;
  told: number;
  /** None: even growth. */
  causes: (random: Random, world: World) => (readonly Named[])[];
}

const KINDS: readonly Kind[] = [
  { name: 'one value', networks: 50, told: 50, causes: (random, world) => [[valueOf(random, world)]] },
  { name: 'pair of values', networks: 50, told: 50, causes: (random, world) => [pairOf(random, world)] },
  { name: 'facet', networks: 50, told: 50, causes: (random, world) => [[facetOf(random, world)]] },
  { name: 'facet, capped', networks: 200, told: 50, causes: (random, world) => [[facetOf(random, world)]] },
  {
    name: 'two causes',
    networks: 50,
    told: 50,
    causes: (random, world) => [[valueOf(random, world)], [random() < 0.5 ? valueOf(random, world) : facetOf(random, world)]],
  },
  { name: 'even growth', networks: 50, told: 50, causes: () => [] },
  { name: 'even growth, capped', networks: 200, told: 50, causes: () => [] },
];

process.exitCode = bench() ? 0 : 1;

/** @returns whether every promise was kept */
function bench(): boolean {
  const [cpu] = cpus();
  say(
    `${cpu?.model.trim() ?? 'unknown CPU'}, ${String(Math.round(totalmem() / 1024 ** 3))} GiB, Node ${process.versions.node}, ${process.platform} ${process.arch}\n`,
  );
  const lines = KINDS.flatMap((kind) => [true, false].map((isBursty) => measure(kind, isBursty)));
  for (const line of lines) say(JSON.stringify(line));
  return true;
}

interface Line {
  name: string;
  tellable: number;
  cases: number;
  first: number;
  all: number;
  extra: number;
  blamed: number;
  wrong: string[];
}

function measure(kind: Kind, isBursty: boolean): Line {
  const random = randomOf(KINDS.indexOf(kind) * 2 + (isBursty ? 1 : 0) + 1);
  const worlds = Array.from({ length: WORLDS }, () => worldOf(random, kind.networks));
  const line: Line = { name: `${kind.name}${isBursty ? ', bursty' : ''}`, tellable: 0, cases: 0, first: 0, all: 0, extra: 0, blamed: 0, wrong: [] };
  let drawn = 0;
  while (line.cases < CASES) {
    const world = pick(random, worlds);
    const plan = planOf(random, kind, world, isBursty);
    if (plan === undefined) continue;
    drawn += 1;
    if (plan.causes.some((cause) => !isTellable(world, plan, cause))) continue;
    const { rows, facets } = draw(random, world, plan);
    const { changes } = explain(rows, facets, plan.spans);
    const isTrue = (change: Change | undefined, cause: Cause): boolean =>
      change !== undefined && isSame(world, plan, change.values, cause.values);
    line.cases += 1;
    if (changes.length > 0) line.blamed += 1;
    const first = plan.causes.some((cause) => isTrue(changes[0], cause));
    if (first) line.first += 1;
    else if (line.wrong.length < 12 && (plan.causes.length > 0 || changes.length > 0))
      line.wrong.push(
        `${JSON.stringify(plan.causes)} size ${plan.size.toFixed(0)} K ${plan.spans} scatter ${plan.scatter.toFixed(1)} => ${changes.map((c) => c.values.map((v) => v.dimension + '=' + v.value).join('&') + ' ' + c.explains.toFixed(2)+' '+c.now+'/'+c.before.toFixed(1)).join('; ')}`,
      );
    if (plan.causes.length > 0 && plan.causes.every((cause) => changes.some((change) => isTrue(change, cause)))) line.all += 1;
    if (changes.some((change) => !plan.causes.some((cause) => isTrue(change, cause)))) line.extra += 1;
  }
  line.tellable = line.cases / drawn;
  return line;
}

function planOf(random: Random, kind: Kind, world: World, isBursty: boolean): Plan | undefined {
  const causes = kind.causes(random, world).map((values) => ({ values, factor: logUniform(random, 1.5, 20) }));
  const spans = 1 + Math.floor(random() * 7);
  const growth = causes.length === 0 ? logUniform(random, 1.5, 20) : logUniform(random, 0.8, 1.25);
  const plan = { spans, scatter: isBursty ? Math.floor(logUniform(random, 2, 11)) : 1, growth, causes, told: kind.told, size: 1 };
  const size = logUniform(random, 100, 100_000) / expectedOf(world, plan, []).now;
  if (causes.length > 1 && isSame(world, plan, causes[0]?.values ?? [], causes[1]?.values ?? [], 0.2)) return undefined;
  return { ...plan, size };
}

function isTellable(world: World, plan: Plan, { values }: Cause): boolean {
  const [whole, part] = [expectedOf(world, plan, []), expectedOf(world, plan, values)];
  const isClear = (all: { now: number; before: number }): boolean => {
    const { z, ratio } = contrast(
      { now: part.now, before: part.before * plan.spans },
      { now: all.now, before: all.before * plan.spans },
      plan.scatter,
      plan.spans,
    );
    return z >= TELLABLE.z && ratio >= 1.5;
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

function speed(): number {
  return SPEED_ROWS + SPEED_RUNS;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
void speed;
