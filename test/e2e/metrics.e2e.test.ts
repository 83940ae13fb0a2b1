import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { MAX_SERVICES } from '../../src/ops/events.js';
import type { topAnswer } from '../../src/query/answers.js';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

const HOSTILE = ['say "please"', 'back\\slash\\', 'two\nlines why401_refusals_total 7', '<img src=x>', 'a{b="c"},d', 'Zähler'];
const ESCAPED: Record<string, string> = { '\\\\': '\\', '\\n': '\n', '\\"': '"' };

/** Series of the metric, read by the grammar of Prometheus' text format; every line of the answer must fit it. */
function seriesOf(text: string, metric: string): { labels: Record<string, string>; value: number }[] {
  const series = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    const match = /^([a-z_:][\w:]*)(?:\{((?:[a-z_]\w*="(?:[^"\\]|\\["\\n])*",?)*)\})? (-?[\d.e+-]+|\+Inf|NaN)$/i.exec(line);
    expect({ line, isValid: match !== null }).toEqual({ line, isValid: true });
    const [, name, labels = '', value] = match ?? [];
    if (name !== metric) continue;
    const pairs = [...labels.matchAll(/([a-z_]\w*)="((?:[^"\\]|\\["\\n])*)"/gi)];
    const read = pairs.map(([, label = '', raw = '']) => [label, raw.replace(/\\["\\n]/g, (escape) => ESCAPED[escape] ?? escape)] as const);
    series.push({ labels: Object.fromEntries(read), value: Number(value) });
  }
  return series;
}

describe('GET /metrics', () => {
  let app: App;
  beforeAll(async () => {
    app = await App.start();
  });
  afterAll(() => app.stop());

  const send = async (events: object[], key?: string): Promise<void> => {
    const headers = { 'content-type': 'application/json', ...(key === undefined ? {} : { 'idempotency-key': key }) };
    const response = await app.post('/v1/events', JSON.stringify(events), headers);
    expect(response.status).toBe(202);
  };
  const refusals = async (): Promise<Record<string, number>> => {
    const { body } = await app.get<string>('/metrics');
    const series = seriesOf(body, 'why401_refusals_total');
    return Object.fromEntries(series.map(({ labels, value }) => [JSON.stringify([labels['service'], labels['cause']]), value]));
  };

  it('counts by service and cause what is counted in the database, names of any kind and repeated requests included', async () => {
    const events = HOSTILE.flatMap((service, index) => [
      ...Array.from({ length: index + 1 }, () => ({ service, status: 401, reason: 'jwt expired' })),
      { service, status: 401, reason: 'Wrong password' },
    ]);
    await send(events, 'metrics-1');
    await send(events, 'metrics-1');
    await send([{ service: 'last', status: 401, reason: 'jwt expired' }]);
    await until(
      () => app.total('&service=last'),
      (total) => total === 1,
    );
    await until(
      () => app.total(),
      (total) => total === events.length + 1,
    );
    const { body } = await app.get<z.output<typeof topAnswer>>('/v1/top?by=service,cause&limit=1000');
    const counted = Object.fromEntries(body.rows.map(({ key, count }) => [JSON.stringify([key['service'], key['cause']]), count]));
    expect(Object.values(counted).sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6]);
    expect(await refusals()).toEqual(counted);
  });

  it('has series for so many services, and one for the others', async () => {
    await send(
      Array.from({ length: MAX_SERVICES + 50 }, (_, index) => ({ service: `many-${String(index)}`, status: 401, reason: 'jwt expired' })),
    );
    const all = await until(
      () => app.total(),
      (total) => total >= MAX_SERVICES + 50 + 28,
    );
    const counted = Object.entries(await refusals());
    const services = new Set(counted.map(([key]) => (JSON.parse(key) as string[])[0]));
    expect(services.size).toBe(MAX_SERVICES + 1);
    expect(counted.reduce((sum, [, count]) => sum + count, 0)).toBe(all);
    expect(Object.fromEntries(counted)[JSON.stringify(['__other__', 'expired_token'])]).toBe(50 + HOSTILE.length + 1);
  });

  it('keeps the bounds of its histograms', async () => {
    const { body } = await app.get<string>('/metrics');
    const bounds = seriesOf(body, 'why401_apply_duration_bucket').map(({ labels }) => labels['le']);
    expect(bounds).toContain('0.002');
  });
});
