import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { explain, type Change, type ChangeRow, type FacetRow } from './attribution.js';

type Counts = [now: number, before: number];

/** `route=/a cause=x`: [now, before over all spans]; the reason is the cause. */
function rowsOf(counts: Record<string, Counts>): ChangeRow[] {
  return Object.entries(counts).map(([text, [now, before]]) => {
    const values = Object.fromEntries(text.split(' ').map((pair) => pair.split('=') as [string, string]));
    return { values, reason: values.cause ?? '', now, before };
  });
}

/** `x key_id=k`: the cause, and a facet of it. */
function facetsOf(counts: Record<string, Counts>): FacetRow[] {
  return Object.entries(counts).map(([text, [now, before]]) => {
    const [reason = '', dimension = '', value = ''] = text.split(/[ =]/);
    return { reason, dimension, value, now, before };
  });
}

/** Ten routes with two causes each, twenty records each; some are replaced. */
function usual(others: Record<string, Counts> = {}, before = 20): ChangeRow[] {
  const counts: Record<string, Counts> = {};
  for (let route = 0; route < 10; route += 1)
    for (const cause of ['x', 'y']) counts[`route=/${String(route)} cause=${cause}`] = [20, before];
  return rowsOf({ ...counts, ...others });
}

const named = ({ changes }: { changes: Change[] }): string[] =>
  changes.map(({ values }) => values.map(({ dimension, value }) => `${dimension}=${value}`).join(' & '));

describe('what is named', () => {
  it('is the value that grew, with its figures', () => {
    const explanation = explain(usual({ 'route=/3 cause=x': [120, 40], 'route=/3 cause=y': [120, 40] }, 40), [], 2);
    expect(explanation).toEqual({
      now: 600,
      before: 400,
      changes: [
        {
          values: [{ dimension: 'route', value: '/3' }],
          now: 240,
          before: 40,
          shareNow: 0.4,
          shareBefore: 0.1,
          lift: 240 / 40.25,
          explains: 1,
        },
      ],
    });
  });

  it('stays the same when one more record of another kind comes', () => {
    const facets = facetsOf({ 'x version=2': [120, 0], 'x version=1': [10, 1_560] });
    const rows = rowsOf({ 'environment=prod cause=x': [130, 1_560] });
    const stray = { reason: 'other', values: { environment: '', cause: 'x' }, now: 1, before: 0 };
    for (const spans of [20, 60, 104]) {
      expect(named(explain(rows, facets, spans))).toEqual(['version=2']);
      expect(named(explain([...rows, stray], facets, spans))).toEqual(['version=2']);
    }
  });

  it('is a pair where neither value grew without the other', () => {
    const even = usual({}, 20).map((row) => ({ ...row, now: 200, before: 200 }));
    const pair = even.map((row) => (row.values.route === '/3' && row.values.cause === 'x' ? { ...row, now: 2_000 } : row));
    expect(named(explain(pair, [], 1))).toEqual(['route=/3 & cause=x']);
    const both = even.map((row) => (row.values.route === '/3' ? { ...row, now: row.values.cause === 'x' ? 2_000 : 1_000 } : row));
    expect(named(explain(both, [], 1))).toEqual(['route=/3']);
  });

  it('is one value where another only holds it all', () => {
    const rows = rowsOf({ 'route=/1 method=GET': [400, 50], 'route=/2 method=GET': [50, 50], 'route=/3 method=POST': [50, 50] });
    expect(named(explain(rows, [], 1))).toEqual(['route=/1']);
  });

  it('is the parent where all of its children grew', () => {
    const rows = rowsOf({
      'service=a route=/1': [200, 40],
      'service=a route=/2': [200, 40],
      'service=a route=/3': [200, 40],
      'service=b route=/4': [40, 40],
      'service=c route=/5': [40, 40],
    });
    expect(named(explain(rows, [], 1))).toEqual(['service=a']);
  });

  it('is the child where it has nine tenths of what its parent has too much, though the parent surprises more', () => {
    const others = Object.fromEntries([...Array(10).keys()].map((at) => [`service=b route=/b${String(at)}`, [100, 100]]));
    const grown = (first: number): ChangeRow[] =>
      rowsOf({ 'service=a route=/1': [first, 20], 'service=a route=/2': [1_000 - first, 0], ...(others as Record<string, Counts>) });
    expect(named(explain(grown(930), [], 1))[0]).toBe('route=/1');
    expect(named(explain(grown(800), [], 1))[0]).toBe('service=a');
  });

  it('is what somebody can act on first where values are the same records', () => {
    const rows = rowsOf({
      'scheme=basic cause=x error_code=e1': [300, 20],
      'scheme=bearer cause=y error_code=e2': [100, 100],
      'scheme=bearer cause=z error_code=e3': [100, 100],
    });
    expect(named(explain(rows, [], 1))).toEqual(['cause=x']);
    const facets = facetsOf({ 'x version=v2': [300, 20], 'y version=v1': [100, 100], 'z version=v1': [100, 100] });
    expect(named(explain(rows, facets, 1))).toEqual(['version=v2']);
  });

  it('is two causes one after the other, each without the other one', () => {
    const { changes } = explain(
      usual({
        'route=/3 cause=x': [220, 20],
        'route=/3 cause=y': [220, 20],
        'route=/5 cause=x': [120, 20],
        'route=/5 cause=y': [120, 20],
      }),
      [],
      1,
    );
    expect(changes.map(({ values, now, explains }) => [values[0]?.value, now, Math.round(100 * explains)])).toEqual([
      ['/3', 440, 67],
      ['/5', 240, 33],
    ]);
  });

  it('is no more than three', () => {
    const grown = usual().map((row) => ({
      ...row,
      now: ['/1', '/2', '/3', '/4'].includes(row.values.route ?? '') ? 2_000 : 200,
      before: 200,
    }));
    expect(explain(grown, [], 1).changes).toHaveLength(3);
  });
});

