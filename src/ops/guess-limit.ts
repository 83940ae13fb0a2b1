/**
 * How often an address may send keys that do not hold: as many at once as a mistake in a set-up makes, and one every two
 * seconds from then on. Beyond it the database is not asked. Memory is bounded: the address that tried longest ago is forgotten.
 */

/** A fleet behind one address that starts with a wrong key makes some. */
const AT_ONCE = 30;
const SECONDS_EACH = 2;
/** Some 100 bytes each. */
const MAX_ADDRESSES = 10_000;

interface Tries {
  left: number;
  /** When `left` was right, milliseconds. */
  atMs: number;
}

export class GuessLimit {
  /** By address; who tried last stands last. */
  private readonly tries = new Map<string, Tries>();

  /**
   * Takes one try; `giveBack` when it turned out to be none.
   * @param nowMs of a clock that only goes forward
   * @returns seconds after which there is one again; undefined where there was one
   */
  take(address: string, nowMs: number): number | undefined {
    const site = siteOf(address);
    const before = this.tries.get(site) ?? { left: AT_ONCE, atMs: nowMs };
    const left = Math.min(AT_ONCE, before.left + (nowMs - before.atMs) / 1000 / SECONDS_EACH);
    this.tries.delete(site);
    this.tries.set(site, { left: left < 1 ? left : left - 1, atMs: nowMs });
    if (this.tries.size > MAX_ADDRESSES) this.tries.delete(this.tries.keys().next().value ?? '');
    return left < 1 ? Math.ceil((1 - left) * SECONDS_EACH) : undefined;
  }

  giveBack(address: string): void {
    const tries = this.tries.get(siteOf(address));
    if (tries !== undefined) tries.left = Math.min(AT_ONCE, tries.left + 1);
  }

  get size(): number {
    return this.tries.size;
  }
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
