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
  /** See `partsOfCells`; by dimension and value. */
  parts: Map<string, Float64Array>;
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
  /** Variance over mean, a whole number. */
  scatter: number;
  /** By which everything grows. */
  growth: number;
  causes: readonly Cause[];
  /** Of each facet and reason only some values are told apart. */
  told: number;
}

interface Mixed {
  dimension: string;
  /** By which factor the reason's signatures grew. */
  grown: number;
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
/** Against production. */
const STAGING = 0.2;
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
  const reasons = new Map<string, Reason>();
  const positions = new Map<string, number>();
  const cells: Cell[] = [];
  for (const { values, service, cause, weight } of signaturesOf(random)) {
    const key = [service, values.environment, cause].join(' ');
    if (!reasons.has(key)) {
      positions.set(key, reasons.size);
      reasons.set(key, { key, shares: ofReason(services[service] ?? new Map<string, number[]>(), cause) });
    }
    cells.push({ values, reason: positions.get(key) ?? 0, weight });
  }
  return { cells, reasons: [...reasons.values()], facets, parts: new Map() };
}

interface Made {
  values: Record<string, string>;
  service: number;
  cause: number;
  weight: number;
}

function signaturesOf(random: Random): Made[] {
  const causeWeights = zipf(random, CAUSES, 1);
  const made: Made[] = [];
  // Each service has its own ways to refuse.
  const refuses = Array.from({ length: SERVICES * CAUSES }, () => random() < 0.6);
  for (const [route, routeWeight] of zipf(random, ROUTES, 1).entries()) {
    const service = route < SERVICES ? route : Math.floor(random() * SERVICES);
    const scheme = pick(random, ['bearer', 'bearer', 'basic', 'api_key']);
    const methods = pick(random, [['GET'], ['POST'], ['GET', 'POST']]);
    // One service has its trials among the rest.
    const environments = service === 0 ? ['production', 'staging'] : ['production'];
    for (const [cause, causeWeight] of causeWeights.entries()) {
      if (refuses[service * CAUSES + cause] !== true) continue;
      for (const method of methods) {
        for (const code of cause % 3 === 0 ? ['a', 'b'] : ['a']) {
          for (const environment of environments) {
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
            const weight = routeWeight * causeWeight * (0.3 + random()) * (environment === 'staging' ? STAGING : 1);
            made.push({ values, service, cause, weight });
          }
        }
      }
    }
  }
  const weights = normed(made.map(({ weight }) => weight));
  return made.map((one, at) => ({ ...one, weight: weights[at] ?? 0 }));
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

/** By cell: how much of it has all the values. 1 or 0 for a signature's, what is expected by the reason for a facet's. */
export function partsOfCells(world: World, values: readonly Named[]): Float64Array {
  const [one = new Float64Array(world.cells.length).fill(1), ...more] = values.map((value) => partsOfValue(world, value));
  return more.length === 0 ? one : one.map((part, at) => more.reduce((all, other) => all * (other[at] ?? 0), part));
}

function partsOfValue(world: World, { dimension, value }: Named): Float64Array {
  const key = `${dimension} ${value}`;
  const known = world.parts.get(key);
  if (known !== undefined) return known;
  const of = world.facets.get(dimension);
  const parts = Float64Array.from(world.cells, ({ values, reason }) =>
    of === undefined ? Number(values[dimension] === value) : (world.reasons[reason]?.shares.get(dimension)?.[of.indexOf(value)] ?? 0),
  );
  world.parts.set(key, parts);
  return parts;
}

/** Expected refusals in a span before and in the incident, of what has these values. */
export function expectedOf(world: World, plan: Plan, values: readonly Named[]): { now: number; before: number } {
  let [now, before] = [0, 0];
  const parts = partsOfCells(world, values);
  const { cells } = world;
  for (let at = 0; at < cells.length; at += 1) before += (cells[at]?.weight ?? 0) * (parts[at] ?? 0);
  now = before;
  for (const cause of plan.causes) {
    const hit = partsOfCells(world, union(values, cause.values));
    for (let at = 0; at < cells.length; at += 1) now += (cells[at]?.weight ?? 0) * (cause.factor - 1) * (hit[at] ?? 0);
  }
  return { now: now * plan.size * plan.growth, before: before * plan.size };
}

/** What has all of both. Values of one dimension exclude each other. */
export function union(some: readonly Named[], others: readonly Named[]): Named[] {
  const more = others.filter((other) => !some.some(({ dimension, value }) => dimension === other.dimension && value === other.value));
  const excluded = more.some((other) => some.some(({ dimension }) => dimension === other.dimension));
  return excluded ? [{ dimension: 'environment', value: 'none' }] : [...some, ...more];
}

export function draw(random: Random, world: World, plan: Plan): { rows: ChangeRow[]; facets: FacetRow[] } {
  const rows: ChangeRow[] = [];
  const totals = world.reasons.map(() => ({ now: 0, before: 0, weight: 0, grown: 0 }));
  const lifts = plan.causes.map((cause) => ({
    parts: partsOfCells(world, cause.values),
    by: cause.factor - 1,
    isOfRows: cause.values.every(({ dimension }) => !world.facets.has(dimension)),
  }));
  for (const [at, cell] of world.cells.entries()) {
    const base = plan.size * cell.weight;
    const total = totals[cell.reason] ?? { now: 0, before: 0, weight: 0, grown: 0 };
    let [factor, ofRows] = [1, 1];
    for (const { parts, by, isOfRows } of lifts) {
      factor += by * (parts[at] ?? 0);
      if (isOfRows) ofRows += by * (parts[at] ?? 0);
    }
    total.weight += cell.weight;
    total.grown += cell.weight * ofRows;
    const now = countOf(random, base * plan.growth * factor, plan.scatter);
    const before = countOf(random, base * plan.spans, plan.scatter);
    if (now + before === 0) continue;
    total.now += now;
    total.before += before;
    rows.push({ values: cell.values, reason: world.reasons[cell.reason]?.key ?? '', now, before });
  }
  return { rows, facets: facetsOf(random, world, plan, totals) };
}

function facetsOf(random: Random, world: World, plan: Plan, totals: readonly Total[]): FacetRow[] {
  const rows: FacetRow[] = [];
  for (const [at, { key, shares }] of world.reasons.entries()) {
    const total = totals[at] ?? { now: 0, before: 0, weight: 1, grown: 1 };
    if (total.now + total.before === 0) continue;
    for (const [dimension, weights] of shares) {
      const values = world.facets.get(dimension) ?? [];
      const mix = mixOf(weights, plan, values, { dimension, grown: total.grown / total.weight });
      const now = cap(random, partsOf(random, total.now, mix, plan.scatter), plan.told);
      const before = cap(random, partsOf(random, total.before, weights, plan.scatter), plan.told);
      for (let index = 0; index <= values.length; index += 1) {
        const row = { reason: key, dimension, value: values[index] ?? OTHER, now: now[index] ?? 0, before: before[index] ?? 0 };
        if (row.now + row.before > 0) rows.push(row);
      }
    }
  }
  return rows;
}

/** How the values of a facet share what is counted now: what grew for another reason is mixed as ever. */
function mixOf(weights: readonly number[], { causes }: Plan, values: readonly string[], { dimension, grown }: Mixed): readonly number[] {
  const own = causes.filter((cause) => cause.values[0]?.dimension === dimension);
  if (own.length === 0) return weights;
  return normed(
    weights.map(
      (weight, at) => weight * own.reduce((sum, { values: [one], factor }) => sum + (one?.value === values[at] ? factor - 1 : 0), grown),
    ),
  );
}

/** The first ones to come are told apart, which are rather the frequent ones; the rest is one count behind them. */
function cap(random: Random, counts: readonly number[], told: number): readonly number[] {
  if (counts.length <= told || counts.filter((count) => count > 0).length <= told) return counts;
  const order = counts.map((count, at) => ({ at, first: count > 0 ? -Math.log(1 - random()) / count : Infinity }));
  const kept = new Set(
    [...order]
      .sort((a, b) => a.first - b.first)
      .slice(0, told)
      .map(({ at }) => at),
  );
  const rest = counts.reduce((sum, count, at) => sum + (kept.has(at) ? 0 : count), 0);
  return [...counts.map((count, at) => (kept.has(at) ? count : 0)), rest];
}
