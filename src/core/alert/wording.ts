/** The sentences that the formats for people share. Plain text: escaping and limits are each format's own. */
import type { AlertData, AlertMessage, Change } from './payload.js';

const STATE = { 'alert.firing': 'Firing', 'alert.resolved': 'Resolved', 'alert.test': 'Test' } as const;

export function titleOf({ type, data }: AlertMessage): string {
  return `${STATE[type]}: ${data.rule.name}`;
}

/** `120 in 5m, 4 expected (30 times)`, as far as it is known. */
export function countText({ observed, window, expected, factor }: AlertData): string {
  const before = expected === null ? '' : `, ${String(expected)} expected`;
  return `${String(observed)} in ${window}${before}${factor === null ? '' : ` (${String(factor)} times)`}`;
}

/** `route /orders: 12 % before, 81 % now, explains 90 %` */
export function changeText({ dimension, value, share_before, share_now, explains }: Change): string {
  return `${dimension} ${value}: ${percent(share_before)} before, ${percent(share_now)} now, explains ${percent(explains)}`;
}

/** `1 h 5 min`: the two largest units. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3_600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)} ${unit}`)
    .join(' ');
}

/** `left out: 3 of samples, 1 of findings`, empty where nothing was. */
export function omittedText({ omitted = {} }: AlertData): string {
  const parts = Object.entries(omitted).map(([name, count]) => `${String(count)} of ${name.replace('_', ' ')}`);
  return parts.length === 0 ? '' : `left out: ${parts.join(', ')}`;
}

function percent(share: number): string {
  return `${String(Math.round(share * 100))} %`;
}
