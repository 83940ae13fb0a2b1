/** The errors that operations have in common, for the OpenAPI document: who can give which, and what it looks like. */
import { problemOf, PROBLEM_TYPE, type Problem } from '../ops/problem.js';

interface Operation {
  security?: unknown[];
}

interface CommonError {
  status: string;
  /** In `components.responses`. */
  name: string;
  holds: (path: string, operation: Operation, method: string) => boolean;
  response: object;
}

/** What the service says. */
export const PROBLEMS: Record<string, Problem> = Object.fromEntries(
  [
    problemOf(400, 'the request has a parameter that cannot be used', [{ field: 'colour', message: 'there is no such parameter here' }]),
    problemOf(401, 'the key is unknown, expired or revoked'),
    problemOf(403, 'the key lacks the scope admin'),
    problemOf(404, 'there is no signature 0000000000000000; GET /v1/signatures lists them'),
    problemOf(405, 'DELETE is not possible here; use GET or HEAD'),
    problemOf(408, 'the request did not arrive within 30 s'),
    problemOf(409, 'only spikes have a level that is normal; change the rule, or silence it'),
    problemOf(413, 'request entity too large'),
    problemOf(414, 'the address is longer than 114688 bytes'),
    problemOf(415, 'unsupported content encoding "compress"'),
    problemOf(417, 'only 100-continue can be expected'),
    problemOf(
      421,
      'without keys, requests are served under localhost or an IP address only: ask for one of those, or have keys asked for (WHY401_AUTH=required)',
    ),
    problemOf(422, 'there are 100 alert rules already; delete one, or group by more'),
    problemOf(429, 'another preview is being made; try again'),
    problemOf(431, 'there are more than 100 headers'),
    problemOf(500, 'an error of ours; the log of the service names it'),
    problemOf(503, 'the database does not answer; /health/ready says which part is down'),
  ].map((problem) => [String(problem.status), problem]),
);

/** Parameters are checked everywhere but where balancers ask. */
const isChecked = (path: string): boolean => !path.startsWith('/health');
const needsKey = (_: string, { security = [] }: Operation): boolean => security.length > 0;
/** A body is read although an operation takes none. */
const readsBody = (_: string, __: object, method: string): boolean => method === 'post' || method === 'put';

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds after which to come again.', schema: { type: 'integer' } } };
const CHALLENGE = { 'WWW-Authenticate': { description: 'The challenge (RFC 6750 section 3).', schema: { type: 'string' } } };
const ALLOW = { Allow: { description: 'The methods that it takes.', schema: { type: 'string' } } };

export const COMMON_ERRORS: readonly CommonError[] = [
  row('400', 'InvalidInput', isChecked, { description: 'Something in the request cannot be used; `errors` names the fields.' }),
  row('401', 'Unauthenticated', needsKey, {
    description: 'No key was sent, or one that does not hold; the challenge says which.',
    headers: CHALLENGE,
  }),
  row('403', 'Forbidden', needsKey, {
    description: 'The key holds and lacks the scope, or a page of another site sent the request.',
    headers: CHALLENGE,
  }),
  row('404', 'NotFound', (path) => path.includes('{'), { description: 'There is no such thing.' }),
  row('405', 'MethodNotAllowed', () => true, { description: 'The path does not take this method.', headers: ALLOW }),
  row('408', 'TooSlow', readsBody, { description: 'The body did not arrive within 30 seconds.' }),
  row('413', 'TooLarge', readsBody, { description: 'The body is larger than 64 KiB.' }),
  row('414', 'AddressTooLong', () => true, { description: 'The address is longer than 112 KiB.' }),
  row('415', 'UnsupportedMediaType', readsBody, { description: 'Media type, charset or content encoding is not supported.' }),
  row('417', 'ExpectationFailed', () => true, { description: '`Expect` asks for something else than 100-continue.' }),
  row('421', 'Misdirected', needsKey, {
    description: 'No key is asked for, and the host is neither localhost nor an IP address: it may be the name of another site.',
  }),
  row('429', 'TooManyGuesses', needsKey, {
    description: 'Too many keys that do not hold came from this address; come again after Retry-After seconds.',
    headers: RETRY_AFTER,
  }),
  row('431', 'HeadersTooLarge', () => true, { description: 'The headers are longer than 16 KiB, or more than 100.' }),
  row('500', 'InternalError', isChecked, { description: 'An error of ours.' }),
  row('503', 'Unavailable', isChecked, {
    description: 'The database or the queue does not answer, there is no room, or a query took too long.',
    headers: RETRY_AFTER,
  }),
];

export function problemContent(status: string): Record<string, { schema: object; example: unknown }> {
  return { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' }, example: PROBLEMS[status] } };
}

function row(status: string, name: string, holds: CommonError['holds'], response: { description: string; headers?: object }): CommonError {
  return { status, name, holds, response: { ...response, content: problemContent(status) } };
}
