/**
 * How a batch travels from receiver to worker. It says the same few texts for hundreds of signatures: each stands in it once, signatures are
 * one of few kinds and a route, and what is counted are lists of numbers, a row behind the other. Lists are texts too: PostgreSQL makes a decimal of each
 * number in a document, and writes it out again.
 *
 * A payload carries its version. A worker reads every version since the last release; one that it does not know fails for good and is kept.
 * Versions 1 to 4 were never released: nothing reads them.
 */
import { z } from 'zod';
import { SCHEMES } from '../core/credential.js';
import type { Folded, FoldedPortion, FoldedSignature } from '../core/fold.js';
import { rowsOf } from '../core/rows.js';
import { MAX_FACETS } from '../core/facet-counts.js';
import { floorTo, MINUTE_SECONDS } from '../core/levels.js';
import { memoByObject } from '../core/memo.js';
import type { Signature } from '../core/signature.js';

export const BATCH_VERSION = 5;

/** One folded batch of one project. */
export interface Batch extends Folded {
  /** UUID version 7; the same over all deliveries of the batch. */
  batchId: string;
  projectId: number;
}

const scheme = z.enum([...SCHEMES, '']);

const facts = z.object({
  statedCause: z.string().exactOptional(),
  exceptionType: z.string().exactOptional(),
  codes: z.array(z.string()).exactOptional(),
  tokenTiming: z.string().exactOptional(),
  credentialPresent: z.boolean().exactOptional(),
  credentialWellFormed: z.boolean().exactOptional(),
  headersCaptured: z.boolean().exactOptional(),
  challengeValid: z.boolean().exactOptional(),
  transport: z.enum(['http', 'https']).exactOptional(),
  crawler: z.string().exactOptional(),
  answered: z.enum(['body', 'challenge']).exactOptional(),
  challengedBy: z.enum(['origin', 'proxy', 'both']).exactOptional(),
  challengeFaults: z.array(z.string()).exactOptional(),
  leaks: z.array(z.string()).exactOptional(),
  credentialLogged: z.string().exactOptional(),
});

/** A list of whole numbers, see `packNumbers`. */
const numbers = z.base64();

const payload = z.object({
  version: z.literal(BATCH_VERSION),
  batchId: z.uuid(),
  projectId: z.int().positive(),
  /** Epoch seconds. Times and buckets are given from here on, times in milliseconds. */
  from: z.int(),
  texts: z.array(z.string()),
  schemes: z.array(scheme),
  facts: z.array(facts),
  /** Of the signatures, 8 bytes each. */
  ids: z.base64(),
  /** Signatures with a trace, and the traces, 16 bytes each. */
  traced: numbers,
  traceIds: z.base64(),
  /** What signatures share that differ in their route alone: service, environment, method, challenge, error code, template, scheme, facts, status. */
  kinds: numbers,
  /** Kind, route, first time and how much later the last one was. */
  signatures: numbers,
  /** Service, environment, route. */
  targets: numbers,
  values: z.array(z.string()),
  portions: z.array(
    z.object({
      id: z.uuid().nullable(),
      counts: numbers,
      tokenTimes: numbers,
      traffic: numbers,
      facets: numbers,
    }),
  ),
  /** Signature, bucket, kind. */
  sketched: numbers,
  sketches: z.array(z.base64()),
});

export type Payload = z.infer<typeof payload>;

type Numbers = readonly number[];
type Known = (projectId: number, id: string) => Signature | undefined;

/** What is in the lists of a payload. */
interface Lists {
  /** As hex digits. */
  ids: string;
  traceIds: string;
  traced: Numbers;
  kinds: Numbers;
  signatures: Numbers;
  targets: Numbers;
  sketched: Numbers;
  portions: FoldedPortion[];
}

/** In rows of so many numbers, the second of each by so much more. */
interface Shift {
  width: number;
  by: number;
}

/** The least and the largest that a number of a row may be. */
type Limits = readonly [least: number, most: number];

