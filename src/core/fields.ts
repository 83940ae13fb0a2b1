/**
 * Which attribute names carry which fact: OpenTelemetry's current names first, then its older ones, ECS, our own
 * `why401.*` where no convention names the thing, and the spellings that loggers use today.
 * Looking a fact up is here; what it means is refusal.ts's business.
 */
import type { Attributes, AttributeValue, LogRecord } from './log-record.js';

/** Where senders write the HTTP status of the answer, the one that the client got first. */
export const STATUS_NAMES = [
  'http.response.status_code',
  'http.status_code',
  'http.response.status',
  'http_response.status',
  'DownstreamStatus',
  'EdgeResponseStatus',
  'aws.elb.status.code',
  'status',
  'status_code',
  'statusCode',
  'StatusCode',
  'res.statusCode',
  'meta.res.statusCode',
  'response.status',
  'response.statusCode',
  'response_code',
  'httpRequest.status',
  'responseStatus.code',
  'err.status',
  'err.statusCode',
  'err.response.statusCode',
  'err.response.status',
  'error.status',
  'http.status',
] as const;

/** The documentation's table of attributes is made from it. */
export const NAMES = {
  service: ['service.name', 'service', 'service_name', 'app', 'application'],
  environment: ['deployment.environment.name', 'deployment.environment', 'environment', 'env', 'service.environment'],
  method: [
    'http.request.method',
    'http.method',
    'method',
    'request.method',
    'req.method',
    'RequestMethod',
    'request_method',
    'Method',
    'httpRequest.requestMethod',
    'verb',
    'request.request_method',
  ],
  route: ['http.route', 'route'],
  path: [
    'url.path',
    'http.target',
    'url.full',
    'http.url',
    'path',
    'url',
    'uri',
    'req.url',
    'request_uri',
    'url.original',
    'RequestPath',
    'Path',
    'request.uri',
    'httpRequest.requestUrl',
    'requestURI',
    'ClientRequestURI',
    'http.request.uri',
  ],
  status: STATUS_NAMES,
  cause: ['why401.cause'],
  reason: [
    'why401.reason',
    'reason',
    'auth.failure.reason',
    'aspnetcore.authentication.failure',
    'failure_reason',
    'FailureMessage',
    'Reason',
    'outcome.reason',
    'result.description',
    'resultDescription',
    'status.failureReason',
    'errorMessageID',
  ],
  detail: ['error_detail', 'error_description', 'error.description', 'auth.error', 'http.response.header.grpc-message', 'error'],
  code: [
    'why401.code',
    'error_code',
    'error.code',
    'errorCode',
    'oauth.error',
    'response_code_details',
    'aws.error.code',
    'err.code',
    'fields.error',
  ],
  event: ['event.action', 'logrecord.event.name', 'eventType', 'event.type'],
  grantType: ['http.request.body.grant_type', 'oauth.grant_type', 'grant_type'],
  errorType: ['error.type'],
  exceptionType: ['exception.type', 'error.class', 'err.type', 'err.name', 'context.exception.class', 'name'],
  exceptionMessage: ['exception.message', 'error.message', 'err.message'],
  scheme: ['why401.credential.scheme', 'authorization_scheme', 'auth.scheme'],
  credentialPresent: ['why401.credential.present'],
  credentialLocation: ['why401.credential.location'],
  cookie: ['http.request.header.cookie'],
  apiKey: [
    'http.request.header.x-api-key',
    'http.request.header.api-key',
    'http.request.header.apikey',
    'http.request.header.x-auth-token',
  ],
  proxyAuthorization: ['http.request.header.proxy-authorization'],
  authorization: ['http.request.header.authorization'],
  challenge: ['http.response.header.www-authenticate', 'http.response.header.www_authenticate', 'www_authenticate'],
  proxyChallenge: ['http.response.header.proxy-authenticate', 'http.response.header.proxy_authenticate', 'proxy_authenticate'],
  responseBody: ['http.response.body.content', 'http.response.body', 'response.body'],
  urlScheme: ['url.scheme', 'http.scheme'],
  forwardedScheme: ['http.request.header.x-forwarded-proto'],
  forwarded: ['http.request.header.forwarded'],
  serverAddress: ['server.address', 'net.host.name', 'http.host'],
  userAgent: [
    'user_agent.original',
    'http.user_agent',
    'user_agent',
    'http.request.header.user-agent',
    'http_user_agent',
    'RequestUserAgent',
    'ClientRequestUserAgent',
  ],
  clientAddress: [
    'client.address',
    'net.peer.ip',
    'client_ip',
    'client.ip',
    'source.ip',
    'http.client_ip',
    'source.address',
    'remote_addr',
    'remote_ip',
    'client',
    'ClientHost',
    'ClientIP',
  ],
  clientDomain: ['client.domain', 'source.domain'],
  user: ['user.id', 'enduser.id', 'user', 'user_id', 'userId', 'enduser.pseudo.id', 'user.name', 'sub', 'ClientUsername', 'remote_user'],
  instance: ['service.instance.id', 'k8s.pod.name', 'host.name', 'container.id'],
  version: ['service.version'],
  issuer: ['why401.token.issuer', 'token.iss'],
  keyId: ['why401.token.key_id', 'token.kid'],
  expiresAt: ['why401.token.expires_at', 'token.exp'],
  issuedAt: ['why401.token.issued_at', 'token.iat'],
  notBefore: ['why401.token.not_before', 'token.nbf'],
} as const satisfies Record<string, readonly string[]>;

