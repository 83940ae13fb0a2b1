/**
 * The catalogue of causes: a closed list whose ids are public and stay for ever. Each says whose move it is, what it
 * means, and what the two sides can do about it.
 */

/** Whose move it is. */
export type Fault = 'client' | 'server' | 'network' | 'identity' | 'user' | 'expected' | 'unknown';

export interface Cause {
  fault: Fault;
  title: string;
  meaning: string;
  advice: { client: string[]; server: string[] };
}

export const CATALOGUE = {
  missing_credentials: {
    fault: 'client',
    title: 'Missing credentials',
    meaning: 'No Authorization header, key or cookie reached the check.',
    advice: {
      client: [
        'Send the credentials with every request: for a token, "Authorization: Bearer <token>".',
        'Check that the HTTP client keeps the header on redirects; most drop it when the host changes.',
      ],
      server: [
        'Answer with a WWW-Authenticate challenge that names the scheme (RFC 9110, 11.6.1) and no error code (RFC 6750, 3.1).',
        'If clients swear they send it, compare with a request made past the proxy: the header may be stripped on the way.',
      ],
    },
  },
  stripped_credentials: {
    fault: 'network',
    title: 'Credentials stripped on the way',
    meaning: 'Credentials were sent, and an intermediary (proxy, CDN, load balancer, CGI or WSGI layer) removed them.',
    advice: {
      client: ['Nothing to change: the credentials were sent. Tell the operator which host answered.'],
      server: [
        'nginx: "proxy_set_header Authorization $http_authorization;". Apache with CGI or WSGI: "CGIPassAuth On" or "WSGIPassAuthorization On".',
        'On a CDN, add Authorization to the forwarded (and cache-keyed) headers.',
      ],
    },
  },
  session_cookie_missing: {
    fault: 'client',
    title: 'Session cookie missing',
    meaning: 'A session cookie was expected and not sent (CORS, SameSite, Secure).',
    advice: {
      client: [
        'Cross-origin calls send cookies only with fetch credentials: "include" (XMLHttpRequest: withCredentials).',
        'Sign in again, and allow cookies for the site; a private window rules out extensions.',
      ],
      server: [
        'A cookie for other sites needs "SameSite=None; Secure"; CORS needs Access-Control-Allow-Credentials: true and an exact origin.',
        "Check the cookie's Domain and Path against the host and route that refused it.",
      ],
    },
  },
  malformed_credentials: {
    fault: 'client',
    title: 'Malformed credentials',
    meaning: 'Wrong prefix ("Token" for "Bearer"), missing or unsupported scheme, invalid base64, or not a well-formed token.',
    advice: {
      client: [
        'Write the header as "<scheme> <credentials>" with one space: "Authorization: Bearer eyJ…".',
        'Look for quotes, line breaks or a doubled "Bearer Bearer" around the token, and for tokens cut off by a length limit.',
      ],
      server: [
        'Name the accepted schemes in the challenge (RFC 9110, 11.6.1) and answer error="invalid_request" with status 400 where the request is broken (RFC 6750, 3.1).',
      ],
    },
  },
  expired_token: {
    fault: 'client',
    title: 'Expired token',
    meaning: 'The access or ID token is past its expiry time (exp).',
    advice: {
      client: [
        'Refresh the token shortly before exp, and once more when a 401 says invalid_token; then retry the request once.',
        'If it expires at once, compare the clocks and how long the token was kept in a cache.',
      ],
      server: [
        'Say error="invalid_token", error_description="The access token expired" in the challenge (RFC 6750, 3.1), so that clients know to refresh.',
        'Allow a leeway of some seconds on exp (RFC 7519, 4.1.4).',
      ],
    },
  },
  session_expired: {
    fault: 'user',
    title: 'Session expired',
    meaning: 'The server-side session timed out or is no longer known.',
    advice: {
      client: ["Sign in again. If it happens soon after signing in, clear the site's cookies."],
      server: [
        "Compare the session store's time to live with the cookie's Max-Age, and check that all instances share one store: a restart or a second instance loses in-memory sessions.",
      ],
    },
  },
  clock_skew: {
    fault: 'server',
    title: 'Clock skew',
    meaning: 'Not valid yet (nbf or iat in the future), or a timestamp too far off: two clocks disagree.',
    advice: {
      client: ["Synchronise the machine's clock by NTP; signed requests carry its time."],
      server: [
        'Synchronise the clocks of issuer and verifier by NTP, and allow a leeway of up to a minute on nbf, iat and exp (RFC 7519, 4.1.5).',
      ],
    },
  },
  revoked_token: {
    fault: 'client',
    title: 'Revoked token',
    meaning: 'The token was revoked, block-listed or logged out.',
    advice: {
      client: ['Obtain a new token; refreshing with a revoked grant will not work either.'],
      server: ['Check whether a log-out, a password change or a key rotation revoked more than was meant.'],
    },
  },
  refresh_failed: {
    fault: 'client',
    title: 'Refresh failed',
    meaning: 'The refresh token is expired, invalid or was used before.',
    advice: {
      client: [
        'Start a new authorization. With rotating refresh tokens, refresh from one place only: two parallel refreshes invalidate each other.',
      ],
      server: ['Consider a reuse interval of some seconds for rotating refresh tokens (RFC 9700, 4.14).'],
    },
  },
  invalid_credentials: {
    fault: 'user',
    title: 'Wrong user name or password',
    meaning: 'Wrong user name or password, or an unknown user.',
    advice: {
      client: ['Check the user name and password, the keyboard layout and stray spaces; reset the password if in doubt.'],
      server: [
        'A sudden rise from many addresses is credential stuffing: limit attempts per account and address.',
        'Answer unknown users and wrong passwords alike (CWE-204).',
      ],
    },
  },
  invalid_api_key: {
    fault: 'client',
    title: 'Invalid API key',
    meaning: 'The API key is wrong, unknown, revoked, disabled, or belongs to another environment.',
    advice: {
      client: [
        "Compare the key's prefix and last characters with the console; a test key does not open production.",
        'Look for a line break or quotes that came along from the secret store.',
      ],
      server: [
        "Log the key's public prefix with the refusal, so that its owner can be told.",
        'After a rotation, keep the old key valid until its last user is seen to have changed.',
      ],
    },
  },
  invalid_signature: {
    fault: 'identity',
    title: 'Invalid signature',
    meaning: 'The signature check failed, the algorithm is not allowed, or the key id (kid) is unknown.',
    advice: {
      client: ['Use a token of the environment you call: each has keys of its own.'],
      server: [
        'Fetch the key set (jwks_uri) again when a kid is unknown, and keep old keys published until their last token expired.',
        "Pin the allowed algorithms, and check that secret or public key match the issuer's.",
      ],
    },
  },
  issuer_mismatch: {
    fault: 'server',
    title: 'Issuer mismatch',
    meaning: "The token's issuer (iss) is not the one configured.",
    advice: {
      client: ['Check which environment or tenant issued the token.'],
      server: [
        'Compare the configured issuer with iss character by character: a trailing slash, http against https, or a tenant id is enough to differ (RFC 7519, 4.1.1).',
      ],
    },
  },
  audience_mismatch: {
    fault: 'client',
    title: 'Audience mismatch',
    meaning: 'The token was made for another audience (aud).',
    advice: {
      client: ['Ask for a token for this API (parameter audience or resource, RFC 8707), and send the access token, not the ID token.'],
      server: ['Compare the configured audience with the aud that the provider writes (RFC 7519, 4.1.3).'],
    },
  },
  wrong_realm: {
    fault: 'client',
    title: 'Wrong realm',
    meaning: 'The credentials belong to another realm, tenant, directory or organization.',
    advice: {
      client: ["Check that the URL's realm or tenant is the one the account belongs to."],
      server: ['Name the realm in the challenge (RFC 9110, 11.5), and check the tenant that the route is bound to.'],
    },
  },
  invalid_token: {
    fault: 'client',
    title: 'Invalid token',
    meaning: 'The token was rejected and no closer reason was given.',
    advice: {
      client: ['Obtain a new token once; if that one is refused too, decode it and compare iss, aud and exp.'],
      server: ["Log the verifier's own reason (expired, signature, issuer, audience): without it nobody can tell what to change."],
    },
  },
  client_certificate: {
    fault: 'client',
    title: 'Client certificate',
    meaning: 'The mTLS client certificate is missing, invalid or expired.',
    advice: {
      client: ["Check the certificate's dates and chain, and that the client is set to present it."],
      server: ['Check the trusted CA bundle, and that the proxy which ends TLS passes the certificate on.'],
    },
  },
  proof_of_possession: {
    fault: 'client',
    title: 'Proof of possession',
    meaning: 'The DPoP proof, the message signature or its nonce failed.',
    advice: {
      client: [
        'Make a new proof for every request, with its exact method and URL, and repeat it with the nonce of the answer (RFC 9449, 8).',
      ],
      server: ['Behind a proxy, verify htu against the public URL.'],
    },
  },
  account_locked: {
    fault: 'user',
    title: 'Account locked',
    meaning: 'The account is locked, disabled or not activated, its password expired, or there were too many attempts.',
    advice: {
      client: ['Wait out the lock, activate the account, or ask its administrator.'],
      server: ['Check whether an old client with a saved password locks the account again and again.'],
    },
  },
  mfa_required: {
    fault: 'user',
    title: 'Second factor required',
    meaning: 'A step-up or a second factor is needed, or it failed.',
    advice: {
      client: ['Complete the second factor; automation needs credentials of its own.'],
      server: ['Answer insufficient_user_authentication with acr_values (RFC 9470), so that clients know to step up.'],
    },
  },
  insufficient_scope: {
    fault: 'client',
    title: 'Insufficient scope',
    meaning: 'Authenticated but not allowed: this should have been a 403.',
    advice: {
      client: ['Ask for the scope or role that the route needs.'],
      server: ['Answer 403 with error="insufficient_scope" and the scope needed (RFC 6750, 3.1; RFC 9110, 15.5.4).'],
    },
  },
  server_misconfiguration: {
    fault: 'server',
    title: 'Server misconfiguration',
    meaning:
      'Keys could not be fetched, none are configured, a strategy is missing, or the directory or identity provider cannot be reached.',
    advice: {
      client: ['Nothing to change; the service cannot check anybody at the moment.'],
      server: [
        'Check that the key set or directory URL can be reached from where the service runs, and that its secrets are set. Answer 503, not 401: clients throw good tokens away on a 401.',
      ],
    },
  },
  proxy_authentication: {
    fault: 'client',
    title: 'Proxy authentication',
    meaning: '407: the proxy on the way wants credentials.',
    advice: {
      client: ["Set the proxy's credentials (Proxy-Authorization), or leave the proxy out for this host (NO_PROXY)."],
      server: ['A 407 may come from a proxy only, with Proxy-Authenticate (RFC 9110, 15.5.8).'],
    },
  },
  unknown: {
    fault: 'unknown',
    title: 'Unknown',
    meaning: 'Refused, and the record gives no cause.',
    advice: {
      client: ['Send a request by hand and read the WWW-Authenticate header of the answer.'],
      server: ['Log the specific reason of each 401 (why401.reason, or the exception), and send it along.'],
    },
  },
} as const satisfies Record<string, Cause>;

export type CauseId = keyof typeof CATALOGUE;

export function isCauseId(text: string): text is CauseId {
  return Object.hasOwn(CATALOGUE, text);
}
