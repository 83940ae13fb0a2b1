/** Reads a request's body: decompressed while it comes, counted, within limits for each request and for all together. */
import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Budget } from '../ops/budget.js';
import { Turns } from './turns.js';

/** Contract: 64 MiB, before and after decompression. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Records of one request: two bytes can say "one more record", and each costs time. Real ones fill 64 MiB sooner. */
export const MAX_RECORDS = 1_000_000;

/** A body that cannot be taken, with the HTTP status that says so. */
export class RequestBodyError extends Error {
  readonly code = 'request_body';
  constructor(
    readonly status: 400 | 408 | 413 | 415 | 503,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RequestBodyError';
  }
}

/** zstd came with Node 22.15; on older releases the encoding is answered with 415. */
const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
const DECOMPRESSORS = new Map<string, () => Transform>([
  ['gzip', () => zlib.createGunzip()],
  ['deflate', () => zlib.createInflate()],
  ...(createZstdDecompress === undefined ? [] : [['zstd', createZstdDecompress] as const]),
]);

/** Compressed, and as long as that is no more than this, a body waits for its turn before it becomes anything larger. */
const SMALL_BYTES = 1024 * 1024;
/** Larger bodies are received one at a time. A Collector's default batch is some 5 MiB. */
const LARGE_BYTES = 12 * 1024 * 1024;
/** Bytes of bodies that this process holds at a time, the large one apart: half of it is one small body while it grows from 8 to 12 MiB. */
const bytes = new Budget(44 * 1024 * 1024);
/** Reading is work for one core; a few at a time fill the pauses of each other. */
const reading = new Turns(4, 500);
const large = new Turns(1, 0);
const FIRST_BYTES = 64 * 1024;
/** Some half a millisecond of decompressing. */
const AT_ONCE_BYTES = 256 * 1024;

/**
 * Reads the body whole and does the work with it; its bytes count as held until the work is done. A body that comes slowly
 * takes no turn from others while it comes.
 * @throws RequestBodyError, and whatever the work throws
 */
export async function withBody<T>(request: IncomingMessage, projectId: number, work: (body: Buffer) => Promise<T>): Promise<T> {
  const decompress = decompressorOf(request);
  const held = new HeldBytes(projectId);
  const raw = limited(chunksOf(request), 'body');
  try {
    const { pieces, isWhole } = await firstOf(raw, held);
    if (isWhole) await held.takeTurn();
    const small = isWhole ? atOnce(pieces, encodingOf(request), held) : undefined;
    if (small !== undefined) return await work(small);
    const body = new BodyBuffer(held, isWhole && decompress !== undefined ? sizeBehind(pieces) : FIRST_BYTES);
    for await (const chunk of decompressedBy(decompress, joined(pieces, raw))) body.add(chunk);
    pieces.length = 0;
    if (!isWhole) await held.takeTurn();
    return await work(body.whole());
  } finally {
    void raw.return(undefined);
    held.releaseAll();
  }
}

/** What needs no stream, which costs more than a small body takes to decompress. @returns undefined for what is large, or no gzip */
function atOnce(pieces: readonly Buffer[], encoding: string, held: HeldBytes): Buffer | undefined {
  const [first] = pieces;
  const body = first === undefined || pieces.length > 1 ? Buffer.concat(pieces) : first;
  if (encoding === 'identity') return body;
  if (encoding !== 'gzip' || Math.max(body.length, sizeBehind(pieces)) > AT_ONCE_BYTES) return undefined;
  try {
    const whole = zlib.gunzipSync(body, { maxOutputLength: AT_ONCE_BYTES });
    held.hold(whole.length);
    return whole;
  } catch (error) {
    // Whatever else is wrong with it, the stream says it.
    if (error instanceof RequestBodyError) throw error;
    return undefined;
  }
}

/** Counts a body that somebody else has read already. */
export async function withHeld<T>(body: Buffer, projectId: number, work: () => Promise<T>): Promise<T> {
  const held = new HeldBytes(projectId);
  try {
    if (body.length > LARGE_BYTES) held.beLarge();
    else held.hold(body.length);
    await held.takeTurn();
    return await work();
  } finally {
    held.releaseAll();
  }
}

/** What one request has of what all share. */
class HeldBytes {
  private bytes = 0;
  private hasTurn = false;
  private isLarge = false;

  constructor(private readonly projectId: number) {}

  hold(count: number): void {
    if (!bytes.take(this.projectId, count)) throw new RequestBodyError(503, 'too many bytes are being received at once');
    this.bytes += count;
  }

  release(count: number): void {
    bytes.give(this.projectId, count);
    this.bytes -= count;
  }

  beLarge(): void {
    if (!large.tryEnter()) throw new RequestBodyError(503, 'another body of this size is being received; send smaller batches');
    this.isLarge = true;
  }

  async takeTurn(): Promise<void> {
    this.hasTurn = await reading.enter(this.projectId);
    if (!this.hasTurn) throw new RequestBodyError(503, 'more is being sent than can be read');
  }

  releaseAll(): void {
    this.release(this.bytes);
    if (this.hasTurn) reading.leave();
    if (this.isLarge) large.leave();
    this.hasTurn = this.isLarge = false;
  }
}

/** A body that grows as it comes; never there twice, but for the moment in which it moves. */
class BodyBuffer {
  private buffer: Buffer;
  private size = 0;

