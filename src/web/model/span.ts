/** Spans of time as the API takes them: `-24h`, `now`, RFC 3339 or epoch milliseconds. */

export const PRESETS = [
  { from: '-15m', text: '15 minutes' },
  { from: '-1h', text: '1 hour' },
  { from: '-6h', text: '6 hours' },
  { from: '-24h', text: '24 hours' },
  { from: '-7d', text: '7 days' },
  { from: '-30d', text: '30 days' },
] as const;

const UNITS_MS: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** @returns epoch milliseconds, undefined for what is no time */
export function momentMs(text: string, nowMs: number): number | undefined {
  const [, amount, unit = ''] = /^-(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return nowMs - Number(amount) * (UNITS_MS[unit] ?? 0);
  if (text === 'now') return nowMs;
  const parsed = /^\d{12,14}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isNaN(parsed) ? undefined : parsed;
}

export interface Bounds {
  from: string;
  to: string;
}

/** The span of the same length just before, in epoch milliseconds; undefined for what cannot be read. */
export function spanBefore({ from, to }: Bounds, nowMs: number): Bounds | undefined {
  const [start, end] = [momentMs(from, nowMs), momentMs(to, nowMs)];
  if (start === undefined || end === undefined) return undefined;
  return { from: String(2 * start - end), to: String(start) };
}

export function isLive({ to }: Pick<Bounds, 'to'>): boolean {
  return to === 'now';
}
