/**
 * Judges a signature: which cause, how sure, and on what evidence. Pure and total: every signature gets a verdict,
 * `unknown` where nothing speaks. Each witness looks at one kind of evidence and names candidates; the closest reason
 * wins, and of equally close ones the stronger kind: the record's own cause, codes that a table knows, documented
 * phrases, the shape of what was sent, the general reading of the text, token times, codes that leave room, mere refusals.
 */
import { CATALOGUE, isCauseId, type CauseId, type Fault } from './causes.js';
import { recoverChallenges, type Challenge } from './challenge.js';
import { schemeOf } from './credential.js';
import { readText, type Reading as TextReading } from './reading/reading.js';
import { wordsOf } from './reading/words.js';
import { EVERYTHING, lookUp, type Knowledge, type KnownCode } from './rules/index.js';
import type { PhraseMatch } from './rules/phrases.js';
import { VAGUE } from './rules/table.js';
import type { Signature } from './signature.js';

export interface Evidence {
  /** The part of the signature that spoke. */
  field: string;
  /** What in it matched; masked like everything in a signature. */
  matched: string;
  rule: string;
}

export interface Verdict {
  cause: CauseId;
  fault: Fault;
  /** 0 to 1; calibrated on labelled records, see bench:causes. */
  confidence: number;
  evidence: Evidence[];
  /** Other causes that the evidence allows, strongest first. */
  also: CauseId[];
}

interface Candidate {
  cause: CauseId;
  /** How close the reason is; orders candidates, see RANK. */
  rank: number;
  confidence: number;
  evidence: Evidence;
}

const RANK = {
  stated: 100,
  proxy: 90,
  code: 80,
  phrase: 70,
  read: 60,
  namedCode: 58,
  name: 54,
  timing: 50,
  hint: 40,
  bare: 30,
  vague: 20,
} as const;
/** Agreement of independent evidence makes a verdict surer, contradiction less sure. */
const AGREEMENT = 0.04;
const CONTRADICTION = 0.8;
const NOTHING_SAID = 0.6;
/** What a text tells the reader to do is further from the reason than what it says happened. */
const ADVICE = 8;

interface Case {
  signature: Signature;
  challenges: readonly Challenge[];
  known: Knowledge;
}

type Witness = (of: Case) => Candidate[];

const WITNESSES: readonly Witness[] = [statedCause, codes, texts, challengeShape, credentialShape, tokenTiming, status];

/** @param known the tables to judge by; less than all of them only to measure what they add */
export function judge(signature: Signature, known: Knowledge = EVERYTHING): Verdict {
  const challenges = signature.challenge === '' ? [] : recoverChallenges([signature.challenge]);
  const candidates = WITNESSES.flatMap((witness) => witness({ signature, challenges, known }));
  const ranked = reconcile(candidates, signature).sort((a, b) => b.rank - a.rank || b.confidence - a.confidence);
  const best = ranked[0];
  if (best === undefined) return { cause: 'unknown', fault: 'unknown', confidence: NOTHING_SAID, evidence: [], also: [] };
  const agreeing = ranked.filter(({ cause }) => cause === best.cause);
  const others = ranked.filter(({ cause }) => cause !== best.cause && cause !== 'unknown');
  return {
    cause: best.cause,
    fault: CATALOGUE[best.cause].fault,
    confidence: confidenceOf(best, agreeing, others),
    evidence: agreeing.slice(0, 5).map(({ evidence }) => evidence),
    also: [...new Set(others.map(({ cause }) => cause))],
  };
}

function confidenceOf(best: Candidate, agreeing: Candidate[], others: Candidate[]): number {
  if (best.rank === RANK.stated) return 1;
  const isBacked = agreeing.some(({ evidence }) => evidence.field !== best.evidence.field);
  const isDoubted = others.some(({ rank, cause }) => rank >= RANK.timing && !VAGUE.has(cause));
  const confidence = (best.confidence + (isBacked ? AGREEMENT : 0)) * (isDoubted ? CONTRADICTION : 1);
  return Math.round(Math.min(confidence, 0.99) * 100) / 100;
}

