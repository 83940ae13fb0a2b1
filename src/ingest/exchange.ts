/** One HTTP exchange of the ingest paths: what is refused before the body is read, how errors become answers, how answers go out. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Events } from '../ops/events.js';
import { problemOf, PROBLEM_TYPE } from '../ops/problem.js';
import { IntakeUnavailableError } from './request-reader.js';
import { WireError } from '../core/wire/protobuf.js';
import { RequestBodyError } from './request-body.js';

export interface Refusal {
  status: number;
  detail: string;
  headers?: Record<string, string>;
}

export const EVENT_TYPES: Record<string, { isLines: boolean }> = {
  'application/json': { isLines: false },
  'application/x-ndjson': { isLines: true },
  'application/ndjson': { isLines: true },
};
/** Seconds; never 0, and short enough for exporters whose retry budget is small. */
export const RETRY_AFTER_SECONDS = 2;

export function eventsTypeOf(request: IncomingMessage): { isLines: boolean } | undefined {
  return EVENT_TYPES[mediaType(request)];
}

export function refusalOf(error: unknown, path: string, events: Events): Refusal {
  if (error instanceof RequestBodyError && error.status !== 503) return { status: error.status, detail: error.message };
  if (error instanceof WireError) return { status: 400, detail: `the body is no OTLP logs request: ${error.message}` };
  if (error instanceof IntakeUnavailableError || error instanceof RequestBodyError)
    return { status: 503, detail: error.message, headers: { 'retry-after': String(RETRY_AFTER_SECONDS) } };
  if ((error as NodeJS.ErrnoException).code === 'ECONNRESET') return { status: 400, detail: 'the body ended early' };
  events.requestFailed(path, error);
  return { status: 500, detail: 'an error of ours; the log of the service names it' };
}

/** As problem details. */
export function refuse(response: ServerResponse, { status, detail, headers }: Refusal): void {
  send(response, status, { 'content-type': PROBLEM_TYPE, ...headers }, Buffer.from(JSON.stringify(problemOf(status, detail))));
}

export function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

export function methodRefusal(request: IncomingMessage): Refusal | undefined {
  return request.method === 'POST' ? undefined : { status: 405, detail: 'use POST', headers: { allow: 'POST' } };
}

/** These paths take no parameters; one that is ignored would be believed to work. */
export function parameterRefusal(request: IncomingMessage): Refusal | undefined {
  const [, query = ''] = (request.url ?? '').split('?');
  return query === '' ? undefined : { status: 400, detail: 'there are no parameters here; everything stands in the body' };
}

export function typeRefusal(request: IncomingMessage, accepted: string[]): Refusal {
  const given = request.headers['content-type'];
  return {
    status: 415,
    detail: `content-type ${given === undefined ? 'is missing' : `"${given.slice(0, 80)}" is not supported`}; send ${accepted.join(' or ')}`,
  };
}

export function send(response: ServerResponse, status: number, headers: Record<string, string>, body: Buffer): void {
  if (response.headersSent || response.destroyed) return;
  // A refused body may still be on its way; closing spares both sides the rest of it.
  const connection: Record<string, string> = status === 413 || status === 415 || status === 405 ? { connection: 'close' } : {};
  response.writeHead(status, { 'content-length': body.length, ...connection, ...headers }).end(body);
}
