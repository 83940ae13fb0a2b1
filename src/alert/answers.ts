/** What the alert endpoints take and answer, as schemas. */
import { z } from 'zod';
import { FORMATS } from '../core/alert/message.js';
import { RULE_TYPES, SEVERITIES } from '../core/alert/payload.js';
import { FINDINGS } from '../core/findings.js';
import { parseDuration } from '../core/levels.js';
import { named } from '../ops/named.js';
import { moment } from '../query/parameters.js';
import { DIMENSIONS, TARGET_DIMENSIONS } from '../store/filters.js';

const DAY = 86_400;
const MAX_BY = 3;
const MAX_VALUES = 50;
const MAX_LABELS = 20;
const DIMENSION_NAMES = Object.keys(DIMENSIONS) as [keyof typeof DIMENSIONS, ...(keyof typeof DIMENSIONS)[]];
const TARGET_NAMES = Object.keys(TARGET_DIMENSIONS);
const time = z.iso.datetime();

/** @param least and most, seconds */
function duration(fallback: string, [least, most]: [number, number], meaning: string): z.ZodDefault<z.ZodString> {
  return z
    .string()
    .refine(
      (text) => {
        const seconds = parseDuration(text);
        return seconds !== undefined && seconds >= least && seconds <= most;
      },
      `must be a duration from ${textOf(least)} to ${textOf(most)}, such as 30s, 10m or 1h`,
    )
    .default(fallback)
    .meta({ description: meaning });
}

function textOf(seconds: number): string {
  if (seconds % DAY === 0 && seconds > 0) return `${String(seconds / DAY)}d`;
  return seconds % 60 === 0 && seconds > 0 ? `${String(seconds / 60)}m` : `${String(seconds)}s`;
}

const text = (longest: number): z.ZodString => z.string().max(longest);
const count = z.int().min(1).max(1_000_000_000);
const window = duration('5m', [60, DAY], 'What is summed up.');

const common = {
  filter: z
    .partialRecord(z.enum(DIMENSION_NAMES), z.array(text(500)).min(1).max(MAX_VALUES))
    .default({})
    .meta({ description: 'Values by dimension: `value`, `!value` excludes, `value*` is a prefix.' }),
  group_by: z
    .array(z.enum(DIMENSION_NAMES))
    .max(MAX_BY)
    .refine((names) => new Set(names).size === names.length, 'names a dimension twice')
    .default(['service', 'cause'])
    .meta({ description: 'An alert for each group; at most 250 groups are looked at.' }),
  min_clients: z.int().min(0).max(1_000_000).default(0).meta({ description: 'Different clients that must be affected.' }),
  for: duration('0s', [0, DAY], 'How long it must last before the alert fires.'),
  resolve_after: duration('10m', [60, 7 * DAY], 'How long it must be calm before the alert is over.'),
  evaluation_delay: duration('1m', [0, 600], 'How late records come. What is judged at once is not learnt before.'),
  severity: z.enum(SEVERITIES).default('error'),
  labels: z
    .record(z.string().regex(/^[a-z_]\w{0,60}$/i, 'must be a name of letters, digits and _'), text(200))
    .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `at most ${String(MAX_LABELS)} labels`)
    .default({}),
  endpoints: z.array(z.uuid()).max(100).nullable().default(null).meta({ description: 'Ids of endpoints that are told; null for all.' }),
};
const minCount = (fallback: number): z.ZodDefault<z.ZodInt> =>
  z.int().min(0).max(1_000_000_000).default(fallback).meta({ description: 'Refusals that there must be in the window.' });

const settings = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('spike'), ...common, min_count: minCount(10) }),
    z.strictObject({ type: z.literal('threshold'), ...common, min_count: minCount(0), count, window }),
    z.strictObject({ type: z.literal('ratio'), ...common, min_count: minCount(20), ratio: z.number().gt(0).max(1), window }),
    z.strictObject({
      type: z.literal('new_signature'),
      ...common,
      min_count: minCount(1),
      back_after: duration('7d', [DAY, 400 * DAY], 'After this long without it, a signature is new again; null for never.').nullable(),
    }),
    z.strictObject({
      type: z.literal('finding'),
      ...common,
      min_count: minCount(0),
      finding: z.enum(Object.keys(FINDINGS) as [string, ...string[]]),
      count: count.default(1),
      window,
    }),
  ])
  .superRefine((given, context) => {
    if (given.type !== 'ratio') return;
    const unknown = [...given.group_by, ...Object.keys(given.filter)].filter((name) => !TARGET_NAMES.includes(name));
    if (unknown.length > 0)
      context.addIssue(`requests without a refusal have no ${unknown.join(', ')}: a ratio can use ${TARGET_NAMES.join(', ')}`);
  })
  .meta({ id: 'AlertRuleSettings' });

export const alertRuleInput = named('AlertRuleInput', {
  name: text(100).min(1),
  is_enabled: z.boolean().default(true),
  settings,
});

export const previewInput = named('AlertRulePreviewInput', {
  settings,
  from: moment('-7d', 'Start of the span that is looked at.'),
  to: moment('now', 'End, excluded.'),
});

export const alertRuleAnswer = named('AlertRule', {
  id: z.string(),
  name: z.string(),
  is_enabled: z.boolean(),
  settings: z.record(z.string(), z.unknown()),
  problem: z.string().nullable().meta({ description: 'Why the rule cannot be evaluated at present.' }),
  created_at: time,
  updated_at: time,
});
export const alertRulesAnswer = named('AlertRules', { rules: z.array(alertRuleAnswer).meta({ description: 'Oldest first.' }) });

