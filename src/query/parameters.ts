/** What the query endpoints take: checked strictly, unknown names are errors, and every limit is named in its message. */
import { z } from 'zod';
import { autoStep, ceilTo, FINEST_SECONDS, floorTo, MINUTE_SECONDS, parseDuration, resolutionAt, type Retention } from '../core/levels.js';
import { parseMoment } from '../core/time.js';
import { ProblemError } from '../ops/problem.js';
import type { Span } from '../store/count-queries.js';
import { DIMENSIONS, type Dimension, type Filters } from '../store/filters.js';

const DIMENSION_NAMES = Object.keys(DIMENSIONS) as [Dimension, ...Dimension[]];
/** Points of one series; a wide screen shows about 2,000. */
const MAX_POINTS = 2_000;
const MAX_FILTER_VALUES = 50;
const MAX_BY = 3;
const MAX_STEP_SECONDS = 31 * 86_400;
const MAX_LIMIT = 1_000;

export const moment = (fallback: string, meaning: string): z.ZodDefault<z.ZodString> =>
  z
    .string()
    .refine(
      (text) => parseMoment(text, Date.now()) !== undefined,
      'must be RFC 3339, an epoch number, now, or a span back such as -15m or -24h',
    )
    .default(fallback)
    .meta({ description: meaning });

const filterValue = z.string().max(500);

const MEANINGS: Record<Dimension, string> = {
  service: 'Service that refused',
  environment: 'Environment, such as prod',
  route: 'Route as the service declares it, such as /orders/{id}',
  method: 'HTTP method',
  status: 'HTTP status of the refusal',
  cause: 'Cause of the catalogue, such as expired_token',
  fault: 'Whose fault it is: client, server, network, identity, user, expected or unknown',
  scheme: 'Authentication scheme of the credentials, such as bearer',
  error_code: 'Error code that the service gave',
  signature: 'Id of a signature, 16 hex digits',
};

const filterGiven = z
  .union([filterValue, z.array(filterValue).max(MAX_FILTER_VALUES)])
  .transform((value) => (Array.isArray(value) ? value : [value]))
  .optional();

const filters = Object.fromEntries(
  DIMENSION_NAMES.map((name) => [
    name,
    filterGiven.meta({ description: `${MEANINGS[name]}. Repeatable: \`!value\` excludes, \`value*\` is a prefix.` }),
  ]),
) as Record<Dimension, typeof filterGiven>;

const span = {
  from: moment('-24h', 'Start: RFC 3339, epoch, or a span back such as -24h.'),
  to: moment('now', 'End, excluded.'),
  ...filters,
};

const by = (fallback: string): z.ZodPipe<z.ZodDefault<z.ZodString>, z.ZodTransform<Dimension[], string>> =>
  z
    .string()
    .default(fallback)
    .meta({ description: `Dimensions, separated by commas: ${DIMENSION_NAMES.join(', ')}. Empty: all of it as one.` })
    .transform((text, context) => {
      const names = text === '' ? [] : text.split(',').map((name) => name.trim());
      const unknown = names.filter((name) => !Object.hasOwn(DIMENSIONS, name));
      if (unknown.length > 0)
        context.addIssue(`"${unknown.join(', ').slice(0, 100)}" is no dimension; choose from ${DIMENSION_NAMES.join(', ')}`);
      if (names.length > MAX_BY) context.addIssue(`at most ${String(MAX_BY)} dimensions at once`);
      if (new Set(names).size < names.length) context.addIssue('a dimension is named twice');
      return names as Dimension[];
    });

const limit = (fallback: number): z.ZodDefault<z.ZodPipe<z.ZodString, z.ZodTransform<number, string>>> =>
  z
    .string()
    .meta({ type: 'integer', minimum: 1, maximum: MAX_LIMIT, description: `How many at most, 1 to ${String(MAX_LIMIT)}.` })
    .transform((text, context) => {
      const number = Number(text);
      if (!/^\d+$/.test(text) || number < 1 || number > MAX_LIMIT) context.addIssue(`must be a number from 1 to ${String(MAX_LIMIT)}`);
      return number;
    })
    .default(fallback);

