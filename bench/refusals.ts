/**
 * Made-up refusals of a middling company, as counts: signatures and facets before and during an incident whose cause is
 * known. Facets are independent of everything but the reason, and come in the same bursts as the rest.
 */
import type { ChangeRow, FacetRow } from '../src/core/alert/attribution.js';
import { countOf, normed, partsOf, pick, zipf, type Random } from './chance.js';

export interface Named {
  dimension: string;
  value: string;
}

interface Cell {
  values: Record<string, string>;
  reason: number;
  /** Part of all refusals. */
  weight: number;
}

interface Reason {
  key: string;
  /** By facet: how its values share the reason's records, in the order of the facet's values. */
  shares: Map<string, number[]>;
}

/** Who refuses whom and how often, before anything happens. */
export interface World {
  cells: Cell[];
  reasons: Reason[];
  facets: Map<string, string[]>;
}

/** What happens: all that has every one of these values grows by the factor. */
export interface Cause {
  values: readonly Named[];
  factor: number;
}

export interface Plan {
  /** Refusals in a span before. */
  size: number;
  spans: number;
  /** Variance over mean. */
  scatter: number;
  /** By which everything grows. */
  growth: number;
  causes: readonly Cause[];
  /** Of each facet and reason only some values are told apart. */
  told: number;
}

interface Total {
  now: number;
  before: number;
  /** Of the reason's cells, and times what signatures' causes make of them. */
  weight: number;
  grown: number;
}

const SERVICES = 5;
const ROUTES = 30;
const CAUSES = 8;
const INSTANCES = 20;
const USER_AGENTS = 12;
const STAGING = 0.05;
const OTHER = '__other__';

/** @param networks how many client networks there are */
export function worldOf(random: Random, networks: number): World {
  const facets = new Map([
    ['instance', named('i', INSTANCES)],
    ['version', named('v', 3)],
    ['client_network', named('n', networks)],
    ['user_agent', named('u', USER_AGENTS)],
    ['issuer', named('s', 3)],
    ['key_id', named('k', 6)],
  ]);
  const overall = new Map([...facets].map(([facet, values]) => [facet, zipf(random, values.length, 1)]));
  const services = Array.from({ length: SERVICES }, (_item, at) => sharesOfService(random, at, overall));
  const causeWeights = zipf(random, CAUSES, 1);
  const reasons = new Map<string, Reason>();
  const cells: Cell[] = [];
  for (const [route, routeWeight] of zipf(random, ROUTES, 1).entries()) {
    const service = route < SERVICES ? route : Math.floor(random() * SERVICES);
    const scheme = pick(random, ['bearer', 'bearer', 'basic', 'api_key']);
    const methods = pick(random, [['GET'], ['POST'], ['GET', 'POST']]);
    for (const [cause, causeWeight] of causeWeights.entries()) {
      if (random() < 0.4) continue;
      const codes = cause % 3 === 0 ? ['a', 'b'] : ['a'];
      const weight = (routeWeight * causeWeight * (0.3 + random())) / methods.length / codes.length;
      for (const method of methods) {
        for (const code of codes) {
          for (const environment of ['production', 'staging']) {
            const key = [service, environment, cause, code].join(' ');
            const reason = reasons.get(key) ?? { key, shares: ofReason(services[service] ?? new Map<string, number[]>(), cause) };
            reasons.set(key, reason);
            const values = {
              service: `service ${String(service)}`,
              environment,
              route: `/${String(route)}`,
              method,
              status: cause === 7 ? '407' : '401',
              cause: `cause ${String(cause)}`,
              fault: cause < 5 ? 'client' : 'server',
              scheme,
              error_code: cause < 6 ? `${String(cause)}${code}` : '',
            };
            const position = [...reasons.keys()].indexOf(key);
            cells.push({ values, reason: position, weight: weight * (environment === 'staging' ? STAGING : 1 - STAGING) });
          }
        }
      }
    }
  }
  const weights = normed(cells.map(({ weight }) => weight));
  return { cells: cells.map((cell, at) => ({ ...cell, weight: weights[at] ?? 0 })), reasons: [...reasons.values()], facets };
}

function named(prefix: string, size: number): string[] {
  return Array.from({ length: size }, (_item, at) => `${prefix}${String(at)}`);
}

/** Each service has its own instances, and its own mix of the rest. */
function sharesOfService(random: Random, service: number, overall: ReadonlyMap<string, readonly number[]>): Map<string, number[]> {
  return new Map(
    [...overall].map(([facet, weights]) => [
      facet,
      normed(
        facet === 'instance'
          ? weights.map((_item, at) => (at % SERVICES === service ? 0.7 + 0.6 * random() : 0))
          : weights.map((weight) => weight * (0.4 + random())),
      ),
    ]),
  );
}

/** Issuers and keys are known for tokens that could be read. */
function ofReason(shares: ReadonlyMap<string, number[]>, cause: number): Map<string, number[]> {
  return new Map([...shares].filter(([facet]) => cause < 4 || (facet !== 'issuer' && facet !== 'key_id')));
}