/** What the request was for changes what a refusal means: where tokens are refreshed, the token is the refresh token. */
const REFRESH_ROUTE = /(?:^|[/_.-])refresh(?:$|[/_.-])/i;
const REFRESH_CODES = new Set(['grant_type=refresh_token', 'REFRESH_TOKEN_ERROR']);
const OF_THE_TOKEN: ReadonlySet<CauseId> = new Set<CauseId>(['expired_token', 'invalid_token', 'revoked_token']);
const MFA_ROUTE = /(?:^|[/_.-])(?:mfa|2fa|totp|otp|two-?factor|webauthn)(?:$|[/_.-])/i;

function reconcile(candidates: Candidate[], signature: Signature): Candidate[] {
  const codes = signature.facts.codes ?? [];
  const isRefresh = REFRESH_ROUTE.test(signature.route) || [signature.errorCode, ...codes].some((code) => REFRESH_CODES.has(code));
  const isMfa = MFA_ROUTE.test(signature.route);
  return notSeen(candidates, signature).map((candidate) => {
    if (isRefresh && OF_THE_TOKEN.has(candidate.cause))
      return { ...candidate, cause: 'refresh_failed', rank: Math.max(candidate.rank, RANK.hint) };
    if (isMfa && (VAGUE.has(candidate.cause) || candidate.cause === 'invalid_credentials')) return { ...candidate, cause: 'mfa_required' };
    return candidate;
  });
}

/** A check that says "nothing came" about a request that carried credentials did not recognise them. */
function notSeen(candidates: Candidate[], { facts, scheme }: Signature): Candidate[] {
  if (facts.credentialPresent !== true || facts.statedCause !== undefined) return candidates;
  return candidates.map((candidate) =>
    candidate.cause === 'missing_credentials'
      ? {
          ...candidate,
          cause: 'malformed_credentials',
          confidence: candidate.confidence * CONTRADICTION,
          evidence: { field: 'credential', matched: `${scheme} credentials that the check did not see`, rule: 'credential.not_seen' },
        }
      : candidate,
  );
}

function statedCause({ signature }: Case): Candidate[] {
  const stated = signature.facts.statedCause;
  if (stated === undefined || !isCauseId(stated)) return [];
  return [{ cause: stated, rank: RANK.stated, confidence: 1, evidence: { field: 'why401.cause', matched: stated, rule: 'record.cause' } }];
}

function codes({ signature: { errorCode, facts }, challenges, known }: Case): Candidate[] {
  return [
    ...byCode(known, errorCode, 'error_code'),
    ...byCode(known, facts.exceptionType ?? '', 'exception.type'),
    ...(facts.codes ?? []).flatMap((code) => byCode(known, code, 'code')),
    ...challenges.flatMap(({ params }) => byCode(known, params['error'] ?? '', 'challenge.error')),
  ];
}

function byCode(known: Knowledge, code: string, field: string): Candidate[] {
  if (code === '') return [];
  const row = lookUp(known, code);
  if (row !== undefined) return [knownCode(row, code, field)];
  // A code that no table knows is read like a short text: ORDER_API_TOKEN_EXPIRED says what it says.
  const words = wordsOf(code.replace(/(?:Error|Exception)$/, ''));
  return readText(words).map(({ cause, weight, closeness, confidence, rule }) => ({
    cause,
    rank: (weight === 3 ? RANK.name : weight === 2 ? RANK.hint - 1 : RANK.vague) + closeness,
    confidence,
    evidence: { field, matched: code, rule: rule.replace('text.', 'name.') },
  }));
}

/** Codes that servers answer for whatever else is wrong with a request, whatever their definition. */
const CATCH_ALL = new Set(['invalid_request']);

function knownCode({ cause, rule, isExact }: KnownCode, code: string, field: string): Candidate {
  const evidence = { field, matched: code, rule };
  if (VAGUE.has(cause) || CATCH_ALL.has(code.toLowerCase())) return { cause, rank: RANK.hint, confidence: 0.7, evidence };
  return { cause, rank: isExact ? RANK.code : RANK.namedCode, confidence: isExact ? 0.96 : 0.93, evidence };
}

