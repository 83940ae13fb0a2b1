/**
 * Findings: what a record shows to be wrong with the API itself, whatever the cause. Each is the same for every record of
 * a signature, so it is found once and counted with it. A finding is reported only where the facts that it rests on were
 * captured; `observable` names the findings that a signature could have shown.
 */
import type { Verdict } from './judge.js';
import { recoverChallenges, type Challenge } from './challenge.js';
import type { CauseId } from './causes.js';
import { schemeOf } from './credential.js';
import { sensesOf, setOf, overlaps } from './reading/lexicon.js';
import { wordsOf } from './reading/words.js';
import type { Signature, SignatureFacts } from './signature.js';

type Severity = 'low' | 'medium' | 'high' | 'critical';

interface FindingKind {
  severity: Severity;
  /** Where it is written that it should be otherwise. */
  reference: string;
  /** What to change. */
  fix: string;
}

export const FINDINGS = {
  challenge_missing: {
    severity: 'high',
    reference: 'RFC 9110 15.5.2',
    fix: 'Send WWW-Authenticate with every 401, naming the scheme that the route takes: clients cannot know otherwise how to go on.',
  },
  challenge_malformed: {
    severity: 'medium',
    reference: 'RFC 9110 11.6.1',
    fix: 'Write the challenge as scheme name="value", name="value" with double quotes and commas; libraries skip what they cannot read.',
  },
  challenge_incomplete: {
    severity: 'low',
    reference: 'RFC 6750 3, RFC 7616 3.3, RFC 7617 2',
    fix: "Follow the scheme's own rules: Bearer with at least one parameter, realm in quotes, Digest with nonce and qop, its algorithm and stale without quotes.",
  },
  challenge_scheme_mismatch: {
    severity: 'medium',
    reference: 'RFC 9110 11.6.1',
    fix: 'Offer every scheme that the route takes in WWW-Authenticate, and tell clients which one to send.',
  },
  realm_missing: {
    severity: 'low',
    reference: 'RFC 7617 2, RFC 7616 3.3',
    fix: 'Add realm="…" to the Basic or Digest challenge: browsers show it, and clients store passwords by it.',
  },
  bearer_error_missing: {
    severity: 'medium',
    reference: 'RFC 6750 3',
    fix: 'Add error="invalid_token" and an error_description to the Bearer challenge when a token came and was refused.',
  },
  bearer_error_unasked: {
    severity: 'low',
    reference: 'RFC 6750 3.1',
    fix: 'Leave error out of the challenge when no token came; clients take it for a refused token.',
  },
  distinct_code_missing: {
    severity: 'low',
    reference: 'RFC 6750 3.1',
    fix: 'Give each cause a code or error_description of its own, so that clients can refresh, ask for scopes or give up as fits.',
  },
  authorization_as_401: {
    severity: 'high',
    reference: 'RFC 9110 15.5.4',
    fix: 'Answer 403 where the caller is known and not allowed: a 401 makes clients throw a good token away and log in again.',
  },
  authentication_as_403: {
    severity: 'high',
    reference: 'RFC 9110 15.5.2',
    fix: 'Answer 401 with a challenge where credentials are missing or expired: on a 403 clients never refresh.',
  },
  error_as_200: {
    severity: 'high',
    reference: 'RFC 9110 15.3',
    fix: 'Answer 401: caches, clients and monitoring take a 2xx for success.',
  },
  proxy_status_from_origin: {
    severity: 'medium',
    reference: 'RFC 9110 15.5.8',
    fix: 'Keep 407 with Proxy-Authenticate for proxies, and 401 with WWW-Authenticate for the API behind them.',
  },
  leaky_message: {
    severity: 'high',
    reference: 'CWE-209',
    fix: 'Answer with a code and a general sentence; write user ids, hosts, paths and stack traces to the log only.',
  },
  user_enumeration: {
    severity: 'high',
    reference: 'CWE-204',
    fix: 'Answer an unknown user and a wrong password with the same status, text and time.',
  },
  credential_logged: {
    severity: 'critical',
    reference: 'CWE-532',
    fix: 'Stop logging the credential, rotate the ones that were logged, and purge the logs that hold them.',
  },
  insecure_transport: {
    severity: 'high',
    reference: 'RFC 7617 4, RFC 6750 5.3',
    fix: 'Take credentials over https only, and redirect or refuse plain http before they are sent.',
  },
  crawler_refused: {
    severity: 'medium',
    reference: 'Google Search Central, HTTP status codes',
    fix: "Open public pages to crawlers or keep them out by robots.txt: pages that answer 401 leave the index. Check one with the search console's URL inspection.",
  },
} as const satisfies Record<string, FindingKind>;

