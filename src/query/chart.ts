/** Makes charts of points: every step filled in, what is beyond the limit summed up, and refusals divided by requests. Pure. */
import { OTHER } from '../core/levels.js';
import type { SeriesPoint, Span } from '../store/count-queries.js';
import { TARGET_DIMENSIONS, type Dimension, type TargetDimension } from '../store/filters.js';

/** Figures by the start of their step, epoch seconds. */
type Figures = ReadonlyMap<number, number>;

export interface Line {
  key: string[];
  /** Refusals. */
  total: number;
  /** Refusals per step. */
  counts: Figures;
}

/** The lines of the keys given, in their order. */
export function linesOf(shown: readonly { key: string[]; count: number }[], points: readonly SeriesPoint[]): Line[] {
  const figures = byKey(points);
  return shown.map(({ key, count }) => ({ key, total: count, counts: figures.get(JSON.stringify(key)) ?? new Map<number, number>() }));
}

/** What is beyond the lines shown. */
export function restOf(by: readonly Dimension[], everything: readonly SeriesPoint[], shown: readonly SeriesPoint[]): Line {
  const counts = without(everything, shown);
  return { key: by.map(() => OTHER), total: [...counts.values()].reduce((sum, count) => sum + count, 0), counts };
}

/** One point per step, zero where nothing was counted: ingestion tells of refusals only, so nothing means none. */
export function countPoints({ counts }: Line, span: Span, step: number): [number, number][] {
  return stepsOf(span, step).map((at) => [at * 1000, counts.get(at) ?? 0]);
}

export interface Rates {
  /** Over all steps whose rate is known. */
  rate: number | null;
  points: [number, number | null][];
}

/** One point per step; null where nobody can tell. */
export function ratesOfLine({ counts }: Line, requests: Figures, span: Span, step: number): Rates {
  const steps = stepsOf(span, step).map((at) => ({ at, refusals: counts.get(at) ?? 0, all: requests.get(at) ?? 0 }));
  const known = steps.filter(({ refusals, all }) => rateOf(refusals, all) !== null);
  const sum = (figures: number[]): number => figures.reduce((total, one) => total + one, 0);
  return {
    rate: rateOf(sum(known.map(({ refusals }) => refusals)), sum(known.map(({ all }) => all))),
    points: steps.map(({ at, refusals, all }) => [at * 1000, rateOf(refusals, all)]),
  };
}

/** The dimensions among them that requests have too. */
export function targetDimensions(by: readonly Dimension[]): TargetDimension[] {
  return by.filter((dimension): dimension is TargetDimension => Object.hasOwn(TARGET_DIMENSIONS, dimension));
}

/** Requests by line: a line has the requests of those of its values that requests have too. */
export class Requests {
  private readonly shared: TargetDimension[];

  constructor(private readonly by: readonly Dimension[]) {
    this.shared = targetDimensions(by);
  }

  /** What to ask of requests, each once. */
  keysOf(lines: readonly Pick<Line, 'key'>[]): string[][] {
    const keys = new Map(lines.map(({ key }) => [JSON.stringify(this.keyOf(key)), this.keyOf(key)]));
    return [...keys.values()];
  }

  /** In the order of the lines. */
  of(lines: readonly Pick<Line, 'key'>[], points: readonly SeriesPoint[]): Figures[] {
    const figures = byKey(points);
    return lines.map(({ key }) => figures.get(JSON.stringify(this.keyOf(key))) ?? new Map<number, number>());
  }

  /** Of the rest: what no line shown has, or all of it where a service may be in lines shown and in the rest. */
  beyond(everything: readonly SeriesPoint[], shown: readonly SeriesPoint[]): Figures {
    return this.shared.length === this.by.length ? without(everything, shown) : byStep(everything);
  }

  private keyOf(key: readonly string[]): string[] {
    return this.shared.map((dimension) => key[this.by.indexOf(dimension)] ?? '');
  }
}

/** Fewer requests than refusals: not all that went well were told of. */
function rateOf(refusals: number, requests: number): number | null {
  return requests === 0 || requests < refusals ? null : refusals / requests;
}

function byKey(points: readonly SeriesPoint[]): Map<string, Map<number, number>> {
  const keys = new Map<string, Map<number, number>>();
  // Points of a line mostly share one object: its name is made once.
  const ofObjects = new Map<readonly string[], Map<number, number>>();
  for (const { key, at, count } of points) {
    let figures = ofObjects.get(key);
    if (figures === undefined) {
      const name = JSON.stringify(key);
      figures = keys.get(name) ?? new Map<number, number>();
      keys.set(name, figures);
      ofObjects.set(key, figures);
    }
    figures.set(at, (figures.get(at) ?? 0) + count);
  }
  return keys;
}

function byStep(points: readonly SeriesPoint[]): Map<number, number> {
  const figures = new Map<number, number>();
  for (const { at, count } of points) figures.set(at, (figures.get(at) ?? 0) + count);
  return figures;
}

function without(everything: readonly SeriesPoint[], shown: readonly SeriesPoint[]): Map<number, number> {
  const rest = byStep(everything);
  for (const [at, count] of byStep(shown)) rest.set(at, (rest.get(at) ?? 0) - count);
  return rest;
}

function stepsOf({ from, to }: Span, step: number): number[] {
  return Array.from({ length: Math.round((to - from) / step) }, (_, index) => from + index * step);
}
