/** Looks for signatures that nobody has seen before, or not for a while: an alert for each group that has some. */
import { secondsOf } from '../core/alert/rule.js';
import type { Observation } from '../core/alert/state.js';
import { keyText } from '../core/alert/watch.js';
import type { AlertCounts, NewSignature, Scope } from '../store/alert-counts.js';

/** For how long a signature is new. */
const NEW_FOR_SECONDS = 600;

/** @param from since when nobody has looked, where that is longer ago; epoch seconds, as now is */
export async function newSignatureObservations(
  counts: AlertCounts,
  scope: Scope,
  { from, now }: { from: number; now: number },
): Promise<Observation[]> {
  const { settings } = scope;
  if (settings.type !== 'new_signature') return [];
  const backAfter = settings.back_after === null ? undefined : secondsOf(settings.back_after);
  const found = await counts.newSignatures(scope, { from: Math.min(from, now - NEW_FOR_SECONDS), to: now + 60 }, backAfter);
  const groups = new Map<string, NewSignature[]>();
  for (const one of found) {
    if (one.count >= settings.min_count) groups.set(keyText(one.key), [...(groups.get(keyText(one.key)) ?? []), one]);
  }
  return [...groups.values()].map((members) => observationOf(members));
}

function observationOf(members: readonly NewSignature[]): Observation {
  const back = members.filter(({ quietSeconds }) => quietSeconds !== null).length;
  const firstSeen = members.length - back;
  const parts = [
    ...(firstSeen > 0 ? [`${String(firstSeen)} never seen before`] : []),
    ...(back > 0 ? [`${String(back)} back after a while`] : []),
  ];
  return {
    key: members[0]?.key ?? [],
    isBreach: true,
    window: NEW_FOR_SECONDS,
    observed: members.reduce((sum, { count }) => sum + count, 0),
    expected: null,
    score: null,
    signatures: members.map(({ id }) => id),
    reason: `${members.length === 1 ? 'a signature' : `${String(members.length)} signatures`}: ${parts.join(', ')}`,
  };
}
