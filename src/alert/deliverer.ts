/**
 * Delivers what alerts say to their endpoints. A row is claimed for the time of one attempt, so that no other process
 * attempts it meanwhile, and one whose process died is attempted again. Each endpoint has its own few places: a slow or
 * dead one delays no other.
 */
import { encodeMessage, type EncodeOptions } from '../core/alert/message.js';
import type { AlertMessage } from '../core/alert/payload.js';
import { nextAttempt } from '../core/alert/retry.js';
import type { Events } from '../ops/events.js';
import type { EndpointStore, StoredDelivery, StoredEndpoint } from '../store/endpoint-store.js';
import type { DeliveryQueue } from '../queue/delivery-queue.js';
import type { Attempt, WebhookClient } from './webhook.js';

/** Attempts at one endpoint at a time, in this process. */
const PLACES = 2;
const SERVED_FOR_MS = 30_000;

export interface DelivererParts {
  store: EndpointStore;
  queue: DeliveryQueue;
  client: WebhookClient;
  events: Events;
  /** Where this service answers. */
  baseUrl: string;
}

export class Deliverer {
  private readonly inFlight = new Map<string, number>();
  private isStopping = false;

  constructor(private readonly parts: DelivererParts) {}

  start(): void {
    this.parts.queue.consume((id) => this.serve(id));
  }

  /** Begins no more attempts. */
  stop(): void {
    this.isStopping = true;
  }

  /** Has deliveries attempted now. One that the queue does not take is found by the next sweep. */
  async enqueue(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.parts.queue.add(id).catch((error: unknown) => {
        this.parts.events.connectionFailed('deliveries', error);
      });
    }
  }

  /** Finds what is due, whoever wrote it and whatever became of its job. */
  async sweep(): Promise<void> {
    await this.enqueue(await this.parts.store.due(PLACES));
  }

  /** One job serves its endpoint for as long as something is due there; where both places are taken, they do that already. */
  private async serve(deliveryId: string): Promise<void> {
    const waiting = await this.parts.store.delivery(deliveryId);
    if (waiting?.status !== 'waiting') return;
    const { endpointId, projectId } = waiting;
    const taken = this.inFlight.get(endpointId) ?? 0;
    if (taken >= PLACES) return;
    this.inFlight.set(endpointId, taken + 1);
    try {
      // Not for ever: a process that ends waits for it, and the sweep has it go on.
      for (const until = Date.now() + SERVED_FOR_MS; !this.isStopping && Date.now() < until;) {
        const delivery = await this.parts.store.claim(projectId, endpointId);
        if (delivery === undefined) break;
        const endpoint = await this.parts.store.endpoint(projectId, endpointId);
        if (endpoint !== undefined) await this.deliver(delivery, endpoint);
      }
    } finally {
      const left = (this.inFlight.get(endpointId) ?? 1) - 1;
      if (left > 0) this.inFlight.set(endpointId, left);
      else this.inFlight.delete(endpointId);
    }
  }

  private async deliver(delivery: StoredDelivery, endpoint: StoredEndpoint): Promise<void> {
    const attempt = await this.attempt(delivery, endpoint);
    const next = nextOf(delivery, attempt, Date.now());
    const noted = {
      ...{ at: new Date().toISOString(), outcome: attempt.outcome, status: attempt.status ?? null },
      ...{ latency_ms: Math.round(attempt.latencyMs), reason: attempt.reason },
    };
    await this.parts.store.note(delivery, noted, next);
    this.parts.events.deliveryAttempted(endpoint.name, attempt.outcome, attempt.reason, next.status);
    if (attempt.outcome === 'gone') await this.parts.store.disable(endpoint, 'it answered 410 Gone');
    if (next.status === 'waiting') await this.parts.queue.add(delivery.id, next.nextAt.getTime() - Date.now() + 50);
  }

  /** A message that cannot be written, or a secret that cannot sign, will not do so later either. */
  private async attempt(delivery: StoredDelivery, endpoint: StoredEndpoint): Promise<Attempt> {
    const options: EncodeOptions = { receiver: endpoint.name, externalUrl: this.parts.baseUrl, routingKey: endpoint.routingKey ?? '' };
    try {
      const body = encodeMessage(delivery.message as AlertMessage, endpoint.format, options);
      const secrets = activeSecrets(endpoint, Date.now());
      return await this.parts.client.send({ url: endpoint.url, headers: {}, body, id: `msg_${delivery.id}`, secrets });
    } catch (error) {
      this.parts.events.connectionFailed('deliveries', error);
      return { outcome: 'refused', latencyMs: 0, reason: 'the message cannot be made; the log of the service names why' };
    }
  }
}

/** What becomes of a delivery after an attempt. */
function nextOf({ round }: StoredDelivery, attempt: Attempt, nowMs: number): Pick<StoredDelivery, 'status' | 'nextAt'> {
  if (attempt.outcome === 'delivered') return { status: 'delivered', nextAt: new Date(nowMs) };
  const wait = attempt.outcome === 'retry' ? nextAttempt(round + 1, Math.random(), attempt.retryAfterMs) : undefined;
  return wait === undefined ? { status: 'dead', nextAt: new Date(nowMs) } : { status: 'waiting', nextAt: new Date(nowMs + wait) };
}

function activeSecrets({ secrets }: StoredEndpoint, nowMs: number): string[] {
  return secrets.filter(({ until }) => until === null || Date.parse(until) > nowMs).map(({ secret }) => secret);
}
