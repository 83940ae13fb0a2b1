/**
 * The ingest paths and their schemas for the OpenAPI document: they are served by plain handlers that no scanner sees.
 * What all operations have in common, and the examples, come from src/openapi.
 */
import type { OpenAPIObject } from '@nestjs/swagger';

const ref = (schema: string): object => ({ $ref: `#/components/schemas/${schema}` });
const json = (schema: object): object => ({ 'application/json': { schema } });
const text = { type: 'string' };
const texts = { type: 'array', items: text };
const count = { type: 'integer', minimum: 0 };

/** A closed object; members are required, but for those whose names end in `?`. */
function whole(members: Record<string, object>, more: object = {}): object {
  const required = Object.keys(members).filter((name) => !name.endsWith('?'));
  const properties = Object.fromEntries(Object.entries(members).map(([name, schema]) => [name.replace('?', ''), schema]));
  return { type: 'object', required, properties, additionalProperties: false, ...more };
}

const ANY_OF_TIME = { anyOf: [{ type: 'string' }, { type: 'number' }], description: 'RFC 3339 or an epoch number; default: now.' };

const EVENT = {
  type: 'object',
  description: 'A record, flat or in the shape of OpenTelemetry; both may be mixed, and what is not known is an attribute.',
  properties: {
    time: ANY_OF_TIME,
    service: text,
    environment: text,
    method: text,
    route: { type: 'string', description: 'As declared, such as /orders/{id}.' },
    path: text,
    status: { type: 'integer', description: 'HTTP status of the answer.' },
    reason: { type: 'string', description: 'Why it was refused, in the words of whoever refused.' },
    error_code: text,
    exception_type: text,
    cause: { type: 'string', description: 'A cause of the catalogue, where the sender knows it.' },
    www_authenticate: { anyOf: [text, texts], description: 'The challenge as it was sent.' },
    authorization_scheme: text,
    authorization: { type: 'string', description: 'Its shape alone is looked at; nothing of it is kept.' },
    token: { type: 'object', description: 'Claims of the token that was sent: exp, iat, nbf, iss, aud, kid.' },
    client_ip: text,
    user_agent: text,
    user: { type: 'string', description: 'Counted through a keyed pseudonym; never kept.' },
    trace_id: { type: 'string', description: '32 hex digits.' },
    body: { description: 'The body of a log record.' },
    attributes: { type: 'object', description: 'Attributes of a log record.' },
    resource: { type: 'object', description: 'Resource attributes.' },
  },
};

export const INGEST_OPENAPI_SCHEMAS = {
  Event: EVENT,
  EventsAnswer: whole({
    accepted: { ...count, description: 'Refusals that are counted.' },
    ignored: { ...count, description: 'Records of requests that were not refused.' },
    rejected: {
      type: 'array',
      description: 'What could not be used, the first 10,000.',
      items: whole({ index: { ...count, description: 'Its place in the request, from 0.' }, reason: text }),
    },
    'rejected_more?': { ...count, description: 'Rejected beyond the ones that are listed.' },
  }),
  Judgement: whole({
    cause: text,
    fault: text,
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    evidence: { type: 'array', items: ref('Evidence') },
    also: texts,
    findings: {
      type: 'array',
      items: whole({ id: text, severity: { type: 'string', enum: ['low', 'medium', 'high', 'critical'] }, detail: text, reference: text }),
    },
    template: { type: 'string', description: 'The reason text with everything that varies replaced.' },
    advice: whole({ user: texts, client: texts, server: texts }),
    'challenge?': whole(
      {
        valid: { type: 'boolean' },
        challenges: {
          type: 'array',
          items: whole({
            scheme: text,
            params: { type: 'object', additionalProperties: text },
            token68: { type: ['string', 'null'] },
          }),
        },
      },
      { description: 'Only when the event carries WWW-Authenticate or Proxy-Authenticate.' },
    ),
  }),
  Judgements: whole({ results: { type: 'array', items: ref('Judgement'), description: 'One per event, in order.' } }),
  LogsRequest: {
    type: 'object',
    description: 'ExportLogsServiceRequest of OTLP 1.x in JSON.',
    externalDocs: { url: 'https://opentelemetry.io/docs/specs/otlp/#otlphttp', description: 'OTLP/HTTP' },
    properties: { resourceLogs: { type: 'array', items: { type: 'object' } } },
  },
  LogsAnswer: whole({
    'partialSuccess?': whole({
      'rejectedLogRecords?': { type: 'string', description: 'How many, as a decimal number.' },
      errorMessage: text,
    }),
  }),
  RpcStatus: whole({
    code: { type: 'integer', description: 'google.rpc.Code' },
    message: text,
    'details?': { type: 'array', items: { type: 'object' }, description: 'RetryInfo, where coming again helps.' },
  }),
};

