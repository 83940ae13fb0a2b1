import { describe, expect, it } from '@jest/globals';
import { readKeyWish } from './key-wish.js';

const NOW = Date.UTC(2026, 10, 30);

describe('what is said about a new key', () => {
  it('is read with its defaults', () => {
    expect(readKeyWish({ scope: ['admin'] }, NOW)).toEqual({ project: 'default', name: '', scopes: ['admin'], expiresAt: null });
    expect(readKeyWish({ scope: ['ingest,read', 'read'], project: 'shop', name: 'CI', expires: '90d' }, NOW)).toEqual({
      ...{ project: 'shop', name: 'CI', scopes: ['ingest', 'read'], expiresAt: new Date(NOW + 90 * 86_400_000) },
    });
    expect(readKeyWish({ scope: ['read'], expires: '2027-01-31T00:00:00Z' }, NOW)).toMatchObject({
      expiresAt: new Date('2027-01-31T00:00:00Z'),
    });
  });

  it.each([
    [{}, '--scope is missing; choose from ingest, read, admin'],
    [{ scope: ['root'] }, '--scope "root" is none; choose from ingest, read, admin'],
    [{ scope: ['read'], project: ' ' }, '--project must not be empty'],
    [{ scope: ['read'], name: 'a\nb' }, '--name must not contain control characters'],
    [{ scope: ['read'], expires: '2020-01-01T00:00:00Z' }, '--expires "2020-01-01T00:00:00Z" is no time to come'],
    [{ scope: ['read'], expires: 'soon' }, '--expires "soon" is no time to come'],
    [{ scope: ['read'], expires: '0d' }, '--expires "0d" is no time to come'],
    [{ scope: ['read'], expires: '999999999w' }, '--expires "999999999w" is no time to come'],
  ])('is refused with what would be right: %j', (given, problem) => {
    expect(readKeyWish(given, NOW)).toContain(problem);
  });
});
