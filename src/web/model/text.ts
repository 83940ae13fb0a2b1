/** Numbers and times as people read them. Times are the reader's own; UTC stands in titles and in the API. */

const COUNT = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY_AND_CLOCK = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

export function countText(count: number): string {
  return COUNT.format(Math.abs(count) >= 10 ? Math.round(count) : count);
}

/** @param share 0 to 1 */
export function shareText(share: number): string {
  if (share > 0 && share < 0.001) return '<0.1 %';
  return `${COUNT.format(share >= 0.1 ? Math.round(share * 100) : Math.round(share * 1_000) / 10)} %`;
}

/** @param figure of a chart; null is unknown */
export function figureText(figure: number | null, unit: 'count' | 'rate'): string {
  if (figure === null) return '–';
  return unit === 'rate' ? shareText(figure) : countText(figure);
}

/** How much of a difference something accounts for; more than all of it where the rest went the other way. */
export function partText(part: number): string {
  return part >= 0.995 ? 'all' : shareText(part);
}

/** Against a count before, in words that need no arithmetic. */
export function changeText(now: number, before: number | null | undefined): string {
  if (before === null || before === undefined) return 'nothing known of before';
  if (before === 0) return now === 0 ? 'none before either' : 'none before';
  const change = now / before - 1;
  if (change >= 2) return `${COUNT.format(now / before)} times as many`;
  if (Math.abs(change) < 0.005) return 'as before';
  return `${change > 0 ? '+' : '−'}${shareText(Math.abs(change))}`;
}

/** Without the day where it is today's. */
export function timeText(time: string | number, nowMs: number): string {
  const at = new Date(time);
  return at.toDateString() === new Date(nowMs).toDateString() ? CLOCK.format(at) : DAY_AND_CLOCK.format(at);
}

export function agoText(time: string | number, nowMs: number): string {
  const seconds = (nowMs - new Date(time).getTime()) / 1_000;
  return seconds < 5 ? 'just now' : `${secondsText(seconds)} ago`;
}

/** The largest unit alone: 42 s, 5 min, 3 h, 2 d. */
export function secondsText(seconds: number): string {
  const size = Math.abs(seconds);
  if (size < 90) return `${String(Math.round(seconds))} s`;
  if (size < 5_400) return `${String(Math.round(seconds / 60))} min`;
  return size < 129_600 ? `${String(Math.round(seconds / 3_600))} h` : `${String(Math.round(seconds / 86_400))} d`;
}

/** Names of causes, findings and dimensions, without their underscores. */
export function words(name: string): string {
  return name === '__other__' ? 'all others' : name.replaceAll('_', ' ').replace(/\bapi\b/, 'API');
}

/** Values may be empty: a refusal without a route is one. */
export function valueText(dimension: string, value: string): string {
  if (value === '') return `no ${words(dimension)}`;
  return dimension === 'cause' || value === '__other__' ? words(value) : value;
}
