import { describe, expect, it } from '@jest/globals';
import { csvOf } from './csv.js';
import { eventOf } from './paste.js';
import { isAmong, questionOf, searchOf, viewOf, withFilter, withoutFilter } from './place.js';
import { fieldsOf, settingsOf } from './rule-form.js';
import { momentMs, spanBefore } from './span.js';
import { linesOf, Palette, stackOf, summed } from './stack.js';
import { matchOf, patternsOf } from './taught-rule.js';
import { changeText, countText, figureText, partText, secondsText, shareText, timeText } from './text.js';

describe('the URL', () => {
  const search = '?from=-6h&to=-1h&by=route&service=checkout&service=%21billing&unit=rate&picked=1000-2000';

  it('holds the whole view, and gives it back', () => {
    const view = viewOf(search);
    expect(view).toEqual({
      from: '-6h',
      to: '-1h',
      by: 'route',
      unit: 'rate',
      filters: [
        { dimension: 'service', value: 'checkout' },
        { dimension: 'service', value: '!billing' },
      ],
      picked: { from: 1000, to: 2000 },
    });
    expect(viewOf(searchOf(view))).toEqual(view);
  });

  it('is empty for the view as it is anyway, and knows no parameters of others', () => {
    expect(searchOf(viewOf('?utm_source=mail&by=nonsense&picked=1'))).toBe('');
  });

  it('takes what alerts link to', () => {
    expect(viewOf('?from=2026-11-24T09%3A00%3A00.000Z&service=a%26b&cause=expired_token')).toMatchObject({
      from: '2026-11-24T09:00:00.000Z',
      filters: [
        { dimension: 'service', value: 'a&b' },
        { dimension: 'cause', value: 'expired_token' },
      ],
    });
  });

  it('asks the API with everything escaped that means something', () => {
    expect(questionOf({ from: '-1h', to: 'now', filters: [{ dimension: 'route', value: '/a?b&c' }] }, { by: 'cause,service' })).toBe(
      'from=-1h&to=now&route=/a%3Fb%26c&by=cause,service',
    );
  });

  it('tells which alerts are among what is shown', () => {
    const group = { service: 'checkout', cause: 'expired_token' };
    const among = (...values: string[]): boolean =>
      isAmong(
        group,
        values.map((value) => ({ dimension: 'service', value })),
      );
    expect([among(), among('checkout'), among('other', 'check*'), among('other'), among('!checkout'), among('!check*')]).toEqual([
      ...[true, true, true],
      ...[false, false, false],
    ]);
    expect(isAmong(group, [{ dimension: 'route', value: '/x' }])).toBe(true);
  });

  it('adds a filter once and takes away the one that is meant', () => {
    const filter = { dimension: 'service', value: 'a' };
    const view = withFilter(withFilter(viewOf(''), filter), { ...filter });
    expect(view.filters).toEqual([filter]);
    expect(withoutFilter(view, filter).filters).toEqual([]);
  });
});

describe('spans', () => {
  it('are read as the API reads them', () => {
    expect(momentMs('-90m', 10_000_000)).toBe(10_000_000 - 5_400_000);
    expect(momentMs('now', 5)).toBe(5);
    expect(momentMs('1790000000000', 5)).toBe(1_790_000_000_000);
    expect(momentMs('2026-11-24T00:00:00Z', 5)).toBe(Date.UTC(2026, 10, 24));
    expect(momentMs('yesterday', 5)).toBeUndefined();
  });

  it('have one of the same length before them', () => {
    expect(spanBefore({ from: '-1h', to: 'now' }, 10_000_000)).toEqual({ from: '2800000', to: '6400000' });
    expect(spanBefore({ from: 'nonsense', to: 'now' }, 1)).toBeUndefined();
  });
});

describe('a stacked chart', () => {
  const series = [
    { key: { cause: 'a' }, total: 3, points: [[1000, 1] as const, [2000, 2] as const] },
    { key: { cause: 'b' }, total: 5, points: [[1000, 5] as const, [2000, 0] as const] },
  ];

  it('draws the whole height first, then the parts below it', () => {
    expect(stackOf(series)).toEqual({
      times: [1, 2],
      layers: [
        { index: 1, sums: [6, 2] },
        { index: 0, sums: [1, 2] },
      ],
    });
    expect(stackOf([])).toEqual({ times: [], layers: [] });
  });

  it('keeps the colour of a value, gives no two the same while there are some left, and grey to the rest', () => {
    const palette = new Palette();
    const colours = ['expired_token', 'x', 'y', 'invalid_signature', 'z'].map((value) => palette.colourOf(value));
    expect(new Set(colours).size).toBe(5);
    expect(palette.colourOf('x')).toBe(colours[1]);
    expect(palette.colourOf('__other__')).toBe(10);
    const others = Array.from({ length: 9 }, (_, index) => palette.colourOf(`more ${String(index)}`));
    expect(others.slice(5)).toEqual([10, 10, 10, 10]);
  });

  it('adds neighbours up for a sparkline', () => {
    expect(summed([1, 2, 3, 4, 5], 2)).toEqual([6, 9]);
    expect(summed([1, 2], 5)).toEqual([1, 2]);
  });
});

