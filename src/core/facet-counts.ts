/** Counts values of facets, in bounds: the most frequent of each reason and five minutes by themselves, the rest as one. */
import { FACET_SECONDS, floorTo, OTHER } from './levels.js';
import { reasonKey, type Signature } from './signature.js';
import type { Facet } from './witness.js';

/** Facets that a batch may tell of: rows are packed by their numbers, and newer receivers may have more than this version names. */
export const MAX_FACETS = 100;

/** What the values of a portion come to. */
export interface FacetSums {
  /** Rows of four: signature, bucket, facet, count; the values stand beside them. */
  facets: readonly number[];
  facetValues: readonly string[];
}

/** Values of one reason and five minutes, by place. */
interface FacetGroup {
  /** The first one of the reason. */
  signature: number;
  bucket: number;
  facets: number[];
  values: string[];
  counts: number[];
  /** By facet and value, where there are many. */
  places: Map<string, number> | undefined;
}

/** Values that are looked through one by one. */
const FEW_VALUES = 16;

/** Facets of one portion, by reason, five minutes, facet and value. */
export class FacetCounts {
  /** By reason; of one there are few, of as many times. */
  private readonly groups = new Map<string, FacetGroup[]>();
  /** By signature, the one that it had last. */
  private readonly groupAt: FacetGroup[] = [];

  add(
    signature: Signature,
    position: number,
    { minute, facets, count }: { minute: number; facets: readonly Facet[]; count: number },
  ): void {
    const bucket = floorTo(minute, FACET_SECONDS);
    let group = this.groupAt[position];
    if (group?.bucket !== bucket) this.groupAt[position] = group = this.groupOf(signature, position, bucket);
    for (const { facet, value } of facets) {
      const place = placeOf(group, facet, value);
      group.counts[place] = (group.counts[place] ?? 0) + count;
    }
  }

  /** The most frequent values of each facet, the others in one. */
  top(most: number): FacetSums {
    const facets: number[] = [];
    const facetValues: string[] = [];
    for (const alike of this.groups.values()) {
      for (const group of alike) {
        for (const place of kept(group, most)) {
          facets.push(group.signature, group.bucket, group.facets[place] ?? 0, group.counts[place] ?? 0);
          facetValues.push(group.values[place] ?? OTHER);
        }
      }
    }
    return { facets, facetValues };
  }

  private groupOf(signature: Signature, position: number, bucket: number): FacetGroup {
    const reason = reasonKey(signature);
    let alike = this.groups.get(reason);
    if (alike === undefined) this.groups.set(reason, (alike = []));
    let group = alike.find((one) => one.bucket === bucket);
    if (group === undefined) alike.push((group = { signature: position, bucket, facets: [], values: [], counts: [], places: undefined }));
    return group;
  }
}

function placeOf(group: FacetGroup, facet: number, value: string): number {
  const { facets, values, places } = group;
  if (places === undefined) {
    for (let place = 0; place < values.length; place += 1) if (facets[place] === facet && values[place] === value) return place;
  } else {
    const known = places.get(nameOf(facet, value));
    if (known !== undefined) return known;
    places.set(nameOf(facet, value), values.length);
  }
  facets.push(facet);
  const place = values.push(value) - 1;
  if (place === FEW_VALUES) group.places = new Map(values.map((one, at) => [nameOf(facets[at] ?? 0, one), at]));
  return place;
}

function nameOf(facet: number, value: string): string {
  return `${String(facet)} ${value}`;
}

/** Places of what is told apart; the rest of each facet is summed up in a place of its own. */
function kept(group: FacetGroup, most: number): number[] {
  const places = [...group.values.keys()];
  if (places.length <= most) return places;
  return [...new Set(group.facets)].flatMap((facet) => {
    const ranked = places.filter((place) => group.facets[place] === facet).sort((a, b) => (group.counts[b] ?? 0) - (group.counts[a] ?? 0));
    const rest = ranked.splice(most);
    if (rest.length === 0) return ranked;
    group.facets.push(facet);
    group.counts.push(rest.reduce((sum, place) => sum + (group.counts[place] ?? 0), 0));
    return [...ranked, group.values.push(OTHER) - 1];
  });
}
