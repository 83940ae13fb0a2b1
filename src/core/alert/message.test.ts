import { describe, expect, it } from '@jest/globals';
import { firing, resolved, testing } from '../../../test/support/alert-messages.js';
import { fingerprintOf } from './alertmanager.js';
import { encodeMessage, FORMATS, type Format } from './message.js';
import type { AlertMessage } from './payload.js';
import { durationText } from './wording.js';

const options = { receiver: 'ops', externalUrl: 'https://why401.example', routingKey: 'R0UT1NG' };

function encoded(message: AlertMessage, format: Format): unknown {
  return JSON.parse(encodeMessage(message, format, options));
}

const long = '<&>"'.repeat(2_000);
const overgrown = {
  rule: { id: 'r', name: long, type: 'spike' },
  summary: long,
  group: Object.fromEntries(Array.from({ length: 30 }, (_item, index) => [`dimension ${String(index)}`, long])),
  advice: { client: Array<string>(50).fill(long), server: Array<string>(50).fill(long) },
  what_changed: Array.from({ length: 50 }, () => ({
    dimension: 'route',
    value: long,
    share_before: 0,
    share_now: 1,
    lift: null,
    explains: 1,
  })),
} as const;

describe('every format', () => {
  it.each(FORMATS)('%s is JSON, bounded, and differs between the three messages', (format) => {
    const bodies = [firing(), resolved(), testing()].map((message) => encodeMessage(message, format, options));
    expect(new Set(bodies).size).toBe(3);
    for (const message of [firing(overgrown), resolved(overgrown), testing(overgrown)]) {
      const body = encodeMessage(message, format, options);
      expect(Buffer.byteLength(body)).toBeLessThan(60_000);
      expect(JSON.parse(body)).toBeDefined();
    }
  });

  it.each(FORMATS.filter((format) => format !== 'pagerduty'))('%s does not hold the routing key', (format) => {
    expect(encodeMessage(firing(), format, options)).not.toContain(options.routingKey);
  });
});

describe('the standard format', () => {
  it('has the published members, and the resolved one three more', () => {
    const members =
      'id rule group severity started_at window observed expected factor score distinct_clients summary what_changed samples advice findings links';
    const { type, timestamp, data } = encoded(firing(), 'standard') as AlertMessage;
    expect([type, timestamp]).toEqual(['alert.firing', '2026-11-24T10:00:10.000Z']);
    expect(Object.keys(data)).toEqual(members.split(' '));
    const end = encoded(resolved(), 'standard') as AlertMessage;
    expect(Object.keys(end.data)).toEqual([...members.split(' '), 'duration_seconds', 'total', 'peak']);
    expect(end).toMatchObject({ type: 'alert.resolved', data: { duration_seconds: 3_900, total: 5_120, peak: 240 } });
    expect(encoded(testing(), 'standard')).toMatchObject({ type: 'alert.test' });
  });
});

const LABELS = {
  alertname: 'Spike per service and cause',
  service: 'checkout',
  cause: 'expired_token',
  rule_id: 'rule_spike',
  severity: 'critical',
};

interface Webhook {
  groupKey: string;
  groupLabels: Record<string, string>;
  alerts: { labels: Record<string, string>; annotations: Record<string, string>; fingerprint: string; endsAt: string }[];
}

