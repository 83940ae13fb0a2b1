/**
 * How often an address may send keys that do not hold: as many at once as a mistake in a set-up makes, and one every two
 * seconds from then on. Beyond it the database is not asked. A try counts while it is not known what it was; who finds none
 * left meanwhile waits, so that keys that hold are never turned away for being many. Memory is bounded: the address that
 * tried longest ago is forgotten.
 */

/** A fleet behind one address that starts with a wrong key makes some. */
const AT_ONCE = 30;
const SECONDS_EACH = 2;
/** Some 100 bytes each. */
const MAX_ADDRESSES = 10_000;

/** What a key turned out to be; `unknown` where nobody could tell. */
export type Outcome = 'right' | 'wrong' | 'unknown';

/** Whoever has a try must settle it. Who has to wait asks again afterwards, unless nobody can tell. */
export type Turn = { settle: (outcome: Outcome) => void } | { after: Promise<Outcome> } | { retryAfterSeconds: number };

interface Tries {
  left: number;
  /** When `left` was right, milliseconds. */
  atMs: number;
  /** Taken, and not settled yet. */
  open: number;
  waiting: ((outcome: Outcome) => void)[];
}

export class GuessLimit {
  /** By address; who tried last stands last. */
  private readonly tries = new Map<string, Tries>();

  /** @param nowMs of a clock that only goes forward */
  take(address: string, nowMs: number): Turn {
    const tries = this.triesOf(siteOf(address), nowMs);
    if (tries.left >= 1) {
      tries.left -= 1;
      tries.open += 1;
      return {
        settle: (outcome) => {
          settle(tries, outcome);
        },
      };
    }
    if (tries.open > 0) return { after: new Promise((resolve) => tries.waiting.push(resolve)) };
    return { retryAfterSeconds: Math.ceil((1 - tries.left) * SECONDS_EACH) };
  }

  private triesOf(site: string, nowMs: number): Tries {
    const tries = this.tries.get(site) ?? { left: AT_ONCE, atMs: nowMs, open: 0, waiting: [] };
    tries.left = Math.min(AT_ONCE, tries.left + (nowMs - tries.atMs) / 1000 / SECONDS_EACH);
    tries.atMs = nowMs;
    this.tries.delete(site);
    this.tries.set(site, tries);
    if (this.tries.size > MAX_ADDRESSES) this.tries.delete(this.tries.keys().next().value ?? '');
    return tries;
  }

  get size(): number {
    return this.tries.size;
  }
}

/** Each try that comes back lets one go on who waits. Whoever still waits when nothing is open any more must look again, or would for ever. */
function settle(tries: Tries, outcome: Outcome): void {
  tries.open -= 1;
  if (outcome !== 'wrong') tries.left = Math.min(AT_ONCE, tries.left + 1);
  const goOn = tries.open === 0 || outcome === 'unknown' ? tries.waiting.length : outcome === 'right' ? 1 : 0;
  for (const resolve of tries.waiting.splice(0, goOn)) resolve(outcome);
}

/** Whoever has an IPv6 address has the 2^64 beside it too. */
function siteOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array.from({ length: Math.max(0, 8 - groups.length - behind.length) }, () => '0');
  return [...groups, ...zeros, ...behind].slice(0, 4).join(':');
}
