/**
 * Advice for one signature: what the catalogue says of its cause, with what the record shows filled in, for the person in
 * a browser, the client that calls the API, and the owner of the server. The closest advice stands first.
 */
import { CATALOGUE, type CauseId } from './causes.js';
import { recoverChallenges } from './challenge.js';
import { FINDINGS, type Finding } from './findings.js';
import type { Verdict } from './judge.js';
import type { Signature } from './signature.js';

export interface Advice {
  user: string[];
  client: string[];
  server: string[];
}

/** What a person in a browser can do; the causes that are missing here are nobody's to solve there. */
const IN_A_BROWSER: Partial<Record<CauseId, readonly string[]>> = {
  missing_credentials: ['Sign in, then open the page again.', 'Try a private window: an extension may keep the sign-in from being sent.'],
  session_cookie_missing: [
    "Allow cookies for this site, clear the site's cookies, and sign in again.",
    'Try another browser or a private window without extensions.',
  ],
  expired_token: ['Sign out and in again.'],
  session_expired: ['Sign in again; what you had open is reached from there.'],
  clock_skew: ["Set the device's clock to automatic time, then sign in again."],
  revoked_token: ['Sign in again; the sign-in was ended, perhaps on another device or by a password change.'],
  refresh_failed: ['Sign out and in again: the sign-in cannot be prolonged any more.'],
  invalid_credentials: ['Check user name and password (caps lock, old password in the browser), or reset the password.'],
  wrong_realm: ['Check that you are signed in to the right organization, and that the address is the one of your organization.'],
  client_certificate: ['Choose a valid certificate when the browser asks; restart the browser to be asked again.'],
  account_locked: ['Wait for the lock to end, confirm your e-mail address, or ask the administrator to unlock the account.'],
  mfa_required: ['Complete the second factor; check that the clock of the device that makes the codes is right.'],
  insufficient_scope: ["Ask the owner for access; check the account's permissions and that you are signed in with the right account."],
  proxy_authentication: ["Sign in to the network's proxy, or ask its administrator."],
};

export function adviceOf(signature: Signature, { cause }: Verdict, findings: readonly Finding[]): Advice {
  const { client, server } = CATALOGUE[cause].advice;
  const filled = FILLED[cause]?.(signature) ?? {};
  return {
    user: [...(IN_A_BROWSER[cause] ?? [])],
    client: [...(filled.client ?? []), ...client],
    server: [...(filled.server ?? []), ...server, ...findings.map(({ id, detail }) => `${FINDINGS[id].fix} (${id}: ${detail})`)],
  };
}

interface Filled {
  client?: string[];
  server?: string[];
}