/** How much of a cell, or of a facet's part of it, has all the values: 1, 0, or for facets what is expected by the reason. */
export function partOf({ facets, reasons }: World, cell: Cell, values: readonly Named[]): number {
  return values.reduce((part, { dimension, value }) => {
    const of = facets.get(dimension);
    if (of === undefined) return part * (cell.values[dimension] === value ? 1 : 0);
    return part * (reasons[cell.reason]?.shares.get(dimension)?.[of.indexOf(value)] ?? 0);
  }, 1);
}

/** Expected refusals in a span before and in the incident, of all and of what has these values. */
export function expectedOf(world: World, plan: Plan, values: readonly Named[]): { now: number; before: number } {
  let [now, before] = [0, 0];
  for (const cell of world.cells) {
    const base = plan.size * cell.weight * partOf(world, cell, values);
    before += base;
    now += base * plan.growth;
    for (const { values: hit, factor } of plan.causes) {
      now += plan.size * cell.weight * plan.growth * (factor - 1) * partOf(world, cell, union(values, hit));
    }
  }
  return { now, before };
}

/** Values of one dimension exclude each other: both at once are nothing. */
function union(some: readonly Named[], others: readonly Named[]): Named[] {
  const more = others.filter(({ dimension, value }) => !some.some((one) => one.dimension === dimension && one.value === value));
  return more.some(({ dimension }) => some.some((one) => one.dimension === dimension)) ? [{ dimension: 'none', value: 'x' }] : [...some, ...more];
}

export function draw(random: Random, world: World, plan: Plan): { rows: ChangeRow[]; facets: FacetRow[] } {
  const rows: ChangeRow[] = [];
  const totals = world.reasons.map(() => ({ now: 0, before: 0, weight: 0, grown: 0 }));
  const ofRows = plan.causes.filter(({ values }) => !values.some(({ dimension }) => world.facets.has(dimension)));
  for (const cell of world.cells) {
    const base = plan.size * cell.weight;
    const total = totals[cell.reason] ?? { now: 0, before: 0, weight: 0, grown: 0 };
    total.weight += cell.weight;
    total.grown += cell.weight * ofRows.reduce((all, one) => all + (one.factor - 1) * partOf(world, cell, one.values), 1);
    const factor = plan.causes.reduce((all, one) => all + (one.factor - 1) * partOf(world, cell, one.values), 1);
    const now = countOf(random, base * plan.growth * factor, plan.scatter);
    const before = countOf(random, base * plan.spans, plan.scatter);
    if (now + before === 0) continue;
    total.now += now;
    total.before += before;
    rows.push({ values: cell.values, reason: world.reasons[cell.reason]?.key ?? '', now, before });
  }
  return { rows, facets: [...facetsOf(random, world, plan, totals)] };
}

function* facetsOf(random: Random, world: World, plan: Plan, totals: readonly Total[]): Generator<FacetRow, undefined> {
  for (const [at, { key, shares }] of world.reasons.entries()) {
    const total = totals[at] ?? { now: 0, before: 0, weight: 0, grown: 0 };
    if (total.now + total.before === 0) continue;
    for (const [dimension, weights] of shares) {
      const values = world.facets.get(dimension) ?? [];
      const now = cap(random, partsOf(random, total.now, mixOf(weights, plan.causes, (index) => ({ dimension, value: values[index] ?? '' }), total.grown / total.weight), plan.scatter), plan.told);
      const before = cap(random, partsOf(random, total.before, weights, plan.scatter), plan.told);
      for (const [index, value] of [...values, OTHER].entries()) {
        const row = { reason: key, dimension, value, now: now[index] ?? 0, before: before[index] ?? 0 };
        if (row.now + row.before > 0) yield row;
      }
    }
  }
}

/** How the values of a facet share what is counted now: what grew for another reason is mixed as ever. */
function mixOf(weights: readonly number[], causes: readonly Cause[], nameOf: (index: number) => Named, grown: number): readonly number[] {
  const factors = weights.map((_item, index) => {
    const { dimension, value } = nameOf(index);
    return causes.find(({ values: [one] }) => one?.dimension === dimension && one.value === value)?.factor ?? 1;
  });
  return factors.every((factor) => factor === 1) ? weights : normed(weights.map((weight, at) => weight * (grown + (factors[at] ?? 1) - 1)));
}

/** The first ones to come are told apart, which are rather the frequent ones; the rest is one count behind them. */
function cap(random: Random, counts: readonly number[], told: number): number[] {
  if (counts.filter((count) => count > 0).length <= told) return [...counts];
  const order = counts.map((count, at) => ({ at, first: count > 0 ? -Math.log(1 - random()) / count : Infinity }));
  const kept = new Set([...order].sort((a, b) => a.first - b.first).slice(0, told).map(({ at }) => at));
  const rest = counts.reduce((sum, count, at) => sum + (kept.has(at) ? 0 : count), 0);
  return [...counts.map((count, at) => (kept.has(at) ? count : 0)), rest];
}
