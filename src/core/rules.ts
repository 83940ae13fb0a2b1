/**
 * What strings and codes mean, as data: one table per source family, each row with an id, what it matches, the cause,
 * and where the string comes from. How rows are weighed against each other is judge.ts's business.
 * Patterns are tried on masked text and hold no nested repetition, so that each runs in linear time.
 */
import type { CauseId } from './causes.js';

export interface CodeRule {
  id: string;
  /** Compared in lower case with the record's error code and exception type (last segment). */
  codes: readonly string[];
  cause: CauseId;
  confidence: number;
  source: string;
}

export interface TextRule {
  id: string;
  pattern: RegExp;
  /** Where this matches too, the text says something else: a negation, or another kind of token. */
  unless?: RegExp;
  cause: CauseId;
  confidence: number;
  source: string;
}

/** Goes up with every change of a table or of the judge, so that stored verdicts can be told from new ones. */
export const RULE_SET_VERSION = 1;

/** Error codes: OAuth, identity providers, gateways. */
export const CODE_RULES: readonly CodeRule[] = [
  {
    id: 'oauth.invalid_token',
    codes: ['invalid_token', 'invalid-token', 'token_invalid', 'token_not_valid'],
    cause: 'invalid_token',
    confidence: 0.5,
    source: 'RFC 6750 3.1',
  },
  {
    id: 'code.token_expired',
    codes: [
      'token_expired',
      'expired_token',
      'access_token_expired',
      'jwt_expired',
      'expiredtoken',
      'auth/id-token-expired',
      'err_jwt_expired',
    ],
    cause: 'expired_token',
    confidence: 0.95,
    source: 'codes of OAuth servers, jose',
  },
  {
    id: 'code.api_key',
    codes: ['invalid_api_key', 'api_key_invalid', 'apikey_invalid', 'unknown_api_key', 'invalidapikey'],
    cause: 'invalid_api_key',
    confidence: 0.95,
    source: 'codes of API vendors',
  },
  {
    id: 'code.credentials',
    codes: [
      'invalid_credentials',
      'invalid_grant_password',
      'wrong_password',
      'invalid_user_credentials',
      'user_not_found',
      'bad_credentials',
    ],
    cause: 'invalid_credentials',
    confidence: 0.95,
    source: 'Keycloak events, common login APIs',
  },
  {
    id: 'code.missing',
    codes: [
      'missing_token',
      'missing_credentials',
      'token_missing',
      'no_auth',
      'credentials_required',
      'missing_authorization',
      'authorization_required',
    ],
    cause: 'missing_credentials',
    confidence: 0.95,
    source: 'express-jwt and others',
  },
  {
    id: 'code.malformed',
    codes: [
      'malformed_token',
      'invalid_header',
      'credentials_bad_format',
      'credentials_bad_scheme',
      'malformed_credentials',
      'err_jws_invalid',
      'err_jwt_malformed',
    ],
    cause: 'malformed_credentials',
    confidence: 0.9,
    source: 'express-jwt, jose',
  },
  {
    id: 'code.signature',
    codes: [
      'invalid_signature',
      'signature_invalid',
      'signaturedoesnotmatch',
      'err_jws_signature_verification_failed',
      'err_jwks_no_matching_key',
      'err_jose_alg_not_allowed',
    ],
    cause: 'invalid_signature',
    confidence: 0.95,
    source: 'jose, AWS',
  },
  {
    id: 'code.session',
    codes: ['session_expired', 'session_timeout', 'session_not_found', 'invalid_session'],
    cause: 'session_expired',
    confidence: 0.95,
    source: 'session middleware',
  },
  {
    id: 'code.clock',
    codes: ['requesttimetooskewed', 'clock_skew', 'token_not_yet_valid', 'token_not_active'],
    cause: 'clock_skew',
    confidence: 0.95,
    source: 'AWS, OAuth servers',
  },
  {
    id: 'code.realm',
    codes: ['wrong_realm', 'realm_mismatch', 'realm_not_found', 'aadsts50020', 'aadsts90002', 'tenant_mismatch', 'wrong_tenant'],
    cause: 'wrong_realm',
    confidence: 0.95,
    source: 'Azure AD, multi-tenant APIs',
  },
];