export type FindingId = keyof typeof FINDINGS;

export interface Finding {
  id: FindingId;
  severity: Severity;
  /** What was seen, masked. */
  detail: string;
  reference: string;
}

export interface Audit {
  findings: Finding[];
  observable: FindingId[];
}

/** undefined: could not be seen. False: could be seen and is well. A text: what is wrong. */
type Observation = string | false | undefined;

interface Case extends Signature {
  challenges: readonly Challenge[];
  cause: CauseId;
  isSure: boolean;
}

/** Causes that say "you are not authenticated". */
const UNAUTHENTICATED: ReadonlySet<CauseId> = new Set<CauseId>([
  'missing_credentials',
  'stripped_credentials',
  'session_cookie_missing',
  'malformed_credentials',
  'expired_token',
  'session_expired',
  'invalid_credentials',
  'invalid_token',
]);
/** Below this a verdict is no ground for telling somebody that their API is wrong. */
const SURE = 0.7;
/** Pages behind these are not meant for crawlers. */
const PRIVATE_PATH =
  /^\/(?:api|admin|account|accounts|auth|oauth2?|login|logout|graphql|internal|private|user|users|me|settings|wp-admin|wp-json|v\d+)(?:\/|$)/i;
const CARRIES_SECRETS = new Set(['basic', 'bearer', 'digest', 'api_key', 'cookie']);

