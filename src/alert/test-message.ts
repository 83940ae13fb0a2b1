/** What an endpoint gets when somebody tries it out: an alert that reads like one, and says that it is none. */
import type { AlertMessage } from '../core/alert/payload.js';

export function testMessage(now: Date): AlertMessage {
  const at = now.toISOString();
  const nil = '00000000-0000-0000-0000-000000000000';
  return {
    type: 'alert.test',
    timestamp: at,
    data: {
      id: nil,
      rule: { id: nil, name: 'A test of this endpoint', type: 'spike' },
      group: { service: 'example', cause: 'expired_token' },
      severity: 'info',
      started_at: at,
      window: '5m',
      observed: 120,
      expected: 4,
      factor: 30,
      score: 2,
      distinct_clients: 17,
      summary: 'This is a test: nothing happened. Alerts look like this one.',
      what_changed: [{ dimension: 'version', value: '1.4.2', share_before: 0.02, share_now: 0.97, lift: 48, explains: 0.98 }],
      samples: [],
      advice: { client: ['Nothing is to be done.'], server: [] },
      findings: [],
      links: { dashboard: '', explain: '', signatures: '' },
    },
  };
}
