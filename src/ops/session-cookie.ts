/**
 * The cookie that a dashboard is signed in with: the key itself, where no script reads it (HttpOnly) and no other site
 * sends it (SameSite=Strict). Whether a request comes from our own page is told by what browsers say and pages cannot, and
 * whether that page may have got its name to lead here by the name.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';

const NAME = 'why401_key';
/** Browsers take it over https alone, and from this host alone (RFC 6265bis section 4.1.3.2). */
const SECURE_NAME = `__Host-${NAME}`;
const MAX_AGE_SECONDS = 30 * 86_400;

/** @returns the key in a Cookie header; the one that came over https before the other */
export function keyInCookie(header: string | undefined): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  for (const name of [SECURE_NAME, NAME]) {
    const pair = pairs.find((one) => one.startsWith(`${name}=`));
    if (pair !== undefined) return pair.slice(name.length + 1);
  }
  return undefined;
}

/** @param isSecure the page was loaded over https */
export function cookieOf(key: string, isSecure: boolean): string {
  return cookie(isSecure, key, MAX_AGE_SECONDS);
}

/** Both, whichever there is. */
export function endedCookies(): string[] {
  return [cookie(false, '', 0), cookie(true, '', 0)];
}

function cookie(isSecure: boolean, value: string, maxAge: number): string {
  return `${isSecure ? SECURE_NAME : NAME}=${value}; Path=/; Max-Age=${String(maxAge)}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
}

/** Where a request comes from: a page of ours, a page of somebody else's, or no browser that says so. */
export type Origin = 'own' | 'foreign' | 'unknown';

/** Of Fetch Metadata, and where a browser has none (plain http to another host) of Origin (RFC 6454). */
export function originOf(headers: IncomingHttpHeaders): Origin {
  const site = headers['sec-fetch-site'];
  // `none`: somebody typed the address, which makes no request that changes anything.
  if (typeof site === 'string') return site === 'same-origin' ? 'own' : site === 'none' ? 'unknown' : 'foreign';
  const { origin } = headers;
  if (origin === undefined) return 'unknown';
  return URL.canParse(origin) && new URL(origin).host === headers.host?.toLowerCase() ? 'own' : 'foreign';
}

/**
 * Whether a Host header has a name that nobody can make lead here: an address, or localhost (RFC 6761 section 6.3). The owner
 * of any other name can, and then browsers take their pages for ours (DNS rebinding). Browsers always send one.
 */
export function isUnmistakable(host: string | undefined): boolean {
  if (host === undefined) return true;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^(?:[^:/@]+\.)?localhost\.?$/.test(name);
}

/** RFC 9110 section 9.2.1. */
export function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
