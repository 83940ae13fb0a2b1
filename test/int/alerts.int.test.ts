import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { AlertWriter } from '../../src/alert/alert-writer.js';
import { Evaluator } from '../../src/alert/evaluator.js';
import { replay } from '../../src/alert/preview.js';
import { RuleMemory } from '../../src/alert/rule-memory.js';
import type { RuleSettings } from '../../src/core/alert/rule.js';
import { auditSignature } from '../../src/core/findings.js';
import { judge } from '../../src/core/judge.js';
import type { Attributes } from '../../src/core/log-record.js';
import { signatureOf } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { signatureKey } from '../../src/core/signature.js';
import { AlertCounts } from '../../src/store/alert-counts.js';
import { AlertRuleStore } from '../../src/store/alert-rule-store.js';
import { AlertStore, LeaseLostError, type StoredAlert } from '../../src/store/alert-store.js';
import { ChangeQueries } from '../../src/store/change-queries.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { EndpointStore } from '../../src/store/endpoint-store.js';
import { freshDatabase } from '../support/databases.js';
import { DAY, PROJECT, quietEvents, refusal, RETENTION } from '../support/service.js';

const MINUTE = 60;
const COMMON = {
  ...{ filter: {}, group_by: ['service', 'cause'], min_count: 0, min_clients: 0, for: '0s', resolve_after: '5m', evaluation_delay: '1m' },
  ...{ severity: 'error' as const, labels: {}, endpoints: null },
};
const SPIKE: RuleSettings = { ...COMMON, type: 'spike', min_count: 10 };

/** A process that evaluates. */
interface Process {
  evaluator: Evaluator;
  deliveries: string[];
}

