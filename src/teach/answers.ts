/** What the teaching endpoints take and answer, as schemas. */
import { z } from 'zod';
import { named } from '../ops/named.js';
import { causeId, matchInput } from './rule.js';

const MAX_NOTE = 500;

export const ruleInput = named('RuleInput', {
  cause: causeId,
  match: matchInput,
  note: z.string().max(MAX_NOTE).default('').meta({ description: 'Why the rule is there, for whoever reads it next.' }),
});

export const causeInput = named('CauseInput', { cause: causeId.nullable().meta({ description: 'null takes back what was taught.' }) });

const time = z.iso.datetime();

export const ruleAnswer = named('Rule', {
  id: z.string(),
  cause: z.string(),
  match: z.record(z.string(), z.string()),
  note: z.string(),
  created_at: time,
  updated_at: time,
  problem: z.string().nullable().meta({ description: 'Why the rule cannot be used; it then matches nothing.' }),
});

export const rulesAnswer = named('Rules', {
  rules: z.array(ruleAnswer).meta({ description: 'Oldest first; the first that matches decides.' }),
  revision: z.int(),
  rejudging: z.int().meta({ description: 'Signatures that still wait for their new verdict.' }),
});

export const previewAnswer = named('RulePreview', {
  from: time,
  to: time,
  matched: z.strictObject({ signatures: z.int(), count: z.int() }),
  changed: z.strictObject({ signatures: z.int(), count: z.int() }),
  by_cause: z
    .array(z.strictObject({ cause: z.string(), signatures: z.int(), count: z.int() }))
    .meta({ description: 'The causes that the changed ones have now.' }),
  examples: z
    .array(
      z.strictObject({
        id: z.string(),
        service: z.string(),
        route: z.string(),
        template: z.string(),
        error_code: z.string(),
        cause: z.string(),
        count: z.int(),
      }),
    )
    .meta({ description: 'The most frequent of the ones that would change.' }),
});
