/**
 * The OpenAPI document: what Nest finds at the controllers, the ingest paths that it does not see, and what all operations
 * have in common, said once: errors, descriptions, examples, parameters. test/int/openapi.int.test.ts lints it and holds
 * the service against it.
 */
import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { z } from 'zod';
import { INGEST_OPENAPI_PATHS, INGEST_OPENAPI_SCHEMAS } from '../ingest/openapi-paths.js';
import { problemAnswer } from '../ops/problem.js';
import { CSV, EXAMPLES, TEXTS } from './examples.js';
import { COMMON_ERRORS, PROBLEMS, problemContent } from './errors.js';

interface Parameter {
  name: string;
  in: string;
  description?: string;
  schema?: { description?: string };
}
type Content = Record<string, { schema?: object; example?: unknown }>;
interface Response {
  description?: string;
  content?: Content;
}
interface Operation {
  operationId: string;
  security?: object[];
  parameters?: (Parameter | { $ref: string })[];
  requestBody?: { content: Content };
  responses: Record<string, Response | { $ref: string }>;
}

const DESCRIPTION = [
  'Why requests are refused, and what to do about it.',
  'Times are UTC; inputs take RFC 3339, epoch numbers, or spans back such as -15m.',
  'Parameters and members that are not known are errors (400) that name them. Errors are problem details (RFC 9457).',
  'HEAD is answered wherever GET is. A process whose listeners are all on loopback asks for no key until the first one is made.',
].join(' ');

const TAGS = {
  ingest: 'Send records of requests, refused or not.',
  query: 'Ask what was refused, why, where, since when and for whom.',
  teach: 'Say what causes are, and judge without storing.',
  alerts: 'Be told: rules, alerts, endpoints, deliveries, silences.',
  keys: 'Who may do what: keys, projects, and signing in.',
  operations: 'Is it alive, is it ready, what are its figures.',
};

const DONE: Record<string, string> = {
  '200': 'What was asked for.',
  '201': 'As it was added.',
  '202': 'Taken over.',
  '204': 'Done; there is no body.',
};

const SECURITY_SCHEMES = {
  key: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'w401_<id>_<secret>',
    description: 'A key with one of the scopes that the operation names; `admin` includes the others.',
  },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'why401_key',
    description: 'The same, as `signIn` sets it (over https `__Host-why401_key`). Only pages of this service may change anything with it.',
  },
};

/** Text, though it ends in json. */
const LINES = 'application/x-ndjson';

export function openApiOf(app: INestApplication, version: string): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('why401')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'The service that this document comes from');
  for (const [name, meaning] of Object.entries(TAGS)) builder.addTag(name, meaning);
  const found = SwaggerModule.createDocument(app, builder.build(), { standardSchemaConverter: jsonSchemaOf });
  const paths = structuredClone({ ...found.paths, ...INGEST_OPENAPI_PATHS });
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as unknown as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
  );
  for (const one of operations) complete(one);
  const parameters = shareParameters(operations.map(({ operation }) => operation));
  const schemas = { ...found.components?.schemas, ...INGEST_OPENAPI_SCHEMAS, ...jsonSchemaOf(problemAnswer).components };
  const responses = Object.fromEntries(COMMON_ERRORS.map(({ name, response }) => [name, response]));
  return {
    ...found,
    security: [],
    paths,
    components: { schemas, parameters, responses, securitySchemes: SECURITY_SCHEMES },
  } as OpenAPIObject;
}

/** In the dialect of OpenAPI 3.1, without what formats and integers say by themselves. */
function jsonSchemaOf(
  schema: unknown,
  { schemaType }: { schemaType: 'input' | 'output' } = { schemaType: 'output' },
): { schema: Record<string, unknown>; components: Record<string, Record<string, unknown>> } {
  const { $defs = {}, ...rest } = z.toJSONSchema(schema as z.ZodType, {
    io: schemaType,
    unrepresentable: 'any',
    override: ({ jsonSchema }) => {
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  delete rest.$schema;
  return { schema: rest, components: $defs };
}

function complete({ path, method, operation }: { path: string; method: string; operation: Operation }): void {
  const { operationId, parameters = [], requestBody, responses } = operation;
  for (const parameter of parameters) {
    if (!('name' in parameter)) continue;
    parameter.description ??= `The \`${parameter.name}\` that the list of them gives.`;
    // Nest says it of both.
    delete parameter.schema?.description;
  }
  for (const error of COMMON_ERRORS)
    if (error.holds(path, operation, method)) responses[error.status] ??= { $ref: `#/components/responses/${error.name}` };
  const example = EXAMPLES[operationId] ?? {};
  if (requestBody !== undefined) illustrate(requestBody.content, example.body, operationId);
  for (const [status, response] of Object.entries(responses)) {
    if ('$ref' in response) continue;
    // Nest leaves an empty text where none is given.
    if (response.description === undefined || response.description === '') response.description = DONE[status] ?? '';
    if (response.content !== undefined)
      illustrate(response.content, status < '400' ? example.answer : (example.error ?? PROBLEMS[status]), operationId);
    else if (status >= '400') response.content = problemContent(status);
  }
}

/** Text formats have a text of their own; in JSON goes the example given. */
function illustrate(content: Content, example: unknown, operationId: string): void {
  for (const [type, media] of Object.entries(content)) {
    if (type.endsWith('json') && type !== LINES) media.example = example;
    else if (type.startsWith('text/') || type === LINES) {
      if (type !== LINES) media.schema = { type: 'string' };
      media.example = type === 'text/csv' ? CSV[operationId] : TEXTS[type];
    }
  }
}

/** Filters and spans stand at a dozen operations: what is the same at several is written once. */
function shareParameters(operations: readonly Operation[]): Record<string, Parameter> {
  const uses = new Map<string, number>();
  for (const { parameters = [] } of operations)
    for (const parameter of parameters) uses.set(JSON.stringify(parameter), (uses.get(JSON.stringify(parameter)) ?? 0) + 1);
  const shared: Record<string, Parameter> = {};
  for (const operation of operations)
    operation.parameters = (operation.parameters ?? []).map((parameter) => {
      const text = JSON.stringify(parameter);
      if (!('name' in parameter) || (uses.get(text) ?? 0) < 2) return parameter;
      const name = parameter.name;
      shared[name] ??= parameter;
      return JSON.stringify(shared[name]) === text ? { $ref: `#/components/parameters/${name}` } : parameter;
    });
  return shared;
}
