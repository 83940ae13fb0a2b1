/**
 * Makes keys and hashes them. One SHA-256 is enough: slow hashes protect what people think up and can be guessed from a
 * list; 256 random bits cannot be tried out, and a slow hash would let strangers keep the service busy (decision 16).
 */
import { createHash, randomInt } from 'node:crypto';
import { KEY_ID_LENGTH, KEY_PREFIX, KEY_SECRET_LENGTH } from '../core/api-key.js';

const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export interface NewKey {
  id: string;
  /** The whole key, to be shown once. */
  text: string;
  hash: Buffer;
}

export function newKey(): NewKey {
  const id = randomText(KEY_ID_LENGTH);
  const text = `${KEY_PREFIX}${id}_${randomText(KEY_SECRET_LENGTH)}`;
  return { id, text, hash: hashOfKey(text) };
}

export function hashOfKey(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function randomText(length: number): string {
  return Array.from({ length }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');
}
