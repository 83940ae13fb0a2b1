/**
 * Asks every operation of the OpenAPI document of a running service with values that are right, nearly right, or hostile,
 * and holds each answer against the document. The document is all it knows: an operation that is added is asked as well.
 */
import fc from 'fast-check';
import { Agent, request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { App } from './app.js';
import { hostileBody, hostileText, Schemas, type Schema } from './hostile.js';
import { until } from './service.js';
import { Contract, type Document, type Operation } from './openapi.js';

export interface Hostile {
  operationId: string;
  method: string;
  path: string;
  headers: [string, string][];
  body: Buffer | undefined;
}
interface Sent {
  status: number;
  headers: Record<string, string>;
  text: string;
}
export interface Outcome {
  /** Requests by operation and status. */
  seen: Map<string, number>;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'];
const MEDIA_TYPES = [
  ...['application/json', 'application/json; charset=utf-8', 'application/json; charset=utf-16', 'application/json; charset=nonsense'],
  ...[
    'application/x-ndjson',
    'application/x-protobuf',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'text/plain',
  ],
  ...['text/html', 'application/vnd.api+json', 'application/json, text/plain', 'json', ';', '*/*', 'a/b; q="'],
];
const ACCEPTED = ['*/*', 'text/csv', 'application/json', 'text/csv;q=0.1, application/json;q=0', 'image/png', ';;', 'text/html', ''];
const MOMENTS = ['-15m', '-1h', '-24h', '-7d', 'now', '2026-11-01T00:00:00Z'];
const DIMENSIONS = ['service', 'cause', 'route', 'status', 'user_agent'];
/** What parameters understand and schemas do not say, by their names. */
const UNDERSTOOD: Record<string, string[]> = {
  ...{ from: MOMENTS, to: ['now'], baseline_from: ['-2h'], baseline_to: ['-1h'], step: ['auto', '1m', '1h'], limit: ['1', '10', '50'] },
  ...{
    by: ['', 'service', 'cause', 'service,cause'],
    name: DIMENSIONS,
    service: ['checkout', '!checkout', 'che*'],
    cause: ['expired_token', 'unknown'],
  },
  ...{ route: ['/orders/{id}'], status: ['401', 'open'], template: ['^jwt'] },
};
/** Repeated, they make a rule fire. */
const EVENT = { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
const LEARN_EVERY = 200;

/** Words of what should stay inside: places in our code, statements, names of errors. */
const INSIDE =
  /node_modules|\bat (?:\S+ )?\(?(?:file:|node:|\/)|\.[jt]s:\d+|\b(?:SELECT|INSERT|UPDATE|DELETE FROM)\s|syntax error at|QueryFailedError|(?:Type|Reference|Range)Error|call stack|relation "|bullmq|postgres:\/\//;

export class RestFuzz {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  private readonly known = new Set(Object.values(UNDERSTOOD).flat());
  /** What the list at a path has at the moment. */
  private readonly listed = new Map<string, string[]>();
  private readonly schemas: Schemas;
  private readonly seen = new Map<string, number>();
  /** Once there is a key, each request needs one; this one is never revoked. */
  private key = { id: '', authorization: '' };

  private constructor(
    private readonly app: App,
    private readonly contract: Contract,
  ) {
    this.schemas = new Schemas(
      (schema) => this.contract.resolved(schema),
      () => [...this.known],
    );
  }

  /** @param inbox where webhooks may go: nothing outside is asked */
  static async on(app: App, inbox: string): Promise<RestFuzz> {
    const text = JSON.stringify((await app.get<Document>('/openapi.json')).body).replaceAll(/https:\/\/hooks\.example\.com[^"]*/g, inbox);
    const fuzz = new RestFuzz(app, new Contract(JSON.parse(text) as Document));
    await fuzz.fill();
    return fuzz;
  }

  get operationIds(): string[] {
    return this.contract.operations.map(({ operationId }) => operationId);
  }

  /** @throws with the seed and the request that were answered in a way that the document does not have */
  async run(runs: number, seed: number, progress: (done: number) => void = () => undefined): Promise<Outcome> {
    let done = 0;
    const property = fc.asyncProperty(this.requests(), async (hostile) => {
      const problems = await this.problemsWith(hostile);
      if (problems.length > 0) throw new Error(problems.join('\n'));
      if (++done % LEARN_EVERY === 0) {
        progress(done);
        await this.learn();
      }
    });
    const result = await fc.check(property, { numRuns: runs, seed, endOnFailure: false });
    this.agent.destroy();
    if (!result.failed) return { seen: this.seen };
    const [hostile] = result.counterexample ?? [];
    const request = hostile === undefined ? 'none' : textOf(hostile);
    throw new Error(
      `seed ${String(seed)}, path ${result.counterexamplePath ?? ''}, after ${String(result.numRuns)} requests:\n${request}\n${String(result.errorInstance)}`,
      { cause: result.errorInstance },
    );
  }

  /** What the document has as examples, sent once, so that there is something to ask for. */
  private async fill(): Promise<void> {
    const made = (await (await this.ask('/v1/keys', 'POST', { name: 'fuzz', scopes: ['admin'] })).json()) as { id: string; key: string };
    this.key = { id: made.id, authorization: `Bearer ${made.key}` };
    for (const { method, path, body } of this.contract.operations) {
      const example = body['application/json']?.example;
      if (path.includes('{') || example === undefined) continue;
      await this.ask(path, method, example as object);
    }
    await this.learn();
  }

  /** An alert, for the operations that need one; it takes a quarter of a minute until it fires. */
  async haveAlert(): Promise<void> {
    await this.ask('/v1/alert-rules', 'POST', { name: 'Any', settings: { type: 'threshold', count: 10, window: '5m' } });
    await this.ask('/v1/events', 'POST', Array(20).fill(EVENT));
    await until(
      async () => (await (await this.ask('/v1/alerts')).json()) as { alerts: unknown[] },
      ({ alerts }) => alerts.length > 0,
      60_000,
    );
    await this.learn();
  }

  /** Ids and other texts of what all lists answer. */
  private async learn(): Promise<void> {
    for (const { method, path, answers } of this.contract.operations) {
      if (method !== 'GET' || path.includes('{') || answers['200']?.content?.['application/json'] === undefined) continue;
      const answer = await (await this.ask(path)).json();
      const found = [...idsIn(answer)].filter((id) => id !== this.key.id);
      this.listed.set(path, found);
      for (const text of found) this.known.add(text);
    }
  }

  private ask(path: string, method = 'GET', body?: object): Promise<Response> {
    const type = body === undefined ? {} : { 'content-type': 'application/json' };
    const { authorization } = this.key;
    return fetch(this.app.url + path, {
      method,
      headers: { ...type, ...(authorization === '' ? {} : { authorization }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  }

  private requests(): fc.Arbitrary<Hostile> {
    return fc.constantFrom(...this.contract.operations).chain((operation) => this.requestTo(operation));
  }

  private requestTo(operation: Operation): fc.Arbitrary<Hostile> {
    const given = operation.parameters.filter((one) => one.in === 'path');
    const path = fc
      .tuple(...given.map(({ name, schema }) => this.pathParameter(operation.path, name, schema as Schema)))
      .map((values) =>
        given.reduce((text, { name }, index) => text.replace(`{${name}}`, encoded(values[index] ?? '') || '-'), operation.path),
      );
    const method = fc.oneof(
      { weight: 15, arbitrary: fc.constant(operation.method) },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    );
    return fc
      .tuple(method, path, this.query(operation), this.headers(operation), this.body(operation))
      .map(([verb, address, query, headers, body]) => ({
        ...{ operationId: operation.operationId, method: verb, path: address + query, body: body?.bytes },
        headers: [...headers, ...(body?.headers ?? [])],
      }));
  }

  private pathParameter(path: string, name: string, schema: Schema): fc.Arbitrary<string> {
    const list = path.slice(0, path.indexOf('/{'));
    // Looked up when it is drawn: what is listed changes.
    const listed = fc.nat().map((at) => {
      const found = this.listed.get(list) ?? [];
      return found[at % found.length] ?? '-';
    });
    return this.listed.has(list) ? fc.oneof(listed, this.parameter(name, schema, 3)) : this.parameter(name, schema, 1);
  }

  /** @param hostility of ten */
  private parameter(name: string, schema: Schema, hostility: number): fc.Arbitrary<string> {
    const valid = this.schemas.valid(schema).map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
    const understood = UNDERSTOOD[name];
    const likely =
      understood === undefined
        ? valid
        : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...understood) }, { weight: 1, arbitrary: valid });
    return fc.oneof({ weight: 10 - hostility, arbitrary: likely }, { weight: hostility, arbitrary: hostileText });
  }

  private query({ parameters }: Operation): fc.Arbitrary<string> {
    const known = parameters
      .filter((one) => one.in === 'query')
      .map(({ name, schema, required = false }) => {
        const value = this.parameter(name, schema as Schema, 1).map((text) => `${name}=${encoded(text)}`);
        const absent = fc.constant([] as string[]);
        return fc.oneof(
          { weight: required ? 1 : 30, arbitrary: absent },
          { weight: required ? 12 : 4, arbitrary: value.map((one) => [one]) },
          { weight: 1, arbitrary: fc.array(value, { minLength: 2, maxLength: 60 }) },
          { weight: 1, arbitrary: fc.tuple(hostileText, hostileText).map(([key, text]) => [`${name}[${encoded(key)}]=${encoded(text)}`]) },
        );
      });
    const strange = fc.oneof(
      fc.tuple(hostileText, hostileText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
      fc.constantFrom(
        '__proto__[a]=b',
        'constructor.prototype.a=b',
        '&&&',
        '=',
        '%',
        '%zz',
        '%ff=%fe',
        '%c0%af',
        'a'.repeat(5_000),
        '?',
        'from',
        'limit[]=1',
      ),
    );
    const more = fc.oneof(
      { weight: 20, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(strange, { minLength: 1, maxLength: 3 }) },
    );
    return fc.tuple(more, ...known).map((parts) => {
      const text = parts.flat().join('&');
      return text === '' ? '' : `?${text}`;
    });
  }

  private headers({ parameters }: Operation): fc.Arbitrary<[string, string][]> {
    const rarely = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<[string, string][]> =>
      fc.oneof(
        { weight: 12, arbitrary: fc.constant<[string, string][]>([]) },
        { weight: 1, arbitrary: value.map((text): [string, string][] => [[name, headerText(text)]]) },
      );
    const named = parameters.filter((one) => one.in === 'header' && one.name !== 'content-encoding');
    return fc
      .tuple(
        rarely('accept', fc.oneof(fc.constantFrom(...ACCEPTED), hostileText)),
        rarely('if-none-match', fc.constantFrom('*', '"a"', 'W/"a"')),
        rarely('range', fc.constantFrom('bytes=0-1', 'bytes=-1', 'bytes=a')),
        rarely('cookie', hostileText),
        rarely('x-http-method-override', fc.constantFrom('DELETE', 'PUT')),
        rarely('origin', fc.constantFrom('https://evil.test', 'null')),
        rarely('accept-encoding', fc.constantFrom('gzip', 'identity;q=0', '*;q=0')),
        ...named.map(({ name, schema }) => rarely(name, this.parameter(name, schema as Schema, 5))),
      )
      .map((all) => all.flat());
  }

  private body({ body, method }: Operation): fc.Arbitrary<{ bytes: Buffer; headers: [string, string][] } | undefined> {
    const media = Object.entries(body);
    const strange = fc.tuple(hostileBody, fc.constantFrom(...MEDIA_TYPES)).map(([bytes, type]) => ({ bytes, type }));
    const drawn = media.map(([type, { schema = {}, example }]) => {
      const valid = this.schemas.valid(schema);
      const value =
        example === undefined
          ? valid
          : fc.oneof(
              valid,
              fc.constant(example),
              this.schemas.nearly(example),
              valid.chain((one) => this.schemas.nearly(one)),
            );
      return fc
        .oneof(
          { weight: 4, arbitrary: value.map((one) => Buffer.from(typeof one === 'string' ? one : JSON.stringify(one))) },
          { weight: 1, arbitrary: hostileBody },
        )
        .map((bytes) => ({ bytes, type }));
    });
    const plain =
      media.length === 0 ? strange : fc.oneof(...drawn.map((arbitrary) => ({ weight: 8, arbitrary })), { weight: 1, arbitrary: strange });
    const packed = fc.tuple(
      plain,
      fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'identity', 'compress', 'gzip, gzip', ''),
      fc.boolean(),
    );
    const whole = fc.oneof(
      { weight: 12, arbitrary: plain.map(({ bytes, type }) => ({ bytes, headers: [['content-type', type]] as [string, string][] })) },
      { weight: 1, arbitrary: plain.map(({ bytes }) => ({ bytes, headers: [] })) },
      {
        weight: 1,
        arbitrary: packed.map(([{ bytes, type }, encoding, isTrue]) => ({
          bytes: isTrue ? gzipSync(bytes) : bytes,
          headers: [
            ['content-type', type],
            ['content-encoding', encoding],
          ] as [string, string][],
        })),
      },
    );
    const none = fc.constant(undefined);
    const hasBody = media.length > 0 && method !== 'GET';
    return fc.oneof({ weight: hasBody ? 1 : 15, arbitrary: none }, { weight: hasBody ? 15 : 1, arbitrary: whole });
  }

  /** @returns what is wrong with the answer */
  private async problemsWith(hostile: Hostile): Promise<string[]> {
    const { status, headers, text } = await this.send(hostile);
    // OPTIONS is the framework's own: it names the methods.
    const meant = this.contract.operationAt(hostile.method === 'HEAD' ? 'GET' : hostile.method, hostile.path);
    const key = `${meant?.operationId ?? 'none'} ${String(status)}`;
    this.seen.set(key, (this.seen.get(key) ?? 0) + 1);
    const problems: string[] = [];
    if (status >= 500) problems.push(`${String(status)}: ${text}`);
    if (INSIDE.test(text)) problems.push(`tells what is inside: ${text.slice(0, 1_000)}`);
    if (headers['x-injected'] !== undefined) problems.push('a value of the request became a header');
    if (meant === undefined) {
      if (status < 400 && hostile.method !== 'OPTIONS') problems.push(`${String(status)} for what the document does not have`);
    } else if (hostile.method === 'HEAD' || headers['content-type'] === 'text/event-stream') {
      if (meant.answers[String(status)] === undefined)
        problems.push(`${meant.operationId}: ${String(status)} is no status of the document`);
    } else {
      problems.push(...(await this.contract.problemsWith(meant, new Response(text === '' ? null : text, { status, headers }))));
    }
    return problems;
  }

  private send({ method, path, headers, body }: Hostile): Promise<Sent> {
    const { hostname, port } = new URL(this.app.url);
    const length: [string, string][] = body === undefined ? [] : [['content-length', String(body.length)]];
    return new Promise((resolve, reject) => {
      const asked = httpRequest({
        hostname,
        port,
        method,
        path,
        agent: this.agent,
        setHost: true,
        headers: [['host', 'why401.test'], ['authorization', this.key.authorization], ...headers, ...length].flat(),
      });
      asked.on('error', reject);
      asked.on('response', (response) => {
        const chunks: Buffer[] = [];
        const sent = (): Sent => ({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          text: Buffer.concat(chunks).toString(),
        });
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve(sent());
        });
        if (response.headers['content-type'] !== 'text/event-stream') return;
        // It goes on for as long as somebody listens.
        resolve(sent());
        response.destroy();
      });
      asked.end(body);
    });
  }
}

/** In UTF-8; halves of surrogates as the three bytes that they would be, which is no UTF-8. */
function encoded(text: string): string {
  return text.replace(/[^]/gu, (one) => (one.isWellFormed() ? encodeURIComponent(one) : escaped(one.charCodeAt(0))));
}

function escaped(unit: number): string {
  const bytes = [0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)];
  return bytes.map((byte) => `%${byte.toString(16)}`).join('');
}

/** What Node lets through: latin1 without controls. */
function headerText(text: string): string {
  return Buffer.from(text.slice(0, 2_000))
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

function* idsIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, one] of Object.entries(value))
    if (typeof one === 'string' && /^(?:id|next_cursor|service|route|value|name)$|_id$/.test(name)) yield one;
    else yield* idsIn(one);
}

function textOf({ operationId, method, path, headers, body }: Hostile): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  return [
    `${operationId}: ${method} ${path.slice(0, 2_000)}`,
    ...lines,
    '',
    JSON.stringify(body?.toString('latin1').slice(0, 2_000) ?? ''),
  ].join('\n');
}
