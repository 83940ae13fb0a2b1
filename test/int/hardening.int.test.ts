/** What browsers are told, what is too much, and what is no proper HTTP: on each port, before any handler sees it. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { status as Code } from '@grpc/grpc-js';
import { POLICIES } from '../../src/ops/security-headers.js';
import { problemAnswer } from '../../src/ops/problem.js';
import { App } from '../support/app.js';
import { freshDatabase } from '../support/databases.js';
import { get, sendRaw, type RawAnswer } from '../support/raw-http.js';
import { until } from '../support/service.js';

const JSON_TYPE = { 'content-type': 'application/json' };
const EXPORT = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';

describe('the HTTP side', () => {
  let app: App;
  beforeAll(async () => {
    app = await App.start({ DATABASE_URL: await freshDatabase() });
  });
  afterAll(async () => {
    await app.stop();
  });

  async function ask(text: string | Buffer, url = app.url): Promise<RawAnswer> {
    const [answer] = await sendRaw(url, text);
    if (answer === undefined) throw new Error(`no answer to ${text.toString().slice(0, 100)}`);
    return answer;
  }

  /** @returns the status, once it is sure that it is a problem that says so */
  function problemIn({ status, headers, body }: RawAnswer): number {
    expect([headers['content-type']?.split(';')[0], problemAnswer.parse(JSON.parse(body)).status]).toEqual([
      'application/problem+json',
      status,
    ]);
    return status;
  }

  function expectSecured(headers: Record<string, string>, kind: keyof typeof POLICIES): void {
    expect(headers).toMatchObject({
      'content-security-policy': POLICIES[kind],
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'permissions-policy': expect.stringContaining('geolocation=()'),
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(/script-src[^;]*unsafe|default-src[^;]*unsafe/.test(headers['content-security-policy'] ?? '')).toBe(false);
    expect([headers['server'], headers['x-powered-by']]).toEqual([undefined, undefined]);
  }

  describe('tells browsers what they may do', () => {
    it.each([
      ['data', 'JSON', (): string => get('/v1/causes')],
      ['data', 'CSV', (): string => get('/v1/trends', 'Accept: text/csv\r\n')],
      ['data', 'figures', (): string => get('/metrics')],
      ['data', 'health', (): string => get('/health/live')],
      ['data', 'the document', (): string => get('/openapi.json')],
      ['data', 'wrong parameters', (): string => get('/v1/trends?colour=red')],
      ['data', 'nothing there', (): string => get('/nothing')],
      ['data', 'a wrong method', (): string => get('/v1/trends', '', 'DELETE')],
      ['data', 'an ingest path that refuses', (): string => get('/v1/events')],
      [
        'data',
        'an ingest path that takes',
        () => get('/v1/events', 'Content-Type: application/json\r\nContent-Length: 2\r\n', 'POST') + '[]',
      ],
      ['data', 'what is no HTTP', (): string => 'HELO\r\n\r\n'],
      ['data', 'headers that are too long', (): string => get('/', `Cookie: ${'a'.repeat(20_000)}\r\n`)],
      ['data', 'a head that the parser gives up', (): string => get('/', `Cookie: ${'a'.repeat(200_000)}\r\n`)],
      ['dashboard', 'the dashboard', (): string => get('/')],
      ['dashboard', 'a page of it', (): string => get('/signatures')],
      ['docs', 'the documentation', (): string => get('/docs')],
      ['docs', 'its script', (): string => get('/docs/swagger-ui-init.js')],
      ['docs', 'its files', (): string => get('/docs/swagger-ui.css')],
    ] as const)('as %s: %s', async (kind, _, text) => {
      const { headers } = await ask(text());
      expectSecured(headers, kind);
      expect(headers['cache-control']).toBe(kind === 'data' ? 'no-store' : 'no-cache');
    });

    it('on the OTLP port too', async () => {
      for (const text of [
        get('/v1/logs'),
        get('/nothing'),
        get('/v1/logs', 'Content-Type: application/json\r\nContent-Length: 2\r\n', 'POST') + '{}',
        'HELO\r\n\r\n',
      ])
        expectSecured((await ask(text, app.otlpUrl)).headers, 'data');
    });

    it('on a stream, and on assets, which may be kept', async () => {
      const leave = new AbortController();
      const stream = await fetch(`${app.url}/v1/stream`, { signal: leave.signal });
      expectSecured(Object.fromEntries(stream.headers), 'data');
      expect(stream.headers.get('cache-control')).toBe('no-store');
      leave.abort();
      const [asset = ''] = /\/assets\/app-\w+\.js/.exec((await ask(get('/'))).body) ?? [];
      const { headers } = await ask(get(asset));
      expectSecured(headers, 'dashboard');
      expect(headers['cache-control']).toContain('immutable');
    });

    it('to come by https alone, but only where they came by https', async () => {
      expect((await ask(get('/'))).headers['strict-transport-security']).toBeUndefined();
      expect((await ask(get('/', 'X-Forwarded-Proto: https\r\n'))).headers['strict-transport-security']).toBe('max-age=31536000');
    });

    it('never that an answer of the API is still the same', async () => {
      expect((await ask(get('/v1/causes', 'If-None-Match: *\r\n'))).status).toBe(200);
    });
  });

  describe('refuses what is too much', () => {
    it.each([
      ['an address', 414, (): string => get(`/v1/trends?service=${'a'.repeat(120_000)}`)],
      ['a cookie', 431, (): string => get('/v1/causes', `Cookie: a=${'b'.repeat(20_000)}\r\n`)],
      ['many small headers', 431, (): string => get('/v1/causes', 'X-A: b\r\n'.repeat(200))],
      ['more headers than Node counts', 431, (): string => get('/v1/causes', 'A:\r\n'.repeat(4_000))],
      ['a head', 431, (): string => get('/v1/causes', `X-A: ${'b'.repeat(200_000)}\r\n`)],
      [
        'a JSON body',
        413,
        () => get('/v1/rules', 'Content-Type: application/json\r\nContent-Length: 70000\r\n', 'POST') + ' '.repeat(70_000),
      ],
      [
        'extensions of chunks',
        413,
        () => get('/v1/rules', 'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n', 'POST') + `1;${'a'.repeat(20_000)}\r\n`,
      ],
      ['an expectation', 417, (): string => get('/v1/rules', 'Expect: wonders\r\n', 'POST')],
    ])('%s: %i', async (_, status, text) => {
      for (const url of status === 413 ? [app.url] : [app.url, app.otlpUrl]) expect(problemIn(await ask(text(), url))).toBe(status);
    });

    it('takes fifty values of each of several filters', async () => {
      const values = Array.from(
        { length: 50 },
        (_, index) => `service=${'s'.repeat(490)}${String(index)}&route=${'r'.repeat(490)}${String(index)}&`,
      );
      expect((await ask(get(`/v1/trends?${values.join('')}`))).status).toBe(200);
    });

    const isServedByHttp = (): Promise<boolean> =>
      fetch(`${app.otlpUrl}/v1/logs`).then(
        ({ status }) => status === 405,
        () => false,
      );
    const isServedByGrpc = (): Promise<boolean> =>
      new Promise((resolve) => {
        const session = connectHttp2(app.grpcUrl);
        session.on('error', () => undefined);
        const call = session.request({ ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc', te: 'trailers' });
        call.on('error', () => undefined);
        call.on('response', (headers) => {
          resolve(headers[':status'] === 200);
          session.destroy();
        });
        call.on('close', () => {
          resolve(false);
        });
        call.end(Buffer.alloc(5));
      });

    it.each([
      ['OTLP/HTTP', (): string => app.otlpUrl, isServedByHttp],
      ['gRPC', (): string => app.grpcUrl, isServedByGrpc],
    ] as const)('closes connections to %s beyond 2,000, says so, and takes new ones when there is room', async (_, url, isServed) => {
      const { port, hostname } = new URL(url());
      const dropped = async (): Promise<number> =>
        Number(/^why401_connections_dropped_total (\d+)$/m.exec((await app.get<string>('/metrics')).body)?.[1] ?? 0);
      const before = await dropped();
      const sockets: Socket[] = [];
      let closed = 0;
      for (let index = 0; index < 2_010; index += 1) {
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined).on('close', () => (closed += 1));
        sockets.push(socket);
        if (index % 50 === 0) await once(socket, 'connect');
      }
      await until(
        () => closed,
        (count) => count >= 10,
      );
      expect((await dropped()) - before).toBe(closed);
      expect(app.output).toContain('connections beyond 2000 are closed unanswered');
      for (const socket of sockets) socket.destroy();
      await until(isServed, (served) => served);
    });
  });

  describe('lets no bomb off', () => {
    const SPACES = Buffer.alloc(65 * 1024 * 1024, ' ');
    const PACKED = { gzip: gzipSync(SPACES), deflate: deflateSync(SPACES), br: brotliCompressSync(SPACES, { params: { 1: 3 } }) };

    it.each([
      ['/v1/events', 'gzip', 413],
      ['/v1/events', 'deflate', 413],
      ['/v1/events', 'br', 415],
      ['/v1/classify', 'gzip', 413],
      ['/v1/classify', 'deflate', 413],
      ['/v1/logs', 'gzip', 413],
      ['/v1/logs', 'deflate', 413],
      ['/v1/rules', 'gzip', 413],
      ['/v1/rules', 'deflate', 413],
      ['/v1/rules', 'br', 413],
      ['/v1/alert-rules/preview', 'gzip', 413],
    ] as const)('on %s by %s', async (path, encoding, status) => {
      const body = PACKED[encoding];
      const head = get(
        path,
        `Content-Type: application/json\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${String(body.length)}\r\n`,
        'POST',
      );
      expect((await ask(Buffer.concat([Buffer.from(head), body]))).status).toBe(status);
    });

    it('nor one in another, which no path unpacks', async () => {
      const body = gzipSync(PACKED.gzip);
      for (const path of ['/v1/events', '/v1/rules']) {
        const { status } = await app.post(path, body, { ...JSON_TYPE, 'content-encoding': 'gzip, gzip' });
        expect([path, status]).toEqual([path, 415]);
      }
    });

    it.each(['gzip', 'deflate'] as const)('over gRPC by %s', async (encoding) => {
      const prefix = Buffer.alloc(5);
      prefix[0] = 1;
      prefix.writeUInt32BE(PACKED[encoding].length, 1);
      const session = connectHttp2(app.grpcUrl);
      const headers = { ':method': 'POST', ':path': EXPORT, 'content-type': 'application/grpc', te: 'trailers', 'grpc-encoding': encoding };
      const call = session.request(headers);
      call.on('error', () => undefined);
      const status = new Promise<unknown>((resolve) => {
        for (const event of ['response', 'trailers'])
          call.on(event, (received: Record<string, unknown>) => {
            if (received['grpc-status'] !== undefined) resolve(received['grpc-status']);
          });
      });
      call.end(Buffer.concat([prefix, PACKED[encoding]]));
      expect(await status).toBe(String(Code.RESOURCE_EXHAUSTED));
      session.destroy();
    });

    it('and serves on', async () => {
      expect((await app.get('/health/ready')).status).toBe(200);
    });
  });

  describe('takes no request for two, and none for another', () => {
    const event = '{"resourceLogs":[{"resource":{},"scopeLogs":[]}]}';
    const post = (headers: string, body: string): string => get('/v1/logs', `Content-Type: application/json\r\n${headers}`, 'POST') + body;

    it.each([
      ['a length and chunks', (): string => post('Content-Length: 6\r\nTransfer-Encoding: chunked\r\n', '0\r\n\r\nGET')],
      ['chunks and a length', (): string => post('Transfer-Encoding: chunked\r\nContent-Length: 6\r\n', '0\r\n\r\nGET')],
      ['two lengths', (): string => post(`Content-Length: 2\r\nContent-Length: ${String(event.length)}\r\n`, event)],
      ['a list of lengths', (): string => post(`Content-Length: 2, ${String(event.length)}\r\n`, event)],
      ['a signed length', (): string => post(`Content-Length: +${String(event.length)}\r\n`, event)],
      ['a negative length', (): string => post('Content-Length: -1\r\n', event)],
      ['chunks in disguise', (): string => post('Transfer-Encoding : chunked\r\n', '0\r\n\r\n')],
      ['chunked twice over', (): string => post('Transfer-Encoding: chunked, identity\r\n', '0\r\n\r\n')],
      ['a folded header', (): string => get('/v1/causes', 'X-A: b\r\n c: d\r\n')],
      ['a bare line feed', (): string => 'GET /v1/causes HTTP/1.1\nHost: a\n\n'],
      ['NUL in a header', (): string => get('/v1/causes', 'X-A: b\0c\r\n')],
      ['no Host', (): string => 'GET /v1/causes HTTP/1.1\r\n\r\n'],
      ['two Hosts', (): string => get('/v1/causes', 'Host: other.test\r\n')],
      ['another protocol', (): string => 'GET /v1/causes HTTP/3.7\r\nHost: a\r\n\r\n'],
      ['TLS', (): string => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
      ['an address of no kind', (): string => get('ftp://why401.test/v1/causes')],
      ['spaces in the address', (): string => get('/v1/causes /x')],
    ])('%s', async (_, text) => {
      for (const url of [app.url, app.otlpUrl]) {
        const answers = await sendRaw(url, `${text()}${get('/v1/causes')}`, 2);
        expect(answers.map(({ status, headers }) => [status, headers['connection']])).toEqual([[400, 'close']]);
        for (const answer of answers) problemIn(answer);
      }
    });

    it.each([
      ['an unknown coding', (): string => post('Transfer-Encoding: xchunked\r\n', '0\r\n\r\n')],
      ['a chunk of no size', (): string => post('Transfer-Encoding: chunked\r\n', 'x\r\n\r\n')],
    ])('%s behind a head for /v1/logs: in the words of OTLP', async (_, text) => {
      for (const url of [app.url, app.otlpUrl]) {
        const answers = await sendRaw(url, `${text()}${get('/v1/causes')}`, 2);
        expect(answers.map(({ status, headers }) => [status, headers['connection'], headers['content-type']])).toEqual([
          [400, 'close', 'application/json'],
        ]);
        expect(JSON.parse(answers[0]?.body ?? '')).toMatchObject({
          code: Code.INVALID_ARGUMENT,
          message: expect.stringContaining('HTTP/1.1'),
        });
        // The same for another path.
        problemIn(await ask(text().replace('/v1/logs', '/v1/events'), app.url));
      }
    });

    it('CONNECT and TRACE: neither a proxy nor an echo', async () => {
      expect(problemIn(await ask(get('example.com:80', '', 'CONNECT')))).toBe(405);
      for (const path of ['/v1/causes', '/v1/events', '/', '/docs']) {
        const { status, body } = await ask(get(path, 'X-Secret: s3cret\r\n', 'TRACE'));
        expect([path, status === 404 || status === 405, body.includes('s3cret')]).toEqual([path, true, false]);
      }
    });

    it('an upgrade: the answer is that of the request', async () => {
      expect((await ask(get('/v1/causes', 'Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n'))).status).toBe(
        200,
      );
    });

    it('an address that names the host: it is served by its path alone', async () => {
      expect((await ask(get('http://other.test/v1/causes'))).status).toBe(200);
      expect((await ask(get('http://other.test'))).headers['content-security-policy']).toBe(POLICIES.dashboard);
      const { status, headers } = await ask(get('http://other.test/v1/logs'));
      expect([status, headers['allow']]).toEqual([405, 'POST']);
    });
  });

  describe('answers to no name that another site may have made lead here, as long as no key is asked', () => {
    const named = (host: string, path: string): string => get(path, '').replace('Host: localhost', `Host: ${host}`);
    const event = '[{"status":401,"service":"rebound","reason":"jwt expired"}]';
    const simple = (path: string, headers: string): string =>
      get(path, `Content-Length: ${String(event.length)}\r\n${headers}`, 'POST') + event;

    it.each(['/v1/trends', '/v1/stream', '/v1/keys', '/metrics', '/v1/events', '/v1/classify'])('%s', async (path) => {
      for (const host of ['rebound.test', 'rebound.test:4010', '127.0.0.1.rebound.test'])
        expect(problemIn(await ask(named(host, path)))).toBe(421);
    });

    it('on the OTLP ports either', async () => {
      const { status, headers, body } = await ask(named('rebound.test', '/v1/logs'), app.otlpUrl);
      expect([status, headers['content-type'], JSON.parse(body)]).toMatchObject([
        421,
        'application/json',
        { code: Code.PERMISSION_DENIED },
      ]);
      const session = connectHttp2(app.grpcUrl);
      const call = session.request({
        ...{ ':method': 'POST', ':path': EXPORT, ':authority': 'rebound.test:4317' },
        ...{ 'content-type': 'application/grpc', te: 'trailers' },
      });
      call.end(Buffer.alloc(5));
      const [received] = (await once(call, 'response')) as [Record<string, unknown>];
      expect(received['grpc-status']).toBe(String(Code.PERMISSION_DENIED));
      session.destroy();
    });

    it.each(['localhost', 'why401.localhost', '127.0.0.1', '[::1]', '192.0.2.7:8080'])('but to %s', async (host) => {
      expect((await ask(named(host, '/v1/causes'))).status).toBe(200);
    });

    it('and takes nothing that a page of another site sends without asking, such as a form', async () => {
      for (const path of ['/v1/events', '/v1/classify', '/v1/rules', '/v1/projects'])
        for (const headers of [
          'Content-Type: text/plain\r\nOrigin: https://evil.test\r\n',
          'Content-Type: text/plain\r\nOrigin: null\r\n',
          'Content-Type: application/json\r\nSec-Fetch-Site: cross-site\r\n',
          'Sec-Fetch-Site: same-site\r\n',
        ])
          expect([path, headers, problemIn(await ask(simple(path, headers)))]).toEqual([path, headers, 403]);
      for (const url of [app.url, app.otlpUrl])
        expect((await ask(simple('/v1/logs', 'Content-Type: application/json\r\nOrigin: https://evil.test\r\n'), url)).status).toBe(403);
      expect(await app.total('&service=rebound')).toBe(0);
    });
  });

  describe('hands out no file but its own', () => {
    it.each([
      '/../../../../../../etc/passwd',
      '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
      '/..%2f..%2f..%2f..%2fetc/passwd',
      '/assets/../../../../../etc/passwd',
      '/assets/..%2f..%2fsrc%2fmain.js',
      '/assets/%2e%2e/%2e%2e/src/main.js',
      '/assets/..\\..\\src\\main.js',
      '/assets/index.html%00.js',
      '/assets//etc/passwd',
      '/assets/__proto__',
      '/assets/constructor',
      '/docs/../../../../../etc/passwd',
      '/docs/..%2f..%2f..%2f..%2fetc%2fpasswd',
      '/docs/%2e%2e/package.json',
      '/docs/..%5c..%5cpackage.json',
      '/docs/%00',
      '/docs/%',
      '/docs//etc/passwd',
      '/docs/.npmignore',
      '//etc/passwd',
      'http://why401.test/../../etc/passwd',
      'file:///etc/passwd',
    ])('%s', async (path) => {
      const { status, headers, body } = await ask(get(path));
      expect([path, status >= 400 && status < 500, headers['content-type']?.split(';')[0]]).toEqual([
        path,
        true,
        'application/problem+json',
      ]);
      expect(/root:|"dependencies"|import |\bat \S+:\d+/.test(body)).toBe(false);
    });

    it.each(['//evil.test/docs', '//evil.test/docs/', '/docs//evil.test', '/%5cevil.test/..', '//evil.test/%2e%2e'])(
      'and sends nobody elsewhere: %s',
      async (path) => {
        const { headers } = await ask(get(path));
        expect(/evil/.test(headers['location'] ?? '')).toBe(false);
      },
    );

    it('puts nothing of a request into headers', async () => {
      for (const path of [
        '/v1/trends?by=a%0d%0aX-Evil:%20b',
        '/v1/causes/a%0d%0aX-Evil:%20b',
        '/nothing%0d%0aX-Evil:%20b',
        '/docs%0d%0aX-Evil:%20b',
      ]) {
        const { status, headers } = await ask(get(path, 'Accept: text/csv\r\nOrigin: https://evil.test\r\n'));
        expect([status >= 400 && status < 500, headers['x-evil'], JSON.stringify(headers).includes('evil')]).toEqual([
          true,
          undefined,
          false,
        ]);
      }
    });
  });

  describe('keeps prototypes as they are', () => {
    it.each(['__proto__', 'constructor', 'prototype', 'toString', '__defineGetter__'])('%s is a name like any other', async (name) => {
      const nested = `{"${name}":{"polluted":true,"status":401}}`;
      const rule = `{"cause":"expired_token","match":{"service":"^x$","${name}":{"polluted":true}},"${name}":{"polluted":true}}`;
      expect((await app.post('/v1/rules', rule, JSON_TYPE)).status).toBe(400);
      expect(
        (await app.post('/v1/events', `[${nested},{"status":401,"service":"p","attributes":${nested},"${name}":"x"}]`, JSON_TYPE)).status,
      ).toBe(202);
      expect((await app.post('/v1/classify', `[{"status":401,"reason":"jwt expired","attributes":${nested}}]`, JSON_TYPE)).status).toBe(
        200,
      );
      for (const query of [`${name}=x`, `${name}[polluted]=x`, `service[${name}]=x`, `service=a&${name}=b&${name}=c`])
        expect([query, (await app.get(`/v1/trends?${query}`)).status]).toEqual([query, 400]);
      for (const path of [`/v1/dimensions/${name}`, `/v1/causes/${name}`]) expect([404, 400]).toContain((await app.get(path)).status);
      const { body } = await app.get<object>('/v1/about');
      expect(JSON.stringify(body)).not.toContain('polluted');
      expect('polluted' in body).toBe(false);
    });
  });

  describe('takes as wrong input', () => {
    const rule = (note: unknown): string => JSON.stringify({ cause: 'expired_token', match: { service: '^x$' }, note });

    it.each([
      ['U+0000', 'a\0b'],
      ['half of a surrogate pair', '\ud800'],
    ])('%s, which no database takes, and names the member', async (_, text) => {
      for (const [method, path, body, field] of [
        ['POST', '/v1/rules', rule(text), 'note'],
        ['POST', '/v1/alert-rules', JSON.stringify({ name: text, settings: { type: 'threshold', count: 1, window: '5m' } }), 'name'],
        ['GET', '/v1/trends?service=%00', undefined, 'service'],
      ] as const) {
        const sent = body === undefined ? {} : { body, headers: JSON_TYPE };
        const problem = problemAnswer.parse(await (await fetch(app.url + path, { method, ...sent })).json());
        expect([path, problem.status, problem.errors?.[0]?.field]).toEqual([path, 400, field]);
      }
    });

    it('what is nested deeper than the stack', async () => {
      const deep = '['.repeat(30_000) + ']'.repeat(30_000);
      for (const body of [deep, `{"cause":"expired_token","match":{"service":"^x$"},"note":${deep}}`]) {
        const response = await app.post('/v1/rules', body, JSON_TYPE);
        expect([response.status, (await response.text()).includes('stack')]).toEqual([400, false]);
      }
    });

    it('no body of a GET, which means nothing', async () => {
      const type = 'Content-Type: application/json; charset=nonsense\r\nContent-Length: 1\r\n';
      expect((await ask(`${get('/v1/causes', type)}{`)).status).toBe(200);
    });
  });
});