const FILLED: Partial<Record<CauseId, (signature: Signature) => Filled>> = {
  expired_token: ({ facts }) => {
    const [, by] = /^expired_by_(\w+)$/.exec(facts.tokenTiming ?? '') ?? [];
    if (by === 'seconds')
      return {
        client: ['The token had expired only seconds before: refresh when less than a minute is left instead of at the end.'],
        server: ['The tokens had expired only seconds before: compare the clocks (chronyc tracking) and allow 60 s of leeway for exp.'],
      };
    if (by === 'minutes') return { client: ['The token had expired minutes before: the client keeps it without looking at exp.'] };
    return by === undefined
      ? {}
      : { client: [`The token had expired ${by} before: it is stored somewhere and never renewed; find where.`] };
  },
  clock_skew: ({ facts }) => {
    const [, by] = /^not_yet_valid_by_(\w+)$/.exec(facts.tokenTiming ?? '') ?? [];
    if (by === undefined) return {};
    return by === 'seconds'
      ? { server: ['Token times lie seconds ahead of the record: a leeway of 60 s for nbf and iat is enough.'] }
      : { server: [`Token times lie ${by} ahead of the record: a clock is wrong; leeway would only hide it.`] };
  },
  malformed_credentials: (signature) => {
    const offered = schemesOf(signature);
    if (signature.scheme === '' || offered.length === 0 || offered.includes(signature.scheme)) return {};
    return {
      client: [
        `Send Authorization: ${titled(offered[0] ?? '')} …; the route asks for ${offered.join(' or ')}, and ${signature.scheme} was sent.`,
      ],
    };
  },
  missing_credentials: (signature) => {
    const offered = schemesOf(signature);
    return {
      ...(offered.length === 0
        ? {}
        : { client: [`Send Authorization with the scheme that the answer asks for: ${offered.map(titled).join(' or ')}.`] }),
      server: [`If clients do send credentials to ${placeOf(signature)}, look for the proxy that drops them (${PASS_THROUGH}).`],
    };
  },
  stripped_credentials: (signature) => ({
    server: [`Let the intermediary in front of ${placeOf(signature)} pass the Authorization header through: ${PASS_THROUGH}.`],
  }),
  insufficient_scope: (signature) => {
    const scope = parameterOf(signature, 'scope');
    return scope === undefined ? {} : { client: [`Ask for the scope that the answer names: ${scope}.`] };
  },
  wrong_realm: (signature) => {
    const realm = parameterOf(signature, 'realm');
    return realm === undefined ? {} : { client: [`Use credentials of the realm that the answer names: ${realm}.`] };
  },
  invalid_credentials: (signature) => ({
    server: [`Refusals on ${placeOf(signature)} from many clients at once are guessing: limit attempts per account and per address.`],
  }),
  invalid_api_key: (signature) => ({
    client: [`Check which environment ${placeOf(signature)} belongs to, and that the key was made there and is active.`],
  }),
  invalid_token: (signature) => ({
    server: [`Log the reason of each refusal of ${placeOf(signature)}: "invalid token" alone leaves every cause open.`],
  }),
  issuer_mismatch: (signature) => {
    const expected = namedBehind(signature.template, /\bexpected[^:]{0,20}:? ?["']?(https?:\/\/[^\s"',)\]]{3,200})/i);
    return {
      server: [
        `Compare iss of a refused token with the issuer that ${placeOf(signature)} is set to${expected === undefined ? '' : ` (${expected})`}, to the last slash.`,
      ],
    };
  },
  audience_mismatch: (signature) => {
    const expected = namedBehind(signature.template, /\bexpected[^:]{0,20}:? ?["']?([\w:/.-]{3,200})/i);
    return {
      client: [`Ask for a token whose aud is the API behind ${placeOf(signature)}${expected === undefined ? '' : ` (${expected})`}.`],
    };
  },
  invalid_signature: (signature) => ({
    server: [
      `Check that ${placeOf(signature)} reads the keys of the issuer that signs its tokens, and fetches them again for an unknown kid.`,
    ],
  }),
  mfa_required: (signature) => {
    const levels = parameterOf(signature, 'acr_values');
    return levels === undefined
      ? {}
      : { client: [`Start a new authorization request with acr_values=${levels}, as the answer asks for (RFC 9470).`] };
  },
  proxy_authentication: (signature) => {
    const realm = parameterOf(signature, 'realm');
    return realm === undefined
      ? {}
      : { client: [`The proxy that asks calls itself ${realm}: send its credentials in Proxy-Authorization.`] };
  },
  session_cookie_missing: (signature) => ({
    server: [
      `For ${placeOf(signature)}: SameSite=None; Secure for calls from other sites, Access-Control-Allow-Credentials: true, and fetch with credentials: "include".`,
    ],
  }),
};

/** Where the usual intermediaries are told to leave Authorization alone. */
const PASS_THROUGH =
  'nginx proxy_set_header Authorization $http_authorization; Apache CGIPassAuth On or WSGIPassAuthorization On; a CloudFront origin request policy with Authorization; Spring Cloud Gateway without RemoveRequestHeader';

function schemesOf({ challenge }: Signature): string[] {
  return challenge === '' ? [] : [...new Set(recoverChallenges([challenge]).map(({ scheme }) => scheme))].filter((scheme) => scheme !== '');
}

/** A parameter of the challenge, the first that is there. */
function parameterOf({ challenge }: Signature, name: string): string | undefined {
  return recoverChallenges([challenge])
    .map(({ params }) => params[name])
    .find((value) => value !== undefined && value !== '');
}

function namedBehind(template: string, pattern: RegExp): string | undefined {
  const value = pattern.exec(template)?.[1];
  return value === undefined || value.includes('<') ? undefined : value;
}

function placeOf({ method, route, service }: Signature): string {
  const what = [method, route].filter((part) => part !== '').join(' ');
  return what === '' ? service : `${what} of ${service}`;
}

function titled(scheme: string): string {
  return scheme === 'dpop' ? 'DPoP' : scheme.charAt(0).toUpperCase() + scheme.slice(1);
}
