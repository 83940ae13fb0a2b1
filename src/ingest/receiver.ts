/**
 * The HTTP side of ingest: `POST /v1/logs` (OTLP) and `POST /v1/events`. A plain request handler, so that the same one
 * serves the API's port and the OTLP port without a framework between the socket and the decoder.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RecordReader } from '../core/record-reader.js';
import { askingOf, type Access, type Need } from '../ops/access.js';
import type { Events } from '../ops/events.js';
import type { TellError } from '../ops/http-listener.js';
import { decodeEvents, decodeLines, readEvents } from './events.js';
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
import type { IntakeResult } from './request-reader.js';
import { encodeStatus, encodeSuccess, type Encoding } from './otlp.js';
import type { LogsIntake } from './logs-intake.js';
import { bodyOf, withBody } from './request-body.js';

const OTLP_TYPES: Record<string, Encoding> = { 'application/x-protobuf': 'protobuf', 'application/json': 'json' };
const CONTENT_TYPES: Record<Encoding, string> = { protobuf: 'application/x-protobuf', json: 'application/json' };
/** google.rpc.Code, as the OTLP specification maps HTTP statuses. */
const RPC_CODES: Record<number, number> = {
  ...{ 400: 3, 401: 16, 403: 7, 404: 5, 405: 12, 408: 4, 413: 8, 414: 3, 415: 3, 417: 3 },
  ...{ 421: 7, 429: 8, 431: 3, 500: 13, 503: 14 },
};
const LOGS_PATH = '/v1/logs';
const EVENTS_PATH = '/v1/events';
const NEED: Need = { scopes: ['ingest'] };

export class Receiver {
  constructor(
    private readonly logs: LogsIntake,
    private readonly access: Access,
    private readonly events: Events,
  ) {}

  /** Serves one of the ingest paths. @returns false for any other path, which it leaves alone */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    const path = pathOf(request);
    if (path === LOGS_PATH) void this.postLogs(request, response);
    else if (path === EVENTS_PATH) void this.postEvents(request, response);
    return path === LOGS_PATH || path === EVENTS_PATH;
  }

  /** Serves the OTLP port, which has nothing else. */
  handleOtlp(request: IncomingMessage, response: ServerResponse): void {
    if (pathOf(request) === LOGS_PATH) {
      void this.postLogs(request, response);
      return;
    }
    const detail = 'there is nothing here; OTLP logs go to /v1/logs';
    this.refuseLogs(response, OTLP_TYPES[mediaType(request)] ?? 'json', { status: 404, detail });
  }

  private async postLogs(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = OTLP_TYPES[mediaType(request)];
    // Whoever may not send is not told more, and their body is not read.
    const admission = await this.access.admit(askingOf(request, LOGS_PATH), NEED);
    if ('denial' in admission) {
      this.refuseLogs(response, encoding ?? 'json', admission.denial);
      return;
    }
    const { projectId } = admission.grant;
    const refusal = methodRefusal(request) ?? (encoding === undefined ? typeRefusal(request, Object.keys(OTLP_TYPES)) : undefined);
    if (refusal !== undefined || encoding === undefined) {
      this.refuseLogs(response, encoding ?? 'json', refusal ?? { status: 415, detail: '' });
      return;
    }
    try {
      const { confirmed } = await withBody(request, projectId, (body) => this.logs.read({ projectId, door: 'otlp_http', body, encoding }));
      const { rejectedCount, message } = await confirmed;
      send(response, 200, { 'content-type': CONTENT_TYPES[encoding] }, encodeSuccess(encoding, rejectedCount, message));
    } catch (error) {
      this.refuseLogs(response, encoding, refusalOf(error, LOGS_PATH, this.events));
    }
  }

  private async postEvents(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = eventsTypeOf(request);
    const admission = await this.access.admit(askingOf(request, EVENTS_PATH), NEED);
    if ('denial' in admission) {
      this.refuseEvents(response, admission.denial);
      return;
    }
    const refusal =
      methodRefusal(request) ??
      parameterRefusal(request) ??
      (type === undefined ? typeRefusal(request, Object.keys(EVENT_TYPES)) : undefined);
    if (refusal !== undefined || type === undefined) {
      this.refuseEvents(response, refusal ?? { status: 415, detail: '' });
      return;
    }
    try {
      const { accepted, ignored, rejected, rejectedCount } = await (
        await this.takeEvents(request, type.isLines, admission.grant.projectId)
      ).confirmed;
      const more = rejectedCount > rejected.length ? { rejected_more: rejectedCount - rejected.length } : {};
      send(response, 202, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify({ accepted, ignored, rejected, ...more })));
    } catch (error) {
      this.refuseEvents(response, refusalOf(error, EVENTS_PATH, this.events));
    }
  }

  private takeEvents(request: IncomingMessage, isLines: boolean, projectId: number): Promise<{ confirmed: Promise<IntakeResult> }> {
    const receivedMs = Date.now();
    const key = request.headers['idempotency-key'];
    // The body is part of it: a key that is used again for other events must not swallow them.
    const hash = typeof key === 'string' && key !== '' ? createHash('sha256').update(`events\0${key}\0`) : undefined;
    const request_ = {
      projectId,
      door: 'events' as const,
      ...(hash === undefined ? {} : { digest: () => hash.digest() }),
    };
    if (!isLines)
      return withBody(request, projectId, (body) => {
        hash?.update(body);
        return this.logs.intake.read({ ...request_, parts: [readEvents(decodeEvents(body, receivedMs), this.logs.reader)] });
      });
    return this.logs.intake.read({ ...request_, parts: linesIn(request, receivedMs, this.logs.reader, (chunk) => hash?.update(chunk)) });
  }

  private refuseLogs(response: ServerResponse, encoding: Encoding, { status, detail, headers }: Refusal): void {
    this.events.ingestRefused('otlp_http', status, detail);
    const again = headers?.['retry-after'];
    const body = encodeStatus(encoding, RPC_CODES[status] ?? 2, detail, again === undefined ? undefined : Number(again));
    send(response, status, { 'content-type': CONTENT_TYPES[encoding], ...headers }, body);
  }

  private refuseEvents(response: ServerResponse, refusal: Refusal): void {
    this.events.ingestRefused('events', refusal.status, refusal.detail);
    refuse(response, refusal);
  }
}

/** For what goes wrong with a request to `/v1/logs` before it gets here, or while its body comes. */
export const tellLogsError: TellError = (request, status, detail) => {
  if (pathOf(request) !== LOGS_PATH) return undefined;
  const encoding = OTLP_TYPES[mediaType(request)] ?? 'json';
  return { type: CONTENT_TYPES[encoding], body: encodeStatus(encoding, RPC_CODES[status] ?? 2, detail) };
};

async function* linesIn(
  request: IncomingMessage,
  receivedMs: number,
  reader: RecordReader,
  look: (chunk: Buffer) => void,
): AsyncGenerator<ReturnType<typeof readEvents>> {
  const chunks = (async function* () {
    for await (const chunk of bodyOf(request)) {
      look(chunk);
      yield chunk;
    }
  })();
  for await (const events of decodeLines(chunks, receivedMs)) yield readEvents(events, reader);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
