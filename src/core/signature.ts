/**
 * A signature is one way of being refused. It holds only what is safe to store: closed lists, codes and masked text.
 * The judge sees nothing else, which is what makes judging all history again possible.
 */
import type { Scheme } from './credential.js';
import { memoByObject } from './memo.js';

export interface Signature {
  service: string;
  environment: string;
  route: string;
  method: string;
  /** 0 where the record gave none. */
  status: number;
  scheme: Scheme | '';
  /** Masked WWW-Authenticate or Proxy-Authenticate value; empty where none was captured. */
  challenge: string;
  errorCode: string;
  /** Masked reason text. */
  template: string;
  facts: SignatureFacts;
}

/** What rules need beside the text, taken from the record before it was masked. Absent means "not captured". */
export interface SignatureFacts {
  statedCause?: string;
  exceptionType?: string;
  /** Codes and exception types beside `errorCode`, in the order in which the record names them. */
  codes?: string[];
  /** See `timingOf`. */
  tokenTiming?: string;
  credentialPresent?: boolean;
  credentialWellFormed?: boolean;
  /** The rest is what findings rest on, see observe.ts. */
  headersCaptured?: boolean;
  /** The header as it was sent meets the grammar of RFC 9110. */
  challengeValid?: boolean;
  transport?: 'http' | 'https';
  /** A search engine's crawler, and whether it is one. */
  crawler?: string;
  /** What the record holds of the answer that the client got: its body, or its challenge alone. */
  answered?: 'body' | 'challenge';
  /** Which of the two headers that ask for credentials stood in the answer. */
  challengedBy?: 'origin' | 'proxy' | 'both';
  /** What the challenge leaves out or quotes wrongly by its scheme's own rules. */
  challengeFaults?: string[];
  /** Kinds of things that the answer should not have told. */
  leaks?: string[];
  /** The field that held a credential; empty where fields were looked at and none did. */
  credentialLogged?: string;
}

const FACTS = [
  'statedCause',
  'exceptionType',
  'codes',
  'tokenTiming',
  'credentialPresent',
  'credentialWellFormed',
  'headersCaptured',
  'challengeValid',
  'transport',
  'crawler',
  'answered',
  'challengedBy',
  'challengeFaults',
  'leaks',
  'credentialLogged',
] as const satisfies readonly (keyof SignatureFacts)[];

/** The text that two signatures share exactly when they are the same; its hash is the signature's id. */
export const signatureKey = memoByObject(keyOf);

/** The text that signatures share which differ in route, method, challenge or the like alone. */
export const reasonKey = memoByObject(({ service, environment, template }: Signature) => join(service, environment, template));

function keyOf(signature: Signature): string {
  const { service, environment, route, method, status, scheme, challenge, errorCode, template, facts } = signature;
  const told = FACTS.map((name) => String(facts[name] ?? ''));
  return join(service, environment, route, method, String(status), scheme, challenge, errorCode, template, ...told);
}

/** U+001F cannot occur in the parts: masking turns control characters into spaces. */
function join(...parts: string[]): string {
  return parts.join('\u001f');
}
