/** The ingest paths for the OpenAPI document; they are served by a plain handler that no scanner sees. */
import type { OpenAPIObject } from '@nestjs/swagger';

const problem = (description: string): object => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});
const status = (description: string): object => ({
  description,
  content: {
    'application/json': { schema: { type: 'object', properties: { code: { type: 'integer' }, message: { type: 'string' } } } },
    'application/x-protobuf': {},
  },
});
const encoding = {
  name: 'content-encoding',
  in: 'header',
  required: false,
  schema: { type: 'string', enum: ['identity', 'gzip', 'deflate', 'zstd'] },
  description: 'zstd needs Node 22.15 or newer.',
};

const idempotencyKey = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  schema: { type: 'string' },
  description: 'The same events under the same key within 15 minutes count once.',
};

const texts = { type: 'array', items: { type: 'string' } };
const CLASSIFIED = {
  type: 'object',
  required: ['cause', 'fault', 'confidence', 'evidence', 'also', 'findings', 'template', 'advice'],
  properties: {
    cause: { type: 'string' },
    fault: { type: 'string' },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    evidence: {
      type: 'array',
      items: { type: 'object', properties: { field: { type: 'string' }, matched: { type: 'string' }, rule: { type: 'string' } } },
    },
    also: texts,
    findings: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          severity: { type: 'string', enum: ['low', 'medium', 'high', 'critical'] },
          detail: { type: 'string' },
          reference: { type: 'string' },
        },
      },
    },
    template: { type: 'string', description: 'The reason text with everything that varies replaced.' },
    advice: { type: 'object', properties: { user: texts, client: texts, server: texts } },
    challenge: {
      type: 'object',
      description: 'Only when the event carries WWW-Authenticate or Proxy-Authenticate.',
      properties: { valid: { type: 'boolean' }, challenges: { type: 'array', items: { type: 'object' } } },
    },
  },
};

export const INGEST_OPENAPI_PATHS = {
  '/v1/logs': {
    post: {
      tags: ['ingest'],
      summary: 'OTLP/HTTP logs: ExportLogsServiceRequest as protobuf or JSON',
      parameters: [encoding],
      requestBody: { required: true, content: { 'application/x-protobuf': {}, 'application/json': { schema: { type: 'object' } } } },
      responses: {
        200: {
          description: 'Taken over; partialSuccess names rejected records.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  partialSuccess: {
                    type: 'object',
                    properties: { rejectedLogRecords: { type: 'string' }, errorMessage: { type: 'string' } },
                  },
                },
              },
            },
            'application/x-protobuf': {},
          },
        },
        400: status('Not decodable. google.rpc.Status in the encoding of the request.'),
        413: status('Larger than 64 MiB.'),
        405: status('Not POST.'),
        415: status('Media type or content encoding not supported.'),
        500: status('An error of ours.'),
        503: status('Queue away or no room; come again after Retry-After seconds.'),
      },
    },
  },
  '/v1/classify': {
    post: {
      tags: ['teach'],
      summary: 'Judge events without storing them: cause, evidence, findings and advice, one result per event in order',
      parameters: [encoding],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: {} }, 'application/x-ndjson': { schema: { type: 'string' } } },
      },
      responses: {
        200: {
          description: 'At most 1,000 events a request.',
          content: {
            'application/json': {
              schema: { type: 'object', properties: { results: { type: 'array', items: CLASSIFIED } }, required: ['results'] },
            },
          },
        },
        400: problem('No JSON, or an event that is none.'),
        405: problem('Not POST.'),
        413: problem('Larger than 64 MiB, or more than 1,000 events.'),
        415: problem('Media type or content encoding not supported.'),
        500: problem('An error of ours.'),
        503: problem('No room, or the database does not answer; come again after Retry-After seconds.'),
      },
    },
  },
  '/v1/events': {
    post: {
      tags: ['ingest'],
      summary: 'Events as a JSON object, an array, or one a line',
      parameters: [encoding, idempotencyKey],
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { oneOf: [{ type: 'object' }, { type: 'array', items: { type: 'object' } }] },
            example: { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' },
          },
          'application/x-ndjson': { schema: { type: 'string' } },
        },
      },
      responses: {
        202: {
          description: 'Taken over; what was rejected stands with its index.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['accepted', 'ignored', 'rejected'],
                properties: {
                  accepted: { type: 'integer' },
                  ignored: { type: 'integer' },
                  rejected_more: { type: 'integer', description: 'Rejected beyond the 10,000 that are listed.' },
                  rejected: {
                    type: 'array',
                    items: {
                      type: 'object',
                      required: ['index', 'reason'],
                      properties: { index: { type: 'integer' }, reason: { type: 'string' } },
                    },
                  },
                },
              },
            },
          },
        },
        400: problem('Nothing could be read.'),
        413: problem(
          'Larger than 64 MiB, more than 1,000,000 events, more than about 8,000 different refusals, or refusals in too many minutes.',
        ),
        405: problem('Not POST.'),
        415: problem('Media type or content encoding not supported.'),
        500: problem('An error of ours.'),
        503: problem('Queue away or no room; come again after Retry-After seconds.'),
      },
    },
  },
} as unknown as OpenAPIObject['paths'];
