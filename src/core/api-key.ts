/**
 * What a key looks like, what it allows, how a request sends it (RFC 6750 section 2.1) and what our own challenges say
 * (section 3). Random numbers and hashes are src/ops/key-secret.ts.
 */
export const SCOPES = ['ingest', 'read', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The project that is there from the start: whoever administers it operates the service. */
export const FIRST_PROJECT = 1;

/** Keys of one project that are not revoked: each service and each person may have some. */
export const MAX_KEYS = 1_000;

/** Each has rules that are evaluated and judged by; a script that makes one for every user would have no end. */
export const MAX_PROJECTS = 1_000;

/** @returns whether one of the scopes wanted is held; `admin` includes the others */
export function allows(held: readonly Scope[], wanted: readonly Scope[]): boolean {
  return held.includes('admin') || wanted.some((scope) => held.includes(scope));
}

/** `w401_<id>_<secret>`: what finds it in texts and scanners, what finds it in the database, and 256 random bits. */
export const KEY_PREFIX = 'w401_';
export const KEY_ID_LENGTH = 12;
/** 62 to the power of 43 is more than 2 to the power of 256. */
export const KEY_SECRET_LENGTH = 43;
const KEY = /^w401_([0-9A-Za-z]{12})_[0-9A-Za-z]{43}$/;

/** @returns undefined for what is no key of ours */
export function keyIdOf(text: string): string | undefined {
  return KEY.exec(text)?.[1];
}

/** A scheme that we do not take is as if nothing were sent (RFC 6750 section 3.1). */
export type Sent = { kind: 'nothing' } | { kind: 'malformed'; problem: string } | { kind: 'token'; token: string };

const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** @param lines values of Authorization, one for each field line */
export function readAuthorization(lines: readonly string[]): Sent {
  const [line = ''] = lines;
  if (lines.length > 1) return { kind: 'malformed', problem: 'there is more than one Authorization header' };
  if (line.startsWith(KEY_PREFIX)) return { kind: 'malformed', problem: 'the key stands without Bearer in front of it' };
  const [scheme = ''] = line.split(' ', 1);
  if (scheme.toLowerCase() !== 'bearer') return { kind: 'nothing' };
  const token = line.slice(scheme.length).trim();
  if (token === '') return { kind: 'malformed', problem: 'there is no key behind Bearer' };
  return TOKEN.test(token) ? { kind: 'token', token } : { kind: 'malformed', problem: 'what stands behind Bearer is no token' };
}

export interface ChallengeParameters {
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  /** Without quotes and backslashes, as section 3 has it. */
  error_description?: string;
  scope?: string;
}

/** A value of WWW-Authenticate. Without an error where nothing was sent. */
export function challengeOf(parameters: ChallengeParameters = {}): string {
  const texts = Object.entries({ realm: 'why401', ...parameters }).map(([name, value]) => `${name}="${value}"`);
  return `Bearer ${texts.join(', ')}`;
}
