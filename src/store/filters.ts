/** Turns filters on signature dimensions into SQL with bound values. Column names come from the list here alone. */

/** Public dimension name -> column of `signatures`. */
export const DIMENSIONS = {
  service: 's.service',
  environment: 's.environment',
  route: 's.route',
  method: 's.method',
  status: 's.status::text',
  cause: 's.cause',
  fault: 's.fault',
  scheme: 's.scheme',
  error_code: 's.error_code',
  signature: "lpad(to_hex(s.id), 16, '0')",
} as const;

/** The ones that requests without a refusal have too, as columns of `targets s`. */
export const TARGET_DIMENSIONS = { service: 's.service', environment: 's.environment', route: 's.route' } as const;

export type Dimension = keyof typeof DIMENSIONS;
export type TargetDimension = keyof typeof TARGET_DIMENSIONS;

/** Values per dimension as given: `value`, `!value` excludes, `value*` is a prefix, both may be combined. */
export type Filters = Partial<Record<Dimension, string[]>>;

/** The condition that excludes nothing. */
export const EVERYTHING = 'true';

/**
 * @param parameters bound values so far; the filters' own are appended
 * @returns a condition on `signatures s`, always non-empty
 */
export function filterSql(filters: Filters, parameters: unknown[]): string {
  const conditions: string[] = [];
  for (const [dimension, values] of Object.entries(filters) as [Dimension, string[]][]) {
    const wanted = values.filter((value) => !value.startsWith('!'));
    const excluded = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
    if (wanted.length > 0) conditions.push(anyOf(DIMENSIONS[dimension], wanted, parameters));
    if (excluded.length > 0) conditions.push(`NOT ${anyOf(DIMENSIONS[dimension], excluded, parameters)}`);
  }
  return conditions.length === 0 ? EVERYTHING : conditions.join(' AND ');
}

function anyOf(column: string, values: string[], parameters: unknown[]): string {
  const exact = values.filter((value) => !value.endsWith('*'));
  const prefixes = values.filter((value) => value.endsWith('*')).map((value) => value.slice(0, -1));
  const alternatives: string[] = [];
  if (exact.length > 0) alternatives.push(`${column} = ANY($${String(parameters.push(exact))}::text[])`);
  for (const prefix of prefixes) alternatives.push(`starts_with(${column}, $${String(parameters.push(prefix))})`);
  return `(${alternatives.join(' OR ')})`;
}

/** The same condition on values that were read. */
export function filterOf(filters: Filters): (values: Readonly<Record<Dimension, string>>) => boolean {
  const tests = (Object.entries(filters) as [Dimension, string[]][]).map(([dimension, values]) => {
    const wanted = values.filter((value) => !value.startsWith('!'));
    const excluded = values.filter((value) => value.startsWith('!')).map((value) => value.slice(1));
    const isWanted = wanted.length === 0 ? () => true : isAnyOf(wanted);
    const isExcluded = isAnyOf(excluded);
    return (one: Readonly<Record<Dimension, string>>) => isWanted(one[dimension]) && !isExcluded(one[dimension]);
  });
  return (values) => tests.every((test) => test(values));
}

function isAnyOf(values: readonly string[]): (value: string) => boolean {
  const exact = new Set(values.filter((value) => !value.endsWith('*')));
  const prefixes = values.filter((value) => value.endsWith('*')).map((value) => value.slice(0, -1));
  return (value) => exact.has(value) || prefixes.some((prefix) => value.startsWith(prefix));
}
