/** What users teach, and history that follows: on a real database, with as much in it as a busy month leaves. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readRecord } from '../../src/core/refusal.js';
import { RULE_SET_VERSION } from '../../src/core/rules/index.js';
import { signatureKey, type Signature } from '../../src/core/signature.js';
import { CountStore, type JudgedBatch } from '../../src/store/count-store.js';
import { openDatabase, type DataSource } from '../../src/store/database.js';
import { onSnapshot } from '../../src/store/snapshots.js';
import { TeachingStore } from '../../src/store/teaching-store.js';
import { Rejudging } from '../../src/teach/rejudge.js';
import { RuleBook } from '../../src/teach/rule-book.js';
import { freshDatabase } from '../support/databases.js';
import { PROJECT, quietEvents, RETENTION, until } from '../support/service.js';

const MAX_RULES = 1_000;

let database: DataSource;
let store: TeachingStore;
let book: RuleBook;
let running: Rejudging[];

beforeEach(async () => {
  database = await openDatabase(await freshDatabase(), () => undefined);
  store = new TeachingStore(database);
  book = new RuleBook(store);
  running = [];
});

afterEach(async () => {
  for (const rejudging of running) await rejudging.stop();
  await database.destroy();
});

function start(): Rejudging {
  const rejudging = new Rejudging(store, new RuleBook(store), quietEvents());
  running.push(rejudging);
  rejudging.start();
  return rejudging;
}

function signatureOf(reason: string, route: string): Signature {
  const reading = readRecord({
    timeMs: Date.now(),
    body: reason,
    attributes: { 'http.response.status_code': 401, 'http.route': route },
    resource: { 'service.name': 'shop' },
  });
  if (reading.kind !== 'refusal') throw new Error(`read as ${reading.kind}`);
  return reading.signature;
}

/** A signature id from its number: tests need distinct ones, not hashed ones. */
function idOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

async function fill(signatures: readonly Signature[], countEach: number): Promise<void> {
  const page = await book.page(PROJECT);
  const bucket = Math.floor(Date.now() / 10_000) * 10;
  const batch: JudgedBatch = {
    projectId: PROJECT,
    batchId: randomUUID(),
    state: page.state,
    signatures: signatures.map((signature, index) => ({
      id: idOf(index),
      signature,
      ...page.judge(signature),
      firstMs: bucket * 1_000,
      lastMs: bucket * 1_000,
    })),
    portions: [
      {
        id: null,
        counts: signatures.flatMap((_, index) => Array.from({ length: 10 }, (_, at) => [index, bucket - at * 10, countEach / 10]).flat()),
        tokenTimes: [],
        traffic: [],
        facets: [],
      },
    ],
    targets: [],
    values: [],
    sketches: [],
  };
  await new CountStore(database, RETENTION).apply([batch], Date.now());
}

/** Counts of the last hour by cause. */
async function causes(): Promise<Record<string, number>> {
  const now = Math.ceil(Date.now() / 10_000) * 10;
  const query = { projectId: PROJECT, span: { from: now - 3_600, to: now + 10 }, filters: {} };
  const ranked = await onSnapshot(database, (queries) => queries.rank(query, ['cause'], 30));
  return Object.fromEntries(ranked.map(({ key, count }) => [key[0] ?? '', count]));
}

async function outdated(): Promise<number> {
  return store.outdated(PROJECT, { ruleSetVersion: RULE_SET_VERSION, revision: await store.revision(PROJECT) });
}

const rule = (cause: 'expired_token' | 'account_locked' | 'mfa_required', template: string): Parameters<TeachingStore['addRule']>[1] => ({
  id: randomUUID(),
  cause,
  match: { template },
  note: '',
});

