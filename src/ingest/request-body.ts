/** Reads a request's body: decompressed while it comes, counted, within limits for each request and for all together. */
import type { IncomingMessage } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Budget } from './budget.js';

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

/**
 * Bytes of bodies that this process holds at a time; senders beyond it are told to come again. One request may have all
 * that is promised to one, twice: in the pieces that came, and put together.
 */
const bytes = new Budget(4 * MAX_BODY_BYTES);

/**
 * Reads the body whole and does the work with it; its bytes count as held until the work is done.
 * @throws RequestBodyError, and whatever the work throws
 */
export async function withBody<T>(request: IncomingMessage, projectId: number, work: (body: Buffer) => Promise<T>): Promise<T> {
  const held = new HeldBytes(projectId);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bodyOf(request)) {
      held.hold(chunk.length);
      chunks.push(chunk);
    }
    if (chunks.length === 1) return await work(chunks[0] ?? Buffer.alloc(0));
    held.hold(held.bytes);
    const body = Buffer.concat(chunks);
    held.release(body.length);
    chunks.length = 0;
    return await work(body);
  } finally {
    held.release(held.bytes);
  }
}

/** Counts a body that somebody else has read already. */
export async function withHeld<T>(body: Buffer, projectId: number, work: () => Promise<T>): Promise<T> {
  const held = new HeldBytes(projectId);
  try {
    held.hold(body.length);
    return await work();
  } finally {
    held.release(held.bytes);
  }
}

class HeldBytes {
  bytes = 0;

  constructor(private readonly projectId: number) {}

  hold(count: number): void {
    if (!bytes.take(this.projectId, count)) throw new RequestBodyError(503, 'too many bytes are being received at once');
    this.bytes += count;
  }

  release(count: number): void {
    bytes.give(this.projectId, count);
    this.bytes -= count;
  }
}

/**
 * The body in pieces, decompressed as they come.
 * @throws RequestBodyError for an encoding that is not known, a body that is none of its kind, or more than 64 MiB of it
 */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer, undefined> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompressor = DECOMPRESSORS.get(encoding);
  if (decompressor === undefined && encoding !== 'identity' && encoding !== '') {
    throw new RequestBodyError(
      415,
      `content-encoding ${encoding.slice(0, 40)} is not supported; send identity, ${[...DECOMPRESSORS.keys()].join(', ')}`,
    );
  }
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge('body');
  const raw = limited(request, 'body');
  if (decompressor === undefined) yield* raw;
  else yield* limited(decompressed(raw, decompressor(), encoding), 'decompressed body');
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
  const feeding = feed(raw, decompressor);
  // Told by the await below; until then it must not end the process.
  feeding.catch(() => undefined);
  try {
    for await (const chunk of decompressor as Readable as AsyncIterable<Buffer>) yield chunk;
  } catch (cause) {
    if (cause instanceof RequestBodyError || (cause as NodeJS.ErrnoException).code === 'ECONNRESET') throw cause;
    throw new RequestBodyError(400, `the body is not ${encoding} as its content-encoding says`, { cause });
  } finally {
    decompressor.destroy();
  }
  await feeding;
}

async function feed(raw: AsyncIterable<Buffer>, decompressor: Transform): Promise<void> {
  try {
    for await (const chunk of raw) {
      if (!decompressor.write(chunk)) await drained(decompressor);
      if (decompressor.destroyed) return;
    }
    decompressor.end();
  } catch (error) {
    decompressor.destroy(error as Error);
  }
}

/** Ends as well when the stream does: nobody reads it any more then. */
function drained(stream: Transform): Promise<void> {
  return new Promise((resolve) => {
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
