import { describe, expect, it } from '@jest/globals';
import { cookieOf, endedCookies, isUnmistakable, keyInCookie, originOf } from './session-cookie.js';

describe('the cookie of a session', () => {
  it('is out of the reach of scripts and of other sites, and over https of other hosts', () => {
    expect(cookieOf('w401_x', false)).toBe('why401_key=w401_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict');
    expect(cookieOf('w401_x', true)).toBe('__Host-why401_key=w401_x; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict; Secure');
    expect(endedCookies().every((one) => one.includes('Max-Age=0'))).toBe(true);
  });

  it('is found among others; the one from https counts', () => {
    expect(keyInCookie('a=1; why401_key=k; b=2')).toBe('k');
    expect(keyInCookie('why401_key=planted; __Host-why401_key=k')).toBe('k');
    for (const header of [undefined, '', 'xwhy401_key=k', 'why401_keys=k']) expect(keyInCookie(header)).toBeUndefined();
  });
});

describe('where a request comes from', () => {
  const host = 'why401.example:4010';
  it.each([
    [{ 'sec-fetch-site': 'same-origin', host }, 'own'],
    [{ 'sec-fetch-site': 'same-site', origin: `http://${host}`, host }, 'foreign'],
    [{ 'sec-fetch-site': 'cross-site', host }, 'foreign'],
    [{ 'sec-fetch-site': 'none', host }, 'unknown'],
    [{ origin: `https://${host}`, host }, 'own'],
    [{ origin: 'http://why401.example', host }, 'foreign'],
    [{ origin: 'null', host }, 'foreign'],
    [{ origin: 'https://evil.example', host }, 'foreign'],
    [{ origin: 'https://why401.example.evil.example', host: 'why401.example' }, 'foreign'],
    [{ host }, 'unknown'],
  ])('%j: %s', (headers, origin) => {
    expect(originOf(headers)).toBe(origin);
  });
});

describe('a host', () => {
  it.each([
    ...[undefined, '127.0.0.1', '127.0.0.1:4010', '192.0.2.7:4010', '[::1]:4010', '[2001:db8::1]', 'localhost', 'LocalHost:4010'],
    ...['localhost.:4010', 'why401.localhost', 'a.b.localhost:4010'],
  ])('%s leads here for certain', (host) => {
    expect(isUnmistakable(host)).toBe(true);
  });

  it.each([
    ...['', ':4010', 'rebound.example', 'rebound.example:4010', 'why401:4318', 'localhost.rebound.example', '127.0.0.1.rebound.example'],
    ...['notlocalhost', '.localhost', 'rebound.example:localhost', 'rebound.example/.localhost', '127.0.0.1:80@rebound.example'],
  ])('%s may be the name of another site', (host) => {
    expect(isUnmistakable(host)).toBe(false);
  });
});