describe('facets', () => {
  /** 300 more of cause x, all of them of one network. */
  const rows = usual({ 'route=/1 cause=x': [120, 20], 'route=/2 cause=x': [120, 20], 'route=/3 cause=x': [120, 20] });
  const grown = facetsOf({
    'x client_network=n1': [310, 10],
    'x client_network=n2': [190, 190],
    'y client_network=n1': [10, 10],
    'y client_network=n2': [190, 190],
  });

  it('are named where they surprise most, and the same excess is not named once more', () => {
    expect(named(explain(rows, grown, 1))).toEqual(['client_network=n1']);
  });

  it('leave the cause named where they are mixed as before', () => {
    const mixed = facetsOf({
      'x client_network=n1': [250, 100],
      'x client_network=n2': [250, 100],
      'y client_network=n1': [100, 100],
      'y client_network=n2': [100, 100],
    });
    const all = Object.fromEntries([...Array(10).keys()].map((route) => [`route=/${String(route)} cause=x`, [50, 20]]));
    expect(named(explain(usual(all as Record<string, Counts>), mixed, 1))).toEqual(['cause=x']);
  });

  it('that were beyond the limit before may have been as many as all that was', () => {
    const known = [...grown, ...facetsOf({ 'x client_network=__other__': [0, 0] })];
    expect(named(explain(rows, known, 1))[0]).toBe('client_network=n1');
    const capped = facetsOf({
      'x client_network=n1': [310, 0],
      'x client_network=__other__': [190, 200],
      'y client_network=n1': [10, 0],
      'y client_network=__other__': [190, 200],
    });
    expect(named(explain(rows, capped, 1))).not.toContain('client_network=n1');
  });

  it('never hold more than their reason, though they are counted over more time', () => {
    const { changes } = explain(
      rows,
      grown.map((one) => ({ ...one, now: 2 * one.now, before: 2 * one.before })),
      1,
    );
    expect(changes.map(({ values, now }) => [values[0]?.value, now])).toEqual([['n1', 320]]);
  });
});

