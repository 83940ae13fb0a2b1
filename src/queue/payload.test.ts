import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Fold, Portion, Traffic } from '../core/fold.js';
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
    fold.add(portion.sum(RULES.pseudonym), index % 2 === 0 ? null : ID, traffic);
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
      fc.nat(90_000_000),
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
    expect((length({ ...few, signatures: many }) - length(few)) / 999).toBeLessThan(120);
  });

  it('is refused where it names what it does not have, or is no payload of this version', () => {
    const packed = packBatch(
      batchOf([
        [
          ['jwt expired', 0, '192.0.2.1'],
          ['Wrong password', 1, '192.0.2.2'],
        ],
      ]),
    );
    expect(typeof readBatch(asItArrives(packed))).toBe('object');
    const [portion] = packed.portions;
    if (portion === undefined) throw new Error('there is no portion');
    const { signatures, sketched, targets } = packed;
    const within = (changed: Partial<typeof portion>): Payload => ({ ...packed, portions: [{ ...portion, ...changed }] });
    const wrong: Payload[] = [
      { ...packed, texts: packed.texts.slice(1) },
      { ...packed, schemes: [] },
      { ...packed, facts: [] },
      { ...packed, values: [] },
      { ...packed, ids: packed.ids.slice(1) },
      { ...packed, traceIds: [] },
      { ...packed, targets: [...targets, 0] },
      { ...packed, targets: [] },
      { ...packed, sketched: [...sketched, 0, 0, 2] },
      { ...packed, sketches: [] },
      { ...packed, signatures: signatures.slice(1) },
      { ...packed, signatures: signatures.with(9, 1_000) },
      { ...packed, signatures: signatures.with(0, -1) },
      within({ counts: [2, 0, 1] }),
      within({ counts: [0, 0, 0] }),
      within({ counts: [0, 0] }),
      within({ tokenTimes: [0, 301, 1] }),
      within({ traffic: [1, 0, 1] }),
      within({ facets: [0, 0, 100, 0, 1] }),
      within({ facets: [0, 0, 0, packed.values.length, 1] }),
    ];
    for (const [index, payload] of wrong.entries())
      expect([index, readBatch(asItArrives(payload))]).toEqual([index, expect.stringContaining('does not have')]);
    expect(readBatch({ ...packed, signatures: signatures.with(0, 0.5) })).toContain('is no list of whole numbers → at signatures');
    expect(readBatch({ ...packed, version: BATCH_VERSION + 1 })).toContain(`expected ${String(BATCH_VERSION)} → at version`);
    expect(readBatch(undefined)).toContain('expected object');
  });
});
