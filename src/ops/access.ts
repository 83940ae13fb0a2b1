/**
 * Who may do what: the one judge of keys, for HTTP, gRPC and the dashboard alike. A key that holds is remembered for some
 * seconds, so that no request asks the database by itself and a revoked key is refused everywhere within five; while the
 * database does not answer, for minutes. What is refused is told to `onDenied` with its true reason; whoever asked learns only what RFC 6750 has for them.
 *
 *   nothing sent -> 401   no token -> 400   unknown, expired, revoked -> 401   too many of those -> 429
 *   holds, but not for this -> 403   a page of somebody else behind a cookie -> 403   database away -> 503
 *   no key asked, and a host that may be anybody's -> 421
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import {
  allows,
  challengeOf,
  FIRST_PROJECT,
  keyIdOf,
  readAuthorization,
  SCOPES,
  type ChallengeParameters,
  type Scope,
} from '../core/api-key.js';
import type { Events } from './events.js';
import { GuessLimit, type Outcome } from './guess-limit.js';
import { hashOfKey } from './key-secret.js';
import { isSafe, isUnmistakable, keyInCookie, originOf, type Origin } from './session-cookie.js';

/** What an operation asks of a key. */
export interface Need {
  /** One of them is enough. */
  scopes: readonly Scope[];
  /** It concerns the whole service: only a key of the first project will do. */
  isOperator?: boolean;
}

/** A request, as far as it says who sends it. */
export interface Asking {
  /** Values of Authorization, one for each field line. */
  authorization: readonly string[];
  cookie: string | undefined;
  /** Whom it was sent to, by Host or `:authority`. */
  host: string | undefined;
  method: string;
  /** As it was declared. */
  route: string;
  origin: Origin;
  /** Of the socket: what headers say of it, anybody may write. */
  address: string;
  userAgent: string | undefined;
}

export interface Grant {
  projectId: number;
  project: string;
  scopes: readonly Scope[];
  /** Undefined where no key is asked. */
  key: string | undefined;
  isOperator: boolean;
  /** Asked again by whoever is served for longer than a moment. */
  stillHolds: () => Promise<boolean>;
}

export type DenialReason =
  | 'missing_key'
  | 'malformed'
  | 'unknown_key'
  | 'expired_key'
  | 'revoked_key'
  | 'too_many_guesses'
  | 'insufficient_scope'
  | 'not_operator'
  | 'foreign_page'
  | 'foreign_host'
  | 'unavailable';

export interface Denial {
  reason: DenialReason;
  status: number;
  /** For whoever asked. */
  detail: string;
  headers: Record<string, string>;
  /** Of the key where it is one of ours, else the first. */
  projectId: number;
  /** Of a key of ours; not for whoever asked. */
  keyId: string | undefined;
}

export type Admission = { grant: Grant } | { denial: Denial };

/** What is known of a key. */
interface KnownKey {
  id: string;
  projectId: number;
  project: string;
  hash: Buffer;
  scopes: readonly Scope[];
  expiresAt: Date | null;
  revokedAt: Date | null;
  lastUsedAt: Date | null;
}

interface KeySource {
  key(id: string): Promise<KnownKey | undefined>;
  isAnyMade(): Promise<boolean>;
  noteUse(id: string): Promise<void>;
}

export interface AccessParts {
  keys: KeySource;
  /** Asked for from the start; otherwise from the first key on. */
  isRequired: boolean;
  events: Events;
  onDenied: (asking: Asking, denial: Denial) => void;
}

/** With the time that a look takes, well within the five seconds in which a revoked key is refused. */
const HOLDS_MS = 3_000;
/** What does not hold never will. One wrong key sent again and again is a mistake, no guessing, and not worth a look each time. */
const REFUSED_MS = 60_000;
/**
 * How long a key that held is believed while the database does not answer: a queue elsewhere can take records meanwhile. A
 * restart of the database or a change of its server is over by then; longer would let in who was revoked during the outage.
 */
const BELIEVED_MS = 5 * 60_000;
/** With the seconds above, within the five. */
const PATIENCE_MS = 1_000;
/** A connection that died unheard holds a question for half a minute, when others have long been answered. */
const LOST_MS = 2_000;
/** Between two looks that fail: each is a line in the log. */
const ASK_AGAIN_MS = 1_000;
const LOOK_MS = 2_000;
/** Some 500 bytes each. */
const MAX_REMEMBERED = 10_000;
const USE_NOTED_MS = 60_000;
const RETRY_AFTER_SECONDS = 2;
const NO_HASH = Buffer.alloc(32);

