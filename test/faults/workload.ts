/**
 * Senders of a set: each record is one of its own kind, so that what was counted can be told id by id. An id is a service, a
 * route and ten seconds, which stay apart when records are folded and counted. Most senders repeat a request until it is
 * acknowledged, as OpenTelemetry's exporters do and a collector in front of them; one gives up at once.
 */
import { OTLPLogExporter as GrpcExporter } from '@opentelemetry/exporter-logs-otlp-grpc';
import { OTLPLogExporter as JsonExporter } from '@opentelemetry/exporter-logs-otlp-http';
import { OTLPLogExporter as ProtobufExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { LoggerProvider, type LogRecordExporter, type LogRecordProcessor, type ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export const BUCKET_MS = 10_000;
const TICK_MS = 100;
/** Of each sender in a tick. */
const AT_ONCE = 2;
const RETRY_PAUSE_MS = 300;
const REQUEST_TIMEOUT_MS = 10_000;
/** Not `users`: what follows it is taken for a name, and masked. */
const WORDS =
  'orders stores invoices payments carts reports teams files devices messages events billing search profile sessions items'.split(' ');
/** More than a service sends in ten seconds. */
const ROUTES = WORDS.flatMap((first) => WORDS.map((second) => `/${first}/${second}`));

export interface Id {
  service: string;
  route: string;
  timeMs: number;
  isAcknowledged: boolean;
}

/** @param timeMs any within the ten seconds */
export function keyOf(service: string, route: string, timeMs: number): string {
  return `${service} ${route} ${String(Math.floor(timeMs / BUCKET_MS) * BUCKET_MS)}`;
}

interface Sender {
  service: string;
  send: (ids: Id[]) => void;
}

export class Workload {
  readonly ids = new Map<string, Id>();
  acknowledged = 0;
  /** Answers that no fault explains. */
  readonly troubles: string[] = [];
  private readonly inOrder: Id[] = [];
  private readonly senders: Sender[];
  private readonly used = new Map<string, { bucket: number; next: number }>();
  private readonly sending = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  /** When senders stop repeating, epoch milliseconds. */
  private patienceMs = Infinity;

  /**
   * @param urls of the receiver: OTLP/HTTP, OTLP/gRPC, events
   * @param prefix of services, where there is another workload beside it
   */
  constructor([http = '', grpc = '', events = '']: readonly string[], prefix = '') {
    this.senders = [
      this.exporting(`${prefix}by-protobuf`, new ProtobufExporter({ url: `${http}/v1/logs` })),
      this.exporting(`${prefix}by-json`, new JsonExporter({ url: `${http}/v1/logs` })),
      this.exporting(`${prefix}by-grpc`, new GrpcExporter({ url: grpc })),
      this.posting(`${prefix}by-events`, `${events}/v1/events`, true),
      this.posting(`${prefix}by-events-once`, `${events}/v1/events`, false),
    ];
  }

  start(): void {
    this.timer = setInterval(() => {
      const nowMs = Date.now();
      for (const { service, send } of this.senders) send(this.make(service, nowMs));
    }, TICK_MS);
  }

  /** Makes no more ids, and waits until each is acknowledged or given up. */
  async stop(patienceMs: number): Promise<void> {
    clearInterval(this.timer);
    this.patienceMs = Date.now() + patienceMs;
    while (this.sending.size > 0) await Promise.all(this.sending);
  }

  /** In the order of their times. @param timeMs epoch milliseconds */
  sentSince(timeMs: number): Id[] {
    const first = this.inOrder.findLastIndex((id) => id.timeMs < timeMs) + 1;
    return this.inOrder.slice(first);
  }

  private make(service: string, timeMs: number): Id[] {
    const bucket = Math.floor(timeMs / BUCKET_MS);
    const last = this.used.get(service);
    const from = last?.bucket === bucket ? last.next : 0;
    const routes = ROUTES.slice(from, from + AT_ONCE);
    this.used.set(service, { bucket, next: from + routes.length });
    return routes.map((route) => {
      const id = { service, route, timeMs, isAcknowledged: false };
      this.ids.set(keyOf(service, route, timeMs), id);
      this.inOrder.push(id);
      return id;
    });
  }

  private acknowledge(ids: readonly Id[]): void {
    for (const id of ids) id.isAcknowledged = true;
    this.acknowledged += ids.length;
  }

  private track(sending: Promise<void>): void {
    const tracked: Promise<void> = sending
      .catch((error: unknown) => void this.troubles.push(String(error)))
      .finally(() => this.sending.delete(tracked));
    this.sending.add(tracked);
  }

  /** Through OpenTelemetry's SDK and its exporter, a request for each tick. */
  private exporting(service: string, exporter: LogRecordExporter): Sender {
    const records: ReadableLogRecord[] = [];
    const collector: LogRecordProcessor = {
      onEmit: (record) => void records.push(record),
      forceFlush: () => Promise.resolve(),
      shutdown: () => exporter.shutdown(),
    };
    const provider = new LoggerProvider({ resource: resourceFromAttributes({ 'service.name': service }), processors: [collector] });
    const logger = provider.getLogger('faults');
    const send = (ids: Id[]): void => {
      for (const { route, timeMs } of ids)
        logger.emit({ timestamp: timeMs, body: 'jwt expired', attributes: { 'http.response.status_code': 401, 'http.route': route } });
      this.track(this.exportUntilTaken(exporter, records.splice(0), ids));
    };
    return { service, send };
  }

  /** Beyond what the exporter itself repeats: the same records once more, as a collector in front of it would. */
  private async exportUntilTaken(exporter: LogRecordExporter, records: ReadableLogRecord[], ids: Id[]): Promise<void> {
    for (;;) {
      const { code } = await new Promise<{ code: number }>((resolve) => {
        exporter.export(records, resolve);
      });
      if (code === 0) {
        this.acknowledge(ids);
        return;
      }
      if (Date.now() > this.patienceMs) return;
      await sleep(RETRY_PAUSE_MS);
    }
  }

  /** Plain JSON; what repeats does so under a key. */
  private posting(service: string, url: string, isRepeating: boolean): Sender {
    const post = async (ids: Id[]): Promise<void> => {
      const body = JSON.stringify(ids.map(({ route, timeMs }) => ({ time: timeMs, service, route, status: 401, reason: 'jwt expired' })));
      if (await postEvents(url, body, isRepeating ? () => Date.now() < this.patienceMs : undefined)) this.acknowledge(ids);
    };
    const send = (ids: Id[]): void => {
      this.track(post(ids));
    };
    return { service, send };
  }
}

/**
 * @param goesOn whether to try again; without it there is one attempt, and no key
 * @returns whether they were acknowledged
 */
export async function postEvents(url: string, body: string, goesOn?: () => boolean): Promise<boolean> {
  const key = goesOn === undefined ? {} : { 'idempotency-key': randomUUID() };
  do {
    const signal = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
    const headers = { 'content-type': 'application/json', ...key };
    // An answer that does not come says nothing of what became of the request.
    const status = await fetch(url, { method: 'POST', body, headers, signal }).then(
      (response) => response.arrayBuffer().then(() => response.status),
      () => 0,
    );
    if (status === 202) return true;
    if (status !== 503 && status !== 0) throw new Error(`events were answered ${String(status)}`);
    if (goesOn !== undefined) await sleep(RETRY_PAUSE_MS);
  } while (goesOn?.() === true);
  return false;
}
