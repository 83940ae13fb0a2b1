import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { Distinct } from './distinct.js';
import { Fold, type Folded } from './fold.js';
import { CountedSignatures, Portion, tracer, Traffic } from './portion.js';
import { rowsOf } from './rows.js';
import { readRecord, type Refusal } from './refusal.js';
import type { Attributes } from './log-record.js';

const tracesOf = tracer((kind, text) => createHash('sha256').update(`${kind} ${text}`).digest().readUInt32BE());

function refusal(attributes: Attributes): Refusal {
  const reading = readRecord({
    timeMs: 0,
    body: 'jwt expired',
    attributes: { 'http.response.status_code': 401, ...attributes },
    resource: { 'service.name': 'shop' },
  });
  if (reading.kind !== 'refusal') throw new Error(`read as ${reading.kind}`);
  return reading;
}

function folded(portions: readonly Portion[], traffic?: Traffic): Folded {
  const fold = new Fold();
  for (const portion of portions) fold.add(portion.sum(tracesOf), null, traffic);
  return fold.seal((key) => key);
}

describe('a portion in a fold', () => {
  const sorted = (counts: readonly number[]): number[][] => rowsOf(counts, 3).sort(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);

  it('counts per signature and 10 seconds, and keeps first and last', () => {
    const portion = new Portion();
    const [a, b] = [refusal({ 'http.route': '/a' }), refusal({ 'http.route': '/b' })];
    for (const time of [10_000, 19_999, 20_000, 5_000]) portion.add({ ...a, tokenOffset: 7 }, time);
    portion.add({ ...b, signature: { ...b.signature } }, 7_000);
    portion.add(b, 7_000);
    const other = new Portion();
    other.add({ ...b, signature: { ...b.signature } }, 99_000);
    const fold = new Fold();
    const sum = portion.sum(tracesOf);
    fold.add(sum, 'one');
    fold.add(other.sum(tracesOf), null);
    expect([sum.weight, fold.weight]).toEqual([2, 2]);
    const { signatures, portions } = fold.seal((key) => String(key.length));
    expect(signatures).toMatchObject([
      { signature: a.signature, firstMs: 5_000, lastMs: 20_000 },
      { signature: b.signature, firstMs: 7_000, lastMs: 99_000 },
    ]);
    expect(portions.map(({ id, counts }) => [id, sorted(counts)])).toEqual([
      [
        'one',
        [
          [0, 0, 1],
          [0, 10, 2],
          [0, 20, 1],
          [1, 0, 2],
        ],
      ],
      [null, [[1, 90, 1]]],
    ]);
    expect(portions[0]?.tokenTimes).toEqual([0, expect.any(Number), 4]);
  });

  it('loses no record, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(fc.constantFrom('/a', '/b', '/c'), fc.nat({ max: 100_000 })))), (requests) => {
        const portions = requests.map((events) => {
          const portion = new Portion();
          for (const [route, time] of events) portion.add(refusal({ 'http.route': route }), time);
          return portion;
        });
        const counted = folded(portions).portions.map(({ counts }) => rowsOf(counts, 3).reduce((sum, [, , count = 0]) => sum + count, 0));
        expect(counted).toEqual(requests.map((events) => events.length));
      }),
    );
  });

  it('keeps of clients and users nothing but sketches, by signature and minute', () => {
    const portion = new Portion();
    for (let index = 0; index < 100; index += 1) {
      portion.add(
        refusal({ 'client.address': `203.0.113.${String(index % 20)}:${String(5_000 + index)}`, 'user.id': `u-${String(index)}` }),
        61_000,
      );
    }
    portion.add(refusal({ 'client.address': '2001:db8::1' }), 200_000);
    const batch = folded([portion]);
    const estimates = batch.sketches.map(([signature, minute, kind, sketch]) => {
      const distinct = new Distinct();
      distinct.merge(Buffer.from(sketch, 'base64'));
      return [signature, minute, kind, distinct.estimate()];
    });
    expect(estimates).toEqual([
      [0, 60, 0, 20],
      [0, 60, 1, 100],
      [0, 180, 0, 1],
    ]);
    expect(JSON.stringify(batch)).not.toMatch(/203\.0\.113\.\d*[1-9]|u-\d|db8::1/);
  });

  it('tells how many clients there were, however many, and of those that were told of no more', () => {
    const portions = Array.from({ length: 5 }, (_item, part) => {
      const portion = new Portion();
      for (let index = 0; index < 900; index += 1)
        portion.add(refusal({ 'client.address': `10.${String(part)}.${String(index >> 8)}.${String(index & 255)}` }), 61_000);
      return portion.sum(tracesOf);
    });
    expect(portions.map(({ sketched }) => sketched.length)).toEqual([3_600, 3_600, 3_600, 3_600, 3_600]);
    const fold = new Fold();
    for (const portion of portions) fold.add(portion, null);
    const all = new Distinct();
    for (const [, , , sketch] of fold.seal((key) => key).sketches) all.merge(Buffer.from(sketch, 'base64'));
    expect(Math.abs(all.estimate() / 4_500 - 1)).toBeLessThan(0.03);
    const noted: [string, number][] = [];
    const note = (id: string, slot: number): number => noted.push([id, slot]);
    // Clients of the second minute.
    expect(fold.seal((key) => key, { of: () => new Map([[2, all]]), note }).sketches).toEqual([]);
    expect(noted).toEqual([]);
    expect(fold.seal(() => 'id', { of: (id) => (id === 'id' ? new Map([[3, all]]) : undefined), note }).sketches).toHaveLength(1);
    expect(noted).toEqual([['id', 2]]);
  });

  it('counts facets over all signatures of a reason, in five minutes', () => {
    const portion = new Portion();
    for (const [route, pod] of [
      ['/a', 'shop-1'],
      ['/b', 'shop-1'],
      ['/b', 'shop-2'],
    ]) {
      portion.add(
        refusal({
          'http.route': route ?? '',
          'k8s.pod.name': pod ?? '',
          'why401.token.key_id': 'c3ab8ff13720e8ad9047dd39466b3c8974e592c2',
        }),
        301_000,
      );
    }
    const { portions, values } = folded([portion]);
    const { facets } = portions[0] ?? { facets: [] };
    expect(
      rowsOf(facets, 5).map(([signature, bucket, facet, value = 0, count]) => [signature, bucket, facet, values[value], count]),
    ).toEqual([
      [0, 300, 0, 'shop-1', 2],
      [0, 300, 5, expect.stringMatching(/^~[0-9a-f]{8}$/), 3],
      [0, 300, 0, 'shop-2', 1],
    ]);
  });

  it('gives text that a database can store, whatever the sender wrote', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('\ud800', '\udc00', '\u0000', 'a', '/', '😀'), maxLength: 200 }),
      // A character of two code units across every place where a text may be cut.
      fc.nat({ max: 210 }).map((length) => `${'v'.repeat(length)}${'😀'.repeat(3)}`),
      fc.nat({ max: 210 }).map((length) => `https://id.example.com/${'v/'.repeat(length / 2)}${'😀'.repeat(3)}`),
    );
    const names = fc.constantFrom(
      'service.name',
      'deployment.environment.name',
      'service.version',
      'k8s.pod.name',
      'user_agent.original',
      'why401.token.issuer',
      'why401.token.key_id',
      'http.route',
      'url.path',
      'error_code',
      'exception.type',
      'exception.message',
      'http.response.header.www-authenticate',
      'event.name',
    );
    fc.assert(
      fc.property(fc.dictionary(names, text), text, (attributes, body) => {
        const reading = readRecord({ timeMs: 0, body, attributes: { ...attributes, 'http.response.status_code': 401 }, resource: {} });
        if (reading.kind !== 'refusal') return;
        const portion = new Portion();
        portion.add(reading, 0);
        const traffic = new Traffic();
        traffic.add(reading.target, 0);
        expect(JSON.stringify(folded([portion], traffic))).not.toMatch(/\\ud[89a-f][0-9a-f]{2}|\\u0000/);
      }),
      { numRuns: 2_000 },
    );
  });

  it('weighs what it holds: minutes and facets beside signatures', () => {
    const weightOf = (count: number, at: (index: number) => [Attributes, number]): number => {
      const portion = new Portion();
      for (let index = 0; index < count; index += 1) {
        const [attributes, time] = at(index);
        portion.add(refusal(attributes), time);
      }
      return portion.sum(tracesOf).weight;
    };
    expect(weightOf(801, () => [{}, 0])).toBe(1);
    expect(weightOf(801, (index) => [{}, index * 60_000])).toBe(101);
    expect(weightOf(48, (index) => [{ 'service.version': `1.${String(index)}` }, 0])).toBe(4);
    const traffic = new Traffic();
    for (let index = 0; index < 1_598; index += 1) traffic.add({ service: 's', environment: '', route: '' }, (index % 799) * 60_000);
    expect(traffic.weight).toBe(100);
    expect(rowsOf(traffic.rows, 3).map(([, , count]) => count)).toEqual(Array.from({ length: 799 }, () => 2));
  });

  it('hands on what a signature comes to, however many objects said the same', () => {
    const portion = new Portion();
    for (let index = 0; index < 1_000; index += 1) portion.add(refusal({ 'http.route': '/a' }), index);
    expect(serialize(portion.sum(tracesOf)).length).toBeLessThan(2_000);
  });

  it('is as one made anew when it is filled again, also behind a request that was broken off', () => {
    const reused = new Portion();
    const refused = Array.from({ length: 40 }, (_item, index) =>
      refusal({
        'http.route': `/r${'abcdefgh'.charAt(index % 8)}`,
        'client.address': `10.0.0.${String(index % 5)}`,
        'service.version': `1.${String(index % 3)}`,
      }),
    );
    const record = fc.record({
      refused: fc.constantFrom(...refused),
      timeMs: fc.integer({ min: 0, max: 400_000 }),
      tokenOffset: fc.option(fc.integer({ min: -500, max: 500 }), { nil: undefined }),
      traceId: fc.option(fc.constantFrom('aa', 'bb'), { nil: undefined }),
    });
    const request = fc.record({ records: fc.array(record, { maxLength: 60 }), isBrokenOff: fc.boolean(), isEnded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(request, { maxLength: 5 }), (requests) => {
        for (const { records, isBrokenOff, isEnded } of requests) {
          const fresh = new Portion();
          reused.begin(new CountedSignatures());
          for (const one of records)
            for (const portion of [reused, fresh])
              portion.add(
                { ...one.refused, ...(one.tokenOffset === undefined ? {} : { tokenOffset: one.tokenOffset }) },
                one.timeMs,
                () => one.traceId,
              );
          if (!isBrokenOff) expect(reused.sum(tracesOf)).toEqual(fresh.sum(tracesOf));
          if (isEnded) reused.end();
        }
      }),
    );
  });

  it('holds as many signatures as there are', () => {
    const portion = new Portion();
    const one = refusal({});
    for (let round = 0; round < 2; round += 1)
      for (let index = 0; index < 5_000; index += 1)
        portion.add({ ...one, signature: { ...one.signature, route: `/${String(index)}` } }, 0);
    const { signatures, counts } = portion.sum(tracesOf);
    expect(signatures.all.map(({ route }) => route)).toEqual(Array.from({ length: 5_000 }, (_item, index) => `/${String(index)}`));
    expect(rowsOf(counts, 3).every(([, , count]) => count === 2)).toBe(true);
  });

  it('keeps a trace of each signature that has one', () => {
    const portion = new Portion();
    portion.add(refusal({ 'http.route': '/a' }), 0, () => undefined);
    portion.add(refusal({ 'http.route': '/a' }), 0, () => 'aa');
    portion.add(refusal({ 'http.route': '/b' }), 0);
    const later = new Portion();
    later.add(refusal({ 'http.route': '/a' }), 0, () => 'bb');
    expect(folded([portion, later]).signatures.map(({ traceId }) => traceId)).toEqual(['bb', undefined]);
  });

  it('sums facet values up that are too many, and loses none', () => {
    const portion = new Portion();
    for (let index = 0; index < 300; index += 1) portion.add(refusal({ 'service.version': `1.${String(index < 100 ? 0 : index)}` }), 0);
    const batch = folded([portion]);
    const counts = rowsOf(batch.portions[0]?.facets ?? [], 5).map(([, , , value = 0, count = 0]) => [batch.values[value], count] as const);
    expect(counts).toHaveLength(51);
    expect(counts).toContainEqual(['1.0', 100]);
    expect(counts).toContainEqual(['__other__', 151]);
    expect(counts.reduce((sum, [, count]) => sum + count, 0)).toBe(300);
  });
});