describe('rules that users teach', () => {
  it('judge 20,000 signatures with 10 million counts again in seconds, and the trends change with them', async () => {
    const signatures = Array.from({ length: 20_000 }, (_, index) =>
      signatureOf(index % 4 === 0 ? 'flux capacitor dry' : 'jwt expired', `/r/${'abcdefghij'[index % 10] ?? ''}`),
    );
    await fill(signatures, 500);
    expect(await causes()).toEqual({ expired_token: 7_500_000, unknown: 2_500_000 });
    await store.addRule(PROJECT, rule('account_locked', '^flux capacitor'), MAX_RULES);
    expect(await outdated()).toBe(20_000);
    const started = performance.now();
    start();
    await until(outdated, (count) => count === 0, 60_000);
    const seconds = (performance.now() - started) / 1_000;
    expect(await causes()).toEqual({ expired_token: 7_500_000, account_locked: 2_500_000 });
    process.stdout.write(`20,000 signatures with 10,000,000 counts judged again in ${seconds.toFixed(1)} s\n`);
  });

  it('go on where another process stopped, and two processes share the work', async () => {
    const signatures = Array.from({ length: 4_500 }, (_, index) =>
      signatureOf('flux capacitor dry', `/r/${String.fromCharCode(97 + (index % 26))}`),
    );
    await fill(signatures, 10);
    await store.addRule(PROJECT, rule('account_locked', 'flux'), MAX_RULES);
    const page = await book.read(PROJECT);
    let judged = 0;
    const portion = await store.rejudge(PROJECT, page.state, 1_000, (row) => {
      judged += 1;
      const { verdict, audit } = page.judge(row.signature(), row.taughtCause);
      return { verdict, findings: audit.findings, observable: audit.observable };
    });
    expect([portion, judged, await outdated()]).toEqual([1_000, 1_000, 3_500]);
    start();
    start();
    await until(outdated, (count) => count === 0, 30_000);
    expect(await causes()).toEqual({ account_locked: 45_000 });
  });

  it('win in the order in which they were taught, and leave history as it was when they go', async () => {
    await fill([signatureOf('flux capacitor dry', '/a')], 10);
    const first = rule('account_locked', 'flux');
    await store.addRule(PROJECT, first, MAX_RULES);
    await store.addRule(PROJECT, rule('expired_token', 'flux'), MAX_RULES);
    start();
    await until(causes, (counts) => counts['account_locked'] === 10);
    await store.dropRule(PROJECT, first.id);
    await until(causes, (counts) => counts['expired_token'] === 10);
    const { rules } = await store.rules(PROJECT);
    await store.changeRule(PROJECT, { ...rule('expired_token', 'nothing like it'), id: rules[0]?.id ?? '' });
    await until(causes, (counts) => counts['unknown'] === 10);
  });

  it('yield to a cause set for one signature, which stays through every change of rules', async () => {
    await fill([signatureOf('flux capacitor dry', '/a'), signatureOf('flux capacitor dry', '/b')], 10);
    const page = await book.read(PROJECT);
    const judgement = (
      row: Parameters<Parameters<TeachingStore['teachCause']>[2]>[0],
    ): ReturnType<Parameters<TeachingStore['teachCause']>[2]> => {
      const { verdict, audit } = page.judge(row.signature(), row.taughtCause);
      return { verdict, findings: audit.findings, observable: audit.observable };
    };
    expect(await store.teachCause({ projectId: PROJECT, id: '1', cause: 'mfa_required' }, page.state, judgement)).toBe(true);
    expect(await store.teachCause({ projectId: PROJECT, id: '99', cause: 'mfa_required' }, page.state, judgement)).toBe(false);
    expect(await causes()).toEqual({ mfa_required: 10, unknown: 10 });
    await store.addRule(PROJECT, rule('account_locked', 'flux'), MAX_RULES);
    start();
    await until(causes, (counts) => counts['account_locked'] === 10);
    expect(await causes()).toEqual({ mfa_required: 10, account_locked: 10 });
    const now = await book.read(PROJECT);
    await store.teachCause({ projectId: PROJECT, id: '1', cause: null }, now.state, (row) => {
      const { verdict, audit } = now.judge(row.signature(), row.taughtCause);
      return { verdict, findings: audit.findings, observable: audit.observable };
    });
    expect(await causes()).toEqual({ account_locked: 20 });
  });

  it('are judged by a newer version of the built-in rules, never taken back by an older one', async () => {
    await fill([signatureOf('jwt expired', '/a')], 10);
    await database.query("UPDATE signatures SET rule_set_version = $1, cause = 'unknown'", [RULE_SET_VERSION - 1]);
    start();
    await until(causes, (counts) => counts['expired_token'] === 10);
    await database.query("UPDATE signatures SET rule_set_version = $1, cause = 'mfa_required'", [RULE_SET_VERSION + 1]);
    expect(await outdated()).toBe(0);
  });

  it('do not hold up counting when one of them cannot be used any more', async () => {
    const broken = rule('account_locked', 'x');
    await store.addRule(PROJECT, broken, MAX_RULES);
    await store.addRule(PROJECT, rule('mfa_required', 'flux'), MAX_RULES);
    await database.query(`UPDATE rules SET match = '{"template":"(?=x)"}' WHERE id = $1`, [broken.id]);
    const told: string[] = [];
    const page = await new RuleBook(store, (id, problem) => told.push(`${id}: ${problem}`)).read(PROJECT);
    expect(told).toEqual([expect.stringContaining(`${broken.id}: template is no RE2 pattern`)]);
    expect(page.judge(signatureOf('flux capacitor dry', '/a')).verdict.cause).toBe('mfa_required');
    expect(page.judge(signatureOf('jwt expired', '/a')).verdict.cause).toBe('expired_token');
  });

  it('are at most as many as allowed, even when two are added at once', async () => {
    const added = await Promise.all(Array.from({ length: 4 }, () => store.addRule(PROJECT, rule('expired_token', 'x'), 2)));
    expect(added.filter((one) => one !== undefined)).toHaveLength(2);
    expect((await store.rules(PROJECT)).rules).toHaveLength(2);
  });
});

it('keys signatures by all their facts', () => {
  const signature = signatureOf('jwt expired', '/a');
  expect(signatureKey({ ...signature, facts: { ...signature.facts, codes: ['a'] } })).not.toBe(signatureKey(signature));
  expect(signatureKey({ ...signature, facts: { ...signature.facts, leaks: ['an e-mail address'] } })).not.toBe(signatureKey(signature));
});
