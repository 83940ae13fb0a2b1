/** The alert rules that a new project starts with: the ones that the first project has from the start. */
import type { RuleSettings } from './rule.js';

const COMMON = { filter: {}, min_clients: 0, for: '0s', evaluation_delay: '1m', labels: {}, endpoints: null } as const;

export const FIRST_RULES: readonly { name: string; settings: RuleSettings }[] = [
  {
    name: 'A cause spikes in a service',
    settings: { ...COMMON, type: 'spike', group_by: ['service', 'cause'], min_count: 10, resolve_after: '10m', severity: 'error' },
  },
  {
    name: 'The server is at fault',
    settings: {
      ...COMMON,
      ...{ type: 'threshold', filter: { fault: ['server'] }, group_by: ['service', 'cause'], count: 20, window: '5m', min_count: 0 },
      ...{ resolve_after: '15m', severity: 'warning' },
    },
  },
  {
    name: 'A credential is written to logs',
    settings: {
      ...COMMON,
      ...{ type: 'finding', finding: 'credential_logged', group_by: ['service'], count: 1, window: '1h', min_count: 0 },
      ...{ resolve_after: '1d', severity: 'critical' },
    },
  },
];