const step = z
  .string()
  .default('auto')
  .refine(isStep, 'must be auto or a duration from 10s to 31d, such as 1m, 1h or 1d')
  .meta({ description: 'Width of a point: auto, or a duration such as 1m, 1h or 1d.' });

const cursor = z.string().max(200).optional().meta({ description: 'The `next_cursor` of the page before.' });

const unit = z.enum(['count', 'rate']).default('count').meta({
  description:
    'rate: refusals divided by requests of any status, of the same service, environment and route as far as `by` and filters name them; nothing else is known of requests.',
});

const baseline = (meaning: string): { baseline_from: z.ZodOptional<z.ZodString>; baseline_to: z.ZodOptional<z.ZodString> } => ({
  baseline_from: moment('-24h', `Start of what it is compared with. Default: ${meaning}.`).unwrap().optional(),
  baseline_to: moment('now', 'End of it, excluded.').unwrap().optional(),
});

export const trendsParameters = z.strictObject({ ...span, by: by('cause'), step, limit: limit(10), unit });
export const compareParameters = z.strictObject({
  ...span,
  by: by('cause'),
  limit: limit(50),
  ...baseline('the span of the same length right before'),
});
export const dimensionParameters = z.strictObject({ ...span, limit: limit(100) });
export const samplesParameters = z.strictObject({ ...span, limit: limit(50), cursor });
export const streamParameters = z.strictObject({ ...filters, by: by('cause') });
export const topParameters = z.strictObject({ ...span, by: by('cause'), limit: limit(10) });
export const signaturesParameters = z.strictObject({ ...span, limit: limit(50), cursor });
export const explainParameters = z.strictObject({
  ...span,
  from: moment('-15m', 'Start of what is to be explained: RFC 3339, epoch, or a span back such as -15m.'),
  ...baseline('the same hours of the seven days before'),
});
export const spanParameters = z.strictObject(span);
export const dimensionName = z.string().meta({ description: `One of ${DIMENSION_NAMES.join(', ')}.` });
export const signatureId = z
  .string()
  .regex(/^[0-9a-f]{16}$/, 'must be 16 hex digits')
  .meta({ description: 'The `id` of a signature.' });

function isStep(text: string): boolean {
  const seconds = parseDuration(text) ?? 0;
  return text === 'auto' || (seconds >= 10 && seconds <= MAX_STEP_SECONDS);
}

type SpanParameters = Pick<z.output<typeof spanParameters>, 'from' | 'to'>;

/** The values of the dimensions that were given. */
export function filtersOf(parameters: Partial<Record<Dimension, string[] | undefined>>): Filters {
  const given = DIMENSION_NAMES.map((name) => [name, parameters[name]] as const).filter(([, values]) => values !== undefined);
  return Object.fromEntries(given);
}

interface BaselineParameters {
  baseline_from?: string | undefined;
  baseline_to?: string | undefined;
}

/** @returns undefined where none is given @throws ProblemError (400) for half a span, and for what `checkSpan` refuses */
export function baselineOf({ baseline_from: first, baseline_to: last }: BaselineParameters, retention: Retention): Span | undefined {
  if (first === undefined && last === undefined) return undefined;
  if (first === undefined || last === undefined) throw badField('baseline_from', 'and baseline_to belong together; give both or none');
  const given = { from: momentOf(first), to: momentOf(last) };
  checkSpan(given, retention, 'baseline_');
  return given;
}

/** Two spans in whole buckets of the widths in which they are kept. @throws ProblemError (400), also for a time that is not kept */
export function comparedSpansOf(parameters: SpanParameters & BaselineParameters, retention: Retention): { span: Span; before: Span } {
  const given = baselineOf(parameters, retention);
  const now = Date.now() / 1000;
  if (given !== undefined) {
    if (given.from < now - retention['1h']) throw badField('baseline_from', 'reaches beyond what is kept');
    return { span: spanOf(parameters, retention).span, before: widened(given, resolutionAt(given.from, now, retention)) };
  }
  const { span, before } = comparableSpanOf(parameters, retention);
  if (before === undefined)
    throw badField('from', 'the span of the same length before reaches beyond what is kept; give baseline_from and baseline_to');
  return { span, before };
}

