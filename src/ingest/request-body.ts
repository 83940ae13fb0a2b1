/** Reads a request's body: counted while it comes, decompressed, within limits for each request and for all together. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** Contract: 64 MiB, before and after decompression. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Records of one request: two bytes can say "one more record", and each costs memory. Exporters send some hundreds. */
export const MAX_RECORDS = 100_000;

/** A body that cannot be taken, with the HTTP status that says so. */
export class RequestBodyError extends Error {
  readonly code = 'request_body';
  constructor(
    readonly status: 400 | 413 | 415 | 503,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RequestBodyError';
  }
}

type Decompress = (body: Buffer, options: zlib.ZlibOptions) => Promise<Buffer>;

/** zstd came with Node 22.15; on older releases the encoding is answered with 415. */
const { zstdDecompress } = zlib as { zstdDecompress?: typeof zlib.gunzip };
const DECOMPRESSORS = new Map<string, Decompress>([
  ['gzip', promisify(zlib.gunzip)],
  ['deflate', promisify(zlib.inflate)],
  ...(zstdDecompress === undefined ? [] : [['zstd', promisify(zstdDecompress) as Decompress] as const]),
]);

/** Bytes of bodies that this process holds at a time; senders beyond it are told to come again. */
const MAX_BYTES_IN_HAND = 256 * 1024 * 1024;
let bytesInHand = 0;

/**
 * Reads the body and does the work with it; its bytes count as held until the work is done.
 * @throws RequestBodyError, and whatever the work throws
 */
export async function withBody<T>(request: IncomingMessage, work: (body: Buffer) => Promise<T>): Promise<T> {
  let held = 0;
  const hold = (bytes: number): void => {
    held += bytes;
    bytesInHand += bytes;
    if (bytesInHand > MAX_BYTES_IN_HAND) throw new RequestBodyError(503, 'too many bytes are being received at once');
  };
  try {
    return await work(await readBody(request, hold));
  } finally {
    bytesInHand -= held;
  }
}

export function tooManyRecords(count: number): RequestBodyError {
  return new RequestBodyError(
    413,
    `the request has ${String(count)} records, more than the ${String(MAX_RECORDS)} allowed; send smaller batches`,
  );
}

async function readBody(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompress = DECOMPRESSORS.get(encoding);
  if (decompress === undefined && encoding !== 'identity') {
    throw new RequestBodyError(
      415,
      `content-encoding ${encoding.slice(0, 40)} is not supported; send identity, ${[...DECOMPRESSORS.keys()].join(', ')}`,
    );
  }
  const raw = await collect(request, hold);
  if (decompress === undefined) return raw;
  try {
    const body = await decompress(raw, { maxOutputLength: MAX_BODY_BYTES });
    hold(body.length);
    return body;
  } catch (cause) {
    if (cause instanceof RequestBodyError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('decompressed body');
    throw new RequestBodyError(400, `the body is not ${encoding} as its content-encoding says`, { cause });
  }
}

async function collect(request: IncomingMessage, hold: (bytes: number) => void): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge('body');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge('body');
    hold(chunk.length);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string): RequestBodyError {
  return new RequestBodyError(413, `the ${what} is larger than ${String(MAX_BODY_BYTES / 1024 / 1024)} MiB; send smaller batches`);
}
