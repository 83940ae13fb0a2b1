import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fold } from '../core/fold.js';
import { Portion, tracer, Traffic } from '../core/portion.js';
import { readRecord } from '../core/refusal.js';
import { refusal, RULES } from '../../test/support/service.js';
import { BATCH_VERSION, packBatch, readBatch, type Batch, type Payload } from './payload.js';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
const NOW = 1_796_000_000_000;

/** Of requests of so many records each: reason, how long ago, client. */
function batchOf(requests: readonly (readonly [reason: string, agoMs: number, client: string][])[]): Batch {
  const fold = new Fold();
  for (const [index, records] of requests.entries()) {
    const portion = new Portion();
    const traffic = new Traffic();
    for (const [reason, agoMs, client] of records) {
      const record = refusal(reason, NOW - agoMs);
      const reading = readRecord({
        ...record,
        attributes: { ...record.attributes, 'client.address': client, 'auth.token.exp': (NOW - 9_000) / 1000 },
      });
      if (reading.kind !== 'refusal') continue;
      portion.add(reading, NOW - agoMs, () => (agoMs % 2 === 0 ? 'ab'.repeat(16) : undefined));
      traffic.add(reading.target, NOW - agoMs);
    }
    fold.add(portion.sum(tracer(RULES.pseudonym)), index % 2 === 0 ? null : ID, traffic);
  }
  let next = 0;
  return { batchId: ID, projectId: 7, ...fold.seal(() => (next++).toString(16).padStart(16, '0')) };
}

function asItArrives(payload: Payload): unknown {
  return JSON.parse(JSON.stringify(payload));
}

describe('payload of a batch', () => {
  it('is read as it was packed', () => {
    const record = fc.tuple(
      fc.constantFrom('jwt expired', 'Wrong password', 'Missing authorization header', 'invalid signature'),
      fc.nat(30_000_000_000),
      fc.ipV4(),
    );
    fc.assert(
      fc.property(fc.array(fc.array(record, { maxLength: 8 }), { maxLength: 4 }), (requests) => {
        const batch = batchOf(requests);
        expect(readBatch(asItArrives(packBatch(batch)))).toEqual(batch);
      }),
      { numRuns: 300 },
    );
  });

  it('is no longer by what its signatures share', () => {
    const few = batchOf([[['jwt expired', 0, '']]]);
    const [one] = few.signatures;
    if (one === undefined) throw new Error('there is no signature');
    const many = Array.from({ length: 1_000 }, (_, index) => ({ ...one, id: index.toString(16).padStart(16, '0') }));
    const length = (batch: Batch): number => JSON.stringify(packBatch(batch)).length;
    expect((length({ ...few, signatures: many }) - length(few)) / 999).toBeLessThan(45);
  });

  it('is refused where it names what it does not have, or is no payload of this version', () => {
    const batch = batchOf([
      [
        ['jwt expired', 0, '192.0.2.1'],
        ['Wrong password', 1, '192.0.2.2'],
      ],
    ]);
    const packed = packBatch(batch);
    const [portion] = batch.portions;
    const [first, second] = batch.signatures;
    if (portion === undefined || first === undefined || second === undefined) throw new Error('there is no portion of two signatures');
    expect(typeof readBatch(asItArrives(packed))).toBe('object');
    const within = (changed: Partial<typeof portion>): Payload => packBatch({ ...batch, portions: [{ ...portion, ...changed }] });
    const wrong: Payload[] = [
      { ...packed, texts: packed.texts.slice(1) },
      { ...packed, schemes: [] },
      { ...packed, facts: [] },
      { ...packed, values: [] },
      { ...packed, ids: Buffer.from(packed.ids, 'base64').subarray(8).toString('base64') },
      { ...packed, ids: Buffer.from(packed.ids, 'base64').subarray(1).toString('base64') },
      { ...packed, kinds: '' },
      { ...packed, traceIds: '' },
      { ...packed, traced: '' },
      { ...packed, targets: '' },
      { ...packed, targets: 'AAA=' },
      { ...packed, sketched: '' },
      { ...packed, sketches: [] },
      { ...packed, signatures: packed.signatures.slice(4) },
      packBatch({ ...batch, signatures: [{ ...first, lastMs: first.firstMs - 1 }, second] }),
      // The last byte of a number is missing, and one of 63 bits.
      { ...packed, traced: Buffer.from([0x80]).toString('base64') },
      { ...packed, traced: Buffer.from([...Array<number>(8).fill(0xff), 0x7f]).toString('base64') },
      packBatch({ ...batch, signatures: [{ ...first, signature: { ...first.signature, status: 1_000 } }, second] }),
      within({ counts: [2, 0, 1] }),
      within({ counts: [-1, 0, 1] }),
      within({ counts: [0, 0, 0] }),
      within({ counts: [0, 0] }),
      within({ tokenTimes: [0, 301, 1] }),
      within({ traffic: [1, 0, 1] }),
      within({ facets: [0, 0, 100, 0, 1] }),
      within({ facets: [0, 0, 0, batch.values.length, 1] }),
    ];
    for (const [index, payload] of wrong.entries())
      expect([index, readBatch(asItArrives(payload))]).toEqual([index, expect.stringContaining('does not have')]);
    expect(readBatch({ ...packed, ids: 'x' })).toContain('at ids');
    expect(readBatch({ ...packed, version: BATCH_VERSION + 1 })).toContain(`expected ${String(BATCH_VERSION)} → at version`);
    expect(readBatch(undefined)).toContain('expected object');
  });
});
