/**
 * Reads the records of one request into portions: what is counted of them, how much that weighs, and what is told of those that are not
 * counted. What becomes of the portions is the intake's business.
 */
import { setImmediate as immediate } from 'node:timers/promises';
import { Traffic, type CountedSignatures, type Portion, type PortionSum, type Tracer } from '../core/portion.js';
import type { Reading } from '../core/refusal.js';
import { WireError } from '../core/wire/protobuf.js';
import { MAX_RECORDS, RequestBodyError } from './request-body.js';

/** Of one request: more different refusals are no service's failures, but values that nothing masks. */
const MAX_REQUEST_WEIGHT = 10_000;
/** A portion, and what is read without a pause: some 30 ms at most, after which other requests have their turn. Part of the portions' ids. */
const PORTION_RECORDS = 1_000;
const MAX_LISTED_REJECTIONS = 10_000;
/** How many weigh as much as a signature: some 100 bytes each. */
const REJECTIONS_PER_SIGNATURE = 20;

export const IGNORED: Reading = { kind: 'ignored' };

/** What was read of one record. */
export interface Read {
  reading: Reading;
  /** Epoch milliseconds. */
  timeMs: number;
  /** Asked right after the record was read. */
  traceId?: () => string | undefined;
  /** A mistake of ours: the record counts as rejected. */
  error?: unknown;
}

/** Reads one record. A mistake of ours about it must not cost its neighbours; bytes that are none end the request. */
export function readOne(timeMs: number, read: () => Reading, traceId?: () => string | undefined): Read {
  const one: Read = { reading: IGNORED, timeMs, ...(traceId === undefined ? {} : { traceId }) };
  readInto(one, timeMs, read);
  return one;
}

/** The same into an object that said another one. */
export function readInto(one: Read, timeMs: number, read: () => Reading): void {
  one.timeMs = timeMs;
  one.error = undefined;
  try {
    one.reading = read();
  } catch (error) {
    if (error instanceof WireError) throw error;
    one.reading = { kind: 'rejected', reason: 'cannot be read; the log of the service names why' };
    one.error = error;
  }
}

/**
 * The records of a request or of a part of it, in order; asking for the next one may throw, and then nothing of the request counts.
 * What was said of one is void as soon as the next one is asked for.
 */
export type Records = Iterable<Read>;

export interface Rejection {
  /** Position of the record in the request, from 0. */
  index: number;
  reason: string;
}

export interface IntakeResult {
  accepted: number;
  ignored: number;
  /** The first ones; `rejectedCount` tells of all. */
  rejected: Rejection[];
  rejectedCount: number;
}

/** The queue is away, or there is no room: the sender should come again. */
export class IntakeUnavailableError extends Error {
  readonly code = 'intake_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'IntakeUnavailableError';
  }
}

export interface NumberedPortion {
  portion: PortionSum;
  /** Place in the request, from 1. */
  index: number;
  /** Of the whole request, with its last portion. */
  traffic?: Traffic;
}

interface ReadingTools {
  /** To be filled again and again. */
  portion: Portion;
  tracesOf: Tracer;
  /** For records that are read without a pause. */
  placing: () => (read: Read) => Read;
  /** For the signatures of a portion. */
  counting: () => CountedSignatures;
  /** @returns false where there is no room for so much */
  hold: (weight: number) => boolean;
}

/** Reads one request, part by part, into portions. */
export class RequestReader {
  readonly result: IntakeResult = { accepted: 0, ignored: 0, rejected: [], rejectedCount: 0 };
  /** Weight that counts as held, in signatures. */
  taken = 0;
  /** The same with what there was no room for. */
  wanted = 0;
  private trafficTaken = 0;
  private readonly portions: NumberedPortion[] = [];
  private traffic = new Traffic();
  private rejectionsTaken = 0;
  private readonly portion: Portion;
  private records = 0;

  constructor(private readonly tools: ReadingTools) {
    this.portion = tools.portion;
    this.portion.begin(tools.counting());
  }

  async read(parts: Iterable<Records> | AsyncIterable<Records>): Promise<NumberedPortion[]> {
    for await (const records of parts) {
      let placed = this.tools.placing();
      for (const read of records) {
        this.take(placed(read));
        if (this.records > MAX_RECORDS)
          throw new RequestBodyError(413, `the request has more than the ${String(MAX_RECORDS)} records allowed; send smaller batches`);
        if (this.records % PORTION_RECORDS === 0) {
          this.close();
          await immediate();
          placed = this.tools.placing();
        }
      }
    }
    this.close();
    return this.numbered();
  }

  private take({ reading, timeMs, traceId }: Read): void {
    const { result } = this;
    if (reading.kind === 'refusal') {
      this.portion.add(reading, timeMs, traceId);
      if (reading.signature.status !== 0) this.traffic.add(reading.target, timeMs);
      result.accepted += 1;
    } else if (reading.kind === 'ignored') {
      if (reading.target !== undefined) this.traffic.add(reading.target, timeMs);
      result.ignored += 1;
    } else {
      result.rejectedCount += 1;
      if (result.rejected.length < MAX_LISTED_REJECTIONS) result.rejected.push({ index: this.records, reason: reading.reason });
    }
    this.records += 1;
  }

  private close(): void {
    const traffic = this.traffic.weight;
    const { isEmpty } = this.portion;
    const portion = this.portion.sum(this.tools.tracesOf);
    this.portion.begin(this.tools.counting());
    const rejections = Math.floor(this.result.rejected.length / REJECTIONS_PER_SIGNATURE);
    this.holdAll(portion.weight + traffic - this.trafficTaken + rejections - this.rejectionsTaken);
    this.trafficTaken = traffic;
    this.rejectionsTaken = rejections;
    if (isEmpty) return;
    this.portions.push({ portion, index: Math.ceil(this.records / PORTION_RECORDS) });
  }

  /** What was read, the traffic with the last portion. */
  private numbered(): NumberedPortion[] {
    const { traffic } = this;
    const portions = this.portions.splice(0);
    this.traffic = new Traffic();
    if (this.trafficTaken === 0) return portions;
    const last = portions.pop() ?? { portion: this.portion.sum(this.tools.tracesOf), index: 1 };
    return [...portions, { ...last, traffic }];
  }

  private holdAll(weight: number): void {
    if (this.taken + weight > MAX_REQUEST_WEIGHT) {
      const problem = `the request has more than ${String(MAX_REQUEST_WEIGHT)} different refusals, or lies in too many different minutes`;
      throw new RequestBodyError(413, `${problem}; send smaller batches`);
    }
    this.wanted = this.taken + weight;
    if (!this.tools.hold(weight)) throw new IntakeUnavailableError('too many refusals are waiting for the queue');
    this.taken += weight;
  }
}
