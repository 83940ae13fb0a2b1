/**
 * Reduces what was sent as a credential to its shape: scheme, whether it is well formed, what kind of token, and the
 * token's times. The value itself goes no further than the argument of `shapeOfAuthorization`.
 */
import { isRecord } from './log-record.js';

/** Closed list of scheme names, as the attribute `why401.credential.scheme` has them. */
export const SCHEMES = [
  'basic',
  'bearer',
  'dpop',
  'digest',
  'negotiate',
  'mutual_tls',
  'cookie',
  'api_key',
  'signature',
  'none',
  'other',
] as const;
export type Scheme = (typeof SCHEMES)[number];

/** Times of a token, epoch seconds (RFC 7519 section 4.1). */
export interface TokenTimes {
  expiresAt?: number | undefined;
  issuedAt?: number | undefined;
  notBefore?: number | undefined;
}

export interface CredentialShape {
  scheme: Scheme;
  /** False where the value breaks the scheme's own syntax; undefined where that was not seen. */
  wellFormed?: boolean;
  times: TokenTimes;
  /** Of a JWT: its `iss` and `kid`, as they stand there. */
  issuer?: string | undefined;
  keyId?: string | undefined;
}

const ALIASES = new Map<string, Scheme>(
  Object.entries({
    hmac: 'signature',
    'aws4-hmac-sha256': 'signature',
    mtls: 'mutual_tls',
    apikey: 'api_key',
    'api-key': 'api_key',
    jwt: 'bearer',
    session: 'cookie',
    ntlm: 'negotiate',
    kerberos: 'negotiate',
  } as const),
);

/** A scheme's name in any spelling; anything else is `other`. */
export function schemeOf(name: string): Scheme {
  const lower = name.trim().toLowerCase();
  return ALIASES.get(lower) ?? SCHEMES.find((scheme) => scheme === lower.replace('-', '_')) ?? 'other';
}

const REDACTED = /\*{3}|redacted|masked|hidden|removed|filtered|^<[^>]{0,30}>$|^\[|^\$\{/i;

/** @param value the Authorization field value as the client sent it */
export function shapeOfAuthorization(value: string): CredentialShape {
  const [name = ''] = value.trimStart().split(/\s/, 1);
  const rest = value.trimStart().slice(name.length);
  if (name === '') return { scheme: 'none', times: {} };
  const scheme = schemeOf(name);
  const credentials = rest.trim();
  // What a logger put in its place tells nothing of what was sent.
  if (REDACTED.test(credentials)) return { scheme, times: {} };
  switch (scheme) {
    case 'basic':
      return { scheme, wellFormed: isBasic(credentials), times: {} };
    case 'bearer':
    case 'dpop':
      return { scheme, wellFormed: isToken68(credentials), ...claimsOfJwt(credentials) };
    case 'other':
      // A scheme that we have no name for may well be the right one here.
      return { scheme, times: {} };
    default:
      return { scheme, wellFormed: credentials !== '', times: {} };
  }
}

/**
 * How a token's times stand to the moment of refusal, as a class that a signature can keep.
 * @param atMs epoch milliseconds of the refusal
 * @returns for example `expired_by_minutes`, `not_yet_valid_by_seconds`, `in_time`; undefined without any time
 */
export function timingOf(times: TokenTimes, atMs: number): string | undefined {
  const offset = offsetOf(times, atMs);
  if (offset === undefined) return undefined;
  if (offset < 0) return `not_yet_valid_by_${magnitude(-offset)}`;
  return offset > 0 ? `expired_by_${magnitude(offset)}` : 'in_time';
}

/** @returns seconds since the end of the token's time (positive), until its beginning (negative), 0 in between; undefined without any time */
export function offsetOf(times: TokenTimes, atMs: number): number | undefined {
  const at = atMs / 1000;
  const start = Math.max(times.notBefore ?? -Infinity, times.issuedAt ?? -Infinity);
  // Times count in whole seconds; less than one ahead is no clock that is wrong.
  if (start > at + 1) return at - start;
  // RFC 7519 section 4.1.4: at its expiration time a token must not be accepted any more.
  if (times.expiresAt !== undefined) return times.expiresAt <= at ? Math.max(at - times.expiresAt, Number.MIN_VALUE) : 0;
  return start > -Infinity ? 0 : undefined;
}

function magnitude(seconds: number): string {
  if (seconds < 60) return 'seconds';
  if (seconds < 3_600) return 'minutes';
  return seconds < 86_400 ? 'hours' : 'days';
}

function isBasic(credentials: string): boolean {
  return isToken68(credentials) && (decodeBase64(credentials)?.includes(':') ?? false);
}

/** RFC 9110 section 11.2. */
function isToken68(text: string): boolean {
  return /^[A-Za-z0-9._~+/-]+=*$/.test(text);
}

function claimsOfJwt(token: string): Pick<CredentialShape, 'times' | 'issuer' | 'keyId'> {
  const [head = '', payload] = token.split('.', 2);
  if (!token.startsWith('ey') || payload === undefined) return { times: {} };
  const claims = parseJson(decodeBase64(payload));
  if (!isRecord(claims)) return { times: {} };
  const header = parseJson(decodeBase64(head));
  return {
    times: { expiresAt: finite(claims['exp']), issuedAt: finite(claims['iat']), notBefore: finite(claims['nbf']) },
    issuer: filled(claims['iss']),
    keyId: isRecord(header) ? filled(header['kid']) : undefined,
  };
}

function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    // Not base64 is an answer, not a failure: the caller asked whether it can be read.
    return undefined;
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    // As above: a payload that is no JSON simply has no claims.
    return undefined;
  }
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function filled(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