const group = z.record(z.string(), z.string());
export const previewAnswer = named('AlertRulePreview', {
  from: time,
  to: time.meta({ description: 'Earlier than asked where the time for a preview was up.' }),
  is_cut: z.boolean(),
  groups: z.int().meta({ description: 'Groups that were looked at.' }),
  alerts: z.array(
    z.strictObject({
      group,
      started_at: time,
      resolved_at: time.nullable(),
      observed: z.int(),
      expected: z.number().nullable(),
      score: z.number().nullable(),
      peak: z.int(),
      reason: z.string(),
    }),
  ),
});

const alertDetails = z
  .strictObject({
    summary: z.string(),
    distinct_clients: z.int(),
    what_changed: z
      .array(
        z.strictObject({
          dimension: z.string(),
          value: z.string(),
          share_before: z.number(),
          share_now: z.number(),
          lift: z.number().nullable(),
          explains: z.number(),
        }),
      )
      .meta({ description: 'The strongest first.' }),
    samples: z.array(
      z.strictObject({
        time,
        service: z.string(),
        method: z.string(),
        route: z.string(),
        status: z.int(),
        template: z.string(),
        trace_id: z.string().optional(),
      }),
    ),
    advice: z.strictObject({ client: z.array(z.string()), server: z.array(z.string()) }),
    findings: z.array(
      z.strictObject({
        id: z.string(),
        severity: z.enum(['critical', 'high', 'medium', 'low']),
        detail: z.string(),
        reference: z.string(),
      }),
    ),
  })
  .partial()
  .meta({ id: 'AlertDetails', description: 'What explains it, as in the webhook; a part that could not be had is left out.' });

export const alertAnswer = named('Alert', {
  id: z.string(),
  rule: z.strictObject({ id: z.string(), name: z.string(), type: z.enum(RULE_TYPES) }),
  group,
  status: z.enum(['pending', 'firing', 'resolved']),
  severity: z.enum(SEVERITIES),
  reason: z.string(),
  started_at: time,
  fired_at: time.nullable(),
  resolved_at: time.nullable(),
  notified_at: time.nullable().meta({ description: 'When endpoints were told; null while it is silenced.' }),
  acknowledged_at: time.nullable(),
  acknowledged_note: z.string().nullable(),
  window_seconds: z.int(),
  observed: z.int(),
  expected: z.number().nullable(),
  score: z.number().nullable(),
  peak: z.int(),
  total: z.int(),
  details: alertDetails,
});
export const alertsAnswer = named('Alerts', { alerts: z.array(alertAnswer), next_cursor: z.string().nullable() });

export const alertsParameters = z.strictObject({
  status: z.enum(['open', 'pending', 'firing', 'resolved', 'all']).default('all').meta({ description: '`open` is pending and firing.' }),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
  cursor: z.string().max(200).optional().meta({ description: 'The `next_cursor` of the page before.' }),
});

export const acknowledgeInput = named('AcknowledgeInput', { note: text(500).default('') });

export const endpointInput = z
  .strictObject({
    name: text(100).min(1),
    url: z.url().max(2_000),
    format: z.enum(FORMATS).default('standard'),
    routing_key: text(200).nullable().default(null).meta({ description: "PagerDuty's integration key." }),
    sends_resolved: z.boolean().default(true),
  })
  .refine(({ format, routing_key }) => format !== 'pagerduty' || routing_key !== null, {
    path: ['routing_key'],
    message: 'is needed for PagerDuty',
  })
  .meta({ id: 'EndpointInput' });

export const endpointAnswer = named('Endpoint', {
  id: z.string(),
  name: z.string(),
  url: z.string(),
  format: z.enum(FORMATS),
  has_routing_key: z.boolean(),
  sends_resolved: z.boolean(),
  disabled_reason: z.string().nullable(),
  created_at: time,
  updated_at: time,
});
export const newEndpointAnswer = named('NewEndpoint', {
  ...endpointAnswer.shape,
  secret: z.string().meta({ description: 'Signs every delivery (Standard Webhooks). It is shown this once.' }),
});
export const endpointsAnswer = named('Endpoints', { endpoints: z.array(endpointAnswer) });

export const deliveryAnswer = named('Delivery', {
  id: z.string(),
  webhook_id: z.string(),
  alert_id: z.string().nullable(),
  transition: z.enum(['firing', 'resolved', 'test']),
  status: z.enum(['waiting', 'delivered', 'dead']),
  attempts: z.array(z.strictObject({ at: time, outcome: z.string(), status: z.int().nullable(), latency_ms: z.int(), reason: z.string() })),
  next_attempt_at: time.nullable(),
  created_at: time,
  finished_at: time.nullable(),
});
export const deliveriesAnswer = named('Deliveries', {
  deliveries: z.array(deliveryAnswer).meta({ description: 'Newest first, at most 100.' }),
});

export const silenceInput = z
  .strictObject({
    matchers: z
      .record(text(100), text(500))
      .refine((matchers) => Object.keys(matchers).length > 0 && Object.keys(matchers).length <= 20, 'needs 1 to 20 labels')
      .meta({ description: '`rule`, `severity`, labels of the rule and dimensions of the group; `value*` is a prefix. All must fit.' }),
    starts_at: time.optional().meta({ description: 'Default: now.' }),
    ends_at: time,
    note: text(500).default(''),
  })
  .refine(({ starts_at: start, ends_at: end }) => Date.parse(end) > (start === undefined ? Date.now() : Date.parse(start)), {
    path: ['ends_at'],
    message: 'must lie behind starts_at and now',
  })
  .meta({ id: 'SilenceInput' });
export const silenceAnswer = named('Silence', {
  id: z.string(),
  matchers: z.record(z.string(), z.string()),
  starts_at: time,
  ends_at: time,
  note: z.string(),
  created_at: time,
});
export const silencesAnswer = named('Silences', { silences: z.array(silenceAnswer).meta({ description: 'The ones that are not over.' }) });
