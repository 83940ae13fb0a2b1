/** The OpenAPI document as a contract: which operations there are, and whether an answer is one that it has. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

export interface Media {
  schema?: object;
  example?: unknown;
}
interface Answer {
  $ref?: string;
  description?: string;
  content?: Record<string, Media>;
}
interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  description?: string;
  schema?: object;
}
export interface Operation {
  /** Scopes by scheme. */
  security?: Record<string, string[]>[];
  method: string;
  path: string;
  operationId: string;
  summary?: string;
  tags?: string[];
  parameters: Parameter[];
  body: Record<string, Media>;
  answers: Record<string, Answer>;
}
/** What an operation is asked with. */
export interface Asked {
  path?: Record<string, string>;
  query?: Record<string, string>;
  /** Instead of the example's, or beside it. */
  body?: object | undefined;
}
interface Item {
  [method: string]: {
    operationId: string;
    security?: Record<string, string[]>[];
    parameters?: Parameter[];
    requestBody?: { content: Record<string, Media> };
    responses: Record<string, Answer>;
  };
}
export interface Document {
  openapi: string;
  tags: { name: string; description?: string }[];
  paths: Record<string, Item>;
}

const FORMATS: Record<string, RegExp> = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
  uuid: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
  uri: /^[a-z]+:\/\/\S+$/,
};

export class Contract {
  readonly operations: Operation[];
  private readonly compiled = new Map<string, ValidateFunction>();
  private readonly ajv = new Ajv2020({ strict: false, allErrors: true, formats: FORMATS });

  constructor(private readonly document: Document) {
    this.ajv.addSchema(document, 'openapi');
    this.operations = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, { parameters = [], requestBody, responses, ...rest }]) => ({
        ...rest,
        ...{ method: method.toUpperCase(), path, body: requestBody?.content ?? {} },
        parameters: parameters.map((one) => this.resolved(one)),
        answers: Object.fromEntries(Object.entries(responses).map(([status, one]) => [status, this.resolved(one)])),
      })),
    );
  }

  operation(id: string): Operation {
    const found = this.operations.find(({ operationId }) => operationId === id);
    if (found === undefined) throw new Error(`the document has no operation ${id}`);
    return found;
  }

  /** @returns undefined for what the document has nothing of: pages, and paths and methods that there are not */
  operationAt(method: string, address: string): Operation | undefined {
    const [path = ''] = address.split('?');
    // Where a name and a parameter fit, the name is meant: /v1/rules/preview is no rule.
    return this.operations
      .filter((one) => one.method === method && new RegExp(`^${one.path.replace(/\{\w+\}/g, '[^/]+')}$`).test(path))
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0];
  }

  /** @returns what is wrong with a value that should fit a schema of the document */
  problemsOf(schema: object, value: unknown): string[] {
    // References in it are to the document.
    const text = JSON.stringify(schema).replaceAll('"#/', '"openapi#/');
    const validate = this.compiled.get(text) ?? this.ajv.compile(JSON.parse(text) as object);
    this.compiled.set(text, validate);
    return validate(value)
      ? []
      : (validate.errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message ?? ''} ${JSON.stringify(params)}`);
  }

  /** @returns what is wrong with an answer of the service: a status, a media type or a body that the document does not have */
  async problemsWith({ operationId, answers }: Operation, response: Response): Promise<string[]> {
    const text = await response.clone().text();
    const type = response.headers.get('content-type')?.split(';', 1)[0];
    const answer = answers[String(response.status)];
    const where = `${operationId} ${String(response.status)} ${type ?? 'without a body'}`;
    if (answer === undefined) return [`${where}: not a status of the document: ${text}`];
    if (answer.content === undefined) return text === '' ? [] : [`${where}: the document has no body`];
    const media = type === undefined ? undefined : answer.content[type];
    if (media === undefined) return [`${where}: not a media type of the document`];
    const value: unknown = type?.includes('json') === true ? JSON.parse(text) : text;
    return this.problemsOf(media.schema ?? {}, value).map((problem) => `${where}: ${problem}`);
  }

  /** What a reference of the document is to. */
  resolved<T extends { $ref?: string }>(given: T): T {
    if (given.$ref === undefined) return given;
    const names = given.$ref.split('/').slice(1);
    return names.reduce<unknown>((node, name) => (node as Record<string, unknown>)[name], this.document) as T;
  }
}

/** @param url where the service is */
export function sendTo(
  url: string,
  { method, path }: Pick<Operation, 'method' | 'path'>,
  asked: Asked,
  { body, headers = {} }: { body?: string | Buffer | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) => asked.path?.[name] ?? '');
  const query = asked.query === undefined ? '' : `?${new URLSearchParams(asked.query).toString()}`;
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return fetch(url + address + query, {
    method,
    headers: { ...type, ...headers },
    ...(body === undefined ? {} : { body: body as string }),
  });
}

/** The body that the document has as its example. @param more members beside its own, or instead of them */
export function exampleOf({ body }: Operation, more: object = {}): string | undefined {
  const example = body['application/json']?.example;
  return example === undefined ? undefined : JSON.stringify({ ...example, ...more });
}