describe('figures in words', () => {
  it('say how much more or fewer', () => {
    expect([changeText(128, 100), changeText(80, 100), changeText(500, 100), changeText(5, 0), changeText(5, null)]).toEqual([
      '+28 %',
      '−20 %',
      '5 times as many',
      'none before',
      'nothing known of before',
    ]);
  });

  it('are as exact as anyone needs', () => {
    expect([countText(1234.5), countText(2.83), shareText(0.4567), shareText(0.0123), shareText(0.00001)]).toEqual([
      '1,235',
      '2.8',
      '46 %',
      '1.2 %',
      '<0.1 %',
    ]);
    expect([partText(1.08), partText(0.5), secondsText(42), secondsText(600), secondsText(7_200), secondsText(200_000)]).toEqual([
      'all',
      '50 %',
      '42 s',
      '10 min',
      '2 h',
      '2 d',
    ]);
  });
});

describe('a time', () => {
  const midnight = new Date(2026, 10, 30).getTime();

  it('has its day unless that is today: a clock alone would be the wrong day', () => {
    expect(timeText(midnight + 1_000, midnight + 5_000)).toBe('00:00:01');
    expect(timeText(midnight - 60_000, midnight + 5_000)).toBe('29 Nov, 23:59');
    expect(timeText(midnight + 86_400_000, midnight + 5_000)).toBe('1 Dec, 00:00');
  });
});

describe('an export', () => {
  it('quotes what needs it, and disarms formulas', () => {
    expect(
      csvOf([
        { a: 'x,"y"', b: 1 },
        { a: '=1+1', b: 2 },
      ]),
    ).toBe('a,b\r\n"x,""y""",1\r\n\'=1+1,2\r\n');
    expect(csvOf([])).toBe('');
  });
});

describe('what is pasted', () => {
  it('may be an answer', () => {
    expect(eventOf('HTTP/1.1 401 Unauthorized\nWWW-Authenticate: Bearer\nWWW-Authenticate: Basic\n\n{"error":"x"}')).toEqual({
      status: 401,
      attributes: { 'http.response.header.www-authenticate': ['Bearer', 'Basic'] },
      body: '{"error":"x"}',
    });
  });

  it('may be what curl -v shows, or a header alone', () => {
    expect(eventOf('< HTTP/2 401 \n< www-authenticate: Bearer error="invalid_token"\n< \nno')).toEqual({
      status: 401,
      attributes: { 'http.response.header.www-authenticate': ['Bearer error="invalid_token"'] },
      body: 'no',
    });
    expect(eventOf('Authorization: Basic abc')).toEqual({ attributes: { 'http.request.header.authorization': ['Basic abc'] } });
  });

  it('may be an event or events, and is text otherwise', () => {
    expect(eventOf('{"status":401,"reason":"x"}')).toEqual({ status: 401, reason: 'x' });
    expect(eventOf('[{"body":"x"}]')).toEqual([{ body: 'x' }]);
    expect(eventOf('{"error":"invalid_token"}')).toEqual({ body: '{"error":"invalid_token"}' });
    expect(eventOf('Error: jwt expired')).toEqual({ body: 'Error: jwt expired' });
  });
});

describe('the form of a rule', () => {
  it('gives back what it was made from, and keeps what it does not show', () => {
    const settings = {
      ...{ type: 'threshold', filter: { service: ['a', '!b'] }, group_by: ['cause'], severity: 'warning', labels: { team: 'x' } },
      ...{ endpoints: null, evaluation_delay: '1m', min_clients: 0, for: '0s', resolve_after: '10m', count: 20, window: '5m' },
    };
    expect(settingsOf(fieldsOf('name', true, settings), settings)).toEqual(settings);
  });

  it('sends what the type has, and nothing of others', () => {
    const fields = { ...fieldsOf('', true, {}), type: 'ratio' as const, filter: 'service = shop\nroute=/a=b' };
    expect(settingsOf(fields)).toMatchObject({ type: 'ratio', ratio: 0.05, window: '5m', filter: { service: ['shop'], route: ['/a=b'] } });
    expect(settingsOf(fields)).not.toHaveProperty('count');
  });
});

describe('a share', () => {
  it('leaves open what nobody can tell, and has no sum', () => {
    const lines = linesOf([
      {
        key: { service: 'a' },
        total: 1,
        points: [
          [1_000, 0.5],
          [2_000, null],
        ],
      },
      {
        key: { service: 'b' },
        total: 1,
        points: [
          [1_000, 0.25],
          [2_000, 0],
        ],
      },
    ]);
    expect(lines).toEqual({
      times: [1, 2],
      lines: [
        [0.25, 0],
        [0.5, null],
      ],
    });
    expect([0.5, null, 0].map((share) => figureText(share, 'rate'))).toEqual(['50 %', '–', '0 %']);
  });
});

describe('a rule that is taught', () => {
  it('is first guessed from the code, else from the words, as they stand there', () => {
    const signature = { template: 'bad (token) <n>', error_code: '', service: 'shop' };
    expect(matchOf(patternsOf(signature))).toEqual({ template: String.raw`^bad \(token\) <n>$` });
    expect(matchOf(patternsOf({ ...signature, error_code: 'E.17' }))).toEqual({ error_code: String.raw`^E\.17$` });
    expect(matchOf(patternsOf({ ...signature, template: '' }))).toEqual({ service: '^shop$' });
  });
});