function texts({ signature: { template, errorCode }, challenges, known }: Case): Candidate[] {
  const described = challenges.flatMap(({ params }) => [
    params['error_description'] ?? '',
    /\s/.test(params['error'] ?? '') ? (params['error'] ?? '') : '',
  ]);
  return [
    // Where a record has no text, its code stands in for it and was heard already.
    ...byText(known, template === errorCode ? '' : template, 'template'),
    ...described.filter((text) => text !== '' && text !== template).flatMap((text) => byText(known, text, 'challenge.error_description')),
  ];
}

function byText(known: Knowledge, text: string, field: string): Candidate[] {
  if (text === '') return [];
  const words = wordsOf(text);
  const matches = known.phrases.find(words).filter((match) => isTelling(match, text));
  const evidenceOf = (start: number, end: number, rule: string): Evidence => ({ field, matched: text.slice(start, end), rule });
  const read = readText(words);
  const readings = read
    // What a documented sentence means by words that usually say something else is not read a second time word by word.
    .filter(({ start, end }) => !matches.some((match) => isClosed(match) && match.start < end && start < match.end))
    .map((reading) => ({
      cause: reading.cause,
      rank: readingRank(reading),
      confidence: reading.confidence,
      evidence: evidenceOf(reading.start, reading.end, reading.rule),
    }));
  const phrases = matches.map((match) => ({
    cause: match.phrase.cause,
    rank: phraseRank(match),
    confidence:
      phraseConfidence(match.phrase) *
      (read.some(({ isHedged, start, end }) => isHedged && start <= match.start && match.end <= end) ? CONTRADICTION : 1),
    evidence: evidenceOf(match.start, match.end, match.phrase.rule),
  }));
  return [...codesIn(known, text, field), ...phrases, ...readings];
}

/** From four words on a phrase is a sentence of its own; shorter ones occur inside others ("token is expired"). */
const LONG_PHRASE = 4;
/** What one system means by words that say something else needs more of its words to be recognised. */
const PECULIAR_PHRASE = 5;

function phraseConfidence({ cause, length }: PhraseMatch['phrase']): number {
  if (VAGUE.has(cause)) return 0.75;
  return length >= LONG_PHRASE ? 0.95 : 0.9;
}

/** Short phrases, and peculiar ones that are not long, tell only where they are the whole text. */
function isTelling({ phrase: { length, reading, cause, words }, start, end }: PhraseMatch, text: string): boolean {
  const isPeculiar = reading !== undefined && reading.cause !== cause;
  if (length >= (isPeculiar ? PECULIAR_PHRASE : LONG_PHRASE)) return true;
  if (words.includes('*')) return false;
  const isWhole = end - start >= text.replace(/[\s.!]{1,5}$/, '').length;
  return reading === undefined ? true : !isPeculiar || (isWhole && length > 2);
}

/** A phrase that means what its words say ranks with its words; one that the reading cannot tell ranks by itself. */
function phraseRank({ phrase: { cause, length, reading } }: PhraseMatch): number {
  if (cause === 'unknown') return RANK.vague - 8;
  if (cause === 'invalid_token') return RANK.vague + 5;
  if (reading?.cause === cause) return readingRank(reading);
  return length >= LONG_PHRASE ? RANK.phrase + Math.min(length, 9) : RANK.namedCode + length / 10;
}

function isClosed({ phrase: { cause, length, reading } }: PhraseMatch): boolean {
  return VAGUE.has(cause) ? length >= 2 * LONG_PHRASE : reading?.cause !== cause;
}

function readingRank({ weight, closeness, isAdvice }: TextReading): number {
  return (weight === 3 ? RANK.read : weight === 2 ? RANK.hint + 2 : RANK.vague) + closeness - (isAdvice ? ADVICE : 0);
}

/** Codes named inside a sentence: only such as no sentence has by accident (digits, underscores, CamelCase). */
function codesIn({ codes: known }: Knowledge, text: string, field: string): Candidate[] {
  const found: Candidate[] = [];
  for (const [code] of text.matchAll(/[A-Za-z][\w/-]{2,60}/g)) {
    if (!/[_\d]|[a-z][A-Z]|^auth\/[a-z-]+$/.test(code)) continue;
    const row = known.get(code.toLowerCase());
    if (row !== undefined) found.push(knownCode(row, code, field));
  }
  return found;
}

