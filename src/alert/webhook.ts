/**
 * One attempt to deliver a webhook, the only outgoing HTTP of the service. It promises an answer within the time limit
 * whatever the receiver does, reads little of what the receiver says and hands on none of it, never follows a redirect,
 * and dials only addresses that passed the guard (destination.ts). When to try again, and what a message says, is left to
 * others; so is disabling an endpoint that is gone.
 */
import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import type { Cidr } from '../core/alert/address.js';
import { retryAfterMs } from '../core/alert/retry.js';
import { findDestination, resolveName, type Destination, type Reach, type Refusal, type Resolve } from './destination.js';
import { failureOf } from './failure.js';
import { sign } from './sign.js';

export interface WebhookOptions {
  /** Ranges that webhooks may reach though they are not public. */
  allowed: readonly Cidr[];
  /** For local trials: only while every listener of this service is itself on loopback. */
  mayUseLoopback: boolean;
  /** Of this service, for the user agent. */
  version: string;
  /** For all of one attempt: name, connection, headers and body. */
  timeLimitMs?: number;
  /** How names become addresses; the default asks the operating system. Every address of its answer is checked. */
  resolve?: Resolve;
  /** A PEM certificate that is trusted beside Node's own authorities, for receivers with a private one. */
  extraCa?: string;
}

export interface Delivery {
  url: string;
  /** The endpoint's own, for example a receiver's Authorization; those that this client sets itself are passed over. */
  headers: Readonly<Record<string, string>>;
  body: string;
  /** The same over all attempts. */
  id: string;
  /** The active ones; none sends the message unsigned, for receivers that know no signatures. */
  secrets: readonly string[];
}

export interface Attempt {
  /** `gone`: the receiver wants nothing more, ever. `refused`: nothing was sent, and trying again changes nothing. */
  outcome: 'delivered' | 'retry' | 'gone' | 'refused';
  status?: number;
  latencyMs: number;
  /** One of a few fixed sentences, with the status; never text of the receiver. */
  reason: string;
  /** What the receiver asked for, at most a day. */
  retryAfterMs?: number;
}

type Result = Omit<Attempt, 'latencyMs'>;

const TIME_LIMIT_MS = 15_000;
/** An answer's body is read only to end the exchange politely. */
const MAX_BODY_BYTES = 128 * 1024;
/** Node's 250 ms for each of several addresses is less than a handshake across the world may take. */
const NEXT_ADDRESS_AFTER_MS = 2_000;
/** What the client or the connection decides: an endpoint's own header of this name is passed over. */
const OWN_HEADER =
  /^(?:host|connection|keep-alive|content-(?:length|type|encoding)|transfer-encoding|te|trailer|upgrade|expect|user-agent|proxy-.*|webhook-.*)$/i;
const OUT_OF_TIME: Result = { outcome: 'retry', reason: 'no answer within the time limit' };

export class WebhookClient {
  private readonly reach: Reach;
  private readonly timeLimitMs: number;
  private readonly version: string;
  private readonly ca: string[] | undefined;

  constructor({ allowed, mayUseLoopback, version, timeLimitMs = TIME_LIMIT_MS, resolve = resolveName, extraCa }: WebhookOptions) {
    this.reach = { allowed, mayUseLoopback, resolve };
    this.timeLimitMs = timeLimitMs;
    this.version = version;
    this.ca = extraCa === undefined ? undefined : [...rootCertificates, extraCa];
  }

  /** The guard of `send`, for saving and testing an endpoint. @returns why the URL is refused */
  async check(url: string): Promise<string | undefined> {
    const found = await this.inTime((signal) => this.find(url, signal));
    return 'reason' in found ? found.reason : undefined;
  }

  /** Never rejects for what a receiver or the network does. */
  async send(delivery: Delivery): Promise<Attempt> {
    const startedAt = performance.now();
    const result = await this.inTime(async (signal) => {
      const found = await this.find(delivery.url, signal);
      if ('reason' in found) return found;
      const request = this.request(found, delivery);
      return 'reason' in request ? request : exchange(request, delivery.body, signal);
    });
    return { ...result, latencyMs: Math.round(performance.now() - startedAt) };
  }

