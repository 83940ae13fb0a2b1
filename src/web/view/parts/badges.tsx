/** Small words with a colour: causes, whose fault, severities, states. The colour never stands alone. */
import type { JSX } from 'preact';
import { summed } from '../../model/stack.js';
import { secondsText, words } from '../../model/text.js';
import type { SignatureLine } from '../api.js';

const FAULTS: Record<string, string> = {
  client: 'client’s side',
  server: 'server’s side',
  user: 'person’s side',
  identity: 'identity provider’s side',
};

/** On whose side it is; nothing where nobody knows. */
export function Fault({ fault }: { fault: string }): JSX.Element | null {
  if (fault === 'unknown') return null;
  return <span class={`badge fault-${fault}`}>{FAULTS[fault] ?? words(fault)}</span>;
}

export function Severity({ severity }: { severity: string }): JSX.Element {
  return <span class={`badge severity-${severity}`}>{severity}</span>;
}

export function Status({ status }: { status: string }): JSX.Element {
  return <span class={`badge status-${status}`}>{words(status)}</span>;
}

const RECENT_MS = 86_400_000;

/** Whether it was first seen, or seen again after long, within a day. */
export function Arrival({ signature }: { signature: SignatureLine }): JSX.Element | null {
  const { first_seen: first, returned_at: back, quiet_seconds: quiet } = signature;
  const isRecent = (time: string): boolean => Date.now() - Date.parse(time) < RECENT_MS;
  if (isRecent(first)) return <span class="badge new">new</span>;
  if (back === null || !isRecent(back)) return null;
  return <span class="badge new">came back{quiet !== null && ` after ${secondsText(quiet)}`}</span>;
}

/** @param confidence 0 to 1 */
export function Confidence({ confidence }: { confidence: number }): JSX.Element {
  return (
    <span class="confidence" title={`Confidence ${confidence.toFixed(2)} of 1`}>
      {confidence >= 0.8 ? 'sure' : confidence >= 0.5 ? 'likely' : 'a guess'} ({confidence.toFixed(2)})
    </span>
  );
}

/** One value over another's length, for rankings. Decoration: the number stands beside it. */
export function ShareBar({ share, colour }: { share: number; colour?: number }): JSX.Element {
  return (
    <span class="share-bar" aria-hidden="true">
      <span class={colour === undefined ? 'fill' : `fill c${String(colour)}`} style={{ width: `${String(Math.max(share * 100, 0.5))}%` }} />
    </span>
  );
}

/** As many points as a line of that width can show. */
const MAX_POINTS = 30;

/** A line of counts as wide as a word. Decoration: the count stands beside it. */
export function Sparkline({ counts }: { counts: readonly number[] }): JSX.Element {
  const sums = summed(counts, MAX_POINTS);
  const top = Math.max(...sums, 1);
  const step = 100 / Math.max(sums.length - 1, 1);
  const points = sums.map((sum, index) => `${(index * step).toFixed(1)},${(22 - (sum / top) * 20).toFixed(1)}`).join(' ');
  return (
    <svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`0,22 ${points} 100,22`} />
      <polyline points={points} />
    </svg>
  );
}