/** What a challenge says by what it leaves out. */
function challengeShape({ signature: { facts, status, template }, challenges }: Case): Candidate[] {
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
  const digest = challenges.find(({ scheme }) => scheme === 'digest');
  const found: Candidate[] = [];
  // RFC 6750 section 3.1: a Bearer challenge without an error code answers a request that carried no token.
  if (bearer !== undefined && bearer.params['error'] === undefined && status === 401 && facts.credentialPresent !== true) {
    const evidence = { field: 'challenge', matched: `${bearer.scheme} without error`, rule: 'challenge.bearer_without_error' };
    found.push({
      cause: 'missing_credentials',
      rank: saysNothing(template) ? RANK.bare : RANK.vague - 5,
      confidence: saysNothing(template) ? 0.75 : 0.5,
      evidence,
    });
  }
  // RFC 7616 section 3.3: stale means that the password may be right and the nonce is old.
  if (digest?.params['stale']?.toLowerCase() === 'true') {
    const evidence = { field: 'challenge', matched: 'stale=true', rule: 'challenge.digest_stale' };
    found.push({ cause: 'proof_of_possession', rank: RANK.hint, confidence: 0.8, evidence });
  } else if (digest !== undefined && status === 401 && facts.credentialPresent !== true) {
    const evidence = { field: 'challenge', matched: 'digest without stale', rule: 'challenge.digest_first' };
    found.push({ cause: 'missing_credentials', rank: RANK.vague - 5, confidence: 0.6, evidence });
  }
  return found;
}

/** Texts beside a status that only repeat it. */
function saysNothing(template: string): boolean {
  return /^(?:(?:error|http|<n>|[^a-z]|unauthori[sz]ed|request refused|access denied|status|response)*)$/i.test(template);
}

function credentialShape({ signature: { facts, scheme }, challenges }: Case): Candidate[] {
  if (facts.credentialPresent === false || scheme === 'none') {
    const evidence = { field: 'credential', matched: 'none sent', rule: 'credential.absent' };
    return [{ cause: 'missing_credentials', rank: RANK.read - 2, confidence: 0.85, evidence }];
  }
  if (facts.credentialWellFormed === false) {
    const evidence = { field: 'credential', matched: `${scheme} credentials that break their syntax`, rule: 'credential.malformed' };
    return [{ cause: 'malformed_credentials', rank: RANK.read - 1, confidence: 0.85, evidence }];
  }
  const offered = challenges.map((challenge) => schemeOf(challenge.scheme));
  if (
    !offered.includes('other') &&
    scheme !== '' &&
    scheme !== 'other' &&
    offered.length > 0 &&
    facts.credentialPresent === true &&
    !offered.includes(scheme)
  ) {
    const evidence = { field: 'credential', matched: `${scheme} sent, ${offered.join(' or ')} asked for`, rule: 'credential.scheme' };
    return [{ cause: 'malformed_credentials', rank: RANK.hint - 2, confidence: 0.75, evidence }];
  }
  return [];
}

/** Times tell of the token, not of what the server did: they confirm, and stand alone only where no one else is close. */
function tokenTiming({ signature }: Case): Candidate[] {
  const timing = signature.facts.tokenTiming ?? '';
  const evidence = { field: 'token', matched: timing, rule: 'token.timing' };
  if (timing.startsWith('expired_by_')) return [{ cause: 'expired_token', rank: RANK.timing, confidence: 0.85, evidence }];
  if (timing.startsWith('not_yet_valid_by_')) return [{ cause: 'clock_skew', rank: RANK.timing, confidence: 0.85, evidence }];
  return [];
}

/** What the status says by its definition (RFC 9110 sections 15.5.4 and 15.5.8, 15.6). */
function status({ signature: { status: code } }: Case): Candidate[] {
  const evidence = { field: 'status', matched: String(code), rule: `status.${String(code)}` };
  if (code === 407) return [{ cause: 'proxy_authentication', rank: RANK.proxy, confidence: 0.95, evidence }];
  if (code >= 500) return [{ cause: 'server_misconfiguration', rank: RANK.hint - 3, confidence: 0.7, evidence }];
  if (code === 429) return [{ cause: 'account_locked', rank: RANK.bare, confidence: 0.6, evidence }];
  if (code === 403) return [{ cause: 'insufficient_scope', rank: RANK.vague - 10, confidence: 0.5, evidence }];
  return [];
}