describe('nobody is blamed', () => {
  it('for even growth', () => {
    expect(explain(usual({}, 4), [], 1).changes).toEqual([]);
  });

  it('for what did not grow', () => {
    expect(explain(usual({}, 40), [], 1).changes).toEqual([]);
    expect(explain([], [], 1)).toEqual({ now: 0, before: 0, changes: [] });
  });

  it('for what chance can do', () => {
    expect(explain(usual({ 'route=/3 cause=x': [34, 20] }), [], 1).changes).toEqual([]);
    expect(named(explain(usual({ 'route=/3 cause=x': [160, 20] }), [], 1))).toHaveLength(1);
  });

  it('for what grew less than half as much again as the rest', () => {
    const large = (now: number): ChangeRow[] =>
      usual({}, 20).map((row) => ({ ...row, now: row.values.route === '/3' ? now : 10_000, before: 10_000 }));
    expect(explain(large(14_000), [], 1).changes).toEqual([]);
    expect(named(explain(large(16_000), [], 1))).toEqual(['route=/3']);
  });

  it('for less than a tenth of the difference', () => {
    const rows = (now: number): ChangeRow[] => usual({}, 1_000).map((row) => ({ ...row, now: row.values.route === '/3' ? now : 3_000 }));
    expect(named(explain(rows(5_500), [], 1))).toEqual(['route=/3']);
    const small = [...usual({}, 1_000).map((row) => ({ ...row, now: 3_000 })), ...rowsOf({ 'route=/new cause=x': [2_000, 10] })];
    expect(explain(small, [], 1).changes).toEqual([]);
  });

  it('for what nearly everything has always had', () => {
    const rows = rowsOf({ 'status=401': [3_000, 950], 'status=407': [50, 50] });
    expect(explain(rows, [], 1).changes).toEqual([]);
  });

  it('for what stands for many values or for none', () => {
    const rest = rowsOf({ 'route=__other__ cause=': [500, 50], 'route=/1 cause=y': [50, 50], 'route=/2 cause=z': [50, 50] });
    expect(explain(rest, [], 1).changes).toEqual([]);
  });

  it('for a burst where everything comes in bursts', () => {
    const bursts = (scatter: number): ChangeRow[] =>
      Array.from({ length: 60 }, (_item, at) => ({
        values: { route: `/${String(at)}` },
        reason: 'x',
        now: at === 0 ? 220 : 100 + (at % 2 === 0 ? scatter : -scatter),
        before: 100,
      }));
    expect(named(explain(bursts(5), [], 1))).toEqual(['route=/0']);
    expect(explain(bursts(70), [], 1).changes).toEqual([]);
  });
});

describe('what is wholly new', () => {
  const rows = rowsOf({
    'route=/1 cause=x method=POST': [60, 0],
    'route=/2 cause=x method=POST': [38, 0],
    'route=/3 cause=x method=GET': [2, 0],
  });

  it('is described by what nearly all of it has, what somebody can act on first', () => {
    const facets = facetsOf({ 'x version=v2': [95, 0], 'x version=v1': [5, 0], 'x instance=i1': [50, 0], 'x instance=i2': [50, 0] });
    const { changes } = explain(rows, facets, 7);
    expect(named({ changes })).toEqual(['version=v2', 'cause=x', 'method=POST']);
    expect(changes[0]).toMatchObject({ now: 95, before: 0, shareNow: 0.95, shareBefore: 0, explains: 0.95 });
  });

  it('is so too after a handful in a week', () => {
    const stray = rows.map((row, at) => (at === 0 ? { ...row, now: 6_000, before: 3 } : row));
    expect(named(explain(stray, [], 7))).toEqual(['route=/1', 'cause=x', 'method=POST']);
  });

  it('needs more than a few records', () => {
    expect(explain(rowsOf({ 'cause=x': [4, 0] }), [], 7).changes).toEqual([]);
  });
});

it('names only what grew and what is known, whatever the counts', () => {
  const count = fc.nat(200);
  const row = fc.record({ route: fc.nat(3), cause: fc.nat(2), now: count, before: count });
  const facet = fc.record({ reason: fc.nat(3), value: fc.nat(4), now: count, before: count });
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 12 }),
      fc.array(facet, { maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      (some, others, spans) => {
        const rows = some.map(({ route, cause, now, before }) => ({
          values: { route: route === 0 ? '__other__' : `/${String(route)}`, cause: cause === 0 ? '' : `c${String(cause)}` },
          reason: String(cause),
          now,
          before,
        }));
        const facets = others.map(({ reason, value, now, before }) => ({
          reason: String(reason),
          dimension: 'instance',
          value: value === 0 ? '__other__' : `i${String(value)}`,
          now,
          before,
        }));
        const explanation = explain(rows, facets, spans);
        for (const { values, now, before, explains, lift } of explanation.changes) {
          expect(now).toBeGreaterThan(before);
          expect([explains, lift].every((figure) => Number.isFinite(figure) && figure > 0)).toBe(true);
          for (const { value } of values) expect(['', '__other__']).not.toContain(value);
        }
        expect(explanation.changes.length).toBeLessThanOrEqual(3);
      },
    ),
  );
});
