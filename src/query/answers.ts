/** What the query endpoints answer, as schemas: the OpenAPI document is made from them, and tests hold the answers against them. */
import { z } from 'zod';

const time = z.iso.datetime();
const key = z.record(z.string(), z.string()).meta({ description: 'Dimension to value; `__other__` for everything beyond the limit.' });
const span = { from: time, to: time };

export const trendsAnswer = z.strictObject({
  ...span,
  step_seconds: z.int(),
  by: z.array(z.string()),
  series: z.array(
    z.strictObject({
      key,
      total: z.int(),
      points: z.array(z.tuple([z.int(), z.int()])).meta({ description: '[epoch ms, count], one per step, gaps as 0' }),
    }),
  ),
  total: z.int(),
  truncated: z.boolean().meta({ description: 'True when some keys were summed up as `__other__`.' }),
});

export const topAnswer = z.strictObject({
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
    }),
  ),
  total: z.int(),
  truncated: z.boolean(),
});

const evidence = z.strictObject({ field: z.string(), matched: z.string(), rule: z.string() });

export const signatureAnswer = z.strictObject({
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
      severity: z.string(),
      detail: z.string(),
      reference: z.string(),
      count: z.int().meta({ description: 'Records in the span that show it.' }),
    }),
  ),
  observable: z.array(z.string()).meta({ description: 'Findings that this signature could have shown.' }),
  taught_cause: z.string().nullable().meta({ description: 'Set by a user; wins over every rule.' }),
  rule_set_version: z.int(),
  first_seen: time,
  last_seen: time,
  last_trace_id: z.string().nullable().meta({ description: 'The trace of one of the last occurrences.' }),
  count: z.int().meta({ description: 'Occurrences in the span.' }),
});

const spread = z.strictObject({ count: z.int(), p05_seconds: z.number(), p50_seconds: z.number(), p95_seconds: z.number() }).nullable();
/** One signature by itself has more to tell. */
export const oneSignatureAnswer = signatureAnswer.extend({
  token_times: z
    .strictObject({ observed: z.int(), in_time: z.int(), expired_by: spread, not_valid_for: spread })
    .meta({ description: "Token times against the record's, on the days of the span; quantiles are within 5 %." }),
  advice: z.strictObject({ user: z.array(z.string()), client: z.array(z.string()), server: z.array(z.string()) }),
});

export const signaturesAnswer = z.strictObject({ ...span, signatures: z.array(signatureAnswer), next_cursor: z.string().nullable() });

export const causeAnswer = z.strictObject({
  id: z.string(),
  fault: z.string(),
  title: z.string(),
  meaning: z.string(),
  advice: z.strictObject({ client: z.array(z.string()), server: z.array(z.string()) }),
  count: z.int(),
  share: z.number(),
});

export const causesAnswer = z.strictObject({ ...span, causes: z.array(causeAnswer), total: z.int() });

export const findingsAnswer = z.strictObject({
  ...span,
  findings: z
    .array(
      z.strictObject({
        id: z.string(),
        severity: z.string(),
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

export const explainAnswer = z.strictObject({
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