describe('traffic of a request', () => {
  it('is counted by target and minute', () => {
    const traffic = new Traffic();
    const target = { service: 'shop', environment: 'prod', route: '/a' };
    for (const time of [0, 59_999, 60_000]) traffic.add(target, time);
    traffic.add({ ...target }, 1);
    traffic.add(refusal({ 'http.route': '/b' }).target, 1);
    const batch = folded([new Portion()], traffic);
    expect(batch.targets).toEqual([target, { service: 'shop', environment: '', route: '/b' }]);
    expect(rowsOf(batch.portions[0]?.traffic ?? [], 3)).toEqual([
      [0, 0, 3],
      [0, 60, 1],
      [1, 0, 1],
    ]);
  });

  it('stays in bounds when every path is another one, and loses none', () => {
    const traffic = new Traffic();
    for (let index = 0; index < 30_000; index += 1) traffic.add({ service: 'shop', environment: '', route: `/r${String(index)}` }, 0);
    for (let index = 0; index < 30_000; index += 1) traffic.add({ service: `s${String(index)}`, environment: '', route: '/' }, 0);
    for (let index = 0; index < 30_000; index += 1) traffic.add({ service: 'shop', environment: `e${String(index)}`, route: '/' }, 0);
    expect(traffic.targets.length).toBeLessThan(2_100);
    expect(rowsOf(traffic.rows, 3).reduce((sum, [, , count = 0]) => sum + count, 0)).toBe(90_000);
    expect(traffic.targets).toContainEqual({ service: '__other__', environment: '__other__', route: '__other__' });
  });
});
