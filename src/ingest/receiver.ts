/**
 * The HTTP side of ingest: `POST /v1/logs` (OTLP) and `POST /v1/events`. A plain request handler, so that the same one
 * serves the API's port and the OTLP port without a framework between the socket and the decoder.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Events } from '../ops/events.js';
import { decodeEvents } from './events.js';
import {
  EVENT_TYPES,
  eventsTypeOf,
  mediaType,
  methodRefusal,
  parameterRefusal,
  refusalOf,
  refuse,
  send,
  typeRefusal,
  type Refusal,
} from './exchange.js';
import type { Intake, Rejection } from './intake.js';
import { decodeLogs, encodeStatus, encodeSuccess, type Encoding } from './otlp.js';
import { RequestBodyError, withBody } from './request-body.js';

const OTLP_TYPES: Record<string, Encoding> = { 'application/x-protobuf': 'protobuf', 'application/json': 'json' };
const CONTENT_TYPES: Record<Encoding, string> = { protobuf: 'application/x-protobuf', json: 'application/json' };
/** google.rpc.Code, as the OTLP specification maps HTTP statuses. */
const RPC_CODES: Record<number, number> = { 400: 3, 404: 5, 405: 12, 413: 8, 415: 3, 500: 13, 503: 14 };
/** Reasons named in partial_success; the rest is counted. */
const MAX_NAMED_REJECTIONS = 10;

/** One project until keys tell them apart. */
const DEFAULT_PROJECT = 1;

export class Receiver {
  constructor(
    private readonly intake: Intake,
    private readonly events: Events,
  ) {}

  /** Serves one of the ingest paths. @returns false for any other path, which it leaves alone */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request);
    if (path === '/v1/logs') void this.logs(request, response);
    else if (path === '/v1/events') void this.postEvents(request, response);
    return path === '/v1/logs' || path === '/v1/events';
  }

  /** Serves the OTLP port, which has nothing else. */
  handleOtlp(request: IncomingMessage, response: ServerResponse): void {
    if (pathOf(request) === '/v1/logs') void this.logs(request, response);
    else
      this.refuseLogs(response, OTLP_TYPES[mediaType(request)] ?? 'json', {
        status: 404,
        detail: 'there is nothing here; OTLP logs go to /v1/logs',
      });
  }

  private async logs(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = OTLP_TYPES[mediaType(request)];
    const refusal = methodRefusal(request) ?? (encoding === undefined ? typeRefusal(request, Object.keys(OTLP_TYPES)) : undefined);
    if (refusal !== undefined || encoding === undefined) {
      this.refuseLogs(response, encoding ?? 'json', refusal ?? { status: 415, detail: '' });
      return;
    }
    try {
      const { rejected } = await withBody(request, (body) =>
        this.intake.accept(DEFAULT_PROJECT, decodeLogs(body, encoding, Date.now()), 'otlp_http'),
      );
      send(response, 200, { 'content-type': CONTENT_TYPES[encoding] }, encodeSuccess(encoding, rejected.length, summary(rejected)));
    } catch (error) {
      this.refuseLogs(response, encoding, refusalOf(error, '/v1/logs', this.events));
    }
  }

  private async postEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = eventsTypeOf(request);
    const refusal =
      methodRefusal(request) ??
      parameterRefusal(request) ??
      (type === undefined ? typeRefusal(request, Object.keys(EVENT_TYPES)) : undefined);
    if (refusal !== undefined || type === undefined) {
      this.refuseEvents(response, refusal ?? { status: 415, detail: '' });
      return;
    }
    try {
      const result = await withBody(request, async (body) => {
        const records = decodeEvents(body, type.isLines, Date.now());
        if (records === undefined) throw new RequestBodyError(400, `the body is no JSON ${type.isLines ? 'lines' : 'object or array'}`);
        return this.intake.accept(DEFAULT_PROJECT, records, 'events');
      });
      send(response, 202, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify(result)));
    } catch (error) {
      this.refuseEvents(response, refusalOf(error, '/v1/events', this.events));
    }
  }

  private refuseLogs(response: ServerResponse, encoding: Encoding, { status, detail, headers }: Refusal): void {
    this.events.ingestRefused('otlp_http', status, detail);
    send(response, status, { 'content-type': CONTENT_TYPES[encoding], ...headers }, encodeStatus(encoding, RPC_CODES[status] ?? 2, detail));
  }

  private refuseEvents(response: ServerResponse, refusal: Refusal): void {
    this.events.ingestRefused('events', refusal.status, refusal.detail);
    refuse(response, refusal);
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}

function summary(rejected: readonly Rejection[]): string {
  const named = rejected.slice(0, MAX_NAMED_REJECTIONS).map(({ index, reason }) => `record ${String(index)}: ${reason}`);
  const more = rejected.length - named.length;
  return named.join('; ') + (more > 0 ? `; and ${String(more)} more` : '');
}