export type Field = keyof typeof NAMES;

/** The first value that the record gives for a field; the record's own attributes win over its resource. */
export function fieldOf(record: LogRecord, field: Field): AttributeValue | undefined {
  for (const name of NAMES[field]) {
    const value = own(record.attributes, name) ?? own(record.resource, name);
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

/** Header names in any case as OpenTelemetry has them, in lower case: HTTP does not tell them apart, and not every sender lowers them. */
export function withLowerHeaders(record: LogRecord): LogRecord {
  const names = Object.keys(record.attributes);
  if (!names.some((name) => HEADER.test(name) && name !== name.toLowerCase())) return record;
  const attributes = Object.fromEntries(
    names.map((name) => [HEADER.test(name) ? name.toLowerCase() : name, record.attributes[name] ?? null]),
  );
  return { ...record, attributes };
}

const HEADER = /^http\.(?:request|response)\.header\./i;

/** The same as text: a list gives its first item (header attributes are lists), an object gives nothing. */
export function textOf(record: LogRecord, field: Field): string | undefined {
  return textIn(fieldOf(record, field));
}

/** The same as a finite number; text is read as a decimal. */
export function numberOf(record: LogRecord, field: Field): number | undefined {
  const text = textOf(record, field);
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Every name's value as text, for facts that records carry several of. */
export function textsOf(record: LogRecord, field: Field): string[] {
  return NAMES[field].map((name) => textIn(own(record.attributes, name))).filter((text) => text !== undefined && text !== '') as string[];
}

/** What the record calls its codes; Entra's sign-in logs leave the prefix of theirs out. */
export function codesOf(record: LogRecord): string[] {
  const results = ENTRA_RESULTS.flatMap((name) => textIn(own(record.attributes, name)) ?? []).filter((text) => /^\d{5,7}$/.test(text));
  return [...textsOf(record, 'code'), ...results.map((number) => `AADSTS${number}`)];
}

const ENTRA_RESULTS = ['resultType', 'result.type'];

/** All values of a header attribute, one string per field line. */
export function linesOf(record: LogRecord, field: Field): string[] {
  const value = fieldOf(record, field);
  const values = Array.isArray(value) ? value : [value];
  return values.map(textIn).filter((text) => text !== undefined);
}

/** A scalar as text; of a list its first item. */
export function textIn(value: AttributeValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  // One level only: a sender may nest lists as deep as it likes.
  return Array.isArray(value) && !Array.isArray(value[0]) ? textIn(value[0]) : undefined;
}

/** Own properties only: a sender may name an attribute `constructor`. */
function own(attributes: Attributes, name: string): AttributeValue | undefined {
  return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
}

/** What an attribute is looked at for; roles add up. */
export const ROLE = {
  /** Its value can change the signature. */
  signature: 1,
  /** An HTTP status. */
  status: 2,
  /** The sender says itself what the record is. */
  mark: 4,
  /** It can make a refusal of a record that has no status, or a success. */
  proof: 8,
  /** The answer's body. */
  answer: 16,
  /** Who asked, and what answered: no part of the signature but for crawlers. */
  who: 32,
  /** It can change the signature by how it lies to the record's time. */
  time: 64,
  /** Where the request went. */
  place: 128,
} as const;

const PROVING: readonly Field[] = ['code', 'errorType', 'exceptionType', 'exceptionMessage', 'event'];
const WHO: readonly Field[] = ['userAgent', 'clientAddress', 'clientDomain', 'user', 'instance', 'version', 'issuer', 'keyId'];
const PLACE: readonly Field[] = ['service', 'environment', 'route'];
const TIMED: readonly Field[] = ['expiresAt', 'issuedAt', 'notBefore', 'authorization', 'proxyAuthorization'];
/** Where gRPC's status and audit logs' outcomes stand, and names that mean a status beside a request. */
export const RPC_NAMES = [
  'rpc.grpc.status_code',
  'rpc.response.status_code',
  'grpc_status_number',
  'grpc_status',
  'grpc.code',
  'grpc.status',
  'rpc.jsonrpc.error_code',
  'protoPayload.status.code',
] as const;
export const LOOSE_STATUS_NAMES = ['code', 'response', 'resp'] as const;
/** Beside one of these, the names above mean a status. */
export const REQUEST_NAMES = [
  'method',
  'request',
  'verb',
  'path',
  'uri',
  'url',
  'http.request.method',
  'request_method',
  'URI',
  'http.verb',
] as const;
export const OUTCOME = 'outcome.result';
const EVENT_NAME = 'event.name';

const ROLES: ReadonlyMap<string, number> = rolesByName();

function rolesByName(): Map<string, number> {
  const roles = new Map<string, number>();
  const add = (name: string, role: number): void => void roles.set(name, (roles.get(name) ?? 0) | role);
  for (const [field, names] of Object.entries(NAMES) as [Field, readonly string[]][]) {
    for (const name of names) {
      if (WHO.includes(field)) add(name, ROLE.who);
      else add(name, ROLE.signature | (PROVING.includes(field) ? ROLE.proof : 0) | (TIMED.includes(field) ? ROLE.time : 0));
    }
  }
  for (const field of PLACE) for (const name of NAMES[field]) add(name, ROLE.place);
  for (const name of STATUS_NAMES) add(name, ROLE.status);
  for (const name of NAMES.responseBody) add(name, ROLE.answer);
  for (const name of REQUEST_NAMES) add(name, ROLE.signature);
  for (const name of [...RPC_NAMES, ...LOOSE_STATUS_NAMES, ...ENTRA_RESULTS, OUTCOME]) add(name, ROLE.signature | ROLE.proof);
  for (const name of [...NAMES.cause, 'why401.reason', EVENT_NAME]) add(name, ROLE.signature | ROLE.mark);
  return roles;
}

/** @returns the roles of an attribute's name; 0 for one that nothing here reads */
export function roleOf(name: string): number {
  const role = ROLES.get(name);
  if (role !== undefined) return role;
  return name.startsWith('why401') || HEADER.test(name) ? roleOfPrefixed(name) : 0;
}

/** Headers in any case, and members of maps that are spread. */
function roleOfPrefixed(name: string): number {
  return (ROLES.get(name.toLowerCase()) ?? 0) | ROLE.signature | (name === 'why401' ? ROLE.mark : 0);
}