type Judged = { key: KnownKey } | { denial: Denial };

interface Remembered {
  judged: Judged;
  /** When the database was asked, milliseconds. */
  askedMs: number;
  /** When it was asked since and did not answer. */
  failedMs: number;
}

interface SentKey {
  text: string;
  hash: Buffer;
  /** The hash as a text. */
  name: string;
}

/** One that is under way. */
interface Question {
  judged: Promise<Judged>;
  sinceMs: number;
}

export class Access {
  /** By hash; what was asked for last stands last. */
  private readonly remembered = new Map<string, Remembered>();
  /** By hash: equal questions are one. */
  private readonly asking = new Map<string, Question>();
  private readonly guesses = new GuessLimit();
  private isAnyMade = false;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(private readonly parts: AccessParts) {}

  get isAsked(): boolean {
    return this.parts.isRequired || this.isAnyMade;
  }

  /** Looks whether there are keys, now and again until there is one. @returns whether there is */
  async start(): Promise<boolean> {
    this.isAnyMade = await this.parts.keys.isAnyMade();
    this.lookLater();
    return this.isAnyMade;
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  /** Told by whoever makes the first one here: it counts at once. */
  keyMade(): void {
    this.isAnyMade = true;
  }

  async admit(asking: Asking, need: Need): Promise<Admission> {
    const admission = await this.judge(asking, need);
    if ('denial' in admission) {
      const { reason, status } = admission.denial;
      this.parts.events.requestDenied(reason, status);
      if (reason !== 'unavailable') this.parts.onDenied(asking, admission.denial);
    }
    return admission;
  }

  /** Who it is, without wanting anything: nobody is refused but those who guess. */
  async identify(asking: Asking): Promise<Admission | undefined> {
    const isCookieOnly = asking.authorization.length === 0;
    if (this.isAsked && isCookieOnly && keyInCookie(asking.cookie) === undefined) return undefined;
    const admission = await this.judge(asking, { scopes: SCOPES });
    return 'denial' in admission && ![429, 503].includes(admission.denial.status) ? undefined : admission;
  }

  private lookLater(): void {
    if (this.isAnyMade || this.isStopped) return;
    this.timer = setTimeout(() => {
      void this.parts.keys
        .isAnyMade()
        // What was known goes on holding while the database is away; health tells of it.
        .catch(() => false)
        .then((made) => {
          this.isAnyMade ||= made;
          this.lookLater();
        });
    }, LOOK_MS);
    this.timer.unref();
  }

  private async judge(asking: Asking, need: Need): Promise<Admission> {
    if (!this.isAsked) return this.judgeWithoutKey(asking);
    const sent = readAuthorization(asking.authorization);
    if (sent.kind === 'malformed') return denied('malformed', { detail: sent.problem });
    const fromCookie = sent.kind === 'token' ? undefined : keyInCookie(asking.cookie);
    const text = sent.kind === 'token' ? sent.token : fromCookie;
    if (text === undefined) return denied('missing_key');
    const judged = await this.keyOf(text, asking.address);
    if ('denial' in judged) return judged;
    const { key } = judged;
    // A browser sends a cookie along whoever made the page; that the page is ours must be certain.
    if (fromCookie !== undefined && !isSafe(asking.method) && asking.origin !== 'own') return denied('foreign_page', { key });
    if (!allows(key.scopes, need.scopes)) return denied('insufficient_scope', { key, need });
    if (need.isOperator === true && key.projectId !== FIRST_PROJECT) return denied('not_operator', { key });
    return { grant: this.grantOf(key, text, asking.address) };
  }

  /** A page that a browser takes for ours is kept out by its name, any other one by its origin. */
  private judgeWithoutKey({ host, origin, method }: Asking): Admission {
    if (!isUnmistakable(host)) return denied('foreign_host');
    return origin === 'foreign' && !isSafe(method) ? denied('foreign_page') : { grant: this.everybody() };
  }

  private everybody(): Grant {
    return {
      ...{ projectId: FIRST_PROJECT, project: 'default', scopes: SCOPES, key: undefined, isOperator: true },
      stillHolds: () => Promise.resolve(!this.isAsked),
    };
  }

  private grantOf({ id, projectId, project, scopes }: KnownKey, text: string, address: string): Grant {
    return {
      ...{ projectId, project, scopes, key: id, isOperator: projectId === FIRST_PROJECT && scopes.includes('admin') },
      stillHolds: async () => {
        const judged = await this.keyOf(text, address);
        return 'key' in judged || judged.denial.status === 503;
      },
    };
  }

  private async keyOf(text: string, address: string): Promise<Judged> {
    const hash = hashOfKey(text);
    const sent = { text, hash, name: hash.toString('base64') };
    const known = this.remembered.get(sent.name);
    const now = performance.now();
    // One that held a moment ago is no guess, however many others are sent from its address.
    if (known !== undefined) return isFresh(known, now) ? known.judged : this.askAgain(known, sent);
    const running = this.asking.get(sent.name);
    if (running !== undefined) return running.judged;
    const turn = this.guesses.take(address, now);
    if ('retryAfterSeconds' in turn) return denied('too_many_guesses', { retryAfter: turn.retryAfterSeconds });
    if ('after' in turn) return (await turn.after) === 'unknown' ? denied('unavailable') : this.keyOf(text, address);
    const judged = await this.ask(sent).judged;
    turn.settle(outcomeOf(judged));
    return judged;
  }

  /** What held goes on holding while the database does not answer, for a while. What it answers counts at once. */
  private async askAgain(known: Remembered, sent: SentKey): Promise<Judged> {
    const now = performance.now();
    if (!isBelievable(known, now)) return this.ask(sent).judged;
    if (now - known.failedMs < ASK_AGAIN_MS) return known.judged;
    const { judged, sinceMs } = this.ask(sent);
    const answer = await inTime(judged, sinceMs + PATIENCE_MS - now);
    const isAnswered = answer !== undefined && outcomeOf(answer) !== 'unknown';
    return isAnswered ? answer : known.judged;
  }

  /** Once for all who send the same; once more where the answer may be lost. */
  private ask(sent: SentKey): Question {
    const sinceMs = performance.now();
    const running = this.asking.get(sent.name);
    if (running !== undefined && sinceMs - running.sinceMs < LOST_MS) return running;
    const judged = this.look(sent).finally(() => {
      if (this.asking.get(sent.name) === question) this.asking.delete(sent.name);
    });
    const question = { judged, sinceMs };
    this.asking.set(sent.name, question);
    return question;
  }

  private async look({ text, hash, name }: SentKey): Promise<Judged> {
    const askedMs = performance.now();
    try {
      const id = keyIdOf(text);
      const judged = judgedOf(id === undefined ? undefined : await this.parts.keys.key(id), hash);
      const known = this.remembered.get(name);
      // One that was lost for a while tells of a time that is over.
      if (known !== undefined && known.askedMs > askedMs) return known.judged;
      this.remembered.delete(name);
      this.remembered.set(name, { judged, askedMs, failedMs: -Infinity });
      if (this.remembered.size > MAX_REMEMBERED) this.remembered.delete(this.remembered.keys().next().value ?? '');
      if ('key' in judged) this.noteUse(judged.key);
      return judged;
    } catch (error) {
      const known = this.remembered.get(name);
      if (known !== undefined) known.failedMs = performance.now();
      this.parts.events.connectionFailed('keys', error);
      return denied('unavailable');
    }
  }

  /** Nobody waits for it. */
  private noteUse({ id, lastUsedAt }: KnownKey): void {
    if (lastUsedAt !== null && Date.now() - lastUsedAt.getTime() < USE_NOTED_MS) return;
    this.parts.keys.noteUse(id).catch((error: unknown) => {
      this.parts.events.connectionFailed('keys', error);
    });
  }
}

/** @param route as it was declared, with parameters in braces */
export function askingOf({ headers, headersDistinct, method = 'GET', socket }: IncomingMessage, route: string): Asking {
  return {
    ...{ authorization: headersDistinct['authorization'] ?? [], cookie: headers.cookie, method, route, origin: originOf(headers) },
    ...{ host: headers.host, address: socket.remoteAddress ?? '', userAgent: headers['user-agent'] },
  };
}

function isFresh({ judged, askedMs }: Remembered, now: number): boolean {
  const isRefused = 'denial' in judged;
  return now - askedMs <= (isRefused ? REFUSED_MS : HOLDS_MS) && (isRefused || !isExpired(judged.key));
}

/** A key that held when the database answered last. */
function isBelievable({ judged, askedMs }: Remembered, now: number): boolean {
  return 'key' in judged && now - askedMs <= BELIEVED_MS && !isExpired(judged.key);
}

/** @returns undefined where it takes longer */
async function inTime(judged: Promise<Judged>, ms: number): Promise<Judged | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, Math.max(0, ms), undefined);
  });
  const first = await Promise.race([judged, late]);
  clearTimeout(timer);
  return first;
}

