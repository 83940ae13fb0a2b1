/**
 * A client of the REST API, typed by schema.ts. It needs nothing but `fetch` and nothing that Node could not strip, so
 * that a script may copy both files and run as it is; the dashboard asks through it as well.
 *
 *   const ask = connect('http://127.0.0.1:4010', 'w401_…');
 *   const { rows } = await ask('get', '/v1/top', { query: { by: 'service,cause', from: '-1h' } });
 */
import type { components, paths } from './schema.js';

/** Bodies and answers by the names that the document has for them. */
export type Schemas = components['schemas'];

type Method = 'get' | 'post' | 'put' | 'delete';
type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];
type OperationAt<M extends Method, P extends PathOf<M>> = paths[P] extends Record<M, infer Operation> ? Operation : never;

type BodyOf<Operation> = Operation extends { requestBody: { content: { 'application/json': infer Body } } } ? Body : undefined;
type ContentOf<Answer> = Answer extends { content: { 'application/json': infer Json } }
  ? Json
  : Answer extends { content: Record<string, infer Text> }
    ? Text
    : undefined;
type AnswerOf<Operation> = Operation extends { responses: infer Responses }
  ? ContentOf<Responses[Extract<keyof Responses, 200 | 201 | 202 | 204>]>
  : never;

type Given<Operation> = (Operation extends { parameters: infer Parameters }
  ? Pick<Parameters, Extract<keyof Parameters, 'path' | 'query'>>
  : never) &
  (undefined extends BodyOf<Operation> ? { body?: undefined } : { body: BodyOf<Operation> }) & { signal?: AbortSignal };

/** An address of the document with its parameters filled in, for those who write it themselves. */
export type Address<M extends Method> = Filled<PathOf<M>> | `${Filled<PathOf<M>>}?${string}`;
type Filled<Path extends string> = Path extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${After}` : Path;

/** A question, and the type of its answer. */
export interface Call<Answer> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Holds the type alone. */
  answer?: Answer;
}

type Ask = <M extends Method, P extends PathOf<M>>(
  method: M,
  path: P,
  ...given: object extends Given<OperationAt<M, P>> ? [given?: Given<OperationAt<M, P>>] : [given: Given<OperationAt<M, P>>]
) => Promise<AnswerOf<OperationAt<M, P>>>;

/** What the service said against a request; `message` names the fields. */
export class RequestError extends Error {
  /** Of HTTP; 0 where there was no answer. */
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/**
 * @param origin where the service is
 * @param key where it asks for one
 * @returns what asks it, and throws RequestError
 */
export function connect(origin: string, key?: string): Ask {
  return (method, path, ...[given]) => {
    const { path: inPath = {}, query = {}, body, signal } = (given ?? {}) as Loose;
    const address = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(inPath[name] ?? ''));
    const call = { method: method.toUpperCase() as Call<unknown>['method'], path: address + queryOf(query), body };
    return send<never>(call, { origin, ...(key === undefined ? {} : { key }), ...(signal === undefined ? {} : { signal }) });
  };
}

type Value = string | number | boolean;
/** As it is put together. */
interface Loose {
  path?: Record<string, string>;
  query?: Record<string, Value | Value[] | undefined>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Parameters with several values are repeated. */
function queryOf(query: NonNullable<Loose['query']>): string {
  const pairs = Object.entries(query).flatMap(([name, given]) =>
    [given]
      .flat()
      .filter((value) => value !== undefined)
      .map((value): [string, string] => [name, String(value)]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

/** @param origin '' for the one of the page @throws RequestError with what the service said, or that it cannot be reached */
export async function send<Answer>(
  { method, path, body }: Call<Answer>,
  { origin = '', key, signal }: { origin?: string; key?: string; signal?: AbortSignal } = {},
): Promise<Answer> {
  const headers = {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const init: RequestInit = { method, headers, ...(signal === undefined ? {} : { signal }) };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(origin + path, init).catch((error: unknown) => {
    if (signal?.aborted === true) throw error;
    throw new RequestError('The service does not answer.', 0);
  });
  const text = await response.text();
  if (!response.ok) throw new RequestError(problemIn(text, response.status), response.status);
  const isJson = response.headers.get('content-type')?.includes('json') === true;
  return (text === '' ? undefined : isJson ? JSON.parse(text) : text) as Answer;
}

/** In the form of RFC 9457, where it came from the service itself. */
function problemIn(text: string, status: number): string {
  try {
    const { title, detail, errors = [] } = JSON.parse(text) as Partial<Schemas['Problem']>;
    const fields = errors.map(({ field, message }) => `${field} ${message}`).join('; ');
    return [detail ?? title ?? `The service answered ${String(status)}.`, fields].filter((part) => part !== '').join(': ');
  } catch {
    return `The service answered ${String(status)}.`;
  }
}
