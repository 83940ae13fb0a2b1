/**
 * Where the reader is: page, span, filters and what is picked, as they stand in the URL and nowhere else, so that a link
 * shows the same. Parameters of the REST API have the same names here.
 */

export const DIMENSIONS = ['cause', 'service', 'route', 'environment', 'method', 'status', 'fault', 'scheme', 'error_code'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** One condition: `value`, `!value` or `value*`, as the API takes it. */
export interface Filter {
  dimension: string;
  value: string;
}

export interface View {
  from: string;
  to: string;
  by: Dimension;
  unit: Unit;
  filters: readonly Filter[];
  /** The part of the span that is to be explained, epoch milliseconds. */
  picked?: Picked | undefined;
}

/** Refusals, or their share of all requests. */
export type Unit = 'count' | 'rate';

export interface Picked {
  from: number;
  to: number;
}

const DEFAULT_FROM = '-1h';
const FILTERABLE: readonly string[] = [...DIMENSIONS, 'signature'];

export function viewOf(search: string): View {
  const query = new URLSearchParams(search);
  const by = DIMENSIONS.find((one) => one === query.get('by')) ?? 'cause';
  const filters = [...query].filter(([name]) => FILTERABLE.includes(name)).map(([dimension, value]) => ({ dimension, value }));
  const picked = /^(\d{1,15})-(\d{1,15})$/.exec(query.get('picked') ?? '');
  return {
    from: query.get('from') ?? DEFAULT_FROM,
    to: query.get('to') ?? 'now',
    by,
    unit: query.get('unit') === 'rate' ? 'rate' : 'count',
    filters,
    picked: picked === null ? undefined : { from: Number(picked[1]), to: Number(picked[2]) },
  };
}

/** What is as it would be anyway is left out. @returns '' or a text that begins with '?' */
export function searchOf({ from, to, by, unit, filters, picked }: View): string {
  const query = new URLSearchParams();
  if (from !== DEFAULT_FROM) query.set('from', from);
  if (to !== 'now') query.set('to', to);
  if (by !== 'cause') query.set('by', by);
  if (unit !== 'count') query.set('unit', unit);
  for (const { dimension, value } of filters) query.append(dimension, value);
  if (picked !== undefined) query.set('picked', `${String(picked.from)}-${String(picked.to)}`);
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

/** For questions about the view's span and filters. @param more parameters beside them */
export function questionOf({ from, to, filters }: Pick<View, 'from' | 'to' | 'filters'>, more: Record<string, string> = {}): string {
  return queryText({ from, to }, filters, more);
}

/** For the stream, which is about the present whatever the span. */
export function streamQuestionOf({ filters }: Pick<View, 'filters'>): string {
  return queryText({}, filters, { by: '' });
}

function queryText(span: Record<string, string>, filters: readonly Filter[], more: Record<string, string>): string {
  const query = new URLSearchParams(span);
  for (const { dimension, value } of filters) query.append(dimension, value);
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  // As people write it: these need no escape in a query.
  return query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** Whether something of a group (an alert) is among what the filters let through, as far as the group tells. */
export function isAmong(group: Readonly<Record<string, string>>, filters: readonly Filter[]): boolean {
  return Object.entries(group).every(([dimension, value]) => {
    const own = filters.filter((one) => one.dimension === dimension).map((one) => one.value);
    const wanted = own.filter((one) => !one.startsWith('!'));
    return (
      (wanted.length === 0 || wanted.some((one) => fits(one, value))) &&
      !own.some((one) => one.startsWith('!') && fits(one.slice(1), value))
    );
  });
}

function fits(pattern: string, value: string): boolean {
  return pattern.endsWith('*') ? value.startsWith(pattern.slice(0, -1)) : pattern === value;
}

export function withFilter(view: View, filter: Filter): View {
  const isThere = view.filters.some(({ dimension, value }) => dimension === filter.dimension && value === filter.value);
  return isThere ? view : { ...view, filters: [...view.filters, filter], picked: undefined };
}

export function withoutFilter(view: View, gone: Filter): View {
  return { ...view, filters: view.filters.filter((one) => one !== gone), picked: undefined };
}