function isExpired({ expiresAt }: KnownKey): boolean {
  return expiresAt !== null && expiresAt.getTime() <= Date.now();
}

/** Compared in constant time, with a hash that is nobody's where there is no such key. */
function judgedOf(key: KnownKey | undefined, hash: Buffer): Judged {
  const isIt = timingSafeEqual(key?.hash ?? NO_HASH, hash);
  if (key === undefined || !isIt) return denied('unknown_key');
  if (key.revokedAt !== null) return denied('revoked_key', { key });
  return isExpired(key) ? denied('expired_key', { key }) : { key };
}

function outcomeOf(judged: Judged): Outcome {
  if ('key' in judged) return 'right';
  return judged.denial.reason === 'unavailable' ? 'unknown' : 'wrong';
}

interface DenialMore {
  key?: KnownKey;
  detail?: string;
  need?: Need;
  retryAfter?: number;
}

/** The answer is the same for every key that does not hold: whoever guesses learns nothing of how near they are. */
const DOES_NOT_HOLD = 'the key is unknown, expired or revoked';

function denied(reason: DenialReason, more: DenialMore = {}): { denial: Denial } {
  const { status, detail, challenge, headers = {} } = answerTo(reason, more);
  const challenged = challenge === undefined ? headers : { ...headers, 'www-authenticate': challengeOf(challenge) };
  return { denial: { reason, status, detail, headers: challenged, projectId: more.key?.projectId ?? FIRST_PROJECT, keyId: more.key?.id } };
}

