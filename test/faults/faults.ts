/** The faults: drawn in a seeded order in which each part has each kind about equally often, done, and undone again. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../bench/chance.js';
import type { Link } from './link.js';
import type { Installation, PartName } from './parts.js';

export const KINDS = ['killed', 'restarted', 'paused', 'cut off', 'silent', 'answers lost', 'slowed'] as const;
type Kind = (typeof KINDS)[number];

export interface Fault {
  part: PartName;
  kind: Kind;
  forMs: number;
  /** Until the next one, once this is over. */
  calmMs: number;
}

/** Most are over before anybody gives up; one of fifteen outlasts the time that a receiver waits for its queue. */
const LONG = 1 / 15;

export function drawFaults(parts: readonly PartName[], count: number, next: Random): Fault[] {
  const faults: Fault[] = [];
  let deck: Pick<Fault, 'part' | 'kind'>[] = [];
  while (faults.length < count) {
    if (deck.length === 0) deck = parts.flatMap((part) => KINDS.map((kind) => ({ part, kind })));
    const [drawn] = deck.splice(Math.floor(next() * deck.length), 1);
    if (drawn === undefined) break;
    const forMs = Math.round(next() < LONG ? 3_500 + 1_000 * next() : 200 + 600 * next());
    faults.push({ ...drawn, forMs, calmMs: Math.round(50 + 250 * next()) });
  }
  return faults;
}

/** Milliseconds that each piece waits. */
const SLOWED_BY = 60;

/**
 * Settled when the fault is over and the part works again; what it did is undone even when it fails.
 * @returns how long the part was away, milliseconds: what was drawn, and its start where it was killed or restarted
 */
export async function commit({ part: name, kind, forMs }: Fault, installation: Installation): Promise<number> {
  const startedMs = Date.now();
  const part = installation.part(name);
  const links = [...(installation.links.get(name) ?? []), ...(name === 'receiver' ? installation.doors : [])];
  if (kind === 'killed' || kind === 'restarted') {
    await (kind === 'killed' ? part.kill() : part.end());
    await sleep(forMs);
    await part.revive();
  } else if (kind === 'paused') {
    await part.pause();
    await sleep(forMs).finally(() => part.resume());
  } else await onLinks(links, kind, forMs);
  return Date.now() - startedMs;
}

async function onLinks(links: readonly Link[], kind: Exclude<Kind, 'killed' | 'restarted' | 'paused'>, forMs: number): Promise<void> {
  for (const link of links) {
    if (kind === 'cut off') link.cut();
    else if (kind === 'silent') link.fallSilent();
    else if (kind === 'answers lost') link.loseAnswers();
    else link.slow(SLOWED_BY);
  }
  await sleep(forMs);
  for (const link of links) link.restore();
}