const ANY: Limits = [-Infinity, Infinity];
const COUNT: Limits = [1, Infinity];
/** Newer receivers may tell of more facets than this worker has names for. */
const FACET: Limits = [0, MAX_FACETS - 1];
const SLOT: Limits = [-300, 300];

export function packBatch({ batchId, projectId, signatures, targets, values, portions, sketches }: Batch): Payload {
  const texts = new Positions<string>();
  const schemes = new Positions<z.infer<typeof scheme>>();
  const allFacts = new Positions<z.infer<typeof facts>>();
  const kinds = new Positions<Signature>();
  const from = startOf(signatures, portions);
  const rows: number[] = [];
  const traced: number[] = [];
  for (const [index, { signature, firstMs, lastMs, traceId }] of signatures.entries()) {
    if (traceId !== undefined) traced.push(index);
    const first = Math.round(firstMs);
    rows.push(kinds.of(signature, kindOf(signature)), texts.of(signature.route), first - from * 1000, Math.round(lastMs) - first);
  }
  const kindRows = kinds.all.flatMap((one) => [
    ...[one.service, one.environment, one.method, one.challenge, one.errorCode, one.template].map((text) => texts.of(text)),
    ...[schemes.of(one.scheme), allFacts.of(one.facts, JSON.stringify(one.facts)), one.status],
  ]);
  return {
    ...{ version: BATCH_VERSION, batchId, projectId, from },
    ids: base64Of(signatures.map(({ id }) => id)),
    traced: packNumbers(traced),
    traceIds: base64Of(signatures.map(({ traceId }) => traceId ?? '')),
    kinds: packNumbers(kindRows),
    signatures: packNumbers(rows),
    targets: packNumbers(targets.flatMap(({ service, environment, route }) => [service, environment, route].map((text) => texts.of(text)))),
    values,
    portions: portions.map(({ id, counts, tokenTimes, traffic, facets }) => ({
      id,
      counts: packNumbers(counts, { width: 3, by: -from }),
      tokenTimes: packNumbers(tokenTimes),
      traffic: packNumbers(traffic, { width: 3, by: -from }),
      facets: packNumbers(facets, { width: 5, by: -from }),
    })),
    sketched: packNumbers(sketches.flatMap(([signature, bucket, kind]) => [signature, bucket - from, kind])),
    sketches: sketches.map(([, , , sketch]) => sketch),
    ...{ texts: texts.all, schemes: schemes.all, facts: allFacts.all },
  };
}

/** How many a payload has that can be read. */
export function signaturesIn(given: unknown): number {
  const { ids } = (given ?? {}) as { ids?: unknown };
  return typeof ids === 'string' ? Buffer.byteLength(ids, 'base64') / (ID_DIGITS / 2) : 0;
}

/**
 * @param known what is read already of a signature, by project and id
 * @returns the batch, or what is wrong with it in words
 */
export function readBatch(given: unknown, known: Known = () => undefined): Batch | string {
  const result = payload.safeParse(given);
  if (!result.success) return z.prettifyError(result.error).replace(/\s+/g, ' ').slice(0, 500);
  const { data } = result;
  const lists = listsOf(data);
  return isWithin(data, lists) ? unpacked(data, lists, known) : 'it counts what it does not have';
}

function listsOf({ from, ids, traceIds, traced, kinds, signatures, targets, sketched, portions }: Payload): Lists {
  return {
    ids: hexOf(ids),
    traceIds: hexOf(traceIds),
    traced: readNumbers(traced),
    kinds: readNumbers(kinds),
    signatures: readNumbers(signatures),
    targets: readNumbers(targets),
    sketched: readNumbers(sketched, { width: 3, by: from }),
    portions: portions.map(({ id, counts, tokenTimes, traffic, facets: classes }) => ({
      id,
      counts: readNumbers(counts, { width: 3, by: from }),
      tokenTimes: readNumbers(tokenTimes),
      traffic: readNumbers(traffic, { width: 3, by: from }),
      facets: readNumbers(classes, { width: 5, by: from }),
    })),
  };
}

