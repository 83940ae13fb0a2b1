/**
 * Serves the dashboard: a handful of files that the build made, held in memory with their compressed forms. The page's
 * policy lets the browser load nothing from elsewhere and run nothing that is not a file of ours. What is none of its
 * paths is left to others.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { POLICIES } from './security-headers.js';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};
/** Pages that the dashboard draws itself; links to them must work when they are opened anew. */
const PAGE = /^\/(?:(?:signatures|audit|alerts|playground)(?:\/[\w-]{1,64})?\/?)?$/;
const ASSET = /^\/assets\/([\w.-]{1,100})$/;
const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;

interface File {
  contents: Buffer;
  compressed: Map<string, Buffer>;
  etag: string;
}

export class DashboardFiles {
  private readonly files = new Map<string, File>();

  /** @param directory dist/web @throws when it is not there: the service was not built whole */
  constructor(directory: string) {
    for (const name of readdirSync(directory).filter((one) => extname(one) in TYPES)) {
      const contents = readFileSync(join(directory, name));
      const compressed = new Map(ENCODINGS.map(([encoding, suffix]) => [encoding, readFileSync(join(directory, name + suffix))]));
      this.files.set(name, { contents, compressed, etag: createHash('sha256').update(contents).digest('base64url').slice(0, 22) });
    }
  }

  /** @returns false for what is none of its paths or no question for a page, which it leaves alone */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const name = PAGE.test(path) ? 'index.html' : ASSET.exec(path)?.[1];
    const file = name === undefined ? undefined : this.files.get(name);
    if (name === undefined || file === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    send(request, response, name, file);
    return true;
  }
}

function send(request: IncomingMessage, response: ServerResponse, name: string, file: File): void {
  const accepted = request.headers['accept-encoding'] ?? '';
  const [encoding] = ENCODINGS.find(([one]) => new RegExp(`\\b${one}\\b(?!;\\s*q=0(?![.\\d]))`).test(accepted)) ?? [];
  const contents = (encoding === undefined ? undefined : file.compressed.get(encoding)) ?? file.contents;
  const etag = `"${file.etag}${encoding === undefined ? '' : `-${encoding}`}"`;
  response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
  response.setHeader('content-security-policy', POLICIES.dashboard);
  // An asset's name changes with its contents; the page must be asked for, since it names them.
  response.setHeader('cache-control', name === 'index.html' ? 'no-cache' : 'public, max-age=31536000, immutable');
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('etag', etag);
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  if (encoding !== undefined) response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', contents.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : contents);
}
