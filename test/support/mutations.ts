/** OTLP requests with bytes changed at random: what a decoder meets on a broken or hostile line. */
import { WireError } from '../../src/core/wire/protobuf.js';
import { RecordReader } from '../../src/core/record-reader.js';
import { otlpRecords } from '../../src/ingest/otlp.js';
import { encodeRequest, requestOf } from './otlp-messages.js';

const BODIES = [
  encodeRequest(
    requestOf([{ body: 'jwt expired', attributes: { 'http.response.status_code': 401, list: [1, { a: 'b' }] } }], { 'service.name': 's' }),
  ),
  encodeRequest(
    requestOf(
      [
        { timeNano: '1790000000000000000', body: { log: 'GET / HTTP/1.1" 403 0' }, attributes: { 'exception.type': 'TokenExpiredError' } },
        { observedNano: '1', attributes: { half: 0.5, yes: true, 'why401.cause': 'expired_token' }, eventName: 'why401.auth_failure' },
      ],
      { 'service.name': 't', nested: { a: { b: [] } } },
    ),
  ),
];

export interface FuzzResult {
  inputs: number;
  /** Answered with the decoder's own error. */
  refused: number;
  records: number;
}

/** @throws whatever is not the decoder's own error, with the bytes that did it */
export function fuzz(inputs: number, seed: number, progress: (done: number) => void = () => undefined): FuzzResult {
  const reader = new RecordReader(
    (bytes, start, end) => (bytes as Buffer).toString('utf8', start, end),
    (size) => Buffer.alloc(size),
  );
  let state = seed;
  const below = (limit: number): number => ((state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) >>> 8) % limit;
  const result: FuzzResult = { inputs, refused: 0, records: 0 };
  for (let run = 0; run < inputs; run += 1) {
    const bytes = Buffer.from(BODIES[run % BODIES.length] ?? '');
    for (let change = below(4); change >= 0; change -= 1) bytes[below(bytes.length)] = below(256);
    const body = bytes.subarray(0, below(3) === 0 ? below(bytes.length) : bytes.length);
    try {
      for (const read of otlpRecords(body, 'protobuf', reader, 0)) {
        if (read.error !== undefined) throw new Error('a record could not be read', { cause: read.error });
        result.records += 1;
      }
    } catch (error) {
      if (!(error instanceof WireError)) throw new Error(`input ${body.toString('hex')}`, { cause: error });
      result.refused += 1;
    }
    if (run % 100_000 === 0) progress(run);
  }
  return result;
}
