/** Reads a request's body: counted while it comes, decompressed, and never larger than the limit before or after. */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

/** Contract: 64 MiB, before and after decompression. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** A body that cannot be taken, with the HTTP status that says so. */
export class RequestBodyError extends Error {
  readonly code = 'request_body';
  constructor(
    readonly status: 400 | 413 | 415,
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

/** @throws RequestBodyError */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  const decompress = DECOMPRESSORS.get(encoding);
  if (decompress === undefined && encoding !== 'identity') {
    throw new RequestBodyError(
      415,
      `content-encoding ${encoding.slice(0, 40)} is not supported; send identity, ${[...DECOMPRESSORS.keys()].join(', ')}`,
    );
  }
  const raw = await collect(request);
  if (decompress === undefined) return raw;
  try {
    return await decompress(raw, { maxOutputLength: MAX_BODY_BYTES });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('decompressed body');
    throw new RequestBodyError(400, `the body is not ${encoding} as its content-encoding says`, { cause });
  }
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) throw tooLarge('body');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw tooLarge('body');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(what: string): RequestBodyError {
  return new RequestBodyError(413, `the ${what} is larger than ${String(MAX_BODY_BYTES / 1024 / 1024)} MiB; send smaller batches`);
}
