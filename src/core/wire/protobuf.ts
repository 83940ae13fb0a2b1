/**
 * The protobuf wire format, read in place: a position over bytes that moves forward, makes no objects, and never reads
 * past the end of the message it is in. What the messages mean is left to others.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */

/** Bytes that are not what they should be; the message names what was expected, never what was found. */
export class WireError extends Error {
  readonly code = 'wire';
  constructor(message: string) {
    super(message);
    this.name = 'WireError';
  }
}

/** Groups nest; deeper than this nobody nests them. */
const MAX_GROUPS = 16;
const TWO_TO_32 = 2 ** 32;

export class ProtobufCursor {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /**
   * @param end of the message that is being read
   * @returns field number times 8 plus wire type; 0 never occurs
   */
  tag(end: number): number {
    const tag = this.varint(end);
    if (tag < 8 || tag > 0xffffffff) throw new WireError('a field has no number');
    return tag;
  }

  /** An unsigned number, exact below 2^53. */
  varint(end: number): number {
    const { bytes } = this;
    let at = this.at;
    let byte = at < end ? (bytes[at++] ?? 0) : outOfBytes();
    let value = byte & 0x7f;
    for (let scale = 128; byte >= 128; scale *= 128) {
      if (at - this.at >= 10) throw new WireError('a number is longer than 10 bytes');
      byte = at < end ? (bytes[at++] ?? 0) : outOfBytes();
      value += (byte & 0x7f) * scale;
    }
    this.at = at;
    return value;
  }

  /** A signed 64-bit number in two's complement, as int64 fields have it. Exact within 2^53. */
  int64(end: number): number {
    const { bytes } = this;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.at >= end) outOfBytes();
      const byte = bytes[this.at++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high |= bits >> 4;
      } else high |= bits << (shift - 32);
      if (byte < 128) return high * TWO_TO_32 + (low >>> 0);
    }
    throw new WireError('a number is longer than 10 bytes');
  }

  /** The end of a length-delimited field that begins here, within the message that ends at `end`. */
  lengthEnd(end: number): number {
    const length = this.varint(end);
    if (length > end - this.at) outOfBytes();
    return this.at + length;
  }

  /** An unsigned 64-bit number. Exact below 2^53. */
  fixed64(end: number): number {
    const low = this.fixed32(end);
    return this.fixed32(end) * TWO_TO_32 + low;
  }

  double(end: number): number {
    if (end - this.at < 8) outOfBytes();
    const { buffer, byteOffset } = this.bytes;
    const value = new DataView(buffer, byteOffset + this.at, 8).getFloat64(0, true);
    this.at += 8;
    return value;
  }

  /** Passes the field whose tag was just read. */
  skip(tag: number, end: number, groups = 0): void {
    switch (tag & 7) {
      case 0:
        this.varint(end);
        return;
      case 1:
        this.pass(8, end);
        return;
      case 2:
        this.at = this.lengthEnd(end);
        return;
      case 3:
        this.skipGroup(tag, end, groups);
        return;
      case 5:
        this.pass(4, end);
        return;
      default:
        throw new WireError('a field has a wire type that does not exist');
    }
  }

  private skipGroup(start: number, end: number, groups: number): void {
    if (groups >= MAX_GROUPS) throw new WireError('groups are nested too deep');
    for (;;) {
      const tag = this.tag(end);
      // The end of a group: its number with wire type 4.
      if (tag === start + 1) return;
      this.skip(tag, end, groups + 1);
    }
  }

  private pass(count: number, end: number): void {
    if (end - this.at < count) outOfBytes();
    this.at += count;
  }

  private fixed32(end: number): number {
    if (end - this.at < 4) outOfBytes();
    const { bytes, at } = this;
    this.at = at + 4;
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
  }
}

function outOfBytes(): never {
  throw new WireError('the bytes end in the middle of a field');
}
