/**
 * What the load generator sends, scenario by scenario. A request is encoded once, by OpenTelemetry's own serialiser; once a second it
 * gets fresh times and numbers, and each one sent ends with a field of its own that no decoder knows, so that none is a repetition
 * and making load costs little of the machine that is measured.
 */
import { ProtobufLogsSerializer } from '@opentelemetry/otlp-transformer';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pick, randomOf, zipf, type Random } from './chance.js';

/** A: all refusals; B: one refusal among a hundred records; C: requests of 1 to 10; D: every record refused in a way of its own; E: as A over gRPC; F: JSON events. */
export const SCENARIOS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
export type Scenario = (typeof SCENARIOS)[number];

export interface Request {
  body: Buffer;
  headers: Record<string, string>;
  records: number;
  refusals: number;
}

const SEED = 401;
const ROUTES = 40;
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const REASONS = [
  'jwt expired',
  'No authorization header',
  'invalid signature',
  'Wrong password',
  'Invalid API key',
  'jwt not active',
  'Session expired',
  'jwt malformed',
  'jwt audience invalid',
  'jwt issuer invalid',
];
/** Of all routes, methods and reasons. */
export const SIGNATURES = ROUTES * METHODS.length * REASONS.length;
const BATCH = 512;
/** Requests of one scenario that differ; each has refusals of its own draw. Small ones are many. */
const POOL = 16;
const POOL_OF_SMALL = 512;
/** One of so many draws is a signature that was not drawn yet. */
const DEALT = 4;
const REFUSED_OF_HUNDRED = 1;
const OTLP = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
/** Stand where each request gets its own. */
const TIME = 1_700_000_000_123_000_000n;
const NUMBER = '@@@@@@@@@@';
const FRESH_MS = 1_000;

interface Template {
  bytes: Buffer;
  times: number[];
  numbers: number[];
  records: number;
  refusals: number;
  packed: Buffer;
  packedMs: number;
}

export interface Kind {
  scenario: Scenario;
  service: string;
  /** Ways to be refused, but in D. */
  signatures: number;
}

/** @returns makes one request after another */
export function requestsOf({ scenario, service, signatures }: Kind): () => Request {
  const random = randomOf(SEED);
  const refusal = refusals(random, signatures);
  if (scenario === 'F') return jsonRequests(refusal, service);
  const templates = Array.from({ length: scenario === 'C' ? POOL_OF_SMALL : POOL }, (_, index) =>
    templateOf(recordsOf(scenario, { random, refusal, index }), service, scenario === 'D'),
  );
  let made = 0;
  return () => {
    const template = templates[made % templates.length];
    if (template === undefined) throw new Error('there is no template');
    made += 1;
    return scenario === 'D' ? hostile(template, random) : repeated(template, scenario === 'E');
  };
}

/** Ways to be refused are as unlike in frequency as words: a few make up most. So that rare ones come too, now and then the next one does. */
export function refusals(random: Random, signatures = SIGNATURES): () => Attributes {
  const weights = zipf(random, signatures, 1);
  const upTo: number[] = [];
  weights.forEach((weight, index) => upTo.push((upTo[index - 1] ?? 0) + weight));
  let [draws, dealt] = [0, 0];
  return () => {
    draws += 1;
    if (draws % DEALT === 0 && dealt < signatures) return refusalOf((dealt += 1) - 1, random);
    const drawn = random() * (upTo.at(-1) ?? 0);
    return refusalOf(firstAbove(upTo, drawn), random);
  };
}

function refusalOf(signature: number, random: Random): Attributes {
  return {
    'http.request.method': METHODS[Math.floor(signature / ROUTES) % METHODS.length] ?? '',
    'http.route': `/api/v1/resource-${String(signature % ROUTES)}/{id}`,
    'http.response.status_code': 401,
    'exception.type': 'AuthError',
    'exception.message': `${REASONS[Math.floor(signature / ROUTES / METHODS.length)] ?? ''} (request ${NUMBER})`,
    'client.address': `203.0.113.${String(Math.floor(random() * 250))}`,
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36',
  };
}

function passedOf(random: Random): Attributes {
  const seen = { 'client.address': `203.0.113.${String(Math.floor(random() * 250))}`, 'request.id': NUMBER };
  if (random() < 0.5) return { 'code.function': pick(random, ['reserve', 'charge', 'ship']), ...seen };
  const route = `/api/v1/resource-${String(Math.floor(random() * ROUTES))}/{id}`;
  return { 'http.request.method': 'GET', 'http.route': route, 'http.response.status_code': 200, ...seen };
}

type Attributes = Record<string, string | number>;

