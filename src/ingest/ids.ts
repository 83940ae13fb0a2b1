/** The ids of what goes into the queue: batches, portions of requests, signatures. */
import { createHash } from 'node:crypto';
import { memo } from '../core/memo.js';

/** Keys of signatures are texts of some hundred bytes, of at most some kB: hashing one again costs more than finding it. */
const KEYS = { entries: 10_000, length: Infinity };

/** Version 8 of RFC 9562: of the request's digest and the portion's place in it, so that a repetition has the same ids. */
export function portionId(digest: Buffer | undefined, index: number): string | null {
  if (digest === undefined) return null;
  const bytes = createHash('sha256').update(digest).update(String(index)).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}

/**
 * 64 bits of SHA-256. Two of a million signatures share an id with a probability of 3 in 100 million; they would be
 * shown as one.
 */
export const signatureId = memo((key) => createHash('sha256').update(key).digest('hex').slice(0, 16), KEYS);

/** RFC 9562 section 5.7; ids grow with time, so that the index of counted batches grows at one end. */
export function uuidV7(nowMs: number, random: Buffer): string {
  const bytes = Buffer.concat([Buffer.alloc(6), random]);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return uuidText(bytes);
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