const CHECKS: Readonly<Record<Exclude<FindingId, 'distinct_code_missing' | 'user_enumeration'>, (of: Case) => Observation>> = {
  challenge_missing: ({ status, facts }) => {
    if (status !== 401 || facts.headersCaptured !== true) return undefined;
    return !isChallengedBy(facts, 'origin') && 'a 401 whose response headers were captured, without WWW-Authenticate';
  },
  challenge_malformed: ({ challenge, facts }) => {
    if (challenge === '' || facts.challengeValid === undefined) return undefined;
    return !facts.challengeValid && `not readable by the grammar: ${challenge}`;
  },
  challenge_incomplete: ({ facts, challenge }) => {
    if (challenge === '' || facts.challengeValid !== true) return undefined;
    return facts.challengeFaults !== undefined && facts.challengeFaults.join(', ');
  },
  challenge_scheme_mismatch: ({ scheme, facts, challenges }) => {
    const offered = challenges.map((one) => schemeOf(one.scheme));
    if (facts.credentialPresent !== true || scheme === '' || scheme === 'other' || offered.length === 0 || offered.includes('other'))
      return undefined;
    return !offered.includes(scheme) && `${scheme} was sent, ${offered.join(' or ')} is offered`;
  },
  realm_missing: ({ challenges }) => {
    const asking = challenges.filter(({ scheme }) => scheme === 'basic' || scheme === 'digest');
    if (asking.length === 0) return undefined;
    const without = asking.find(({ params }) => params['realm'] === undefined);
    return without !== undefined && `${without.scheme} without realm`;
  },
  bearer_error_missing: ({ status, scheme, facts, challenges }) => {
    const bearer = challenges.find((one) => one.scheme === 'bearer');
    if (status !== 401 || scheme !== 'bearer' || facts.credentialPresent !== true || bearer === undefined) return undefined;
    return bearer.params['error'] === undefined && 'a token was sent and refused, and the Bearer challenge names no error';
  },
  bearer_error_unasked: ({ facts, challenges }) => {
    const bearer = challenges.find((one) => one.scheme === 'bearer');
    if (facts.credentialPresent !== false || bearer === undefined) return undefined;
    return bearer.params['error'] !== undefined && `error="${bearer.params['error']}" although nothing was sent`;
  },
  authorization_as_401: ({ status, cause, isSure }) =>
    status === 401 && isSure ? cause === 'insufficient_scope' && 'authenticated and not allowed, answered 401' : undefined,
  authentication_as_403: ({ status, cause, isSure }) =>
    status === 403 && isSure ? UNAUTHENTICATED.has(cause) && `${cause} answered 403` : undefined,
  error_as_200: ({ status, cause, isSure, facts }) =>
    status >= 200 && status < 300 && facts.answered === 'body'
      ? isSure && cause !== 'unknown' && `${cause} answered ${String(status)}`
      : undefined,
  proxy_status_from_origin: ({ status, facts, cause }) => {
    if (status === 401) return cause === 'proxy_authentication' && 'the proxy refused, answered 401';
    if (status !== 407 || facts.headersCaptured !== true) return undefined;
    return !isChallengedBy(facts, 'proxy') && 'a 407 whose response headers were captured, without Proxy-Authenticate';
  },
  leaky_message: ({ facts }) => {
    if (facts.answered === undefined) return undefined;
    return facts.leaks !== undefined && facts.leaks.length > 0 && `the answer tells: ${facts.leaks.join(', ')}`;
  },
  credential_logged: ({ facts }) => {
    if (facts.credentialLogged === undefined) return undefined;
    return facts.credentialLogged !== '' && `a credential stood in ${facts.credentialLogged}`;
  },
  insecure_transport: ({ facts, scheme }) => {
    if (facts.transport === undefined || facts.credentialPresent !== true || !CARRIES_SECRETS.has(scheme)) return undefined;
    return facts.transport === 'http' && `${scheme} credentials over plain http`;
  },
  crawler_refused: ({ status, facts, route, method }) => {
    if (facts.crawler === undefined || status !== 401 || route === '' || !['GET', 'HEAD', ''].includes(method)) return undefined;
    return !PRIVATE_PATH.test(route) && `${facts.crawler} was refused on ${route}`;
  },
};

function isChallengedBy({ challengedBy }: SignatureFacts, who: 'origin' | 'proxy'): boolean {
  return challengedBy === who || challengedBy === 'both';
}

/** What one signature shows. */
export function auditSignature(signature: Signature, { cause, confidence }: Verdict): Audit {
  const challenges = signature.challenge === '' ? [] : recoverChallenges([signature.challenge]);
  const of: Case = { ...signature, challenges, cause, isSure: confidence >= SURE };
  const audit: Audit = { findings: [], observable: [] };
  for (const [id, check] of Object.entries(CHECKS) as [FindingId, (of: Case) => Observation][]) {
    const observation = check(of);
    if (observation === undefined) continue;
    audit.observable.push(id);
    if (observation !== false) audit.findings.push(findingOf(id, observation));
  }
  return audit;
}

export interface JudgedRefusal {
  signature: Signature;
  verdict: Verdict;
}

/**
 * What only several signatures of one service and route show together.
 * @returns one audit per refusal, in order
 */
export function auditTogether(refusals: readonly JudgedRefusal[]): Audit[] {
  const audits = refusals.map((): Audit => ({ findings: [], observable: [] }));
  for (const group of groupBy(refusals, ({ signature: { service, route } }) => (route === '' ? undefined : `${service} ${route}`))) {
    sameCode(group, refusals, audits);
    enumeration(group, refusals, audits);
  }
  return audits;
}

