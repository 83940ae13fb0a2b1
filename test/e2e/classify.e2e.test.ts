/** Classifying without storing, teaching, findings and re-judging, as a client of the built service sees them. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { z } from 'zod';
import { problemAnswer } from '../../src/ops/problem.js';
import { findingsAnswer, oneSignatureAnswer } from '../../src/query/answers.js';
import { previewAnswer, ruleAnswer, rulesAnswer } from '../../src/teach/answers.js';
import { App } from '../support/app.js';
import { until } from '../support/service.js';

interface Result {
  cause: string;
  fault: string;
  confidence: number;
  evidence: { field: string; matched: string; rule: string }[];
  also: string[];
  findings: { id: string; severity: string; detail: string; reference: string }[];
  template: string;
  advice: { user: string[]; client: string[]; server: string[] };
  challenge?: { valid: boolean; challenges: { scheme: string; params: Record<string, string>; token68: string | null }[] };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const VECTORS = fileURLToPath(new URL('../../../../shared/corpus/www-authenticate.jsonl', import.meta.url));

let app: App;
beforeAll(async () => {
  app = await App.start();
});
afterAll(() => app.stop());

async function classify(events: unknown): Promise<Result[]> {
  const response = await app.post('/v1/classify', JSON.stringify(events), JSON_TYPE);
  expect(response.status).toBe(200);
  return ((await response.json()) as { results: Result[] }).results;
}

describe('POST /v1/classify', () => {
  it('answers cause, evidence, findings, advice and challenge, in order, one per event', async () => {
    const [first, second, third] = await classify([
      {
        status: 401,
        route: '/orders/{id}',
        method: 'GET',
        service: 'checkout',
        www_authenticate: ['Bearer error="invalid_token", error_description="The access token expired"'],
        authorization: 'Bearer 9f86d081884c7d659a2feaa0c55ad015',
        token: { exp: Date.now() / 1_000 - 3 },
      },
      { body: 'jwt expired' },
      { status: 401, body: 'Unauthorized', attributes: { 'http.response.header.www-authenticate': [] } },
    ]);
    expect(first).toMatchObject({ cause: 'expired_token', fault: 'client', findings: [{ id: 'credential_logged', severity: 'critical' }] });
    expect(first?.evidence[0]).toMatchObject({ field: 'challenge.error_description', matched: 'The access token expired' });
    expect(first?.challenge).toEqual({
      valid: true,
      challenges: [{ scheme: 'bearer', params: { error: 'invalid_token', error_description: 'The access token expired' }, token68: null }],
    });
    expect(first?.advice.client[0]).toContain('only seconds');
    expect(second).toMatchObject({ cause: 'expired_token', template: 'jwt expired', findings: [] });
    expect(second).not.toHaveProperty('challenge');
    expect(third).toMatchObject({ cause: 'unknown', findings: [{ id: 'challenge_missing' }] });
    expect(third?.confidence).toBeLessThan(0.8);
    expect(await app.total()).toBe(0);
  });

  it('sees what only several events show together', async () => {
    const answers = ['{"error":"user not found"}', '{"error":"wrong password"}'].map((body) => ({ status: 401, route: '/login', body }));
    for (const { findings } of await classify(answers)) expect(findings.map(({ id }) => id)).toContain('user_enumeration');
  });

  it('takes lines and gzip, and refuses what is no event, too many of them, and other methods', async () => {
    const lines = await app.post('/v1/classify', gzipSync('{"body":"jwt expired"}\n{"body":"bad password"}'), {
      'content-type': 'application/x-ndjson',
      'content-encoding': 'gzip',
    });
    expect(((await lines.json()) as { results: Result[] }).results.map(({ cause }) => cause)).toEqual([
      'expired_token',
      'invalid_credentials',
    ]);
    for (const [body, type, status] of [
      ['nonsense', 'application/json', 400],
      ['[1]', 'application/json', 400],
      [JSON.stringify(Array(1_001).fill({ body: 'x' })), 'application/json', 413],
      ['{}', 'text/plain', 415],
    ] as const) {
      const response = await app.post('/v1/classify', body, { 'content-type': type });
      expect(response.status).toBe(status);
      problemAnswer.parse(await response.json());
    }
    const got = await app.get('/v1/classify');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('reads the published challenge vectors', async () => {
    if (!existsSync(VECTORS)) {
      console.warn('skipped: ../shared/corpus/www-authenticate.jsonl is not there');
      return;
    }
    const vectors = readFileSync(VECTORS, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string; header: string[]; valid: boolean; challenges: unknown[] });
    const results = await classify(vectors.map(({ header }) => ({ status: 401, www_authenticate: header })));
    vectors.forEach(({ id, valid, challenges }, index) => {
      const read = results[index]?.challenge;
      expect({ id, valid: read?.valid ?? false }).toEqual({ id, valid });
      if (valid) expect({ id, challenges: read?.challenges }).toEqual({ id, challenges });
    });
  });

  it('stays quick and whole on hostile input', async () => {
    const deep = `${'{"error":'.repeat(5_000)}"x"${'}'.repeat(5_000)}`;
    const events = [
      { body: 'a'.repeat(1_048_576) },
      { body: deep },
      { body: JSON.parse(`${'{"error":'.repeat(200)}"jwt expired"${'}'.repeat(200)}`) as unknown },
      { body: '\u0000'.repeat(10_000) },
      { body: '\ud800 token expired \udfff' },
      { status: 401, www_authenticate: [`Bearer ${Array.from({ length: 10_000 }, (_, index) => `p${String(index)}="v"`).join(', ')}`] },
      { status: 401, www_authenticate: Array(10_000).fill('Basic realm="a"') },
      { body: '<'.repeat(60_000) },
      { body: `${'('.repeat(30_000)}token expired` },
      { body: ' '.repeat(60_000) },
      { body: '"GET '.repeat(10_000) },
      { body: 'a$'.repeat(30_000) },
      { body: 'at a.b(c)\n'.repeat(6_000) },
      {
        attributes: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`http.response.header.x-error-${String(index)}`, 'x'])),
      },
    ];
    const started = performance.now();
    const results = await classify(events);
    expect(results).toHaveLength(events.length);
    expect(results[4]?.cause).toBe('expired_token');
    process.stdout.write(`hostile input classified in ${(performance.now() - started).toFixed(0)} ms\n`);
    const broken = await app.post(
      '/v1/classify',
      Buffer.from([0x7b, 0x22, 0x62, 0x6f, 0x64, 0x79, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
      JSON_TYPE,
    );
    expect(broken.status).toBe(200);
  });
});

describe('teaching', () => {
  const event = (reason: string): object => ({ service: 'plant', route: '/valve', status: 401, reason });

  beforeAll(async () => {
    const events = [...Array<object>(5).fill(event('flux capacitor dry')), ...Array<object>(2).fill(event('jwt expired'))];
    await app.post('/v1/events', JSON.stringify(events), JSON_TYPE);
    await until(
      () => app.total('&service=plant'),
      (total) => total === 7,
    );
  });

  async function counts(): Promise<Record<string, number>> {
    const { body } = await app.get<{ rows: { key: { cause: string }; count: number }[] }>('/v1/top?service=plant');
    return Object.fromEntries(body.rows.map(({ key, count }) => [key.cause, count]));
  }

  it('shows what a rule would change, takes it, changes history, and takes it back', async () => {
    const { body: preview } = await app.get('/v1/rules/preview?cause=account_locked&template=%5Eflux&service=plant');
    expect(previewAnswer.parse(preview)).toMatchObject({
      matched: { signatures: 1, count: 5 },
      changed: { signatures: 1, count: 5 },
      by_cause: [{ cause: 'unknown', signatures: 1, count: 5 }],
      examples: [{ service: 'plant', template: 'flux capacitor dry', cause: 'unknown', count: 5 }],
    });
    expect(await counts()).toEqual({ unknown: 5, expired_token: 2 });

    const added = await app.call('POST', '/v1/rules', {
      cause: 'account_locked',
      match: { template: '^flux', service: '^plant$' },
      note: 'ask Doc',
    });
    expect(added.status).toBe(201);
    const rule = ruleAnswer.parse(added.body);
    await until(counts, (now) => now['account_locked'] === 5);
    // The older rule decides where both match, so the newer one would change nothing.
    const { body: behind } = await app.get('/v1/rules/preview?cause=mfa_required&template=flux');
    expect(previewAnswer.parse(behind)).toMatchObject({ matched: { signatures: 1 }, changed: { signatures: 0, count: 0 }, examples: [] });
    const { body: classified } = { body: await classify([event('flux capacitor dry')]) };
    expect(classified[0]).toMatchObject({
      cause: 'account_locked',
      confidence: 1,
      evidence: [{ rule: `rule.${rule.id}` }, { rule: `rule.${rule.id}` }],
    });
    await app.post('/v1/events', JSON.stringify(event('flux capacitor dry again')), JSON_TYPE);
    await until(counts, (now) => now['account_locked'] === 6);

    expect(rulesAnswer.parse((await app.get('/v1/rules')).body).rules).toEqual([rule]);
    expect((await app.get(`/v1/rules/${rule.id}`)).body).toEqual(rule);
    const changed = await app.call('PUT', `/v1/rules/${rule.id}`, { cause: 'mfa_required', match: { template: 'flux' } });
    expect(changed.status).toBe(200);
    await until(counts, (now) => now['mfa_required'] === 6);
    expect((await app.call('DELETE', `/v1/rules/${rule.id}`)).status).toBe(204);
    await until(counts, (now) => now['unknown'] === 6);
    expect((await app.call('DELETE', `/v1/rules/${rule.id}`)).status).toBe(404);
  });

  it('sets the cause of one signature, whatever rules say, until it is taken back', async () => {
    const { body } = await app.get<{ signatures: { id: string; template: string }[] }>('/v1/signatures?service=plant');
    const id = body.signatures.find(({ template }) => template === 'flux capacitor dry')?.id ?? '';
    expect((await app.call('PUT', `/v1/signatures/${id}/cause`, { cause: 'clock_skew' })).status).toBe(204);
    expect(await counts()).toMatchObject({ clock_skew: 5 });
    expect(oneSignatureAnswer.parse((await app.get(`/v1/signatures/${id}`)).body)).toMatchObject({
      cause: 'clock_skew',
      taught_cause: 'clock_skew',
      evidence: [{ rule: 'taught.signature' }],
    });
    expect((await app.call('PUT', `/v1/signatures/${id}/cause`, { cause: null })).status).toBe(204);
    expect(await counts()).toMatchObject({ unknown: 6 });
    expect((await app.call('PUT', '/v1/signatures/0000000000000000/cause', { cause: null })).status).toBe(404);
  });

  it.each([
    ['an unknown cause', { cause: 'bad_luck', match: { template: 'x' } }],
    ['no pattern', { cause: 'clock_skew', match: {} }],
    ['an unknown field', { cause: 'clock_skew', match: { body: 'x' } }],
    ['a pattern that RE2 does not know', { cause: 'clock_skew', match: { template: '(?=x)' } }],
    ['a pattern that is too long', { cause: 'clock_skew', match: { template: 'x'.repeat(501) } }],
    ['a pattern that is too large', { cause: 'clock_skew', match: { template: '(?:abcdefghij){500}' } }],
    ['a stranger', { cause: 'clock_skew', match: { template: 'x' }, colour: 'red' }],
  ])('refuses a rule with %s, and says what is wrong', async (_, rule) => {
    const { status, body } = await app.call('POST', '/v1/rules', rule);
    expect(status).toBe(400);
    expect(problemAnswer.parse(body).errors?.length).toBeGreaterThan(0);
  });

  it('refuses bodies that are no JSON, and keeps to its size', async () => {
    for (const [body, status] of [
      ['{', 400],
      [`"${'x'.repeat(100_000)}"`, 413],
    ] as const) {
      const response = await app.post('/v1/rules', body, JSON_TYPE);
      expect(response.status).toBe(status);
      problemAnswer.parse(await response.json());
    }
    expect((await app.post('/v1/rules', 'cause=clock_skew', { 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(400);
  });
});

describe('findings and token times', () => {
  it('are counted over a span, with where and of how many records they could be seen', async () => {
    const headers = { 'http.response.header.www-authenticate': [] };
    const events = [
      ...Array<object>(3).fill({ service: 'audited', route: '/a', status: 401, reason: 'jwt expired', attributes: headers }),
      { service: 'audited', route: '/b', status: 401, reason: 'jwt expired', www_authenticate: ['Bearer error="invalid_token"'] },
      { service: 'audited', route: '/c', status: 401, reason: 'jwt expired' },
    ];
    await app.post('/v1/events', JSON.stringify(events), JSON_TYPE);
    await until(
      () => app.total('&service=audited'),
      (total) => total === 5,
    );
    const answer = findingsAnswer.parse((await app.get('/v1/findings?service=audited')).body);
    expect(answer.findings.find(({ id }) => id === 'challenge_missing')).toMatchObject({
      severity: 'high',
      count: 3,
      observable: 4,
      signatures: 1,
      places: [{ service: 'audited', route: '/a', count: 3 }],
    });
    expect(answer.findings.map(({ id }) => id)).not.toContain('crawler_refused');
  });

  it('tell expired by three seconds from expired by three days', async () => {
    const now = Math.floor(Date.now() / 1_000);
    const event = (expiredBy: number): object => ({
      service: 'timed',
      route: '/t',
      status: 401,
      reason: 'jwt expired',
      token: { exp: now - expiredBy },
    });
    await app.post('/v1/events', JSON.stringify([...Array<object>(9).fill(event(3)), event(259_200)]), JSON_TYPE);
    await until(
      () => app.total('&service=timed'),
      (total) => total === 10,
    );
    const { body } = await app.get<{ signatures: { id: string; count: number }[] }>('/v1/signatures?service=timed');
    const one = async (count: number): Promise<z.output<typeof oneSignatureAnswer>> =>
      oneSignatureAnswer.parse(
        (await app.get(`/v1/signatures/${body.signatures.find((signature) => signature.count === count)?.id ?? ''}`)).body,
      );
    const [seconds, days] = [await one(9), await one(1)];
    expect(seconds.token_times).toMatchObject({ observed: 9, in_time: 0, not_valid_for: null });
    expect(seconds.token_times.expired_by?.p50_seconds).toBeLessThan(10);
    expect(seconds.advice.server[0]).toContain('compare the clocks');
    expect(days.token_times.expired_by?.p50_seconds).toBeGreaterThan(240_000);
    expect(days.advice.client[0]).toContain('days before');
  });
});
