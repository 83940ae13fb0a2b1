/**
 * A rule that a user teaches: patterns over fields of a signature, and the cause that they mean. Patterns run on an RE2
 * engine, in time proportional to the text whatever they look like, and may only be so large.
 */
import { RE2JS } from 're2js';
import { z } from 'zod';
import { CATALOGUE, type CauseId } from '../core/causes.js';
import type { Verdict } from '../core/judge.js';
import type { Signature } from '../core/signature.js';

/** What a pattern may look at, by its public name. All of it is masked. */
const FIELDS = {
  template: (signature: Signature): string => signature.template,
  error_code: (signature: Signature): string => signature.errorCode,
  exception_type: (signature: Signature): string => signature.facts.exceptionType ?? '',
  challenge: (signature: Signature): string => signature.challenge,
  service: (signature: Signature): string => signature.service,
  route: (signature: Signature): string => signature.route,
} as const;

type Field = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as [Field, ...Field[]];

const MAX_PATTERN_LENGTH = 500;
/** Instructions of the compiled pattern. A long alternation has some hundreds; nested repetitions reach millions. */
const MAX_PROGRAM = 2_000;

export type Match = Partial<Record<Field, string>>;

export interface Rule {
  id: string;
  cause: CauseId;
  match: Match;
}

const pattern = z
  .string()
  .min(1)
  .max(MAX_PATTERN_LENGTH)
  .superRefine((text, context) => {
    const problem = compile(text);
    if (typeof problem === 'string') context.addIssue(problem);
  })
  .meta({ description: 'RE2 syntax; case counts unless it begins with (?i).' });

export const causeId = z.enum(Object.keys(CATALOGUE) as [CauseId, ...CauseId[]]);
const patterns = Object.fromEntries(FIELD_NAMES.map((name) => [name, pattern.optional()])) as Record<Field, z.ZodOptional<typeof pattern>>;
export const matchInput = z
  .strictObject(patterns)
  .refine(
    (match) => Object.values(match).some((text) => text !== undefined),
    `must have a pattern for at least one of ${FIELD_NAMES.join(', ')}`,
  )
  .meta({ description: 'All patterns must be found.' });

/** Rules ready to be asked, oldest first: the first that matches decides. */
export class CompiledRules {
  private readonly rules: readonly { rule: Rule; tests: readonly (readonly [field: Field, pattern: RE2JS])[] }[];
  /** Rules that cannot be used, and why. They match nothing, and hold up nobody. */
  readonly unusable: readonly { id: string; problem: string }[];

  constructor(rules: readonly Rule[]) {
    this.unusable = rules.flatMap(({ id, match }) => {
      const problem = problemOf(match);
      return problem === undefined ? [] : [{ id, problem }];
    });
    const skipped = new Set(this.unusable.map(({ id }) => id));
    this.rules = rules
      .filter(({ id }) => !skipped.has(id))
      .map((rule) => ({ rule, tests: FIELD_NAMES.flatMap((field) => testOf(field, rule.match[field])) }));
  }

  /** @returns what the first matching rule says; undefined when none matches */
  verdictOf(signature: Signature): Verdict | undefined {
    for (const { rule, tests } of this.rules) {
      const found = tests.map(([field, compiled]) => findIn(compiled, field, FIELDS[field](signature)));
      if (found.length > 0 && found.every((one) => one !== undefined)) {
        const evidence = found.map(({ field, matched }) => ({ field, matched, rule: `rule.${rule.id}` }));
        return { cause: rule.cause, fault: CATALOGUE[rule.cause].fault, confidence: 1, evidence, also: [] };
      }
    }
    return undefined;
  }
}

/** What makes a stored rule unusable: it was checked when it was taught, by an engine that may have changed since. */
export function problemOf(match: Match): string | undefined {
  const problems = FIELD_NAMES.flatMap((field) => {
    const text = match[field];
    const compiled = text === undefined ? undefined : compile(text);
    return typeof compiled === 'string' ? [`${field} ${compiled}`] : [];
  });
  return problems.length > 0
    ? problems.join('; ')
    : Object.keys(match).some((field) => field in FIELDS)
      ? undefined
      : 'has no pattern that is known here';
}

function testOf(field: Field, text: string | undefined): (readonly [Field, RE2JS])[] {
  const compiled = text === undefined ? undefined : compile(text);
  return compiled === undefined || typeof compiled === 'string' ? [] : [[field, compiled]];
}

/** A cause that a user set for one signature. */
export function taughtVerdict(cause: CauseId): Verdict {
  const evidence = [{ field: 'taught', matched: cause, rule: 'taught.signature' }];
  return { cause, fault: CATALOGUE[cause].fault, confidence: 1, evidence, also: [] };
}

function findIn(compiled: RE2JS, field: Field, text: string): { field: Field; matched: string } | undefined {
  const matcher = compiled.matcher(text);
  return matcher.find() ? { field, matched: matcher.group() ?? '' } : undefined;
}

/** @returns the pattern, or what is wrong with it */
function compile(text: string): RE2JS | string {
  try {
    const compiled = RE2JS.compile(text);
    const size = compiled.programSize();
    return size > MAX_PROGRAM ? `is too large: ${String(size)} instructions, at most ${String(MAX_PROGRAM)}; repeat less` : compiled;
  } catch (error) {
    return `is no RE2 pattern: ${(error as Error).message.slice(0, 200)}`;
  }
}