function unpacked(given: Payload, { targets, portions, sketched, ...lists }: Lists, known: Known): Batch {
  const { batchId, projectId, texts, values, sketches } = given;
  const text = (position = 0): string => texts[position] ?? '';
  return {
    ...{ batchId, projectId, values, portions },
    signatures: signaturesOf(given, lists, known),
    targets: rowsOf(targets, 3).map(([service, environment, route]) => ({
      ...{ service: text(service), environment: text(environment), route: text(route) },
    })),
    sketches: rowsOf(sketched, 3).map(([signature = 0, bucket = 0, kind], index) => {
      return [signature, bucket, kind === 1 ? 1 : 0, sketches[index] ?? ''];
    }),
  };
}

function signaturesOf(
  { projectId, from, texts, schemes, facts: allFacts }: Payload,
  { ids, traceIds, kinds, signatures, traced }: Pick<Lists, 'ids' | 'traceIds' | 'kinds' | 'signatures' | 'traced'>,
  known: Known,
): FoldedSignature[] {
  const number = (at: number): number => signatures[at] ?? 0;
  const read = (kind: number, route: number): Signature => {
    const [service, environment, method, challenge, errorCode, template, scheme, facts, status] = kinds.slice(
      kind * KIND_NUMBERS,
      (kind + 1) * KIND_NUMBERS,
    );
    const text = (position = 0): string => texts[position] ?? '';
    return {
      service: text(service),
      environment: text(environment),
      route: text(route),
      method: text(method),
      status: status ?? 0,
      scheme: schemes[scheme ?? 0] ?? '',
      challenge: text(challenge),
      errorCode: text(errorCode),
      template: text(template),
      facts: allFacts[facts ?? 0] ?? {},
    };
  };
  const all = Array.from({ length: ids.length / ID_DIGITS }, (_, index): FoldedSignature => {
    const at = index * SIGNATURE_NUMBERS;
    const id = ids.slice(index * ID_DIGITS, (index + 1) * ID_DIGITS);
    const firstMs = from * 1000 + number(at + 2);
    return { id, signature: known(projectId, id) ?? read(number(at), number(at + 1)), firstMs, lastMs: firstMs + number(at + 3) };
  });
  for (const [index, position] of traced.entries()) {
    const one = all[position];
    if (one !== undefined) one.traceId = traceIds.slice(index * TRACE_DIGITS, (index + 1) * TRACE_DIGITS);
  }
  return all;
}

const SIGNATURE_NUMBERS = 4;
const KIND_NUMBERS = 9;
const ID_DIGITS = 16;
const TRACE_DIGITS = 32;

/** Whether positions are those of something, and every list is one of whole rows. */
function isWithin(
  { texts, schemes, facts: allFacts, values, sketches }: Payload,
  { ids, traceIds, traced, kinds, signatures, targets, portions, sketched }: Lists,
): boolean {
  const of = ({ length }: readonly unknown[]): Limits => [0, length - 1];
  const count = ids.length / ID_DIGITS;
  const [text, signature, target] = [of(texts), [0, count - 1] as const, [0, targets.length / 3 - 1] as const];
  const kind = [0, kinds.length / KIND_NUMBERS - 1] as const;
  const counted = [signature, ANY, COUNT];
  const timed = [signature, SLOT, COUNT];
  const passed = [target, ANY, COUNT];
  const classed = [signature, ANY, FACET, of(values), COUNT];
  return (
    Number.isInteger(count) &&
    fit(kinds, [text, text, text, text, text, text, of(schemes), of(allFacts), [0, 999]]) &&
    fit(signatures, [kind, text, ANY, [0, Infinity]]) &&
    signatures.length === count * SIGNATURE_NUMBERS &&
    fit(traced, [signature]) &&
    traceIds.length === traced.length * TRACE_DIGITS &&
    fit(targets, [text, text, text]) &&
    fit(sketched, [signature, ANY, [0, 1]]) &&
    sketched.length === 3 * sketches.length &&
    portions.every(
      ({ counts, tokenTimes, traffic, facets }) =>
        fit(counts, counted) && fit(tokenTimes, timed) && fit(traffic, passed) && fit(facets, classed),
    )
  );
}

