/** What the query endpoints answer, as schemas: the OpenAPI document is made from them, and tests hold the answers against them. */
import { z } from 'zod';
import { named } from '../ops/named.js';

const time = z.iso.datetime();
const key = z.record(z.string(), z.string()).meta({ description: 'Dimension to value; `__other__` for everything beyond the limit.' });
const span = { from: time, to: time };

export const trendsAnswer = named('Trends', {
  ...span,
  step_seconds: z.int(),
  unit: z.enum(['count', 'rate']),
  by: z.array(z.string()),
  series: z.array(
    z.strictObject({
      key,
      total: z.int().meta({ description: 'Refusals, whatever the unit.' }),
      rate: z.number().nullable().optional().meta({ description: 'Rates alone: over all steps whose rate is known; null where none is.' }),
      points: z.array(z.tuple([z.int(), z.number().nullable()])).meta({
        description:
          '[epoch ms, figure], one per step. Counts: gaps as 0. Rates: null where no request is known, or fewer requests than refusals.',
      }),
    }),
  ),
  total: z.int(),
  truncated: z.boolean().meta({ description: 'True when some keys were summed up as `__other__`.' }),
});

const distinct = (who: string): z.ZodNullable<z.ZodInt> =>
  z
    .int()
    .nullable()
    .meta({
      description: `About how many different ${who}, within 2 %; kept per minute, after two hours per hour, after a month per day, and whole buckets count. Null where no record told, or where there is too much to merge.`,
    });

export const topAnswer = named('Top', {
  ...span,
  by: z.array(z.string()),
  rows: z.array(
    z.strictObject({
      key,
      count: z.int(),
      share: z.number().meta({ description: 'Part of the total, 0 to 1.' }),
      previous_count: z
        .int()
        .nullable()
        .meta({ description: 'Count in the span of the same length just before; null where that reaches beyond what is kept.' }),
      change: z
        .number()
        .nullable()
        .meta({ description: 'count / previous_count - 1; null when nothing is known of before, or nothing was.' }),
      distinct_clients: distinct('clients'),
      distinct_users: distinct('users'),
    }),
  ),
  total: z.int(),
  truncated: z.boolean(),
});

const evidence = named('Evidence', { field: z.string(), matched: z.string(), rule: z.string() });

export const signatureAnswer = named('Signature', {
  id: z.string(),
  service: z.string(),
  environment: z.string(),
  route: z.string(),
  method: z.string(),
  status: z.int(),
  scheme: z.string(),
  challenge: z.string().meta({ description: 'Masked.' }),
  error_code: z.string(),
  template: z.string().meta({ description: 'The reason text with everything that varies replaced.' }),
  cause: z.string(),
  fault: z.string(),
  confidence: z.number(),
  evidence: z.array(evidence),
  also: z.array(z.string()),
  findings: z.array(
    z.strictObject({
      id: z.string(),
      severity: z.enum(['critical', 'high', 'medium', 'low']),
      detail: z.string(),
      reference: z.string(),
      count: z.int().meta({ description: 'Records in the span that show it.' }),
    }),
  ),
  observable: z.array(z.string()).meta({ description: 'Findings that this signature could have shown.' }),
  taught_cause: z.string().nullable().meta({ description: 'Set by a user; wins over every rule.' }),
  rule_set_version: z.int(),
  first_seen: time,
  last_seen: time.meta({ description: 'Right to ten seconds.' }),
  returned_at: time.nullable().meta({ description: 'When it last came back after a day or more without it; null where it never did.' }),
  quiet_seconds: z.int().nullable().meta({ description: 'For how long it had been away then.' }),
  last_trace_id: z.string().nullable().meta({ description: 'The trace of one of the last occurrences.' }),
  count: z.int().meta({ description: 'Occurrences in the span.' }),
});

const spread = z.strictObject({ count: z.int(), p05_seconds: z.number(), p50_seconds: z.number(), p95_seconds: z.number() }).nullable();
const facets = z
  .array(
    z.strictObject({
      facet: z.string(),
      values: z.array(
        z.strictObject({
          value: z.string(),
          count: z.int(),
          share: z.number().meta({ description: 'Part of the records that tell this facet, 0 to 1.' }),
        }),
      ),
    }),
  )
  .meta({
    id: 'FacetList',
    description:
      'By facet its 20 most frequent values. Facets are counted per reason (service, environment and template), so that signatures which differ in route, method, status, challenge or error code alone share them; kept per 5 minutes, after two days per hour, for a month, and whole buckets count. `__other__` stands for the values beyond the first 50 in five minutes.',
  });

export const facetsAnswer = named('Facets', { ...span, facets });

/** One signature by itself has more to tell. */
export const oneSignatureAnswer = named('SignatureDetails', {
  ...signatureAnswer.shape,
  token_times: z
    .strictObject({ observed: z.int(), in_time: z.int(), expired_by: spread, not_valid_for: spread })
    .meta({ description: "Token times against the record's, on the days of the span; quantiles are within 5 %." }),
  advice: z.strictObject({ user: z.array(z.string()), client: z.array(z.string()), server: z.array(z.string()) }),
  facets,
});

