/**
 * Keyed pseudonyms (HMAC-SHA-256, RFC 2104) for what must be told apart and not be known: clients, users, and identifiers
 * that look like secrets. Without the key nobody can find out whose they are by trying; four bytes are all that is used.
 */
import { createHmac } from 'node:crypto';
import type { Pseudonym } from '../core/portion.js';

/** The same clients come again and again. */
const MAX_KNOWN = 20_000;
const MAX_KNOWN_LENGTH = 200;

/** @param key the same in all processes, or a client is several */
export function pseudonyms(key: string): Pseudonym {
  const known = new Map<string, number>();
  return (kind, text) => {
    const name = `${kind}\0${text}`;
    const found = known.get(name);
    if (found !== undefined) return found;
    const pseudonym = createHmac('sha256', key).update(name).digest().readUInt32BE();
    // The oldest goes first: Map keeps the order of insertion.
    if (known.size >= MAX_KNOWN) known.delete(known.keys().next().value ?? '');
    if (name.length <= MAX_KNOWN_LENGTH) known.set(name, pseudonym);
    return pseudonym;
  };
}
