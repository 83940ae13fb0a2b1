/**
 * Merges templates that differ in one word only (after Drain, He et al., ICWS 2017): a user's or a plug-in's name in the
 * middle of a sentence that no rule knows must not make a signature each. Words that the rules know are never replaced,
 * so that what a sentence says stays; a word that changes while the rest stays is a value.
 */
import { isPlaceholder } from './reading/lexicon.js';
import { wordsOf } from './reading/words.js';

/** What stands in place of a word that turned out to be a value. */
const ANY = '<any>';
/** Different words at one place from which on they are values. Two may well be two ways to say something. */
const ENOUGH = 3;
/** Different sentences of one shape from which on all its unknown words are values. */
const ENOUGH_SENTENCES = 8;
/** Unknown words in a sentence: with more of them it is no sentence that somebody wrote once. */
const MAX_UNKNOWN = 6;
/** Shapes remembered, about 0.3 kB each; the oldest go first. */
const MAX_SHAPES = 20_000;

interface Shape {
  /** The sentences seen, by what stood at the places of the shape. */
  sentences: Set<string>;
  /** Per place, the words seen there. */
  places: Set<string>[];
  /** The places that turned out to hold values; undefined while too little was seen. */
  values: readonly boolean[] | undefined;
}

interface Place {
  text: string;
  start: number;
  end: number;
}

interface Known {
  shape: Shape;
  places: readonly Place[];
}

export class TemplateMerger {
  /** Grows when templates that were answered before may be answered otherwise. */
  version = 0;
  private readonly shapes = new Map<string, Shape>();
  /** By group and template: the shapes that it has, the ones with a single open place first. */
  private readonly templates = new Map<string, readonly Known[]>();

  /** @param vocabulary words that mean something to the rules, in lower case */
  constructor(private readonly vocabulary: ReadonlySet<string>) {}

  /**
   * @param group sentences of different groups (services) are never merged
   * @returns the template, or what it merged into
   */
  merge(group: string, template: string): string {
    const key = `${group}\u001f${template}`;
    let known = this.templates.get(key);
    if (known === undefined) {
      known = this.learn(group, template);
      remember(this.templates, key, known);
    }
    const merged = known.find(({ shape }) => shape.values?.includes(true) === true);
    return merged === undefined
      ? template
      : replaced(
          template,
          merged.places.filter((_, index) => merged.shape.values?.[index] === true),
        );
  }

  private learn(group: string, template: string): Known[] {
    const unknown = wordsOf(template).filter((word) => this.isUnknown(word.text));
    if (unknown.length === 0 || unknown.length > MAX_UNKNOWN) return [];
    const open = unknown.length === 1 ? [unknown] : [...unknown.map((word) => [word]), unknown];
    return open.map((places) => ({ shape: this.see(`${group}\u001f${replaced(template, places)}`, places), places }));
  }

  private isUnknown(word: string): boolean {
    return word.length > 1 && !isPlaceholder(word) && !this.vocabulary.has(word) && /^\p{L}/u.test(word);
  }

  private see(key: string, places: readonly Place[]): Shape {
    let shape = this.shapes.get(key);
    if (shape === undefined) {
      shape = { sentences: new Set(), places: places.map(() => new Set()), values: undefined };
      remember(this.shapes, key, shape);
    }
    if (shape.values !== undefined) return shape;
    shape.sentences.add(places.map(({ text }) => text).join(' '));
    places.forEach(({ text }, index) => shape.places[index]?.add(text));
    if (shape.sentences.size >= (places.length === 1 ? ENOUGH : ENOUGH_SENTENCES)) {
      shape.values = shape.places.map((words) => words.size >= ENOUGH);
      if (shape.values.includes(true)) this.version += 1;
      shape.sentences.clear();
      shape.places = [];
    }
    return shape;
  }
}

function replaced(template: string, places: readonly Place[]): string {
  let merged = '';
  let at = 0;
  for (const { start, end } of places) {
    merged += template.slice(at, start) + ANY;
    at = end;
  }
  return merged + template.slice(at);
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= MAX_SHAPES) map.delete(map.keys().next().value ?? '');
  map.set(key, value);
}
