/**
 * Judges a signature: which cause, how sure, and on what evidence. Pure and total: every signature gets a verdict,
 * `unknown` where nothing speaks. The strongest evidence wins; of equals, the one whose source comes first:
 * the record's own cause, codes, exception types, the challenge, token times, the shape of what was sent, the text.
 */
import { CATALOGUE, isCauseId, type CauseId, type Fault } from './causes.js';
import { parseChallenges } from './challenge.js';
import { CODE_RULES, EXCEPTION_RULES, TEXT_RULES, type CodeRule } from './rules.js';
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
  /** 0 to 1. */
  confidence: number;
  evidence: Evidence[];
  /** Other causes that the evidence allows, strongest first. */
  also: CauseId[];
}

interface Candidate {
  cause: CauseId;
  confidence: number;
  evidence: Evidence;
}

type Witness = (signature: Signature) => Candidate[];

/** In the order of their weight: the first of equally sure candidates wins. */
const WITNESSES: readonly Witness[] = [statedCause, errorCode, exceptionType, challenge, tokenTiming, shape, text];

/** Texts beside a status that only repeat it. A text that says more is not overruled by what the challenge leaves out. */
const SAYS_NOTHING =
  /^(?:(?:error|http|<n>|[^a-z]|unauthori[sz]ed|request refused|authentication (?:is )?required|authorization required|access denied)*)$/i;

const CODES = indexOf(CODE_RULES);
const EXCEPTIONS = indexOf(EXCEPTION_RULES);

export function judge(signature: Signature): Verdict {
  const candidates = WITNESSES.flatMap((witness) => witness(signature));
  const ranked = candidates.sort((a, b) => b.confidence - a.confidence);
  const best = ranked[0];
  if (best === undefined) return { cause: 'unknown', fault: 'unknown', confidence: 0.5, evidence: [], also: [] };
  const agreeing = ranked.filter((candidate) => candidate.cause === best.cause);
  const others = ranked.filter((candidate) => candidate.cause !== best.cause && candidate.cause !== 'unknown');
  return {
    cause: best.cause,
    fault: CATALOGUE[best.cause].fault,
    confidence: best.confidence,
    evidence: agreeing.map((candidate) => candidate.evidence),
    also: [...new Set(others.map((candidate) => candidate.cause))],
  };
}

function statedCause({ facts }: Signature): Candidate[] {
  const stated = facts.statedCause;
  if (stated === undefined || !isCauseId(stated)) return [];
  return [{ cause: stated, confidence: 1, evidence: { field: 'why401.cause', matched: stated, rule: 'record.cause' } }];
}

function errorCode({ errorCode: code }: Signature): Candidate[] {
  return byCode(CODES, code, 'error_code');
}

function exceptionType({ facts, errorCode: code }: Signature): Candidate[] {
  const found = byCode(EXCEPTIONS, lastSegment(facts.exceptionType ?? ''), 'exception.type');
  return found.length > 0 ? found : byCode(EXCEPTIONS, lastSegment(code), 'error_code');
}

function challenge(signature: Signature): Candidate[] {
  const { challenges } = parseChallenges([signature.challenge]);
  const found = challenges.flatMap(({ params }) => [
    ...byCode(CODES, params['error'] ?? '', 'challenge.error'),
    ...byText(params['error_description'] ?? '', 'challenge.error_description'),
  ]);
  // RFC 6750 section 3.1: a Bearer challenge without an error code answers a request that carried no token.
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer');
  const isBare =
    bearer !== undefined && bearer.params['error'] === undefined && signature.status === 401 && SAYS_NOTHING.test(signature.template);
  if (isBare && signature.facts.credentialPresent !== true) {
    found.push({
      cause: 'missing_credentials',
      confidence: 0.7,
      evidence: { field: 'challenge', matched: 'Bearer without error', rule: 'challenge.bearer_without_error' },
    });
  }
  return found;
}

/** Times tell of the token, not of what the server did: they confirm, and stand alone only where no one else speaks. */
function tokenTiming({ facts }: Signature): Candidate[] {
  const timing = facts.tokenTiming ?? '';
  const evidence = { field: 'token', matched: timing, rule: 'token.timing' };
  if (timing.startsWith('expired_by_')) return [{ cause: 'expired_token', confidence: 0.85, evidence }];
  if (timing.startsWith('not_yet_valid_by_')) return [{ cause: 'clock_skew', confidence: 0.85, evidence }];
  return [];
}

function shape({ facts, scheme, status }: Signature): Candidate[] {
  if (facts.credentialPresent === false || scheme === 'none') {
    return [
      {
        cause: 'missing_credentials',
        confidence: 0.85,
        evidence: { field: 'credential', matched: 'none sent', rule: 'credential.absent' },
      },
    ];
  }
  if (facts.credentialWellFormed === false) {
    return [
      {
        cause: 'malformed_credentials',
        confidence: 0.8,
        evidence: { field: 'credential', matched: `${scheme} credentials that break their syntax`, rule: 'credential.malformed' },
      },
    ];
  }
  if (status === 407) {
    return [{ cause: 'proxy_authentication', confidence: 0.8, evidence: { field: 'status', matched: '407', rule: 'status.407' } }];
  }
  return [];
}

function text({ template }: Signature): Candidate[] {
  return byText(template, 'template');
}

/** The first rule that matches: the table runs from the specific to the general. */
function byText(value: string, field: string): Candidate[] {
  if (value === '') return [];
  for (const rule of TEXT_RULES) {
    const match = rule.pattern.exec(value);
    if (match !== null && rule.unless?.test(value) !== true)
      return [{ cause: rule.cause, confidence: rule.confidence, evidence: { field, matched: match[0], rule: rule.id } }];
  }
  return [];
}

function byCode(index: ReadonlyMap<string, CodeRule>, code: string, field: string): Candidate[] {
  const rule = index.get(code.toLowerCase());
  return rule === undefined ? [] : [{ cause: rule.cause, confidence: rule.confidence, evidence: { field, matched: code, rule: rule.id } }];
}

/** `jwt.exceptions.ExpiredSignatureError` -> `ExpiredSignatureError`; `JWT::ExpiredSignature` likewise. */
function lastSegment(name: string): string {
  return name.split(/[.:$\\/]/).at(-1) ?? name;
}

function indexOf(rules: readonly CodeRule[]): ReadonlyMap<string, CodeRule> {
  return new Map(rules.flatMap((rule) => rule.codes.map((code) => [code, rule] as const)));
}