export const signaturesAnswer = named('Signatures', { ...span, signatures: z.array(signatureAnswer), next_cursor: z.string().nullable() });

export const causeAnswer = named('Cause', {
  id: z.string(),
  fault: z.string(),
  title: z.string(),
  meaning: z.string(),
  advice: z.strictObject({ client: z.array(z.string()), server: z.array(z.string()) }),
  count: z.int(),
  share: z.number(),
});

export const causesAnswer = named('Causes', { ...span, causes: z.array(causeAnswer), total: z.int() });

export const findingsAnswer = named('Findings', {
  ...span,
  findings: z
    .array(
      z.strictObject({
        id: z.string(),
        severity: z.enum(['critical', 'high', 'medium', 'low']),
        reference: z.string(),
        fix: z.string(),
        count: z.int().meta({ description: 'Records in the span that show it.' }),
        observable: z.int().meta({ description: 'Records in the span that could have shown it.' }),
        signatures: z.int(),
        places: z
          .array(z.strictObject({ service: z.string(), route: z.string(), detail: z.string(), count: z.int() }))
          .meta({ description: 'Where it was seen most, at most 20; the detail is of one signature there.' }),
      }),
    )
    .meta({
      description:
        'The gravest first. Findings that nothing in the span could have shown are left out; a count of 0 means looked at and well.',
    }),
});

export const explainAnswer = named('Explanation', {
  ...span,
  baseline: z.array(z.strictObject(span)).meta({ description: 'What it is compared with.' }),
  count: z.int(),
  expected: z.number().meta({ description: 'What the baseline says of a span as long as this one.' }),
  changes: z
    .array(
      z.strictObject({
        values: z
          .array(z.strictObject({ dimension: z.string(), value: z.string() }))
          .meta({ description: 'One value, or two that only together account for it.' }),
        count: z.int(),
        expected: z.number(),
        share_now: z.number(),
        share_before: z.number(),
        lift: z.number().nullable().meta({ description: 'How many times as much as before; null where there was nothing.' }),
        explains: z.number().meta({ description: 'Part of the difference, without what stands before it in the list.' }),
      }),
    )
    .meta({ description: 'The strongest first. Empty: everything grew alike, or nothing grew.' }),
});

export const compareAnswer = named('Comparison', {
  ...span,
  baseline: z.strictObject(span).meta({ description: 'What it is compared with.' }),
  by: z.array(z.string()),
  rows: z
    .array(
      z.strictObject({
        key,
        count: z.int(),
        expected: z.number().meta({ description: 'The count of the baseline, scaled to the length of the span.' }),
        change: z.number().nullable().meta({ description: 'count / expected - 1; null where nothing was.' }),
        share_now: z.number(),
        share_before: z.number(),
      }),
    )
    .meta({ description: 'The largest difference between count and expected first, up or down.' }),
  total: z.int(),
  baseline_total: z.int().meta({ description: 'As counted, not scaled.' }),
  truncated: z.boolean(),
});

export const dimensionAnswer = named('DimensionValues', {
  name: z.string(),
  values: z.array(z.strictObject({ value: z.string(), count: z.int() })).meta({ description: 'The most frequent first.' }),
  truncated: z.boolean(),
});

export const samplesAnswer = named('Samples', {
  ...span,
  samples: z
    .array(
      z.strictObject({
        signature: z.string(),
        time,
        service: z.string(),
        environment: z.string(),
        route: z.string(),
        method: z.string(),
        status: z.int(),
        cause: z.string(),
        error_code: z.string(),
        challenge: z.string(),
        template: z.string(),
        trace_id: z.string().nullable().meta({ description: 'Of one of the last occurrences.' }),
      }),
    )
    .meta({ description: 'Of each signature that was last seen in the span its newest occurrence, masked. Newest first.' }),
  next_cursor: z.string().nullable(),
});

/** The data of a `counts` event. */
export const streamEvent = named('CountsEvent', {
  at: z.int().meta({ description: 'Epoch ms.' }),
  total: z.int().meta({ description: 'Refusals that were counted since the event before.' }),
  series: z
    .array(z.strictObject({ key, count: z.int() }))
    .meta({ description: 'The largest first; at most 100, the rest as `__other__`.' }),
});

export const aboutAnswer = named('About', {
  version: z.string(),
  trace_url: z
    .string()
    .nullable()
    .meta({ description: 'Of a trace in your tracing tool, with `{trace_id}` in it; null where none was set.' }),
  otlp_http_port: z.int().nullable().meta({ description: 'Null: this process does not listen for it.' }),
  otlp_grpc_port: z.int().nullable().meta({ description: 'Null: this process does not listen for it.' }),
});