function fit(list: Numbers, columns: readonly Limits[]): boolean {
  const width = columns.length;
  if (list.length % width !== 0) return false;
  for (const [column, [least, most]] of columns.entries())
    for (let at = column; at < list.length; at += width) if (!((list[at] ?? 0) >= least && (list[at] ?? 0) <= most)) return false;
  return true;
}

/** When the batch begins, to the minute, epoch seconds. */
function startOf(signatures: readonly FoldedSignature[], portions: readonly FoldedPortion[]): number {
  let first = Infinity;
  for (const { firstMs } of signatures) first = Math.min(first, firstMs / 1000);
  for (const { traffic } of portions) for (let at = 1; at < traffic.length; at += 3) first = Math.min(first, traffic[at] ?? first);
  return first === Infinity ? 0 : floorTo(first, MINUTE_SECONDS);
}

/** Seven bits to a byte, the lowest first, as protobuf has numbers (its sint64), in base64. */
function packNumbers(list: Numbers, { width, by }: Shift = AS_IT_STANDS): string {
  if (list.length === 0) return '';
  const bytes = Buffer.allocUnsafe(list.length * MOST_BYTES);
  let at = 0;
  for (let index = 0, column = 0; index < list.length; index += 1, column = column + 1 === width ? 0 : column + 1) {
    const number = (list[index] ?? 0) + (column === 1 ? by : 0);
    let rest = number < 0 ? -2 * number - 1 : 2 * number;
    // Most numbers are small.
    for (; rest >= 0x80 && rest <= 0x7fff_ffff; rest >>>= 7) bytes[at++] = (rest & 0x7f) | 0x80;
    while (rest >= 0x80) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
  }
  return bytes.toString('base64', 0, at);
}

/** Of a number that a double holds. */
const MOST_BYTES = 8;
const AS_IT_STANDS: Shift = { width: 1, by: 0 };

/** @returns numbers that are no whole ones, or too large, as NaN: they are within no limits */
function readNumbers(text: string, { width, by }: Shift = AS_IT_STANDS): number[] {
  if (text === '') return [];
  const bytes = Buffer.from(text, 'base64');
  // Of its length from the start: growing it would take more memory than it.
  const list = new Array<number>(endsIn(bytes));
  let length = 0;
  let number = 0;
  let scale = 1;
  let column = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80 || scale > 1) {
      number += (byte & 0x7f) * scale;
      scale *= 0x80;
      if (byte >= 0x80) continue;
      if (number > 2 * Number.MAX_SAFE_INTEGER) number = NaN;
      number = number % 2 === 0 ? number / 2 : -(number + 1) / 2;
    } else number = (byte & 1) === 0 ? byte >> 1 : -(byte + 1) >> 1;
    list[length] = column === 1 ? number + by : number;
    length += 1;
    column = column + 1 === width ? 0 : column + 1;
    number = 0;
    scale = 1;
  }
  if (scale > 1) list.push(NaN);
  return list;
}

/** How many numbers end in it. */
function endsIn(bytes: Buffer): number {
  let ends = 0;
  for (let at = 0; at < bytes.length; at += 1) if ((bytes[at] ?? 0) < 0x80) ends += 1;
  return ends;
}

function base64Of(ids: readonly string[]): string {
  return Buffer.from(ids.join(''), 'hex').toString('base64');
}

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

const kindOf = memoByObject((signature: Signature) => JSON.stringify({ ...signature, route: '' }));

/** Each once, in the order of their first coming. */
class Positions<T> {
  readonly all: T[] = [];
  private readonly positions = new Map<unknown, number>();

  /** @param name the same for equal ones */
  of(one: T, name: unknown = one): number {
    const known = this.positions.get(name);
    if (known !== undefined) return known;
    this.positions.set(name, this.all.length);
    return this.all.push(one) - 1;
  }
}
