/**
 * From series of counts to what a stacked chart draws: sums from the bottom up, the whole height first so that each
 * lower part is painted over it.
 */

export interface Series {
  key: Record<string, string>;
  total: number;
  /** Null: nobody can tell. */
  points: readonly (readonly [number, number | null])[];
}

export interface Stack {
  /** Epoch seconds. */
  times: number[];
  /** Topmost first: index into the series given, and the sum of it and of all below. */
  layers: { index: number; sums: number[] }[];
}

export function stackOf(series: readonly Series[]): Stack {
  const times = (series[0]?.points ?? []).map(([at]) => at / 1_000);
  let below = times.map(() => 0);
  const layers = series.map(({ points }, index) => {
    below = below.map((sum, at) => sum + (points[at]?.[1] ?? 0));
    return { index, sums: below };
  });
  return { times, layers: layers.reverse() };
}

/** For lines that do not stand on each other, in the order of `stackOf`. */
export function linesOf(series: readonly Series[]): { times: number[]; lines: (number | null)[][] } {
  const times = (series[0]?.points ?? []).map(([at]) => at / 1_000);
  return { times, lines: series.map(({ points }) => points.map(([, figure]) => figure)).reverse() };
}

export function labelOf({ key }: Pick<Series, 'key'>): string {
  return Object.values(key).join(', ');
}

/** Neighbours added up, so that at most so many remain. */
export function summed(counts: readonly number[], most: number): number[] {
  const width = Math.ceil(counts.length / most);
  if (width <= 1) return [...counts];
  const length = Math.ceil(counts.length / width);
  return Array.from({ length }, (_, index) => counts.slice(index * width, (index + 1) * width).reduce((sum, one) => sum + one, 0));
}

/** How many different colours there are; what finds none free shares the last one, grey. */
const COLOURS = 10;
const GREY = COLOURS;

/** The colours of frequent causes, so that they are the same on every screen; others take what is left. */
const CAUSE_COLOURS: Record<string, number> = {
  expired_token: 0,
  invalid_credentials: 1,
  invalid_signature: 2,
  missing_credentials: 3,
  audience_mismatch: 4,
  session_expired: 5,
  invalid_api_key: 6,
  insufficient_scope: 7,
  clock_skew: 8,
  malformed_credentials: 9,
};

/** Gives each value a colour and keeps it: a ranking that changes must not repaint the chart. */
export class Palette {
  private readonly taken = new Map<string, number>();

  colourOf(value: string): number {
    if (value === '__other__' || value === 'unknown') return GREY;
    const known = this.taken.get(value);
    if (known !== undefined) return known;
    const inUse = new Set(this.taken.values());
    const first = CAUSE_COLOURS[value] ?? this.taken.size;
    const free = Array.from({ length: COLOURS }, (_, step) => (first + step) % COLOURS).find((one) => !inUse.has(one)) ?? GREY;
    this.taken.set(value, free);
    return free;
  }
}