/** One code for what are different causes. */
function sameCode(group: readonly number[], refusals: readonly JudgedRefusal[], audits: Audit[]): void {
  for (const coded of groupBy(group, (index) => toldCode(refusals[index]?.signature))) {
    const members = coded.flatMap((at) => group[at] ?? []);
    const causes = new Set(members.flatMap((at) => sureCause(refusals[at])));
    for (const at of members) {
      const code = toldCode(refusals[at]?.signature)?.split(' ').at(-1) ?? '';
      report(audits[at], 'distinct_code_missing', causes.size > 1 && `${code} stands for ${[...causes].sort().join(', ')}`);
    }
  }
}

/** The code that the client got, with the status, where nothing else in the answer tells the causes apart. */
function toldCode(signature: Signature | undefined): string | undefined {
  if (signature === undefined) return undefined;
  const { status, environment, errorCode, challenge, template, facts } = signature;
  const [told] = challenge === '' ? [] : recoverChallenges([challenge]).filter(({ params }) => params['error'] !== undefined);
  const isDescribed = told?.params['error_description'] !== undefined || (facts.answered === 'body' && template !== errorCode);
  const code = told?.params['error'] ?? (facts.answered === 'body' ? errorCode : '');
  return code === '' || isDescribed ? undefined : `${environment} ${String(status)} ${code}`;
}

/** An answer that tells "no such user" on a route where another one tells "wrong password". */
function enumeration(group: readonly number[], refusals: readonly JudgedRefusal[], audits: Audit[]): void {
  const told = group.map((at) => tellsOf(refusals[at]?.signature));
  const kinds = new Set(told);
  group.forEach((at, index) => {
    if (told[index] === undefined) return;
    const isTold = kinds.has('unknown user') && kinds.has('wrong password');
    report(
      audits[at],
      'user_enumeration',
      isTold && `${told[index]} is told apart from ${told[index] === 'unknown user' ? 'wrong password' : 'unknown user'}`,
    );
  });
}

const SUBJECTS_OF_LOGIN = {
  user: setOf('USER'),
  password: setOf('PASSWORD'),
  absent: setOf('NOTFOUND|UNKNOWN'),
  bad: setOf('INVALID|MISMATCH'),
  listed: setOf('LISTED|LOCKED'),
};

function tellsOf(signature: Signature | undefined): 'unknown user' | 'wrong password' | undefined {
  if (signature?.facts.answered !== 'body') return undefined;
  const senses = sensesOf(
    wordsOf(signature.template === signature.errorCode ? signature.errorCode : `${signature.template} ${signature.errorCode}`),
  );
  const { user, password, absent, bad, listed } = SUBJECTS_OF_LOGIN;
  if (overlaps(senses, listed)) return undefined;
  if (overlaps(senses, user) && (overlaps(senses, absent) || /\bno (?:such )?(?:user|account|member|customer)\b/i.test(signature.template)))
    return 'unknown user';
  return overlaps(senses, password) && overlaps(senses, bad) && !overlaps(senses, user) ? 'wrong password' : undefined;
}

function sureCause(refusal: JudgedRefusal | undefined): CauseId[] {
  if (refusal === undefined) return [];
  const { cause, confidence } = refusal.verdict;
  return confidence >= SURE && cause !== 'unknown' && cause !== 'invalid_token' ? [cause] : [];
}

function report(audit: Audit | undefined, id: FindingId, observation: string | false): void {
  audit?.observable.push(id);
  if (observation !== false) audit?.findings.push(findingOf(id, observation));
}

function findingOf(id: FindingId, detail: string): Finding {
  const { severity, reference } = FINDINGS[id];
  return { id, severity, detail, reference };
}

/** Indexes of the items that share a key; items without one are in no group. */
function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): number[][] {
  const groups = new Map<string, number[]>();
  items.forEach((item, index) => {
    const key = keyOf(item);
    if (key === undefined) return;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [index]);
    else group.push(index);
  });
  return [...groups.values()];
}
