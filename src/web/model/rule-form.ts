/**
 * An alert rule as the fields of a form, and back. What the form has no field for (labels, endpoints, …) is kept as it
 * was; the service checks the rest and says what is wrong.
 */

export const RULE_TYPES = [
  ['spike', 'Spike above what is usual'],
  ['threshold', 'Threshold in a window'],
  ['ratio', 'Ratio of all requests'],
  ['new_signature', 'New, or back after long'],
  ['finding', 'Finding about the API'],
] as const;
export type RuleType = (typeof RULE_TYPES)[number][0];

export interface RuleFields {
  name: string;
  isEnabled: boolean;
  type: RuleType;
  /** Lines of `dimension=value`. */
  filter: string;
  /** Dimensions, separated by commas. */
  groupBy: string;
  severity: string;
  /** By the API's own names, as texts; only the ones of the type are sent. */
  values: Record<string, string>;
}

export interface ValueField {
  name: string;
  label: string;
  isNumber: boolean;
  fallback: string;
}

const number = (name: string, label: string, fallback: string): ValueField => ({ name, label, isNumber: true, fallback });
const duration = (name: string, label: string, fallback: string): ValueField => ({ name, label, isNumber: false, fallback });

const COMMON = [
  number('min_clients', 'At least so many clients', '0'),
  duration('for', 'Must last', '0s'),
  duration('resolve_after', 'Over after calm of', '10m'),
];

/** Fallbacks are the API's own. */
export const VALUE_FIELDS: Record<RuleType, ValueField[]> = {
  spike: [number('min_count', 'At least so many refusals', '10'), ...COMMON],
  threshold: [number('count', 'Refusals', '20'), duration('window', 'Within', '5m'), ...COMMON],
  ratio: [
    number('ratio', 'Part of all requests, 0 to 1', '0.05'),
    duration('window', 'Within', '5m'),
    number('min_count', 'At least so many refusals', '20'),
    ...COMMON,
  ],
  new_signature: [number('min_count', 'At least so many refusals', '1'), duration('back_after', 'New again after', '7d'), ...COMMON],
  finding: [
    { name: 'finding', label: 'Finding', isNumber: false, fallback: 'credential_logged' },
    number('count', 'Records', '1'),
    duration('window', 'Within', '5m'),
    ...COMMON,
  ],
};

export type Settings = Record<string, unknown>;

export function fieldsOf(name: string, isEnabled: boolean, settings: Settings): RuleFields {
  const type = RULE_TYPES.find(([one]) => one === settings['type'])?.[0] ?? 'spike';
  const filter = Object.entries((settings['filter'] ?? {}) as Record<string, string[]>);
  return {
    name,
    isEnabled,
    type,
    filter: filter.flatMap(([dimension, values]) => values.map((value) => `${dimension}=${value}`)).join('\n'),
    groupBy: ((settings['group_by'] ?? ['service', 'cause']) as string[]).join(', '),
    severity: typeof settings['severity'] === 'string' ? settings['severity'] : 'error',
    values: Object.fromEntries(VALUE_FIELDS[type].map((field) => [field.name, textOf(settings[field.name], field.fallback)])),
  };
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : fallback;
}

/** @param kept settings that the form does not show, of the rule that is edited */
export function settingsOf(fields: RuleFields, kept: Settings = {}): Settings {
  const shared = ['labels', 'endpoints', 'evaluation_delay'].filter((name) => name in kept).map((name) => [name, kept[name]] as const);
  const own = VALUE_FIELDS[fields.type].map(({ name, isNumber, fallback }) => {
    const text = (fields.values[name] ?? '').trim() || fallback;
    return [name, isNumber ? Number(text) : text] as const;
  });
  const filter: Record<string, string[]> = {};
  for (const line of fields.filter.split('\n').filter((one) => one.trim() !== '')) {
    const at = line.indexOf('=');
    // Without "=" there is no such dimension, and the service says so.
    const [dimension, value] = at === -1 ? [line.trim(), ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    (filter[dimension] ??= []).push(value);
  }
  const groupBy = fields.groupBy
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return {
    ...Object.fromEntries(shared),
    type: fields.type,
    filter,
    group_by: groupBy,
    severity: fields.severity,
    ...Object.fromEntries(own),
  };
}
