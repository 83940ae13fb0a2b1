/** Patterns of a rule that is taught, as fields of a form: a first guess from a signature, and what is sent. */

export const PATTERNS = [
  ['template', 'Reason'],
  ['error_code', 'Error code'],
  ['challenge', 'Challenge'],
  ['service', 'Service'],
  ['route', 'Route'],
] as const;
type PatternName = (typeof PATTERNS)[number][0];
export type Patterns = Record<PatternName, string>;

/** By its code where it has one, since codes are chosen with care; else by its words. */
export function patternsOf(signature: Readonly<Record<'template' | 'error_code' | 'service', string>>): Patterns {
  const { template, error_code: code, service } = signature;
  const none = { template: '', error_code: '', challenge: '', service: '', route: '' };
  if (code !== '') return { ...none, error_code: exactly(code) };
  return template === '' ? { ...none, service: exactly(service) } : { ...none, template: exactly(template) };
}

/** The ones that say something. */
export function matchOf(patterns: Patterns): Record<string, string> {
  return Object.fromEntries(Object.entries(patterns).filter(([, pattern]) => pattern !== ''));
}

/** As an RE2 pattern. */
function exactly(text: string): string {
  return `^${text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}$`;
}