interface Line {
  body: string;
  attributes: Attributes;
  isRefusal: boolean;
}

function recordsOf(scenario: Scenario, { random, refusal, index }: { random: Random; refusal: () => Attributes; index: number }): Line[] {
  const length = scenario === 'C' ? 1 + (index % 10) : BATCH;
  return Array.from({ length }, (_, at) => {
    if (scenario === 'B' && at % 100 >= REFUSED_OF_HUNDRED) {
      return { body: `order ${NUMBER} written`, attributes: passedOf(random), isRefusal: false };
    }
    const attributes = refusal();
    // The name of a route is taken as it is: each is a signature of its own.
    return {
      body: 'request refused',
      attributes: scenario === 'D' ? { ...attributes, 'http.route': `/${NUMBER}` } : attributes,
      isRefusal: true,
    };
  });
}

function templateOf(records: readonly Line[], service: string, isHostile: boolean): Template {
  const memory = new InMemoryLogRecordExporter();
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({ 'service.name': service }),
    processors: [new SimpleLogRecordProcessor({ exporter: memory })],
  });
  const logger = provider.getLogger('bench');
  const timestamp: [number, number] = [Number(TIME / 1_000_000_000n), Number(TIME % 1_000_000_000n)];
  for (const { body, attributes } of records) logger.emit({ timestamp, body, attributes });
  const bytes = Buffer.from(ProtobufLogsSerializer.serializeRequest(memory.getFinishedLogRecords()) ?? []);
  const time = Buffer.alloc(8);
  time.writeBigUInt64LE(TIME);
  const times = placesOf(bytes, time);
  const numbers = placesOf(bytes, Buffer.from(NUMBER));
  if (times.length !== records.length || numbers.length < records.length * (isHostile ? 2 : 1))
    throw new Error('cannot find the places of times and numbers in the request');
  const refused = records.filter(({ isRefusal }) => isRefusal).length;
  return { bytes, times, numbers, records: records.length, refusals: refused, packed: bytes, packedMs: -Infinity };
}

function placesOf(bytes: Buffer, wanted: Buffer): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, at + wanted.length)) places.push(at);
  return places;
}

let written = 0;

/** Two members of one gzip file: the records, compressed once a second, and the field that makes the request another one. gRPC has the plain bytes. */
function repeated(template: Template, isGrpc: boolean): Request {
  const nowMs = performance.now();
  const { bytes, times, numbers, records } = template;
  if (nowMs - template.packedMs > FRESH_MS) {
    stamp(bytes, times);
    for (const at of numbers) bytes.write(String((written += 1)).padStart(NUMBER.length, '0'), at);
    template.packed = isGrpc ? Buffer.from(bytes) : gzipSync(bytes, { level: 1 });
    template.packedMs = nowMs;
  }
  // Field 1000, length-delimited.
  const field = Buffer.concat([Buffer.from([0xc2, 0x3e, 16]), randomBytes(16)]);
  return {
    body: Buffer.concat([template.packed, isGrpc ? field : gzipSync(field, { level: 0 })]),
    headers: OTLP,
    records,
    refusals: template.refusals,
  };
}

const LETTERS = 26;
const LOWER_A = 0x61;

/** Letters instead of numbers: nothing masks them. */
function hostile({ bytes, times, numbers, records }: Template, random: Random): Request {
  stamp(bytes, times);
  for (const at of numbers)
    for (let index = 0; index < NUMBER.length; index += 1) bytes[at + index] = LOWER_A + Math.floor(random() * LETTERS);
  return { body: gzipSync(bytes, { level: 1 }), headers: OTLP, records, refusals: records };
}

function stamp(bytes: Buffer, times: readonly number[]): void {
  const now = BigInt(Date.now()) * 1_000_000n;
  for (const at of times) bytes.writeBigUInt64LE(now, at);
}

function jsonRequests(refusal: () => Attributes, service: string): () => Request {
  const pool = Array.from({ length: POOL }, () => Array.from({ length: BATCH }, refusal));
  let made = 0;
  return () => {
    const time = new Date().toISOString();
    const events = (pool[made++ % POOL] ?? []).map((attributes) => ({
      ...{ time, service, method: attributes['http.request.method'], route: attributes['http.route'], status: 401 },
      reason: String(attributes['exception.message']).replace(NUMBER, String((written += 1))),
      ...{ client_ip: attributes['client.address'], user_agent: attributes['user_agent.original'] },
    }));
    return { body: Buffer.from(JSON.stringify(events)), headers: { 'content-type': 'application/json' }, records: BATCH, refusals: BATCH };
  };
}

function firstAbove(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