  private async inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, this.timeLimitMs);
    try {
      return await work(limit.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  /** A resolver cannot be stopped; its answer is not waited for beyond the limit. */
  private find(url: string, signal: AbortSignal): Promise<Destination | Refusal> {
    const late = new Promise<Refusal>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ outcome: 'retry', reason: 'the name could not be resolved within the time limit' });
      });
    });
    return Promise.race([findDestination(url, this.reach), late]);
  }

  private request({ url, host, addresses }: Destination, delivery: Delivery): http.ClientRequest | Result {
    const { Agent, request } = url.protocol === 'https:' ? https : http;
    try {
      return request({
        method: 'POST',
        protocol: url.protocol,
        host,
        port: url.port,
        path: url.pathname + url.search,
        headers: this.headersOf(delivery),
        lookup: lookupIn(addresses),
        // One agent for one attempt: no connection and no TLS session outlives it or is shared.
        agent: new Agent({
          keepAlive: false,
          maxCachedSessions: 0,
          autoSelectFamily: true,
          autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_AFTER_MS,
        }),
        // Said although it is the default, because an environment variable turns the default off.
        rejectUnauthorized: true,
        ca: this.ca,
      });
    } catch (error) {
      if (/^ERR_INVALID_(?:CHAR|HTTP_TOKEN|HTTP_HEADER_VALUE)$/.test((error as NodeJS.ErrnoException).code ?? '')) {
        return { outcome: 'refused', reason: "one of the endpoint's headers cannot be sent" };
      }
      throw error;
    }
  }

  private headersOf({ headers, body, id, secrets }: Delivery): Record<string, string> {
    const timestamp = Math.floor(Date.now() / 1_000);
    return {
      ...Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADER.test(name))),
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': `why401/${this.version}`,
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      ...(secrets.length === 0 ? {} : { 'webhook-signature': sign({ id, timestamp, body, secrets }) }),
    };
  }
}

/** Answers with the checked addresses alone, so that none other can be dialled. Node asks for all of them or for one. */
function lookupIn(addresses: readonly LookupAddress[]): LookupFunction {
  return (_name, { all }, callback) => {
    const [first] = addresses;
    if (all === true) callback(null, [...addresses]);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/**
 * Sends the body and waits for the answer to end, to grow too long, or for the time to be up. Once the status is known it
 * decides alone: a receiver that said 200 has the message, whatever becomes of the rest of its answer.
 */
function exchange(request: http.ClientRequest, body: string, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve) => {
    let answer: Result | undefined;
    const end = (result: Result): void => {
      request.destroy();
      resolve(result);
    };
    signal.addEventListener('abort', () => {
      end(answer ?? OUT_OF_TIME);
    });
    request.on('error', (error) => {
      end(answer ?? { outcome: 'retry', reason: failureOf(error) });
    });
    // Without an error where the answer is a switch of protocols: Node hangs up.
    request.on('close', () => {
      end(answer ?? { outcome: 'retry', reason: 'the connection was closed before an answer came' });
    });
    request.on('response', (response) => {
      const judged = judge(response);
      answer = judged;
      drain(response, () => {
        end(judged);
      });
    });
    request.end(body);
  });
}

function judge({ statusCode: status = 0, headers }: http.IncomingMessage): Result {
  const reason = `answered ${String(status)}`;
  if (status >= 200 && status < 300) return { outcome: 'delivered', status, reason };
  if (status >= 300 && status < 400) return { outcome: 'retry', status, reason: `${reason}; redirects are not followed` };
  if (status === 410) return { outcome: 'gone', status, reason: `${reason}; the receiver wants no more webhooks` };
  const asked = status === 429 || status === 503 ? retryAfterMs(headers['retry-after'] ?? '', Date.now()) : undefined;
  return { outcome: 'retry', status, reason, ...(asked === undefined ? {} : { retryAfterMs: asked }) };
}

/** @param done may be called more than once */
function drain(response: http.IncomingMessage, done: () => void): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes >= MAX_BODY_BYTES) done();
  });
  response.on('error', done);
  response.on('close', done);
}
