/**
 * An HTTP server with limits: on connections, on the time that a request may take to come, on address and headers. What
 * breaks one, or is no HTTP, is answered before any handler sees it, with problem details or as its path has it; the headers of
 * `security-headers.ts` are on every answer. Bodies are limited by whoever reads them.
 */
import { createServer, STATUS_CODES, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Server as NetServer, Socket } from 'node:net';
import type { Events } from './events.js';
import { problemOf, PROBLEM_TYPE } from './problem.js';
import { securityHeaders, setSecurityHeaders } from './security-headers.js';

/** A request that has not arrived whole within this time is given up; slow senders must not hold memory. */
const REQUEST_TIMEOUT_MS = 30_000;
/** How often connections are looked at for it: Node's own half minute would double it. */
const CHECK_INTERVAL_MS = 1_000;
/** Above the idle time of common load balancers, so that they, not we, close idle connections. */
const KEEP_ALIVE_MS = 75_000;
/** Of one listener. Each has a file descriptor, and more than these would take the ones of the database. */
const MAX_CONNECTIONS = 2_000;

/** Fifty values of each filter fit. */
const MAX_ADDRESS_BYTES = 112 * 1024;
/** Node's own limit, and that of common proxies; cookies of other services on the same host fit. */
const MAX_HEADERS_BYTES = 16 * 1024;
const MAX_HEADERS = 100;
/** What the parser reads before it gives up: both, and some, so that the answer can say which it was. */
const MAX_HEAD_BYTES = 160 * 1024;

interface HeadProblem {
  status: 400 | 414 | 417 | 431;
  detail: string;
}

/** A body of an error, as the senders to a path expect it. */
interface ErrorBody {
  type: string;
  body: Buffer;
}

/** @returns undefined where problem details will do */
export type TellError = (request: IncomingMessage, status: number, detail: string) => ErrorBody | undefined;

export function createListener(listener: RequestListener, events: Events, tell: TellError = () => undefined): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEAD_BYTES,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    headersTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    // Asked for below, where the answer has a body.
    requireHostHeader: false,
  });
  limitConnections(server, events);
  // Node drops what is beyond without a word; one more is enough to notice.
  server.maxHeadersCount = MAX_HEADERS + 1;
  const answering = new WeakMap<Duplex, ServerResponse>();
  const take = (request: IncomingMessage, response: ServerResponse, problem = headProblem(request)): void => {
    answering.set(request.socket, response);
    if (problem === undefined) request.url = originForm(request.url ?? '/');
    setSecurityHeaders(request, response);
    if (problem === undefined) listener(request, response);
    else refuse(response, problem.status, tell(request, problem.status, problem.detail) ?? problemBody(problem.status, problem.detail));
  };
  server.on('request', take);
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    take(request, response, { status: 417, detail: 'only 100-continue can be expected' });
  });
  server.on('connect', (_, socket: Duplex) => {
    endWith(socket, 405, problemBody(405, 'CONNECT is not possible here; this is no proxy'));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = answering.get(socket);
    // Half an answer must not be followed by another.
    const isBusy = response !== undefined && response.headersSent && !response.writableFinished;
    const { status, detail } = parserProblem(error);
    // What is wrong is either with the body of a request that is known, or with the next head.
    const told = response === undefined || response.headersSent ? undefined : tell(response.req, status, detail);
    if (socket.writable && !isBusy && error.code !== 'ECONNRESET') endWith(socket, status, told ?? problemBody(status, detail));
    else socket.destroy();
  });
  return server;
}

/** For servers of other protocols too. Node drops what is beyond without a word. */
export function limitConnections(server: NetServer, events: Events): void {
  server.maxConnections = MAX_CONNECTIONS;
  server.on('drop', () => {
    events.connectionDropped(MAX_CONNECTIONS);
  });
}

/** @returns what no handler should see */
function headProblem({ url = '', rawHeaders, httpVersion }: IncomingMessage): HeadProblem | undefined {
  if (url.length > MAX_ADDRESS_BYTES) return { status: 414, detail: `the address is longer than ${String(MAX_ADDRESS_BYTES)} bytes` };
  const names = rawHeaders.filter((_, index) => index % 2 === 0);
  if (names.length > MAX_HEADERS) return { status: 431, detail: `there are more than ${String(MAX_HEADERS)} headers` };
  const bytes = rawHeaders.reduce((sum, text) => sum + text.length, 0);
  if (bytes > MAX_HEADERS_BYTES)
    return { status: 431, detail: `the headers are longer than ${String(MAX_HEADERS_BYTES)} bytes; cookies of other services may be why` };
  // RFC 9112 section 3.2: two of them are how a cache is made to keep one site's answer for another.
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return { status: 400, detail: 'there must be one Host header' };
  return originForm(url) === undefined ? { status: 400, detail: 'the address is none of http' } : undefined;
}

/** Proxies may send `GET http://host/path` (RFC 9112 section 3.2.2): every handler sees the path alone. */
function originForm(url: string): string | undefined {
  if (url.startsWith('/') || url === '*') return url;
  const host = /^https?:\/\/[^/?#]*/i.exec(url)?.[0];
  if (host === undefined) return undefined;
  const path = url.slice(host.length);
  return path.startsWith('/') ? path : `/${path}`;
}

function parserProblem({ code = '' }: NodeJS.ErrnoException): { status: number; detail: string } {
  if (code === 'HPE_HEADER_OVERFLOW') return { status: 431, detail: `address and headers are longer than ${String(MAX_HEAD_BYTES)} bytes` };
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { status: 413, detail: 'the extensions of a chunk are too long' };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, detail: `the request did not arrive within ${String(REQUEST_TIMEOUT_MS / 1000)} s` };
  return { status: 400, detail: `this is no request of HTTP/1.1${code.startsWith('HPE_') ? ` (${code})` : ''}` };
}

function problemBody(status: number, detail: string): ErrorBody {
  return { type: PROBLEM_TYPE, body: Buffer.from(JSON.stringify(problemOf(status, detail))) };
}

function refuse(response: ServerResponse, status: number, { type, body }: ErrorBody): void {
  response.writeHead(status, { 'content-type': type, 'content-length': body.length, connection: 'close' }).end(body);
}

/** Answers where there is no request yet, and closes. */
function endWith(socket: Duplex, status: number, { type, body }: ErrorBody): void {
  const headers = { ...securityHeaders('data'), 'content-type': type, 'content-length': body.length, connection: 'close' };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
  socket.on('error', () => socket.destroy());
  const head = Buffer.from(`HTTP/1.1 ${String(status)} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n`);
  socket.end(Buffer.concat([head, body]), () => socket.destroy());
}