describe("Alertmanager's webhook", () => {
  it('has the fields of version 4', () => {
    const body = encoded(firing(), 'alertmanager') as Webhook;
    const { severity: _item, ...groupLabels } = LABELS;
    expect(body).toMatchObject({
      version: '4',
      truncatedAlerts: 0,
      status: 'firing',
      receiver: 'ops',
      externalURL: 'https://why401.example',
      groupLabels,
      commonLabels: LABELS,
      commonAnnotations: body.alerts[0]?.annotations,
    });
    expect(body.alerts).toEqual([
      {
        status: 'firing',
        labels: LABELS,
        annotations: expect.objectContaining({ summary: firing().data.summary, count: '120 in 5m, 4 expected (29.996 times)' }),
        startsAt: '2026-11-24T10:00:00.000Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: firing().data.links.explain,
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      },
    ]);
    for (const value of Object.values(body.alerts[0]?.annotations ?? {})) expect(typeof value).toBe('string');
  });

  it('is about the same alert when it is resolved, and says when it ended', () => {
    const [start, end] = [encoded(firing(), 'alertmanager'), encoded(resolved(), 'alertmanager')] as [Webhook, Webhook];
    expect(end).toMatchObject({ status: 'resolved', alerts: [{ status: 'resolved', endsAt: '2026-11-24T11:05:00.000Z' }] });
    expect(end.groupKey).toBe(start.groupKey);
    expect(end.alerts[0]?.fingerprint).toBe(start.alerts[0]?.fingerprint);
    const other = encoded(firing({ group: { service: 'cart', cause: 'expired_token' } }), 'alertmanager') as Webhook;
    expect(other.groupKey).not.toBe(start.groupKey);
    expect(other.alerts[0]?.fingerprint).not.toBe(start.alerts[0]?.fingerprint);
  });

  it('makes valid label names, leaves empty labels out, and lets no dimension take the name of the alert', () => {
    const group = { 'error-code': 'x', '5xx': 'y', route: '', alertname: 'evil' };
    const { alerts } = encoded(firing({ group }), 'alertmanager') as Webhook;
    expect(alerts[0]?.labels).toEqual({
      error_code: 'x',
      _5xx: 'y',
      alertname: LABELS.alertname,
      rule_id: 'rule_spike',
      severity: 'critical',
    });
  });

  it('marks a test by a label', () => {
    const [real, test] = [encoded(firing(), 'alertmanager'), encoded(testing(), 'alertmanager')] as [Webhook, Webhook];
    expect(test.alerts[0]?.labels).toEqual({ ...LABELS, test: 'true' });
    expect(test.alerts[0]?.fingerprint).not.toBe(real.alerts[0]?.fingerprint);
    expect(test.groupKey).not.toBe(real.groupKey);
  });

  it("has Prometheus' own fingerprint", () => {
    // From the tests of prometheus/common, model/signature_test.go.
    expect(fingerprintOf({})).toBe(14_695_981_039_346_656_037n.toString(16));
    expect(fingerprintOf({ name: 'garland, briggs', fear: 'love is not enough' })).toBe(5_799_056_148_416_392_346n.toString(16));
  });
});

describe("the array for Alertmanager's API", () => {
  it('has the five fields it takes, and an end that outlives its own timeout', () => {
    const [alert, ...more] = encoded(firing(), 'alertmanager_api') as Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(Object.keys(alert ?? {}).sort()).toEqual(['annotations', 'endsAt', 'generatorURL', 'labels', 'startsAt']);
    expect(alert).toMatchObject({ labels: LABELS, startsAt: '2026-11-24T10:00:00.000Z', endsAt: '2026-12-01T10:00:10.000Z' });
  });

  it('ends a resolved alert at its end, and a test by itself', () => {
    expect(encoded(resolved(), 'alertmanager_api')).toMatchObject([{ labels: LABELS, endsAt: '2026-11-24T11:05:00.000Z' }]);
    expect(encoded(testing(), 'alertmanager_api')).toMatchObject([{ labels: { test: 'true' }, endsAt: '2026-11-24T10:05:10.000Z' }]);
  });
});

interface Slack {
  text: string;
  blocks: { type: string; text?: { type: string; text: string }; fields?: { type: string; text: string }[] }[];
}

function slackTexts({ blocks }: Slack): string {
  return blocks.flatMap(({ text, fields = [] }) => [text?.text ?? '', ...fields.map((field) => field.text)]).join('\n');
}

