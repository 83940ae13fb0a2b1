import { describe, expect, it } from '@jest/globals';
import { isScrambled } from './scrambled.js';

/** A linear congruential generator: the same strings every run. */
function strings(count: number, length: number, alphabet: string): string[] {
  let state = 401;
  const next = (): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0);
  return Array.from({ length: count }, () => Array.from({ length }, () => alphabet[(next() >>> 8) % alphabet.length]).join(''));
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const MIXED = `${LOWER}${LOWER.toUpperCase()}`;

describe('isScrambled', () => {
  it.each([
    [8, LOWER, 0.93],
    [8, MIXED, 0.93],
    [12, LOWER, 0.98],
    [16, MIXED, 0.995],
    [12, `${MIXED}0123456789`, 0.98],
  ])('sees random strings of %d characters of %s', (length, alphabet, least) => {
    const seen = strings(1_000, length, alphabet).filter(isScrambled).length;
    expect(seen / 1_000).toBeGreaterThan(least);
  });

  it('lets words be: product names, class names, people, other languages', () => {
    const words =
      'authorization PostgreSQL JwtBearerHandler OAuth2AuthenticationProcessingFilter usernamePasswordAuthenticationToken checkout-service orders-api-v2 v2beta1 sha256 Zugangsdaten utilisateur autenticación inventory shipping recommendation notifications jane.doe Maria billing-worker payments Kubernetes';
    expect(words.split(' ').filter(isScrambled)).toEqual([]);
  });
});
