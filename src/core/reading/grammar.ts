/**
 * How subject and state make a cause, for texts of systems that no table knows: "session" and "expired" in one clause
 * is session_expired, "certificate" and "expired" is client_certificate. Rows are tried from the top; the more specific
 * subject stands above the more general one. `weight` tells a reason (3) from a hint (2) and from a mere "no" (1).
 * `confidence` is what bench:causes observes for verdicts that rest on the row, rounded down.
 */
import type { CauseId } from '../causes.js';

export interface GrammarRow {
  id: string;
  cause: CauseId;
  weight: 1 | 2 | 3;
  confidence: number;
  /** Each group must be met by one of its senses, all in the same clause. */
  has: readonly string[];
  /** None of these senses may be there. */
  not?: string;
}

const BAD = 'INVALID|MISMATCH|UNKNOWN|NOTFOUND|NOTALLOWED|UNSUPPORTED|FAILED';

export const GRAMMAR: readonly GrammarRow[] = [
  { id: 'stripped', cause: 'stripped_credentials', weight: 3, confidence: 0.85, has: ['STRIPPED', 'HEADER|TOKEN|CREDENTIALS|APIKEY'] },
  { id: 'proxy.needs', cause: 'proxy_authentication', weight: 3, confidence: 0.85, has: ['PROXY', 'ABSENT|AUTH'], not: 'UNREACHABLE|UNCONFIGURED|STRIPPED' },
  // The checking side is broken before anything can be said about what was sent.
  { id: 'keys.unreachable', cause: 'server_misconfiguration', weight: 3, confidence: 0.9, has: ['KEYSET', 'UNREACHABLE|FAILED|ABSENT|INVALID|MALFORMED|EXPIRED|NO|FETCH|EXPECTED'], not: 'MISMATCH|KEYID|ALG|VERIFY|TOKEN|NOTFOUND' },
  { id: 'keys.fetch', cause: 'server_misconfiguration', weight: 3, confidence: 0.9, has: ['FETCH', 'KEY|SIGNKEY|KEYSET|CONFIG', 'FAILED|NOTFOUND|UNREACHABLE|NO|EXPIRED|INVALID'], not: 'MISMATCH|KEYID' },
  { id: 'secret.absent', cause: 'server_misconfiguration', weight: 3, confidence: 0.75, has: ['SECRET', 'ABSENT|NO|UNCONFIGURED'], not: 'CLIENT|PASSWORD|HEADER|FORM' },
  { id: 'no_verification_key', cause: 'server_misconfiguration', weight: 3, confidence: 0.7, has: ['SIGNKEY', 'ABSENT|NO|UNREACHABLE|UNCONFIGURED'], not: 'KEYID|MISMATCH|NOTFOUND|TOKEN|ALG' },
  { id: 'unconfigured', cause: 'server_misconfiguration', weight: 3, confidence: 0.85, has: ['UNCONFIGURED', 'CONFIG|CREDENTIALS|KEY|KEYID|KEYSET|PROVIDER|AUTH|SIGNATURE|CLIENT|TOKEN|SCHEME|APIKEY|PASSWORD|AUDIENCE|ISSUER|ALG|CERT|SESSION|REALM'], not: 'USER|MFA' },
  { id: 'config.bad', cause: 'server_misconfiguration', weight: 3, confidence: 0.8, has: ['CONFIG', 'ABSENT|NO|INVALID|UNKNOWN|NOTFOUND|UNSUPPORTED|EXPECTED'], not: 'HEADER|EXPIRED|PASSWORD|MISMATCH|DENIED|SCOPE' },
  { id: 'provider.none', cause: 'server_misconfiguration', weight: 3, confidence: 0.8, has: ['PROVIDER', 'NO', 'NOTFOUND'] },
  { id: 'provider.down', cause: 'server_misconfiguration', weight: 2, confidence: 0.7, has: ['PROVIDER', 'EXPIRED'], not: 'TOKEN|SESSION|COOKIE|PASSWORD|USER|CERT|EXP' },
  // A second factor before the first: "invalid one-time password" holds the word password too.
  { id: 'cookie.absent', cause: 'session_cookie_missing', weight: 3, confidence: 0.85, has: ['COOKIE', 'ABSENT|NO|NOTFOUND|LOCKED|UNSUPPORTED|FAILED|MISMATCH'], not: 'EXPIRED|REVOKED' },
  { id: 'csrf', cause: 'session_cookie_missing', weight: 3, confidence: 0.65, has: ['CSRF', 'ABSENT|NO|NOTFOUND|INVALID|MISMATCH|FAILED|EXPIRED'] },
  { id: 'mfa.blocked', cause: 'account_locked', weight: 3, confidence: 0.75, has: ['MFA', 'LOCKED'] },
  { id: 'mfa', cause: 'mfa_required', weight: 3, confidence: 0.85, has: ['MFA', 'ABSENT|NO|INVALID|MISMATCH|FAILED|EXPIRED|NOTFOUND|REUSED|VERIFY|AUTH|DENIED|NOTYET'] },
  { id: 'mfa.named', cause: 'mfa_required', weight: 2, confidence: 0.7, has: ['MFA'] },
  { id: 'pop', cause: 'proof_of_possession', weight: 3, confidence: 0.85, has: ['POP', 'ABSENT|NO|INVALID|MISMATCH|FAILED|EXPIRED|NOTFOUND|REUSED|UNKNOWN|UNSUPPORTED|MALFORMED|NOTALLOWED|TOOFAR|EXPECTED|NOTYET'], not: 'REFRESH|CSRF' },
  { id: 'replay', cause: 'proof_of_possession', weight: 2, confidence: 0.6, has: ['REUSED'], not: 'REFRESH|TOKEN|REQUEST|CLAIM|PASSWORD|SESSION' },
  { id: 'cert.signing', cause: 'invalid_signature', weight: 3, confidence: 0.6, has: ['CERT', 'SIGNATURE|KEYID', 'EXPIRED|NOTFOUND|MISMATCH'], not: 'UNTRUSTED' },
  { id: 'cert', cause: 'client_certificate', weight: 3, confidence: 0.9, has: ['CERT', 'ABSENT|NO|INVALID|MISMATCH|FAILED|EXPIRED|NOTFOUND|UNKNOWN|REVOKED|UNTRUSTED|NOTALLOWED|VERIFY|NOTYET|DENIED|DECODE'], not: 'KEYSET|PROVIDER|ISSUER' },
  { id: 'refresh', cause: 'refresh_failed', weight: 3, confidence: 0.9, has: ['REFRESH', 'EXPIRED|NOTFOUND|REVOKED|UNKNOWN|INVALID|MISMATCH|FAILED|REUSED|ABSENT|NO|MALFORMED|DECODE|TOOFAR|NOTALLOWED'], not: 'KEYSET|KEYID' },
  { id: 'expired.list', cause: 'invalid_token', weight: 2, confidence: 0.65, has: ['LISTED', 'EXPIRED', 'REVOKED|NOTYET|INVALID|MALFORMED|ABSENT', 'TOKEN|REQUEST|AUTH'], not: 'HEADER|SESSION|PASSWORD' },
  { id: 'clock.far', cause: 'clock_skew', weight: 3, confidence: 0.85, has: ['CLOCK|REQUEST', 'TOOFAR'] },
  { id: 'clock', cause: 'clock_skew', weight: 3, confidence: 0.85, has: ['CLOCK', 'NOTYET|INVALID|MISMATCH|MALFORMED|NOTALLOWED|ABSENT|FAILED|NO|NOTFOUND'], not: 'EXP|EXPIRED' },
  { id: 'clock.named', cause: 'clock_skew', weight: 2, confidence: 0.6, has: ['CLOCK'], not: 'EXP|EXPECTED|UNREACHABLE|USER|PASSWORD' },
  { id: 'not_before', cause: 'clock_skew', weight: 3, confidence: 0.9, has: ['NOTBEFORE', 'NOTYET|INVALID|FAILED|EXPIRED|MISMATCH|TOOFAR|VERIFY|MALFORMED'], not: 'ABSENT|NO' },
  { id: 'not_yet', cause: 'clock_skew', weight: 3, confidence: 0.9, has: ['NOTYET'], not: 'LOCKED|SESSION|EXP|UNCONFIGURED|CERT' },
  { id: 'issuer', cause: 'issuer_mismatch', weight: 3, confidence: 0.9, has: ['ISSUER', `${BAD}|EXPECTED|ABSENT|UNCONFIGURED|UNTRUSTED|DENIED|NO`], not: 'CERT' },
  { id: 'audience', cause: 'audience_mismatch', weight: 3, confidence: 0.9, has: ['AUDIENCE', `${BAD}|EXPECTED|ABSENT|DENIED|NO|VERIFY`] },
  { id: 'realm.mismatch', cause: 'wrong_realm', weight: 3, confidence: 0.85, has: ['REALM', 'MISMATCH|NOTALLOWED|EXPECTED'], not: 'HEADER|SCOPE|DENIED|MALFORMED' },
  { id: 'realm.unknown', cause: 'wrong_realm', weight: 3, confidence: 0.75, has: ['REALM', 'NOTFOUND|UNKNOWN|INVALID'], not: 'USER|PASSWORD|HEADER|SCOPE|DENIED|MALFORMED|CLIENT' },
  { id: 'realm.member', cause: 'wrong_realm', weight: 2, confidence: 0.6, has: ['REALM', 'USER', 'NO|ABSENT|DENIED|EXPECTED'], not: 'SCOPE' },
  { id: 'key.locked', cause: 'invalid_api_key', weight: 3, confidence: 0.9, has: ['APIKEY', 'LOCKED|REVOKED|EXPIRED|NOTALLOWED|DENIED'], not: 'MALFORMED|SCOPE' },
  { id: 'key.invalid', cause: 'invalid_api_key', weight: 3, confidence: 0.9, has: ['APIKEY', 'INVALID|UNKNOWN|MISMATCH|FAILED'], not: 'MALFORMED|SIGNATURE|FORM|ABSENT|REALM|SCOPE' },
  { id: 'key.not_found', cause: 'invalid_api_key', weight: 2, confidence: 0.75, has: ['APIKEY', 'NOTFOUND'], not: 'NO|ABSENT|REQUEST|HEADER|MALFORMED|CONFIG' },
  { id: 'key.malformed', cause: 'malformed_credentials', weight: 3, confidence: 0.7, has: ['APIKEY', 'MALFORMED|FORM|DECODE'], not: 'ABSENT' },
  { id: 'key.absent', cause: 'missing_credentials', weight: 3, confidence: 0.9, has: ['APIKEY', 'ABSENT|NO|NOTFOUND'], not: 'SECRET' },
  { id: 'password.expired', cause: 'account_locked', weight: 3, confidence: 0.9, has: ['PASSWORD|USER|CREDENTIALS|CLIENT', 'EXPIRED'], not: 'TOKEN|SESSION|COOKIE|REQUEST|EXP|CLOCK' },
  { id: 'locked', cause: 'account_locked', weight: 3, confidence: 0.9, has: ['LOCKED', 'USER|PASSWORD|AUTH|CREDENTIALS|CLIENT|DENIED|FAILED'], not: 'TOKEN|COOKIE|SESSION|SIGNATURE|FORM|KEY' },
  { id: 'session', cause: 'session_expired', weight: 3, confidence: 0.9, has: ['SESSION', 'EXPIRED|NOTFOUND|REVOKED|UNKNOWN|LOCKED|NO|ABSENT'], not: 'COOKIE|SCOPE' },
  { id: 'session.invalid', cause: 'session_expired', weight: 2, confidence: 0.75, has: ['SESSION', 'INVALID|MISMATCH|MALFORMED'], not: 'COOKIE|SCOPE' },
  { id: 'session.cookie', cause: 'session_expired', weight: 3, confidence: 0.7, has: ['COOKIE|SESSION', 'EXPIRED|REVOKED'] },
  { id: 'cookie.invalid', cause: 'session_expired', weight: 2, confidence: 0.55, has: ['COOKIE', 'INVALID|UNKNOWN|DECODE'] },
  { id: 'missing.list', cause: 'missing_credentials', weight: 2, confidence: 0.6, has: ['LISTED', 'ABSENT', 'INVALID|MALFORMED', 'TOKEN|APIKEY|CREDENTIALS|AUTH'], not: 'HEADER|PASSWORD|CLAIM' },
  { id: 'refused.list', cause: 'invalid_token', weight: 2, confidence: 0.7, has: ['TOKEN', 'LISTED', 'INVALID|MALFORMED|ABSENT', 'EXPIRED|REVOKED|ABSENT|MALFORMED'], not: 'HEADER' },
  { id: 'revoked', cause: 'revoked_token', weight: 3, confidence: 0.9, has: ['REVOKED', 'TOKEN|AUTH|REQUEST|CREDENTIALS|CLAIM'] },
  { id: 'replayed', cause: 'invalid_token', weight: 2, confidence: 0.6, has: ['REUSED', 'TOKEN|REQUEST|CLAIM'] },
  { id: 'signature', cause: 'invalid_signature', weight: 3, confidence: 0.9, has: ['SIGNATURE', `${BAD}|ABSENT|NO|EXPECTED|DENIED`], not: 'EXPIRED|UNCONFIGURED|FORM|MALFORMED' },
  { id: 'signature.expired', cause: 'expired_token', weight: 3, confidence: 0.85, has: ['SIGNATURE', 'EXPIRED'], not: 'CERT|KEYID' },
  { id: 'algorithm', cause: 'invalid_signature', weight: 3, confidence: 0.85, has: ['ALG', `${BAD}|ABSENT|EXPECTED|NO`], not: 'CONFIG' },
  { id: 'key_id', cause: 'invalid_signature', weight: 3, confidence: 0.85, has: ['KEYID|SIGNKEY', `${BAD}|ABSENT|NO|EXPIRED`], not: 'UNCONFIGURED' },
  { id: 'key.decode', cause: 'invalid_signature', weight: 3, confidence: 0.8, has: ['KEY', 'DECODE|VERIFY|MALFORMED', 'NO|ABSENT|FAILED|MISMATCH'] },
  { id: 'key.mismatch', cause: 'invalid_signature', weight: 3, confidence: 0.75, has: ['KEY', 'MISMATCH'] },
  { id: 'key_set', cause: 'invalid_signature', weight: 3, confidence: 0.8, has: ['KEYSET', 'MISMATCH|NOTFOUND'] },
  { id: 'scope.claim', cause: 'insufficient_scope', weight: 3, confidence: 0.85, has: ['SCOPE', 'ABSENT|INVALID|DENIED|MISMATCH|NO|NOTALLOWED|NOTFOUND'], not: 'PASSWORD' },
  { id: 'claim.form', cause: 'invalid_token', weight: 2, confidence: 0.7, has: ['EXP|NOTBEFORE|CLAIM', 'FORM'] },
  { id: 'expired.claim', cause: 'expired_token', weight: 3, confidence: 0.85, has: ['EXP', 'FAILED|EXPIRED|INVALID|MISMATCH'], not: 'ABSENT|NO|CERT|MALFORMED' },
  { id: 'expired', cause: 'expired_token', weight: 3, confidence: 0.9, has: ['EXPIRED', 'TOKEN|REQUEST|CLAIM|AUTH|EXP|HEADER'], not: 'UNREACHABLE|PROVIDER|FETCH|CERT' },
  { id: 'header.bad', cause: 'malformed_credentials', weight: 3, confidence: 0.85, has: ['HEADER|SCHEME', 'INVALID|MALFORMED|UNSUPPORTED|UNKNOWN|FORM|DECODE|MISMATCH|EXPECTED|NOTALLOWED'], not: 'DENIED|SCOPE|CLAIM|CREDENTIALS|USER|PASSWORD' },
  { id: 'scheme.absent', cause: 'malformed_credentials', weight: 3, confidence: 0.8, has: ['SCHEME', 'ABSENT|NO'] , not: 'CONFIG|UNCONFIGURED' },
  { id: 'method.unsupported', cause: 'malformed_credentials', weight: 3, confidence: 0.75, has: ['AUTH', 'UNSUPPORTED'], not: 'PROVIDER|CONFIG' },
  { id: 'malformed', cause: 'malformed_credentials', weight: 3, confidence: 0.9, has: ['MALFORMED', 'TOKEN|HEADER|CREDENTIALS|AUTH|SIGNATURE|SCHEME|PASSWORD|FORM|CLAIM|REQUEST'] },
  { id: 'form.bad', cause: 'malformed_credentials', weight: 3, confidence: 0.85, has: ['FORM', 'UNKNOWN|INVALID|FAILED|MISMATCH|UNSUPPORTED|ABSENT|EXPECTED|NO|NOTFOUND|LOCKED|DENIED'] },
  { id: 'provider.unexpected', cause: 'server_misconfiguration', weight: 3, confidence: 0.75, has: ['PROVIDER', 'EXPECTED'], not: 'TOKEN|USER|ISSUER|AUDIENCE|CERT' },
  { id: 'decrypt', cause: 'invalid_token', weight: 2, confidence: 0.6, has: ['DECRYPT', 'FAILED|NO|INVALID|MALFORMED|MISMATCH|NOTFOUND'] },
  { id: 'decode', cause: 'malformed_credentials', weight: 3, confidence: 0.85, has: ['DECODE', 'FAILED|NO|INVALID|MALFORMED|MISMATCH'], not: 'PROVIDER|KEYSET|CERT' },
  { id: 'header.lacks', cause: 'malformed_credentials', weight: 3, confidence: 0.7, has: ['HEADER', 'ABSENT', 'PASSWORD'] },
  { id: 'credentials.bad', cause: 'invalid_credentials', weight: 3, confidence: 0.9, has: ['PASSWORD', `${BAD}|DENIED`], not: 'ABSENT|CONFIG|UNCONFIGURED|TOKEN' },
  { id: 'password.list', cause: 'invalid_credentials', weight: 3, confidence: 0.7, has: ['PASSWORD', 'LISTED', 'INVALID|FAILED', 'ABSENT'] },
  { id: 'provider.fetch', cause: 'server_misconfiguration', weight: 3, confidence: 0.85, has: ['FETCH', 'PROVIDER', 'FAILED|NOTFOUND|NO|EXPIRED'], not: 'USER|SESSION|COOKIE' },
  { id: 'provider.unreachable', cause: 'server_misconfiguration', weight: 3, confidence: 0.9, has: ['UNREACHABLE'], not: 'PASSWORD|LOCKED|ALG' },
  { id: 'user.unknown', cause: 'invalid_credentials', weight: 3, confidence: 0.85, has: ['USER|CLIENT', 'UNKNOWN|NOTFOUND|INVALID|MISMATCH'], not: 'TOKEN|SCOPE|CLAIM|ABSENT|SESSION|DENIED' },
  { id: 'client.failed', cause: 'invalid_credentials', weight: 2, confidence: 0.75, has: ['CLIENT', 'AUTH', 'FAILED'] },
  { id: 'user.unsuccessful', cause: 'invalid_credentials', weight: 2, confidence: 0.75, has: ['USER', 'AUTH', 'INVALID'], not: 'TOKEN' },
  { id: 'secret.bad', cause: 'invalid_credentials', weight: 3, confidence: 0.75, has: ['SECRET', 'INVALID|MISMATCH'], not: 'APIKEY' },
  { id: 'user.failed', cause: 'invalid_credentials', weight: 2, confidence: 0.75, has: ['USER', 'FAILED', 'AUTH|VERIFY|PASSWORD'], not: 'TOKEN|SCOPE|CLAIM' },
  { id: 'no_token', cause: 'missing_credentials', weight: 3, confidence: 0.9, has: ['ABSENT', 'TOKEN|HEADER|CREDENTIALS|AUTH|PASSWORD'], not: 'CLAIM|EXP|NOTBEFORE|SCOPE|DENIED|EXPIRED|KEYID|ISSUER|AUDIENCE|FORM' },
  { id: 'none_found', cause: 'missing_credentials', weight: 3, confidence: 0.85, has: ['NO', 'TOKEN|HEADER|CREDENTIALS|AUTH|PASSWORD'], not: 'SCOPE|CLAIM|EXPIRED|KEYID|FORM' },
  { id: 'header.not_found', cause: 'missing_credentials', weight: 3, confidence: 0.85, has: ['NOTFOUND', 'HEADER|CREDENTIALS'] },
  { id: 'token.not_found', cause: 'missing_credentials', weight: 1, confidence: 0.6, has: ['NOTFOUND', 'TOKEN'] },
  { id: 'credentials.invalid', cause: 'invalid_credentials', weight: 2, confidence: 0.7, has: ['CREDENTIALS', 'INVALID|MISMATCH|UNKNOWN|DENIED'] },
  { id: 'claim', cause: 'invalid_token', weight: 2, confidence: 0.75, has: ['CLAIM|EXP|NOTBEFORE', `${BAD}|ABSENT|NO|EXPECTED|MALFORMED`] },
  { id: 'token.inactive', cause: 'invalid_token', weight: 2, confidence: 0.5, has: ['TOKEN', 'LOCKED'] },
  { id: 'token', cause: 'invalid_token', weight: 2, confidence: 0.7, has: ['TOKEN', `${BAD}|VERIFY|REVOKED`] },
  { id: 'anonymous', cause: 'missing_credentials', weight: 2, confidence: 0.65, has: ['ABSENT', 'USER', 'DENIED|FAILED'], not: 'SCOPE|TOKEN' },
  { id: 'denied', cause: 'insufficient_scope', weight: 2, confidence: 0.75, has: ['DENIED'], not: 'ABSENT|PASSWORD|CREDENTIALS|INVALID|LOCKED|NOTFOUND' },
  { id: 'user.not_allowed', cause: 'insufficient_scope', weight: 2, confidence: 0.65, has: ['USER|CLIENT', 'NOTALLOWED'] },
  { id: 'locked.alone', cause: 'account_locked', weight: 2, confidence: 0.7, has: ['LOCKED'], not: 'TOKEN|KEY|COOKIE|SESSION|SIGNATURE|FORM' },
  { id: 'key.unknown', cause: 'invalid_api_key', weight: 2, confidence: 0.6, has: ['KEY', 'INVALID|UNKNOWN|NOTFOUND|LOCKED|REVOKED|EXPIRED'], not: 'SIGNATURE|ALG|CONFIG|SECRET|SIGNKEY' },
  { id: 'credentials.unverified', cause: 'invalid_credentials', weight: 1, confidence: 0.55, has: ['CREDENTIALS|PASSWORD', 'VERIFY|FAILED'] },
  { id: 'token.claims', cause: 'invalid_token', weight: 1, confidence: 0.6, has: ['REQUEST', 'INVALID|FAILED|NOTFOUND'], not: 'FETCH|AUTH' },
  { id: 'unauthenticated', cause: 'missing_credentials', weight: 1, confidence: 0.6, has: ['UNAUTHENTICATED'] },
  { id: 'user.none', cause: 'invalid_credentials', weight: 2, confidence: 0.6, has: ['NO', 'USER'], not: 'SCOPE|TOKEN|CLAIM|PASSWORD|SESSION' },
  { id: 'client.absent', cause: 'missing_credentials', weight: 2, confidence: 0.65, has: ['ABSENT', 'CLIENT|APIKEY'], not: 'SCOPE|CERT|DENIED' },
  { id: 'expired.alone', cause: 'expired_token', weight: 2, confidence: 0.65, has: ['EXPIRED'], not: 'UNREACHABLE|PROVIDER|FETCH|CERT|PASSWORD|KEY|USER|CLIENT|CREDENTIALS|LOCKED|SESSION|CONFIG' },
];