/** Exception types, compared by their last segment. */
export const EXCEPTION_RULES: readonly CodeRule[] = [
  {
    id: 'exception.expired',
    codes: [
      'tokenexpirederror',
      'jwtexpired',
      'expiredsignatureerror',
      'expiredjwtexception',
      'securitytokenexpiredexception',
      'expiredsignature',
    ],
    cause: 'expired_token',
    confidence: 0.95,
    source: 'jsonwebtoken, jose, PyJWT, JJWT, Microsoft.IdentityModel, ruby-jwt',
  },
  {
    id: 'exception.not_before',
    codes: ['notbeforeerror', 'immaturesignatureerror', 'prematurejwtexception', 'securitytokennotyetvalidexception', 'immaturesignature'],
    cause: 'clock_skew',
    confidence: 0.95,
    source: 'jsonwebtoken, PyJWT, JJWT, Microsoft.IdentityModel, ruby-jwt',
  },
  {
    id: 'exception.signature',
    codes: [
      'jwssignatureverificationfailed',
      'invalidsignatureerror',
      'signatureexception',
      'securitytokeninvalidsignatureexception',
      'securitytokensignaturekeynotfoundexception',
      'jwksnomatchingkey',
      'joseaalgnotallowed',
      'josealgnotallowed',
      'invalidalgorithmerror',
    ],
    cause: 'invalid_signature',
    confidence: 0.95,
    source: 'jose, PyJWT, JJWT, Microsoft.IdentityModel',
  },
  {
    id: 'exception.malformed',
    codes: ['malformedjwtexception', 'jwsinvalid', 'jwtinvalid', 'securitytokenmalformedexception', 'decodeerror'],
    cause: 'malformed_credentials',
    confidence: 0.85,
    source: 'JJWT, jose, Microsoft.IdentityModel, PyJWT',
  },
  {
    id: 'exception.credentials',
    codes: ['badcredentialsexception', 'usernamenotfoundexception', 'failedloginexception'],
    cause: 'invalid_credentials',
    confidence: 0.95,
    source: 'Spring Security, JAAS',
  },
  {
    id: 'exception.missing',
    codes: ['authenticationcredentialsnotfoundexception', 'insufficientauthenticationexception', 'notauthenticated'],
    cause: 'missing_credentials',
    confidence: 0.8,
    source: 'Spring Security, Django REST framework',
  },
];