/** google.rpc.Status, as OTLP wants it. */
const status = (description: string): object => ({
  description: `${description} google.rpc.Status in the encoding of the request.`,
  content: { ...json(ref('RpcStatus')), 'application/x-protobuf': { schema: {} } },
});

const encoding = {
  name: 'content-encoding',
  in: 'header',
  required: false,
  schema: { type: 'string', enum: ['identity', 'gzip', 'deflate', 'zstd'] },
  description: 'How the body is compressed. zstd needs Node 22.15 or newer.',
};

const idempotencyKey = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  schema: text,
  description: 'The same events under the same key within 15 minutes count once.',
};

const events = {
  required: true,
  content: {
    ...json({ anyOf: [ref('Event'), { type: 'array', items: ref('Event') }] }),
    'application/x-ndjson': { schema: { type: 'string', description: 'One event a line.' } },
  },
};

/** The schemes of src/openapi/document.ts. */
const security = (...scopes: string[]): object[] => [{ key: scopes }, { session: scopes }];

export const INGEST_OPENAPI_PATHS = {
  '/v1/logs': {
    post: {
      tags: ['ingest'],
      operationId: 'exportLogs',
      security: security('ingest'),
      summary: 'OTLP/HTTP logs: ExportLogsServiceRequest as protobuf or JSON',
      description: 'The OTLP port takes the same. Any exporter of OpenTelemetry speaks it.',
      parameters: [encoding],
      requestBody: { required: true, content: { 'application/x-protobuf': { schema: {} }, ...json(ref('LogsRequest')) } },
      responses: {
        200: {
          description: 'Taken over; partialSuccess says how many records were rejected.',
          content: { ...json(ref('LogsAnswer')), 'application/x-protobuf': { schema: {} } },
        },
        400: status('Not decodable.'),
        401: status('No key was sent, or one that does not hold.'),
        403: status('The key lacks the scope `ingest`.'),
        405: status('Not POST.'),
        408: status('The body did not arrive within 30 seconds.'),
        413: status('Larger than 64 MiB, or too many records.'),
        414: status('The address is longer than 112 KiB.'),
        415: status('Media type or content encoding not supported.'),
        417: status('`Expect` asks for something else than 100-continue.'),
        421: status('No key is asked for, and the host is neither localhost nor an IP address.'),
        429: status('Too many keys that do not hold came from this address; come again after Retry-After seconds.'),
        431: status('The headers are longer than 16 KiB, or more than 100.'),
        500: status('An error of ours.'),
        503: status('Queue away or no room; come again after Retry-After seconds.'),
      },
    },
  },
  '/v1/classify': {
    post: {
      tags: ['teach'],
      operationId: 'classify',
      security: security('read', 'ingest'),
      summary: 'Judge events without storing them: cause, evidence, findings and advice, one result per event in order',
      parameters: [encoding],
      requestBody: events,
      responses: {
        200: { description: 'What each event shows.', content: json(ref('Judgements')) },
        413: { description: 'Larger than 64 MiB, or more than 1,000 events.' },
      },
    },
  },
  '/v1/events': {
    post: {
      tags: ['ingest'],
      operationId: 'sendEvents',
      security: security('ingest'),
      summary: 'Events as a JSON object, an array, or one a line',
      parameters: [encoding, idempotencyKey],
      requestBody: events,
      responses: {
        202: { description: 'Taken over; what was rejected stands with its index.', content: json(ref('EventsAnswer')) },
        413: {
          description:
            'Larger than 64 MiB, more than 1,000,000 events, more than about 8,000 different refusals, or refusals in too many minutes.',
        },
      },
    },
  },
} as unknown as OpenAPIObject['paths'];