interface Answer {
  status: number;
  detail: string;
  challenge?: ChallengeParameters;
  headers?: Record<string, string>;
}

function answerTo(reason: DenialReason, { detail, need, retryAfter = RETRY_AFTER_SECONDS }: DenialMore): Answer {
  switch (reason) {
    case 'missing_key':
      return { status: 401, detail: 'a key is needed: send "Authorization: Bearer <key>"; npm run key makes one', challenge: {} };
    case 'malformed':
      return { status: 400, detail: detail ?? '', challenge: { error: 'invalid_request', error_description: detail ?? '' } };
    case 'unknown_key':
    case 'expired_key':
    case 'revoked_key':
      return { status: 401, detail: DOES_NOT_HOLD, challenge: { error: 'invalid_token', error_description: DOES_NOT_HOLD } };
    case 'too_many_guesses':
      return {
        status: 429,
        detail: 'too many keys that do not hold came from this address; come again after Retry-After seconds',
        headers: { 'retry-after': String(retryAfter) },
      };
    case 'insufficient_scope': {
      const { scopes = [] } = need ?? {};
      // A list would mean all of them; the first one is enough.
      const challenge = { error: 'insufficient_scope', scope: scopes[0] ?? '' } as const;
      return { status: 403, detail: `the key lacks the scope ${scopes.join(' or ')}`, challenge };
    }
    case 'not_operator':
      return {
        status: 403,
        detail: 'this concerns the whole service: a key of the first project is needed',
        challenge: { error: 'insufficient_scope', error_description: 'a key of the first project is needed' },
      };
    case 'foreign_page':
      return { status: 403, detail: 'the request comes from a page of another site; only pages of this service may change anything' };
    case 'foreign_host':
      return {
        status: 421,
        detail:
          'without keys, requests are served under localhost or an IP address only: ask for one of those, or have keys asked for (WHY401_AUTH=required)',
      };
    case 'unavailable':
      return {
        status: 503,
        detail: 'keys cannot be looked up: the database does not answer; /health/ready says which part is down',
        headers: { 'retry-after': String(retryAfter) },
      };
  }
}