/** Reason texts, challenges included. A more specific subject stands above a more general one. */
export const TEXT_RULES: readonly TextRule[] = [
  {
    id: 'text.session_expired',
    pattern:
      /\bsession\b.{0,30}\b(?:expired|timed? ?out|timeout|no longer|not found|is invalid|unknown)|\bsession[_-]expired\b|\bexpired session\b|\binvalid session\b/i,
    unless: /\b(?:not|never|n't)\b.{0,12}\b(?:expired|invalid|timed)/i,
    cause: 'session_expired',
    confidence: 0.9,
    source: 'servlet containers, express-session guards',
  },
  {
    id: 'text.api_key',
    pattern:
      /\b(?:invalid|unknown|incorrect|wrong|bad|revoked|disabled|expired|inactive)\b.{0,20}\bapi[ _-]?key\b|\bapi[ _-]?key\b.{0,40}\b(?:invalid|not valid|unknown|incorrect|wrong|not found|revoked|disabled|expired|not recogni[sz]ed|inactive)\b/i,
    unless: /\b(?:not|never|n't)\b.{0,12}\b(?:expired|invalid|timed)/i,
    cause: 'invalid_api_key',
    confidence: 0.95,
    source: 'API vendors, gateways',
  },
  {
    id: 'text.api_key_missing',
    pattern:
      /\b(?:no|missing|without|didn't provide|did not provide)\b.{0,12}\bapi[ _-]?key\b|\bapi[ _-]?key\b.{0,20}\b(?:missing|required|not provided|not found in)\b/i,
    cause: 'missing_credentials',
    confidence: 0.95,
    source: 'API vendors, Kong key-auth',
  },
  {
    id: 'text.other_expiry',
    pattern:
      /\b(?:certificate|password|passphrase|account|refresh[ _]?token|licen[cs]e|subscription)\b.{0,30}\bexpired\b|\bexpired\b.{0,12}\b(?:certificate|password|account|refresh[ _]?token)\b/i,
    cause: 'unknown',
    confidence: 0.9,
    source: 'expiry of something else than the token: other causes',
  },
  {
    id: 'text.not_yet_valid',
    pattern:
      /\bnot (?:yet )?(?:active|valid yet|valid before)\b|\bnot yet (?:valid|active)\b|\bused before issued\b|\bused too early\b|\b(?:nbf|iat)\b.{0,60}\b(?:future|failed|check)|\bclock (?:skew|drift)|\btime ?(?:stamp)?\b.{0,30}\b(?:too skewed|skewed|too far|in the future)\b|\bdifference\b.{0,80}\btoo large\b|\bsignature (?:expired|not yet current)\b.{0,60}\bis (?:now|still) (?:earlier|later) than\b/i,
    cause: 'clock_skew',
    confidence: 0.95,
    source: 'jsonwebtoken, jose ("nbf" claim timestamp check failed), PyJWT, AWS',
  },
  {
    id: 'text.expired',
    pattern:
      /\b(?:jwt|token|signature|assertion)\b.{0,40}\bexpired\b|\bexpired\b.{0,20}\b(?:jwt|token|signature)\b|\blifetime validation failed\b|"?\bexp"? claim timestamp check failed|\bmaxage exceeded\b/i,
    unless: /\b(?:not|never|n't)\b.{0,12}\b(?:expired|invalid|timed)/i,
    cause: 'expired_token',
    confidence: 0.95,
    source: 'jsonwebtoken, jose, PyJWT, ASP.NET Core, RFC 6750 3.1',
  },
  {
    id: 'text.signature',
    pattern:
      /\bsignature\b.{0,30}\b(?:invalid|mismatch|failed|verification failed|does not match|not match|not valid|error)|\b(?:invalid|bad|wrong)\b.{0,12}\bsignature\b|\bno matching (?:key|jwk)|\bno applicable key found|\b(?:unknown|unable to find).{0,20}\bkid\b|\balgorithm\b.{0,20}\bnot allowed\b|\binvalid algorithm\b/i,
    cause: 'invalid_signature',
    confidence: 0.95,
    source: 'jsonwebtoken, jose, Envoy jwt_authn',
  },
  {
    id: 'text.realm',
    pattern:
      /\b(?:wrong|another|different|other|invalid|unknown|unexpected)\b.{0,12}\b(?:realm|tenant|directory|organi[sz]ation)\b|\b(?:realm|tenant)\b.{0,30}\b(?:mismatch|not found|does not exist|do not match|does not match|unknown)\b/i,
    cause: 'wrong_realm',
    confidence: 0.9,
    source: 'Keycloak, Azure AD, Elasticsearch',
  },
  {
    id: 'text.malformed',
    pattern:
      /\bmalformed\b|\b(?:invalid|bad|wrong|unsupported|unexpected|unknown)\b.{0,20}\b(?:authorization|authentication)\b.{0,10}\b(?:header|scheme|format|type|prefix)\b|\binvalid (?:basic|token|bearer) header\b|\b(?:bad|invalid|wrong)\b.{0,8}\b(?:format|base64|compact jws|token format)\b|\bformat is\b.{0,20}\bbearer\b|\bmust (?:start|begin) with\b.{0,20}\b(?:bearer|basic|token)\b|\bunsupported\b.{0,20}\bscheme\b|\binvalid compact jws\b|\b(?:wrong|invalid) number of segments\b|\bnot enough segments\b|\binvalid jwt serialization\b|\bmust contain exactly\b.{0,20}\bperiod/i,
    cause: 'malformed_credentials',
    confidence: 0.95,
    source: 'jsonwebtoken, jose, express-jwt, PyJWT',
  },
  {
    id: 'text.wrong_password',
    pattern:
      /\b(?:wrong|invalid|incorrect|bad)\b.{0,30}\b(?:password|user ?name|login|credentials?)\b|\b(?:password|credentials?)\b.{0,20}\b(?:mismatch|incorrect|wrong|invalid|not match|does not match|did not match|authentication failed)\b|\b(?:user|account)\b.{0,20}\b(?:not found|does not exist|unknown)\b|\b(?:unknown|no such) user\b|\bbad credentials\b|\bauthentication failure\b|\blog ?in failed\b/i,
    unless: /\b(?:roles?|scopes?|permissions?|client|no credentials)\b/i,
    cause: 'invalid_credentials',
    confidence: 0.9,
    source: 'Spring Security, passport, nginx, Apache',
  },
  {
    id: 'text.missing',
    pattern:
      /\bno\b.{0,20}\b(?:authorization|auth|token|credentials?|jwt|api key|bearer)\b.{0,20}(?:\b(?:found|provided|header|present|given|supplied|sent|was)\b|$)|\bmissing\b.{0,20}\b(?:authorization|token|credentials?|jwt|header|bearer)\b|\b(?:authorization|authentication|credentials?|token|jwt)\b.{0,20}\b(?:is |are |was |were |header )?(?:missing|not provided|not found|not supplied|required|must be provided|absent)\b|\bfull authentication is required\b/i,
    unless: /\b(?:csrf|xsrf|mfa|otp|refresh)\b/i,
    cause: 'missing_credentials',
    confidence: 0.9,
    source: 'jsonwebtoken, Spring Security, Django REST framework, Kong',
  },
  {
    id: 'text.invalid_token',
    pattern:
      /\b(?:invalid|rejected|bad|unacceptable)\b.{0,20}\b(?:token|jwt)\b|\b(?:token|jwt)\b.{0,20}\b(?:is )?(?:invalid|not valid|rejected)\b/i,
    cause: 'invalid_token',
    confidence: 0.6,
    source: 'RFC 6750 3.1 and its users',
  },
];