  constructor(
    private readonly held: HeldBytes,
    expectedBytes: number,
  ) {
    const first = Math.min(Math.max(expectedBytes, 1), LARGE_BYTES);
    held.hold(first);
    this.buffer = Buffer.allocUnsafeSlow(first);
  }

  add(chunk: Buffer): void {
    if (this.size + chunk.length > this.buffer.length) this.grow(this.size + chunk.length);
    this.size += chunk.copy(this.buffer, this.size);
  }

  whole(): Buffer {
    return this.buffer.subarray(0, this.size);
  }

  private grow(needed: number): void {
    const before = this.buffer;
    const isLarge = needed > LARGE_BYTES;
    const length = isLarge ? MAX_BODY_BYTES : Math.min(Math.max(needed, 2 * before.length), LARGE_BYTES);
    if (isLarge) this.held.beLarge();
    else this.held.hold(length);
    // Of a large one only the pages that something is written to are really taken.
    this.buffer = Buffer.allocUnsafeSlow(length);
    before.copy(this.buffer, 0, 0, this.size);
    this.held.release(before.length);
  }
}

/** The first pieces of a body, up to a size up to which it is small. */
async function firstOf(raw: AsyncGenerator<Buffer, undefined>, held: HeldBytes): Promise<{ pieces: Buffer[]; isWhole: boolean }> {
  const pieces: Buffer[] = [];
  let size = 0;
  while (size <= SMALL_BYTES) {
    const next = await raw.next();
    if (next.done === true) return { pieces, isWhole: true };
    held.hold(next.value.length);
    pieces.push(next.value);
    size += next.value.length;
  }
  return { pieces, isWhole: false };
}

async function* joined(pieces: readonly Buffer[], rest: AsyncGenerator<Buffer, undefined>): AsyncGenerator<Buffer, undefined> {
  yield* pieces;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** What gzip says at its end of the size before compression (RFC 1952 section 2.3.1); a hint, which may be wrong. */
function sizeBehind(pieces: readonly Buffer[]): number {
  const last = pieces.at(-1);
  const told = last === undefined || last.length < 4 ? 0 : last.readUInt32LE(last.length - 4);
  return told < FIRST_BYTES || told > LARGE_BYTES ? FIRST_BYTES : told;
}

/**
 * The body in pieces, decompressed as they come.
 * @throws RequestBodyError for an encoding that is not known, a body that is none of its kind, or more than 64 MiB of it
 */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer, undefined> {
  const decompress = decompressorOf(request);
  const raw = limited(chunksOf(request), 'body');
  try {
    yield* decompressedBy(decompress, raw);
  } finally {
    void raw.return(undefined);
  }
}

/** What nobody asks for any more is passed over: the sender gets its answer, and the connection serves its next request. */
async function* chunksOf(request: IncomingMessage): AsyncGenerator<Buffer, undefined> {
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } finally {
    request.resume();
  }
}

type Decompress = (raw: AsyncIterable<Buffer>) => AsyncGenerator<Buffer, undefined>;

function encodingOf(request: IncomingMessage): string {
  return (request.headers['content-encoding'] ?? '').trim().toLowerCase() || 'identity';
}

/** @throws RequestBodyError as the headers alone show it */
function decompressorOf(request: IncomingMessage): Decompress | undefined {
  const encoding = encodingOf(request);
  const decompressor = DECOMPRESSORS.get(encoding);
  if (decompressor === undefined && encoding !== 'identity') {
    throw new RequestBodyError(
      415,
      `content-encoding ${encoding.slice(0, 40)} is not supported; send identity, ${[...DECOMPRESSORS.keys()].join(', ')}`,
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge('body');
  return decompressor === undefined ? undefined : (raw) => limited(decompressed(raw, decompressor(), encoding), 'decompressed body');
}

function decompressedBy(decompress: Decompress | undefined, raw: AsyncGenerator<Buffer, undefined>): AsyncGenerator<Buffer, undefined> {
  return decompress === undefined ? raw : decompress(raw);
}

async function* limited(chunks: AsyncIterable<Buffer>, what: string): AsyncGenerator<Buffer, undefined> {
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge(what);
    yield chunk;
  }
}

async function* decompressed(raw: AsyncIterable<Buffer>, decompressor: Transform, encoding: string): AsyncGenerator<Buffer, undefined> {
  void feed(raw, decompressor);
  try {
    for await (const chunk of decompressor as Readable as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    if (cause instanceof RequestBodyError || (cause as NodeJS.ErrnoException).code === 'ECONNRESET') throw cause;
    throw new RequestBodyError(400, `the body is not ${encoding} as its content-encoding says`, { cause });
  } finally {
    decompressor.destroy();
  }
}

/** Its errors become the decompressor's. What stands behind the end of what is compressed is passed over. */
async function feed(raw: AsyncIterable<Buffer>, decompressor: Transform): Promise<void> {
  try {
    for await (const chunk of raw) {
      if (decompressor.destroyed || decompressor.readableEnded) return;
      if (!decompressor.write(chunk)) await drained(decompressor);
    }
    decompressor.end();
  } catch (error) {
    decompressor.destroy(error as Error);
  }
}

/** Ends as well when the stream does: nobody reads it any more then. */
function drained(stream: Transform): Promise<void> {
  return new Promise((resolve) => {
    if (stream.destroyed) {
      resolve();
      return;
    }
    const done = (): void => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });
}

function tooLarge(what: string): RequestBodyError {
  return new RequestBodyError(413, `the ${what} is larger than ${String(MAX_BODY_BYTES / 1024 / 1024)} MiB; send smaller batches`);
}