describe('the evaluator', () => {
  let database: DataSource;
  let counts: CountStore;
  let rules: AlertRuleStore;
  let alerts: AlertStore;
  let endpoints: EndpointStore;
  /** Whole minutes, epoch seconds: the last one that was counted is the one before. */
  let now = 0;
  beforeEach(async () => {
    now = Math.floor(Date.now() / 60_000) * MINUTE;
    database = await openDatabase(await freshDatabase(), () => undefined);
    counts = new CountStore(database, RETENTION);
    rules = new AlertRuleStore(database);
    alerts = new AlertStore(database);
    endpoints = new EndpointStore(database);
    await database.query('DELETE FROM alert_rules');
  });
  afterEach(() => database.destroy());

  function process(retention = RETENTION, queueAgeMs = (): Promise<number> => Promise.resolve(0)): Process {
    const holder = randomUUID();
    const alertCounts = new AlertCounts(database, RETENTION);
    const deliveries: string[] = [];
    const memory = new RuleMemory({
      ...{ rules, counts: alertCounts, retention },
      queueAgeMs,
      renew: () => alerts.renewLease(holder),
    });
    const writer = new AlertWriter(alertCounts, new ChangeQueries(database), quietEvents(), 'http://127.0.0.1:4010');
    const evaluator = new Evaluator({
      ...{ holder, rules, alerts, endpoints, memory, writer, events: quietEvents() },
      onDeliveries: (ids) => deliveries.push(...ids),
    });
    return { evaluator, deliveries };
  }

  async function count(pairs: [at: number, count: number][], attributes: Attributes = {}, traffic = 0): Promise<void> {
    const record = refusal('jwt expired');
    const signature = signatureOf({ ...record, attributes: { ...record.attributes, ...attributes } }, 401);
    const verdict = judge(signature);
    const id = createHash('sha256').update(signatureKey(signature)).digest('hex').slice(0, 16);
    const times = pairs.map(([at]) => at * 1000);
    const batch: JudgedBatch = {
      ...{ projectId: PROJECT, batchId: randomUUID(), state: { ruleSetVersion: RULE_SET_VERSION, revision: 0 }, values: [], sketches: [] },
      signatures: [
        { id, signature, verdict, audit: auditSignature(signature, verdict), firstMs: Math.min(...times), lastMs: Math.max(...times) },
      ],
      targets: [{ service: 'checkout', environment: '', route: '/orders/{id}' }],
      portions: [
        {
          ...{ id: null, tokenTimes: [], facets: [] },
          counts: pairs.flatMap(([at, number]) => [0, at, number]),
          traffic: traffic === 0 ? [] : pairs.flatMap(([at]) => [0, at, traffic]),
        },
      ],
    };
    await counts.apply([batch], Date.now());
  }

  /** Two days of two or three a minute. */
  function quiet(): [number, number][] {
    return Array.from({ length: 2 * 1_440 }, (_, index): [number, number] => [now - (2 * 1_440 - index) * MINUTE, 2 + (index % 2)]);
  }

  async function rule(settings: RuleSettings, name = 'a rule'): Promise<string> {
    const id = randomUUID();
    await rules.add(PROJECT, { id, name, isEnabled: true, settings }, 100);
    return id;
  }

  async function endpoint(name: string): Promise<string> {
    const id = randomUUID();
    const input = { id, name, url: 'https://example.com/', format: 'standard' as const, routingKey: null, sendsResolved: true };
    await endpoints.addEndpoint(PROJECT, input, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 10);
    return id;
  }

  async function told(): Promise<[transition: string, type: string][]> {
    const rows = await database.query<{ transition: string; message: { type: string } }[]>(
      'SELECT transition, message FROM deliveries ORDER BY created_at, id',
    );
    return rows.map(({ transition, message }) => [transition, message.type]);
  }

  /** One that has been there for an hour, and was judged up to its beginning. */
  async function oldRule(settings: RuleSettings, name?: string): Promise<string> {
    const id = await rule(settings, name);
    await database.query('UPDATE alert_rules SET updated_at = to_timestamp($2), judged_to = to_timestamp($2) WHERE id = $1', [
      id,
      now - 3_600,
    ]);
    return id;
  }

  /** Whoever evaluates is gone without a word. */
  async function loseLease(): Promise<void> {
    await database.query("UPDATE leases SET until = now() - interval '1 second'");
  }

  async function evaluateAt({ evaluator }: Process, ...seconds: number[]): Promise<void> {
    for (const after of seconds) await evaluator.evaluate((now + after) * 1000);
  }

  async function everyMinute(one: Process, from: number, to: number): Promise<void> {
    for (let minute = from; minute <= to; minute += 1) await evaluateAt(one, minute * MINUTE);
  }

  it('fires once for a spike, tells each endpoint once, and tells of its end', async () => {
    await count(quiet());
    await rule(SPIKE);
    await Promise.all([endpoint('a'), endpoint('b')]);
    const { evaluator, deliveries } = process();
    expect(await evaluator.evaluate(now * 1000)).toBe(true);
    expect(await alerts.open()).toEqual([]);
    await count([[now, 80]]);
    for (const after of [10, 15, 70]) await evaluator.evaluate((now + after) * 1000);
    const [alert] = await alerts.open();
    expect(alert).toMatchObject({ status: 'firing', key: ['checkout', 'expired_token'] });
    expect(alert?.figures.observed).toBeGreaterThanOrEqual(80);
    expect(alert?.details.summary).toContain('checkout');
    // What the alert is grouped by has not changed.
    for (const { dimension } of alert?.details.what_changed ?? []) expect(['service', 'cause', 'fault']).not.toContain(dimension);
    expect(deliveries).toHaveLength(2);
    for (let after = 2; after < 60; after += 1) {
      await count([[now + after * MINUTE - MINUTE, 2]]);
      await evaluator.evaluate((now + after * MINUTE) * 1000);
    }
    expect(await alerts.open()).toEqual([]);
    expect(await told()).toEqual([
      ...Array.from({ length: 2 }, () => ['firing', 'alert.firing']),
      ...Array.from({ length: 2 }, () => ['resolved', 'alert.resolved']),
    ]);
    const [ended] = await alerts.list(PROJECT, { statuses: ['resolved'], limit: 10 });
    expect(ended?.figures.total).toBeGreaterThanOrEqual(80);
    // Over within some windows' length, not days later.
    expect((ended?.resolvedAt?.getTime() ?? 0) / 1000 - now).toBeLessThan(40 * MINUTE);
  });

  it('goes on where another process died, and tells nothing twice', async () => {
    await count(quiet());
    await rule(SPIKE);
    await endpoint('a');
    const first = process();
    await count([[now, 80]]);
    await first.evaluator.evaluate((now + 10) * 1000);
    expect(first.deliveries).toHaveLength(1);
    const second = process();
    expect(await second.evaluator.evaluate((now + 15) * 1000)).toBe(false);
    // The first one is gone without a word; its lease runs out.
    await loseLease();
    expect(await second.evaluator.evaluate((now + 30) * 1000)).toBe(true);
    expect(second.deliveries).toEqual([]);
    // It comes back, as after a pause, and must not write.
    const [alert] = await alerts.open();
    await expect(alerts.write('00000000-0000-4000-8000-000000000000', alert as StoredAlert, [])).rejects.toBeInstanceOf(LeaseLostError);
    expect(await first.evaluator.evaluate((now + 35) * 1000)).toBe(false);
    await second.evaluator.stop((now + 40) * 1000);
    expect(await first.evaluator.evaluate((now + 45) * 1000)).toBe(true);
    expect(await told()).toHaveLength(1);
  });

  it('is silent while silenced, and tells when that ends and the alert still fires', async () => {
    await count(quiet());
    await rule(SPIKE);
    await endpoint('a');
    const window = { startsAt: new Date((now - 60) * 1000), endsAt: new Date((now + 86_400) * 1000) };
    const silence = await endpoints.addSilence(PROJECT, { matchers: { service: 'checkout' }, ...window, note: 'deploying' });
    const { evaluator, deliveries } = process();
    await count([[now, 80]]);
    await evaluator.evaluate((now + 10) * 1000);
    expect((await alerts.open()).map(({ status, notifiedAt }) => [status, notifiedAt])).toEqual([['firing', null]]);
    expect(deliveries).toEqual([]);
    await endpoints.dropSilence(PROJECT, silence.id);
    await evaluator.evaluate((now + 15) * 1000);
    expect(deliveries).toHaveLength(1);
  });

  it('ends what somebody calls normal, and expects it from then on', async () => {
    await count(quiet());
    await rule(SPIKE);
    const { evaluator } = process();
    for (let minute = 0; minute < 20; minute += 1) {
      await count([[now + minute * MINUTE, 60]]);
      await evaluator.evaluate((now + minute * MINUTE + 50) * 1000);
    }
    const [alert] = await alerts.open();
    expect(alert?.status).toBe('firing');
    await alerts.accept(PROJECT, alert?.id ?? '');
    for (let minute = 20; minute < 30; minute += 1) {
      await count([[now + minute * MINUTE, 60]]);
      await evaluator.evaluate((now + minute * MINUTE + 50) * 1000);
    }
    expect(await alerts.open()).toEqual([]);
    expect((await alerts.list(PROJECT, { statuses: ['resolved'], limit: 5 })).map(({ reason }) => reason)).toEqual(['accepted as normal']);
  });

  it('ends the alerts of a rule that is deleted', async () => {
    await count(quiet());
    const id = await rule(SPIKE);
    await endpoint('a');
    const { evaluator } = process();
    await count([[now, 80]]);
    await evaluator.evaluate((now + 10) * 1000);
    await rules.drop(PROJECT, id);
    await evaluator.evaluate((now + 15) * 1000);
    expect(await told()).toEqual([
      ['firing', 'alert.firing'],
      ['resolved', 'alert.resolved'],
    ]);
  });

  it('evaluates thresholds, shares, findings and new signatures', async () => {
    await count([[now, 30]], { 'http.request.header.authorization': 'Bearer abc.def.ghi' }, 100);
    const ids = [
      await rule({ ...COMMON, type: 'threshold', count: 30, window: '5m' }, 'threshold'),
      await rule({ ...COMMON, type: 'threshold', count: 31, window: '5m' }, 'too high'),
      await rule({ ...COMMON, type: 'ratio', ratio: 0.3, window: '5m', group_by: ['service'] }, 'ratio'),
      await rule({ ...COMMON, type: 'ratio', ratio: 0.31, window: '5m', group_by: ['service'] }, 'too high a share'),
      await rule({ ...COMMON, type: 'finding', finding: 'credential_logged', count: 1, window: '1h', group_by: ['service'] }, 'finding'),
      await rule({ ...COMMON, type: 'finding', finding: 'crawler_refused', count: 1, window: '1h', group_by: ['service'] }, 'no finding'),
      await rule({ ...COMMON, type: 'new_signature', back_after: null }, 'new'),
      await rule({ ...COMMON, type: 'threshold', count: 1, window: '5m', filter: { service: ['!checkout'] } }, 'other services'),
    ];
    expect(ids).toHaveLength(8);
    const { evaluator } = process();
    // Shares are of whole minutes.
    await evaluator.evaluate((now + 65) * 1000);
    expect((await alerts.open()).map(({ rule: { name } }) => name).sort()).toEqual(['finding', 'new', 'ratio', 'threshold']);
    expect(evaluator.problems.size).toBe(0);
  });

  it('tells of signatures that are back after a while', async () => {
    await count([[now - 9 * DAY, 5]]);
    await rule({ ...COMMON, type: 'new_signature', back_after: '7d' });
    await rule({ ...COMMON, type: 'new_signature', back_after: '10d' }, 'later');
    const { evaluator } = process();
    await evaluator.evaluate(now * 1000);
    expect(await alerts.open()).toEqual([]);
    await count([[now, 5]]);
    await evaluator.evaluate((now + 10) * 1000);
    expect((await alerts.open()).map(({ rule: { name }, reason }) => [name, reason])).toEqual([
      ['a rule', 'a signature: 1 back after a while'],
    ]);
  });

  it('waits for what a rule waits for', async () => {
    await rule({ ...COMMON, type: 'threshold', count: 1, window: '5m', for: '2m' });
    const { evaluator } = process();
    await count([[now, 5]]);
    const statusAt = async (after: number): Promise<string | undefined> => {
      await evaluator.evaluate((now + after) * 1000);
      return (await alerts.open())[0]?.status;
    };
    expect([await statusAt(10), await statusAt(60), await statusAt(130)]).toEqual(['pending', 'pending', 'firing']);
    await rule({ ...COMMON, type: 'threshold', count: 1, window: '5m', min_clients: 3 }, 'clients');
    await evaluator.evaluate((now + 140) * 1000);
    expect((await alerts.open()).map(({ rule: { name } }) => name)).toEqual(['a rule']);
  });

  it('says of a rule that cannot be evaluated why, and evaluates the others', async () => {
    await count([[now, 5]]);
    const broken = await rule({ ...COMMON, type: 'threshold', count: 1, window: '5m' }, 'broken');
    await database.query(`UPDATE alert_rules SET settings = jsonb_set(settings, '{group_by}', '["nothing"]') WHERE id = $1`, [broken]);
    await rule({ ...COMMON, type: 'threshold', count: 1, window: '5m' }, 'whole');
    const { evaluator } = process();
    await evaluator.evaluate((now + 10) * 1000);
    expect((await alerts.open()).map(({ rule: { name } }) => name)).toEqual(['whole']);
    expect([...evaluator.problems.keys()]).toEqual([broken]);
    expect((await rules.rule(PROJECT, broken))?.problem).not.toBeNull();
  });

  it('takes a sender whose clock is ahead for no spike', async () => {
    const steady = Array.from({ length: 3 * 1_440 }, (_, index): [number, number] => [now - (3 * 1_440 - index) * MINUTE, 60]);
    await count(steady);
    await rule(SPIKE);
    const { evaluator } = process();
    await evaluator.evaluate(now * 1000);
    // At its fifth second, most of the minute is there already.
    await count([0, 10, 20, 30, 40].map((second): [number, number] => [now + second, 10]));
    await evaluator.evaluate((now + 5) * 1000);
    expect(await alerts.open()).toEqual([]);
  });

  it('keeps what is open open while ingestion is away, and while nobody evaluates', async () => {
    await count(quiet());
    await rule({ ...COMMON, type: 'threshold', count: 30, window: '5m' });
    await endpoint('a');
    const first = process();
    const alive = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at += 1)
        await database.query('INSERT INTO ingest_minutes VALUES (to_timestamp($1)) ON CONFLICT DO NOTHING', [now + at * MINUTE]);
    };
    await alive(-5, 2);
    await count([[now, 80]]);
    await first.evaluator.evaluate((now + 30) * 1000);
    expect(first.deliveries).toHaveLength(1);
    // Nothing can be counted for half an hour; then it goes on.
    for (let minute = 2; minute < 32; minute += 1) await first.evaluator.evaluate((now + minute * MINUTE) * 1000);
    expect((await alerts.open()).map(({ status }) => status)).toEqual(['firing']);
    await database.query("UPDATE leases SET until = now() - interval '5 minutes'");
    const second = process();
    await alive(32, 60);
    await second.evaluator.evaluate((now + 33 * MINUTE) * 1000);
    expect((await alerts.open()).map(({ status }) => status)).toEqual(['firing']);
    for (let minute = 34; minute < 41; minute += 1) await second.evaluator.evaluate((now + minute * MINUTE) * 1000);
    expect(await told()).toEqual([
      ['firing', 'alert.firing'],
      ['resolved', 'alert.resolved'],
    ]);
  });

  it('counts calm over a restart that takes a moment', async () => {
    await rule({ ...COMMON, type: 'threshold', count: 30, window: '1m' });
    await count([[now, 80]]);
    let current = process();
    await current.evaluator.evaluate((now + 30) * 1000);
    for (let minute = 1; minute < 9; minute += 1) {
      await current.evaluator.stop((now + minute * MINUTE) * 1000);
      current = process();
      await current.evaluator.evaluate((now + minute * MINUTE + 5) * 1000);
    }
    expect(await alerts.open()).toEqual([]);
  });

  it('keeps to what is normal when verdicts change', async () => {
    await count(quiet());
    await rule(SPIKE);
    const { evaluator } = process();
    const minuteOf = async (minute: number): Promise<void> => {
      await count([[now + minute * MINUTE, 60]]);
      await evaluator.evaluate((now + minute * MINUTE + 50) * 1000);
    };
    for (let minute = 0; minute < 20; minute += 1) await minuteOf(minute);
    const [alert] = await alerts.open();
    await alerts.accept(PROJECT, alert?.id ?? '');
    await database.query('UPDATE alerts SET accepted_at = to_timestamp($1)', [now + 20 * MINUTE]);
    for (let minute = 20; minute < 40; minute += 1) await minuteOf(minute);
    expect(await alerts.open()).toEqual([]);
    await database.query('UPDATE projects SET verdicts_changed_at = to_timestamp($1)', [now + 40 * MINUTE]);
    for (let minute = 41; minute < 50; minute += 1) await minuteOf(minute);
    expect(await alerts.open()).toEqual([]);
  });

  it('judges what a queue that stood still delivers at once', async () => {
    await rule({ ...COMMON, type: 'threshold', count: 50, window: '1m' });
    const { evaluator } = process();
    await evaluator.evaluate((now + 5) * 1000);
    for (let second = 30; second < 600; second += 30) await evaluator.evaluate((now + second) * 1000);
    await count([[now + 60, 300]]);
    await evaluator.evaluate((now + 605) * 1000);
    expect((await alerts.open()).map(({ figures }) => figures.observed)).toEqual([]);
    // The same with an evaluator that did not see these minutes go by.
    const { evaluator: away } = process();
    await loseLease();
    await away.evaluate((now + 1_205) * 1000);
    await count([[now + 1_260, 300]]);
    await away.evaluate((now + 1_800) * 1000);
    expect((await alerts.open()).map(({ figures }) => figures.observed)).toEqual([300]);
  });

  it.each<[name: string, settings: RuleSettings, minutes: number]>([
    ['a spike', SPIKE, 1],
    ['a threshold', { ...COMMON, type: 'threshold', count: 50, window: '1m' }, 1],
    ['a share', { ...COMMON, type: 'ratio', ratio: 0.5, window: '1m', group_by: ['service'] }, 1],
    ['a threshold that has to last', { ...COMMON, type: 'threshold', count: 50, window: '1m', for: '2m' }, 3],
  ])('tells once of %s that ended while nobody evaluated, and of its end', async (_, settings, minutes) => {
    await count(quiet(), {}, 100);
    await oldRule(settings);
    await endpoint('a');
    await evaluateAt(process(), 5);
    const spike = Array.from({ length: minutes }, (_, index): [number, number] => [now + (2 + index) * MINUTE, 80]);
    await count(spike, {}, 100);
    await loseLease();
    const next = process();
    await evaluateAt(next, 13 * MINUTE);
    const [alert] = await alerts.open();
    expect(alert?.status).toBe('firing');
    expect(alert?.figures.observed).toBeGreaterThanOrEqual(80);
    expect(alert?.figures.total).toBeGreaterThanOrEqual(80 * minutes);
    // When it was there, not when it was found.
    expect((alert?.startedAt.getTime() ?? 0) / 1000 - now).toBeLessThanOrEqual(3 * MINUTE);
    await evaluateAt(next, 13 * MINUTE + 5);
    await everyMinute(next, 14, 17);
    expect(await told()).toHaveLength(1);
    await everyMinute(next, 18, 19);
    expect(await told()).toEqual([
      ['firing', 'alert.firing'],
      ['resolved', 'alert.resolved'],
    ]);
  });

  it('takes what did not last, while nobody evaluated, for nothing', async () => {
    await oldRule({ ...COMMON, type: 'threshold', count: 50, window: '1m', for: '3m' });
    await evaluateAt(process(), 5);
    await count([2, 6].map((minute): [number, number] => [now + minute * MINUTE, 80]));
    await loseLease();
    await evaluateAt(process(), 13 * MINUTE);
    expect(await alerts.open()).toEqual([]);
  });

  it('tells of signatures that came while nobody evaluated', async () => {
    await oldRule({ ...COMMON, type: 'new_signature', back_after: null });
    await evaluateAt(process(), 5);
    await count([[now, 5]]);
    await loseLease();
    await evaluateAt(process(), 13 * MINUTE);
    expect((await alerts.open()).map(({ figures }) => figures.observed)).toEqual([5]);
  });

  it('tells once of what ended while every evaluation failed, by the same process and by the next', async () => {
    for (const type of ['threshold', 'spike'] as const)
      await oldRule(type === 'spike' ? SPIKE : { ...COMMON, type, count: 50, window: '1m' }, type);
    await endpoint('a');
    await count(quiet());
    const first = process();
    await evaluateAt(first, 5);
    // It is seen, and nobody can be told.
    await database.query('ALTER TABLE endpoints RENAME TO away');
    await count([[now + MINUTE, 80]]);
    await evaluateAt(first, MINUTE + 5, 2 * MINUTE, 5 * MINUTE);
    expect(first.evaluator.problems.size).toBe(2);
    await first.evaluator.stop((now + 5 * MINUTE) * 1000);
    const second = process();
    await evaluateAt(second, 6 * MINUTE);
    await database.query('ALTER TABLE away RENAME TO endpoints');
    const third = process();
    await loseLease();
    await evaluateAt(third, 8 * MINUTE, 8 * MINUTE + 5);
    expect((await alerts.open()).map(({ rule: { name } }) => name).sort()).toEqual(['spike', 'threshold']);
    await everyMinute(third, 9, 50);
    expect(await told()).toHaveLength(4);
    // What it had found to tell, another one told.
    await loseLease();
    await evaluateAt(first, 50 * MINUTE + 5);
    expect(await told()).toHaveLength(4);
  });

  it('tells what another process had learned and saved before it could tell it', async () => {
    await count(quiet());
    await oldRule(SPIKE);
    await endpoint('a');
    const first = process();
    await evaluateAt(first, 5);
    await database.query('ALTER TABLE endpoints RENAME TO away');
    // Over in all windows that could still show it by themselves.
    await count([[now + MINUTE, 40]]);
    await everyMinute(first, 2, 12);
    await first.evaluator.stop((now + 12 * MINUTE) * 1000);
    await database.query('ALTER TABLE away RENAME TO endpoints');
    await evaluateAt(process(), 16 * MINUTE + 30);
    expect(await told()).toHaveLength(1);
  });

  it('loses nothing of a rule that alone could not be evaluated, and ends nothing of it meanwhile', async () => {
    const settings: RuleSettings = { ...COMMON, type: 'threshold', count: 50, window: '1m', group_by: ['service'] };
    await oldRule(settings, 'whole');
    const broken = await oldRule(settings, 'broken');
    const group = async (by: string): Promise<void> => {
      await database.query("UPDATE alert_rules SET settings = jsonb_set(settings, '{group_by}', $2) WHERE id = $1", [broken, `["${by}"]`]);
    };
    const names = async (): Promise<string[]> => (await alerts.open()).map(({ rule: { name } }) => name).sort();
    const first = process();
    await evaluateAt(first, 5);
    await group('nothing');
    await count([[now + MINUTE, 80]]);
    await evaluateAt(first, MINUTE + 15);
    await everyMinute(first, 2, 5);
    expect(await names()).toEqual(['whole']);
    await group('service');
    await loseLease();
    const second = process();
    await evaluateAt(second, 6 * MINUTE);
    expect(await names()).toEqual(['broken', 'whole']);
    await group('nothing');
    await everyMinute(second, 7, 12);
    await group('service');
    await evaluateAt(second, 12 * MINUTE + 5);
    expect(await names()).toEqual(['broken']);
  });

  it('judges what comes late for as long as the rule waits for it', async () => {
    await oldRule({ ...COMMON, type: 'threshold', count: 50, window: '1m', evaluation_delay: '30m' });
    const one = process();
    await evaluateAt(one, 0);
    await count([[now - 25 * MINUTE, 80]]);
    await evaluateAt(one, 5);
    expect(await alerts.open()).toEqual([]);
    await evaluateAt(one, 6 * MINUTE);
    expect(await alerts.open()).toHaveLength(1);
  });

  it('tells nothing twice when another process takes over, though what was told can still change', async () => {
    const settings: RuleSettings = { ...COMMON, type: 'threshold', count: 50, window: '1m', resolve_after: '10s', evaluation_delay: '10m' };
    await oldRule(settings);
    await endpoint('a');
    const first = process();
    await count([[now - 5 * MINUTE, 80]]);
    await evaluateAt(first, -5 * MINUTE + 15, -4 * MINUTE + 15, -4 * MINUTE + 45);
    expect(await told()).toHaveLength(2);
    await first.evaluator.stop((now - 3 * MINUTE) * 1000);
    const second = process();
    await evaluateAt(second, -3 * MINUTE, 6 * MINUTE, 7 * MINUTE);
    expect(await told()).toHaveLength(2);
  });

  it('tells nothing of what was there before the first start, or before the rule was changed', async () => {
    await count([[now - 5 * MINUTE, 80]]);
    const settings: RuleSettings = { ...COMMON, type: 'threshold', count: 50, window: '1m' };
    await rule(settings);
    const changed = await oldRule(settings);
    await rules.change(PROJECT, { id: changed, name: 'changed', isEnabled: true, settings });
    await evaluateAt(process(), 5, 10);
    expect(await alerts.open()).toEqual([]);
  });

  it('loses nothing to a process whose clock is ahead', async () => {
    await oldRule({ ...COMMON, type: 'threshold', count: 50, window: '1m' });
    await evaluateAt(process(), 60 * MINUTE);
    await loseLease();
    await count([[now + 2 * MINUTE, 80]]);
    await evaluateAt(process(), 6 * MINUTE);
    expect(await alerts.open()).toHaveLength(1);
  });

  it('tells nothing again under another cause', async () => {
    await oldRule({ ...COMMON, type: 'threshold', count: 50, window: '1m', resolve_after: '10s', evaluation_delay: '10m' });
    await endpoint('a');
    await count([[now - 5 * MINUTE, 80]]);
    const first = process();
    await evaluateAt(first, -5 * MINUTE + 15, -4 * MINUTE + 15, -4 * MINUTE + 45);
    expect(await told()).toHaveLength(2);
    await database.query("UPDATE signatures SET cause = 'clock_skew'");
    await database.query('UPDATE projects SET verdicts_changed_at = to_timestamp($1)', [now - 3 * MINUTE]);
    await evaluateAt(first, 0, 6 * MINUTE, 7 * MINUTE);
    expect(await told()).toHaveLength(2);
  });

  it('breaks a round off in which another process has evaluated, though it has ended since', async () => {
    for (const name of ['first', 'second']) await rule({ ...COMMON, type: 'threshold', count: 50, window: '1m' }, name);
    const other = process();
    const { evaluator } = process(RETENTION, async () => {
      await loseLease();
      await evaluateAt(other, 5);
      await other.evaluator.stop((now + 5) * 1000);
      return 0;
    });
    await expect(evaluator.evaluate((now + 5) * 1000)).rejects.toBeInstanceOf(LeaseLostError);
  });

  it('takes nothing for news that was judged before it got the cause of the rule', async () => {
    await oldRule({ ...COMMON, type: 'threshold', count: 50, window: '1m', filter: { cause: ['clock_skew'] } });
    await count([[now - 10 * MINUTE, 80]]);
    const one = process();
    await evaluateAt(one, 0);
    await database.query("UPDATE signatures SET cause = 'clock_skew'");
    await database.query('UPDATE projects SET verdicts_changed_at = to_timestamp($1)', [now + 5]);
    await evaluateAt(one, 30, 35);
    expect(await alerts.open()).toEqual([]);
  });

  it('tells the end of an alert to whom its beginning was told', async () => {
    await rule({ ...COMMON, type: 'threshold', count: 30, window: '1m' });
    await endpoint('a');
    const { evaluator } = process();
    await count([[now, 80]]);
    await evaluator.evaluate((now + 30) * 1000);
    await endpoint('came later');
    for (let minute = 1; minute < 9; minute += 1) await evaluator.evaluate((now + minute * MINUTE) * 1000);
    expect(await told()).toEqual([
      ['firing', 'alert.firing'],
      ['resolved', 'alert.resolved'],
    ]);
  });

  it('saves and is changed at the same time', async () => {
    await count(quiet());
    const id = await rule(SPIKE);
    for (let round = 0; round < 10; round += 1) {
      const { evaluator } = process();
      await loseLease();
      await evaluator.evaluate(now * 1000);
      const settings = { ...SPIKE, group_by: round % 2 === 0 ? ['service'] : ['service', 'cause'] };
      await Promise.all([evaluator.stop(now * 1000), rules.change(PROJECT, { id, name: 'a rule', isEnabled: true, settings })]);
    }
    expect(await rules.rule(PROJECT, id)).toMatchObject({ name: 'a rule' });
  });

  it('takes a cause that changes for no spike', async () => {
    await count(quiet());
    await rule({ ...SPIKE, min_count: 3 });
    const { evaluator } = process();
    await evaluator.evaluate(now * 1000);
    await database.query("UPDATE signatures SET cause = 'clock_skew'");
    await database.query('UPDATE projects SET verdicts_changed_at = to_timestamp($1)', [now + 5]);
    for (const after of [10, 15, 25, 40, 70, 130]) {
      await count([[now + Math.floor(after / 60) * 60, 1]]);
      await evaluator.evaluate((now + after) * 1000);
    }
    expect(await alerts.open()).toEqual([]);
  });

  it('reads no hours for minutes where minutes are kept for less than it learns from', async () => {
    const retention = { ...RETENTION, '1m': DAY };
    const own = new CountStore(database, retention);
    counts = own;
    await count(Array.from({ length: 3 * 1_440 }, (_, index): [number, number] => [now - (3 * 1_440 - index) * MINUTE, 30]));
    await rule(SPIKE);
    const { evaluator } = process(retention);
    await evaluator.evaluate(now * 1000);
    expect(await alerts.open()).toEqual([]);
    await count([[now, 250]]);
    await evaluator.evaluate((now + 50) * 1000);
    expect((await alerts.open()).map(({ status }) => status)).toEqual(['firing']);
  });

  it('saves nothing over a rule that was changed in the meantime', async () => {
    await count(quiet());
    const id = await rule(SPIKE);
    const { evaluator } = process();
    await evaluator.evaluate(now * 1000);
    await rules.change(PROJECT, { id, name: 'a rule', isEnabled: true, settings: { ...SPIKE, group_by: ['route'] } });
    await evaluator.stop(now * 1000);
    expect(await database.query('SELECT key FROM alert_groups')).toEqual([]);
  });

  it('says which signatures are new', async () => {
    await count(Array.from({ length: 60 }, (_, index): [number, number] => [now - index * MINUTE, 50]));
    await database.query("UPDATE signatures SET created_at = now() - interval '1 hour'");
    await rule({ ...COMMON, type: 'new_signature', back_after: null, group_by: ['service'] });
    const { evaluator } = process();
    await count([[now, 1]], { 'http.route': '/fresh' });
    await evaluator.evaluate((now + 30) * 1000);
    const [alert] = await alerts.open();
    expect(alert?.details.samples?.map(({ route }) => route)).toEqual(['/fresh']);
    expect(alert?.figures.total).toBe(1);
  });

  it('claims deliveries of each endpoint, the end of an alert behind its beginning, and of one that is off only tests', async () => {
    const [a, b] = [await endpoint('a'), await endpoint('b')];
    const alertId = randomUUID();
    const add = async (endpointId: string, transition: string, ageSeconds: number): Promise<string> => {
      const id = randomUUID();
      await database.query(
        `INSERT INTO deliveries (project_id, id, endpoint_id, alert_id, transition, message, status, next_at)
         VALUES (1, $1, $2, $3, $4, '{}', 'waiting', now() - make_interval(secs => $5))`,
        [id, endpointId, transition === 'test' ? null : alertId, transition, ageSeconds],
      );
      return id;
    };
    const tests = [];
    for (let index = 0; index < 5; index += 1) tests.push(await add(a, 'test', 100 - index));
    const resolved = await add(b, 'resolved', 50);
    const firing = await add(b, 'firing', 10);
    expect(await endpoints.due(2)).toEqual(expect.arrayContaining([tests[0], tests[1], firing]));
    expect(await endpoints.due(2)).toHaveLength(3);
    const claimed = await endpoints.claim(PROJECT, b);
    expect(claimed?.id).toBe(firing);
    expect(await endpoints.claim(PROJECT, b)).toBeUndefined();
    if (claimed !== undefined)
      await endpoints.note(
        claimed,
        { at: '', outcome: 'delivered', status: 204, latency_ms: 1, reason: '' },
        { status: 'delivered', nextAt: new Date() },
      );
    expect((await endpoints.claim(PROJECT, b))?.id).toBe(resolved);
    const off = await endpoints.endpoint(PROJECT, a);
    if (off !== undefined) await endpoints.disable({ ...off, url: 'https://other.example/' }, 'gone');
    expect((await endpoints.endpoint(PROJECT, a))?.disabledReason).toBeNull();
    if (off !== undefined) await endpoints.disable(off, 'gone');
    await add(a, 'firing', 1_000);
    expect((await endpoints.claim(PROJECT, a))?.id).toBe(tests[0]);
  });

  it('outlives a clock that is set forward and back', async () => {
    await count(quiet());
    await rule(SPIKE);
    const { evaluator } = process();
    await evaluator.evaluate(now * 1000);
    const started = performance.now();
    await evaluator.evaluate((now + 3_650 * DAY) * 1000);
    expect(performance.now() - started).toBeLessThan(30_000);
    await evaluator.evaluate((now + 5) * 1000);
    await count([[now, 80]]);
    await evaluator.evaluate((now + 10) * 1000);
    expect((await alerts.open()).map(({ status }) => status)).toEqual(['firing']);
  });

  it('says how many groups it does not look at', async () => {
    for (let index = 0; index < 260; index += 1) {
      const letters = Array.from(String(index), (digit) => 'abcdefghij'[Number(digit)] ?? '').join('-');
      await count([[now - MINUTE, 1]], { 'http.route': `/orders/${letters}` });
    }
    const id = await rule({ ...SPIKE, group_by: ['route'] });
    const { evaluator } = process();
    await evaluator.evaluate((now + 120) * 1000);
    expect((await rules.rule(PROJECT, id))?.problem).toContain('10 groups are not looked at');
  });

  it('foretells what it would have done', async () => {
    const spiked = quiet().map(([at, number]): [number, number] => [at, at >= now - 3_600 && at < now - 3_000 ? 60 : number]);
    await count(spiked);
    const {
      alerts: found,
      to,
      groups,
    } = await replay(
      { counts: new AlertCounts(database, RETENTION), retention: RETENTION, projectId: PROJECT, settings: SPIKE },
      { from: now - DAY, to: now },
    );
    expect([to, groups]).toEqual([now, 1]);
    expect(found).toHaveLength(1);
    expect(found[0]?.key).toEqual(['checkout', 'expired_token']);
    expect((found[0]?.startedAt ?? 0) - (now - 3_600)).toBeLessThanOrEqual(2 * MINUTE);
    expect(found[0]?.resolvedAt).toBeDefined();
  });
});
