/** Alerts as the alerting part hands them to the formats, for tests. */
import type { AlertData, AlertMessage } from '../../src/core/alert/payload.js';

export function alertData(changed: Partial<AlertData> = {}): AlertData {
  return {
    id: 'alr_01JD9Z',
    rule: { id: 'rule_spike', name: 'Spike per service and cause', type: 'spike' },
    group: { service: 'checkout', cause: 'expired_token' },
    severity: 'critical',
    started_at: '2026-11-24T10:00:00.000Z',
    window: '5m',
    observed: 120,
    expected: 4.00049,
    factor: 29.9963,
    score: 3.2,
    distinct_clients: 17,
    summary: 'checkout refuses 30 times as many requests as usual: the access token expired',
    what_changed: [{ dimension: 'route', value: '/orders/{id}', share_before: 0.12, share_now: 0.81, lift: 6.75, explains: 0.9 }],
    samples: [
      {
        time: '2026-11-24T10:00:02.000Z',
        service: 'checkout',
        method: 'GET',
        route: '/orders/{id}',
        status: 401,
        template: 'jwt expired at <date> for <user> & co',
        trace_id: '5b8efff798038103d269b633813fc60c',
      },
    ],
    advice: { client: ['Refresh the token.'], server: ['Allow a leeway on exp.', 'Compare the clocks.'] },
    findings: [{ id: 'credential_logged', severity: 'high', detail: 'in url.query', reference: 'https://www.rfc-editor.org/rfc/rfc6750' }],
    links: {
      dashboard: 'https://why401.example/',
      explain: 'https://why401.example/explain?from=1&to=2|3',
      signatures: 'https://why401.example/signatures?service=checkout',
    },
    ...changed,
  };
}

export function firing(changed: Partial<AlertData> = {}): AlertMessage {
  return { type: 'alert.firing', timestamp: '2026-11-24T10:00:10.000Z', data: alertData(changed) };
}

export function resolved(changed: Partial<AlertData> = {}): AlertMessage {
  const data = { ...alertData(changed), duration_seconds: 3_900, total: 5_120, peak: 240 };
  return { type: 'alert.resolved', timestamp: '2026-11-24T11:15:00.000Z', data };
}

export function testing(changed: Partial<AlertData> = {}): AlertMessage {
  return { type: 'alert.test', timestamp: '2026-11-24T10:00:10.000Z', data: alertData(changed) };
}
