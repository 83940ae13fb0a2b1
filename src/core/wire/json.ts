/**
 * Finds values in JSON without making objects of the whole: a position over UTF-8 bytes that walks into objects and
 * arrays and passes values by their ends. A value that is wanted is then parsed by itself, so that what a request costs
 * in memory is what its largest value costs. Source: RFC 8259.
 */
import { WireError } from './protobuf.js';

const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

const UTF_8 = new TextDecoder();

export class JsonCursor {
  at = 0;

  constructor(readonly bytes: Uint8Array) {
    // A byte order mark is no part of JSON (section 8.1 lets readers ignore it).
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) this.at = 3;
  }

  /** The first byte of the next value, or 0 at the end. */
  peek(): number {
    const { bytes } = this;
    while ((bytes[this.at] ?? 0) <= SPACE && this.at < bytes.length) this.at += 1;
    return bytes[this.at] ?? 0;
  }

  isObject(): boolean {
    return this.peek() === OPEN_OBJECT;
  }

  isList(): boolean {
    return this.peek() === OPEN_LIST;
  }

  /**
   * Walks the object that begins here; what is no object is passed. At each name the position is in front of the value:
   * whoever wants it moves behind it, else it is passed.
   */
  *members(): Generator<string, undefined> {
    if (!this.isObject()) {
      this.pass();
      return;
    }
    this.at += 1;
    if (this.endsWith(CLOSE_OBJECT)) return;
    yield* this.membersFrom();
  }

  /** Behind a member's value: the members that follow, to the end of their object. */
  *membersBehind(): Generator<string, undefined> {
    if (!this.separates(CLOSE_OBJECT)) yield* this.membersFrom();
  }

  /** The same for the items of a list. */
  *items(): Generator<undefined, undefined> {
    if (!this.isList()) {
      this.pass();
      return;
    }
    this.at += 1;
    if (this.endsWith(CLOSE_LIST)) return;
    do {
      this.peek();
      const before = this.at;
      yield undefined;
      if (this.at === before) this.pass();
    } while (!this.separates(CLOSE_LIST));
  }

  /** The value that begins here, parsed; the position is behind it then. */
  value(): unknown {
    this.peek();
    const start = this.at;
    this.pass();
    try {
      return JSON.parse(UTF_8.decode(this.bytes.subarray(start, this.at)));
    } catch {
      // The parser's message quotes the body, which may hold anything.
      throw malformed();
    }
  }

  /** Passes the value that begins here. */
  pass(): void {
    const { bytes } = this;
    let depth = 0;
    do {
      const byte = this.peek();
      if (byte === QUOTE) this.passString();
      else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
        depth += 1;
        this.at += 1;
      } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        depth -= 1;
        this.at += 1;
      } else if (byte === COMMA || byte === COLON) {
        if (depth === 0) throw malformed();
        this.at += 1;
      } else this.passScalar();
      if (depth < 0 || this.at > bytes.length) throw malformed();
    } while (depth > 0);
  }

  /** @throws WireError unless nothing but space is left */
  end(): void {
    if (this.peek() !== 0 || this.at < this.bytes.length) throw malformed();
  }

  private *membersFrom(): Generator<string, undefined> {
    do {
      if (this.peek() !== QUOTE) throw malformed();
      const start = this.at + 1;
      this.passString();
      const name = this.nameIn(start, this.at - 1);
      this.expect(COLON);
      const before = this.at;
      yield name;
      if (this.at === before) this.pass();
    } while (!this.separates(CLOSE_OBJECT));
  }

  /** Passes a comma, or the closing bracket and says so. */
  private separates(close: number): boolean {
    const byte = this.peek();
    if (byte !== COMMA && byte !== close) throw malformed();
    this.at += 1;
    return byte === close;
  }

  private endsWith(close: number): boolean {
    if (this.peek() !== close) return false;
    this.at += 1;
    return true;
  }

  private expect(byte: number): void {
    if (this.peek() !== byte) throw malformed();
    this.at += 1;
    this.peek();
  }

  private passString(): void {
    const { bytes } = this;
    let at = this.at + 1;
    for (; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === QUOTE) {
        this.at = at + 1;
        return;
      }
      if (byte === BACKSLASH) at += 1;
    }
    throw malformed();
  }

  /** Numbers and literals: whoever wants the value parses it strictly. */
  private passScalar(): void {
    const { bytes } = this;
    const start = this.at;
    while (isScalarByte(bytes[this.at] ?? 0)) this.at += 1;
    if (this.at === start) throw malformed();
  }

  /** Names that matter are plain; one with an escape is none of them. */
  private nameIn(start: number, end: number): string {
    let name = '';
    for (let at = start; at < end && at < start + 64; at += 1) name += String.fromCharCode(this.bytes[at] ?? 0);
    return name;
  }
}

function isScalarByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

function malformed(): WireError {
  return new WireError('the body is no JSON');
}
