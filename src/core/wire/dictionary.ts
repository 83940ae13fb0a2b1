/**
 * What the walk over OTLP requests remembers from one to the next: names of attributes with their roles, texts, and
 * resources. Numbers given for them end with the epoch in which they were given.
 */
import type { Attributes } from '../log-record.js';
import { Interner } from './interner.js';

const MAX_KEYS = 4_096;
/** Names and values that come again and again. */
const MAX_TEXTS = 8_192;
const LONGEST_TEXT = 256;
/** Resources of one process stay the same for its life; a Collector sends those of many. */
const MAX_RESOURCES = 512;

/** Makes text of UTF-8 bytes; what is no UTF-8 becomes U+FFFD. */
export type Utf8 = (bytes: Uint8Array, start: number, end: number) => string;

/** A resource, the same object and number for the same bytes. */
export interface Resource {
  attributes: Attributes;
  /** What its attributes are looked at for, together. */
  roles: number;
  /** -1 for one that is not remembered. */
  id: number;
  /** Of the dictionary when it gave the number. */
  epoch: number;
}

export const NO_RESOURCE: Resource = { attributes: {}, roles: 0, id: MAX_RESOURCES, epoch: 0 };

/** What is remembered from request to request: the names of attributes with their roles, and resources. */
export class Dictionary {
  /** The number of the name that was looked up last; -1 when it has none. */
  key = -1;
  readonly resourceBytes = new Interner(MAX_RESOURCES, 512, true);
  private readonly keys = new Interner(MAX_KEYS, 32, true);
  private readonly roles = new Int32Array(MAX_KEYS).fill(-1);
  /** By number of a name, that of the one which followed it last: records of one kind name the same in the same order. */
  private readonly following = new Int32Array(MAX_KEYS);
  private readonly textBytes = new Interner(MAX_TEXTS, 64, true);
  private texts: (string | undefined)[] = [];
  private textsEpoch = 0;
  private keysEpoch = 0;
  private resourcesEpoch = 0;
  private resources: (Resource | undefined)[] = [];

  /**
   * @param roleOf what an attribute is looked at for; 0 for one that is passed by
   * @param rolesOf the same of all attributes of a resource
   */
  constructor(
    readonly utf8: Utf8,
    private readonly roleOf: (name: string) => number,
    readonly rolesOf: (attributes: Attributes) => number,
  ) {}

  /** The string at these bytes; the same object for the same bytes as long as they are remembered. */
  text(bytes: Uint8Array, view: DataView, start: number, end: number): string {
    const id = end - start > LONGEST_TEXT ? -1 : this.textBytes.idOf(view, start, end);
    if (this.textsEpoch !== this.textBytes.epoch) {
      this.textsEpoch = this.textBytes.epoch;
      this.texts = [];
    }
    if (id === -1) return this.utf8(bytes, start, end);
    return (this.texts[id] ??= this.utf8(bytes, start, end));
  }

  role(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const before = this.key;
    const guess = this.following[before] ?? -1;
    const key = this.keys.is(guess, view, start, end) ? guess : this.keys.idOf(view, start, end);
    if (before !== -1) this.following[before] = key;
    this.key = key;
    if (this.keysEpoch !== this.keys.epoch) {
      this.keysEpoch = this.keys.epoch;
      this.roles.fill(-1);
    }
    const known = key === -1 ? -1 : (this.roles[key] ?? -1);
    if (known !== -1) return known;
    const role = this.roleOf(this.utf8(bytes, start, end));
    if (key !== -1) this.roles[key] = role;
    return role;
  }

  /** Grows each time that numbers given so far became void. */
  get epoch(): number {
    return this.keys.epoch + this.resourceBytes.epoch;
  }

  resource(id: number): Resource | undefined {
    if (this.resourcesEpoch !== this.resourceBytes.epoch) {
      this.resourcesEpoch = this.resourceBytes.epoch;
      this.resources = [];
    }
    return id === -1 ? undefined : this.resources[id];
  }

  remember(resource: Resource): void {
    if (resource.id !== -1) this.resources[resource.id] = resource;
  }
}