describe("Slack's message", () => {
  it('says what, how much, where, why and what to do', () => {
    const body = encoded(firing(), 'slack') as Slack;
    expect(body.text).toBe(`Firing: Spike per service and cause. ${firing().data.summary}`);
    expect(body.blocks[0]).toEqual({
      type: 'header',
      text: { type: 'plain_text', text: 'Firing: Spike per service and cause', emoji: false },
    });
    const texts = slackTexts(body);
    for (const part of [
      '120 in 5m, 4 expected',
      '*service*\ncheckout',
      'explains 90 %',
      '• Compare the clocks.',
      '• Refresh the token.',
      'credential_logged (high)',
    ])
      expect(texts).toContain(part);
    expect(slackTexts(encoded(resolved(), 'slack') as Slack)).toContain('*Lasted*\n1 h 5 min');
  });

  it('escapes what comes from records, so that nothing mentions or links', () => {
    const body = encoded(firing({ summary: '<!channel> <https://evil|x> & >', what_changed: [] }), 'slack') as Slack;
    const texts = slackTexts(body);
    expect(texts).toContain('&lt;!channel&gt; &lt;https://evil|x&gt; &amp; &gt;');
    expect(texts).toContain('jwt expired at &lt;date&gt; for &lt;user&gt; &amp; co');
    expect(body.text).not.toContain('<');
    expect(texts.match(/<[^<>]*>/g)).toEqual([
      '<https://why401.example/|Dashboard>',
      '<https://why401.example/explain?from=1&amp;to=2%7C3|What changed>',
      '<https://why401.example/signatures?service=checkout|Signatures>',
    ]);
    for (const { text, fields = [] } of body.blocks) {
      for (const part of [...(text === undefined ? [] : [text]), ...fields])
        if (part.type === 'mrkdwn') expect(part).toMatchObject({ verbatim: true });
    }
  });

  it("keeps within Slack's limits, cuts no entity, and says what was left out", () => {
    const body = encoded(resolved(overgrown), 'slack') as Slack;
    expect(body.blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text, fields } of body.blocks) {
      if (text !== undefined) expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
      if (text !== undefined) expect(text.text.length).toBeGreaterThan(0);
      if (fields !== undefined) expect(fields.length).toBeLessThanOrEqual(10);
      for (const field of fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000);
    }
    const [header, ...rest] = body.blocks;
    expect(header?.type).toBe('header');
    expect(slackTexts({ ...body, blocks: rest }).replace(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
    expect(slackTexts(body)).toContain('left out: ');
    expect(slackTexts(body)).toContain('of advice client');
  });

  it('has no block without text', () => {
    const body = encoded(
      firing({ summary: '', what_changed: [], samples: [], findings: [], advice: { client: [], server: [] } }),
      'slack',
    ) as Slack;
    expect(body.blocks.map(({ type }) => type)).toEqual(['header', 'section', 'section']);
  });
});

describe("PagerDuty's event", () => {
  it('opens an incident and resolves the same one', () => {
    const start = encoded(firing(), 'pagerduty');
    expect(start).toMatchObject({
      routing_key: 'R0UT1NG',
      event_action: 'trigger',
      dedup_key: 'alr_01JD9Z',
      client: 'why401',
      client_url: 'https://why401.example/',
      payload: { source: 'checkout', severity: 'critical', timestamp: '2026-11-24T10:00:00.000Z', class: 'expired_token' },
    });
    expect(start).toHaveProperty('payload.summary', `Firing: Spike per service and cause. ${firing().data.summary}`);
    expect(start).toHaveProperty('payload.custom_details.what_changed', ['route /orders/{id}: 12 % before, 81 % now, explains 90 %']);
    const end = encoded(resolved(), 'pagerduty');
    expect(end).toMatchObject({
      event_action: 'resolve',
      dedup_key: 'alr_01JD9Z',
      payload: { custom_details: { total: 5_120, peak: 240 } },
    });
  });

  it('keeps within the limits of summary and dedup_key', () => {
    const { dedup_key, payload } = encoded(firing({ ...overgrown, id: long }), 'pagerduty') as {
      dedup_key: string;
      payload: { summary: string };
    };
    expect(payload.summary.length).toBeLessThanOrEqual(1_024);
    expect(payload.summary.length).toBeGreaterThan(900);
    expect(dedup_key.length).toBeLessThanOrEqual(255);
  });

  it.each(['critical', 'error', 'warning', 'info'] as const)('has the severity %s, and info for a test', (severity) => {
    expect(encoded(firing({ severity }), 'pagerduty')).toHaveProperty('payload.severity', severity);
    expect(encoded(testing({ severity }), 'pagerduty')).toHaveProperty('payload.severity', 'info');
  });

  it('has a source where the rule groups by something else', () => {
    expect(encoded(firing({ group: { route: '/x' } }), 'pagerduty')).toHaveProperty('payload.source', 'why401');
    expect(encoded(firing({ group: { service: '' } }), 'pagerduty')).toHaveProperty('payload.source', 'why401');
  });
});

describe('a duration', () => {
  it('is told in its two largest units', () => {
    expect([0, 0.4, 59, 60, 61, 3_600, 3_661, 90_061, 86_400, 86_459].map(durationText)).toEqual([
      '0 s',
      '0 s',
      '59 s',
      '1 min',
      '1 min 1 s',
      '1 h',
      '1 h 1 min',
      '1 d 1 h',
      '1 d',
      '1 d',
    ]);
  });
});