/** For a ranking: widened so that the span of the same length before it can be counted as exactly. */
export function comparableSpanOf(parameters: SpanParameters, retention: Retention): { span: Span; before: Span | undefined } {
  const { span } = spanOf(parameters, retention);
  const now = Date.now() / 1000;
  const width = resolutionAt(2 * span.from - span.to, now, retention);
  const { from, to } = widened(span, width);
  const before = { from: 2 * from - to, to: from };
  return { span: { from, to }, before: before.from < now - retention['1h'] ? undefined : before };
}

/**
 * The span in whole steps: `from` down, `to` up, so that the first and the last point are complete buckets.
 * @param stepText undefined where no chart is drawn: the span is then widened to the width in which counts are kept
 * @throws ProblemError (400) for a span that is empty, or too long for the step, or a step finer than what is kept
 */
export function spanOf(parameters: SpanParameters, retention: Retention, stepText?: string): { span: Span; step: number } {
  return inSteps(parameters, retention, { stepText, finest: FINEST_SECONDS });
}

/** The same for a chart of rates: requests are counted by the minute. */
export function rateSpanOf(parameters: SpanParameters, retention: Retention, stepText: string): { span: Span; step: number } {
  return inSteps(parameters, retention, { stepText, finest: MINUTE_SECONDS });
}

/** To the second, for what happened at moments. @throws ProblemError (400) as above */
export function exactSpanOf(parameters: SpanParameters, retention: Retention): Span {
  const nowMs = Date.now();
  const span = { from: momentOf(parameters.from, nowMs), to: momentOf(parameters.to, nowMs) };
  checkSpan(span, retention);
  return widened(span, 1);
}

function inSteps(
  parameters: SpanParameters,
  retention: Retention,
  { stepText, finest }: { stepText: string | undefined; finest: number },
): { span: Span; step: number } {
  const nowMs = Date.now();
  const span = { from: momentOf(parameters.from, nowMs), to: momentOf(parameters.to, nowMs) };
  checkSpan(span, retention);
  const resolution = Math.max(finest, resolutionAt(span.from, nowMs / 1000, retention));
  const step = stepText === undefined ? resolution : stepOf(stepText, span.to - span.from, resolution);
  return { span: widened(span, step), step };
}

/** To whole buckets. */
function widened({ from, to }: Span, width: number): Span {
  return { from: floorTo(from, width), to: ceilTo(to, width) };
}

/** @param text which was checked when it came in @returns epoch seconds */
function momentOf(text: string, nowMs = Date.now()): number {
  return (parseMoment(text, nowMs) ?? 0) / 1000;
}

/**
 * @param prefix of the parameters' names
 * @throws ProblemError (400) for a span that is empty or lies outside what is kept
 */
export function checkSpan({ from, to }: Span, retention: Retention, prefix = ''): void {
  const now = Date.now() / 1000;
  if (from >= to) throw badField(`${prefix}from`, `must be before "${prefix}to"`);
  if (from < now - 2 * retention['1h'])
    throw badField(
      `${prefix}from`,
      `counts are kept for ${String(Math.round(retention['1h'] / 86_400))} days; ask from -${String(Math.round(retention['1h'] / 86_400))}d on`,
    );
  if (to > now + retention['1h']) throw badField(`${prefix}to`, 'lies too far in the future');
}

function stepOf(text: string, length: number, resolution: number): number {
  if (text === 'auto') return autoStep(length, resolution);
  const seconds = parseDuration(text) ?? resolution;
  if (seconds % resolution !== 0)
    throw badField(
      'step',
      `what this needs is kept per ${String(resolution)} s over this span; use a multiple of that${resolution > MINUTE_SECONDS ? ', or a later "from"' : ''}`,
    );
  if (length / seconds > MAX_POINTS)
    throw badField('step', `gives more than ${String(MAX_POINTS)} points over this span; use auto or a wider step`);
  return seconds;
}

export function badField(field: string, message: string): ProblemError {
  return new ProblemError(400, `the request has a parameter that cannot be used`, [{ field, message }]);
}
