/**
 * The published JSON Schema (draft 2020-12) of the `standard` webhook payload, served at /schemas/alert.json. Every member
 * that is required stays; new ones may come, so objects are open and receivers pass over what they do not know.
 */
import { RULE_TYPES, SEVERITIES } from './payload.js';

const TIME = { type: 'string', format: 'date-time' };
const LINK = { type: 'string', format: 'uri' };
const TEXT = { type: 'string' };
const COUNT = { type: 'integer', minimum: 0 };
const SHARE = { type: 'number', minimum: 0, maximum: 1 };
const TEXTS = { type: 'array', items: TEXT, maxItems: 10 };

/** An object all of whose members are required. */
function whole(properties: Record<string, object>) {
  return { type: 'object', required: Object.keys(properties), properties };
}

const CHANGE = whole({
  dimension: { type: 'string', description: 'A dimension, or two separated by a comma.' },
  value: TEXT,
  share_before: SHARE,
  share_now: SHARE,
  lift: { type: ['number', 'null'], description: 'share_now / share_before; null where there was nothing before.' },
  explains: { type: 'number', description: 'Share of the excess that this value accounts for.' },
});

const SAMPLE = {
  type: 'object',
  required: ['time', 'service', 'method', 'route', 'status', 'template'],
  properties: { time: TIME, service: TEXT, method: TEXT, route: TEXT, status: COUNT, template: TEXT, trace_id: TEXT },
};

const FINDING = whole({ id: TEXT, severity: { enum: ['critical', 'high', 'medium', 'low'] }, detail: TEXT, reference: TEXT });

const ALERT = whole({
  id: { type: 'string', description: 'The same from firing to resolved.' },
  rule: whole({ id: TEXT, name: TEXT, type: { enum: [...RULE_TYPES] } }),
  group: {
    type: 'object',
    description: "The dimensions that the rule groups by, and this group's values.",
    additionalProperties: TEXT,
    maxProperties: 8,
  },
  severity: { enum: [...SEVERITIES] },
  started_at: TIME,
  window: { type: 'string', pattern: '^[1-9][0-9]*[smhd]$', description: 'The span in which `observed` was counted, for example 5m.' },
  observed: { type: 'number', minimum: 0 },
  expected: { type: ['number', 'null'] },
  factor: { type: ['number', 'null'], description: 'observed / expected' },
  score: { type: ['number', 'null'] },
  distinct_clients: { type: ['integer', 'null'], minimum: 0 },
  summary: TEXT,
  what_changed: { type: 'array', items: CHANGE, maxItems: 20, description: 'The strongest first.' },
  samples: { type: 'array', items: SAMPLE, maxItems: 5, description: 'Masked records.' },
  advice: whole({ client: TEXTS, server: TEXTS }),
  findings: { type: 'array', items: FINDING, maxItems: 20 },
  links: whole({ dashboard: LINK, explain: LINK, signatures: LINK }),
});

export const ALERT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: '/schemas/alert.json',
  title: 'An alert of why401',
  description: 'Signed by Standard Webhooks 1.0. In JSON it takes less than 20,000 bytes. Members may be added.',
  type: 'object',
  required: ['type', 'timestamp', 'data'],
  properties: {
    type: { enum: ['alert.firing', 'alert.resolved', 'alert.test'] },
    timestamp: TIME,
    data: {
      ...ALERT,
      properties: {
        ...ALERT.properties,
        omitted: {
          type: 'object',
          description: 'How many entries of each list were left out to keep the payload short; absent where none were.',
          additionalProperties: { type: 'integer', minimum: 1 },
        },
      },
    },
  },
  if: { properties: { type: { const: 'alert.resolved' } } },
  then: {
    properties: {
      data: whole({
        duration_seconds: { type: 'number', minimum: 0 },
        total: { ...COUNT, description: 'Refusals of the group while the alert was open.' },
        peak: { ...COUNT, description: 'The most in one minute.' },
      }),
    },
  },
};
