import { afterEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { selfSigned, type Certificate } from '../../test/support/certificates.js';
import { parseCidr } from '../core/alert/address.js';
import { newSecret } from './sign.js';
import { WebhookClient, type Attempt, type Delivery, type WebhookOptions } from './webhook.js';

const SECRET_TEXT = 'text of the server';
const DAY_MS = 86_400_000;
const servers: Server[] = [];
const sockets = new Set<Socket>();

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A recording receiver; `answer` runs when the request has been read. */
async function receiver(answer: http.RequestListener, tls?: Certificate): Promise<{ port: number; received: Received[] }> {
  const received: Received[] = [];
  const listener: http.RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      received.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      answer(request, response);
    });
  };
  const port = await listening(tls === undefined ? http.createServer(listener) : https.createServer(tls, listener));
  return { port, received };
}

/** A receiver that speaks raw bytes, for what no HTTP library would send. */
async function rawReceiver(onRequest: (socket: Socket) => void): Promise<number> {
  return listening(
    createServer((socket) => {
      socket.once('data', () => {
        onRequest(socket);
      });
    }),
  );
}

function client(options: Partial<WebhookOptions> = {}): WebhookClient {
  return new WebhookClient({ allowed: [], mayUseLoopback: true, version: '1.2.3', timeLimitMs: 3_000, ...options });
}

function delivery(url: string, rest: Partial<Delivery> = {}): Delivery {
  return { url, headers: {}, body: '{"type":"alert.test"}', id: 'msg_1', secrets: [], ...rest };
}

function to(port: number, rest: Partial<Delivery> = {}): Delivery {
  return delivery(`http://127.0.0.1:${String(port)}/hook?a=b#c`, rest);
}

async function answered(status: number, headers: http.OutgoingHttpHeaders = {}, body = SECRET_TEXT): Promise<Attempt> {
  const { port, received } = await receiver((_request, response) => response.writeHead(status, headers).end(status === 204 ? '' : body));
  const attempt = await client().send(to(port));
  expect(received).toHaveLength(1);
  expect(JSON.stringify(attempt)).not.toContain(SECRET_TEXT);
  return attempt;
}

describe('what is sent', () => {
  it('is a POST of the body with the headers of Standard Webhooks, which the public package verifies', async () => {
    const secrets = [newSecret(), newSecret()];
    const { port, received } = await receiver((_request, response) => response.end('ok'));
    const body = '{"type":"alert.firing","data":{"summary":"größer ✓"}}';
    const attempt = await client().send(to(port, { body, secrets, headers: { authorization: 'Bearer x', 'X-Team': 'blue' } }));
    expect(attempt).toEqual({ outcome: 'delivered', status: 200, reason: 'answered 200', latencyMs: expect.any(Number) });
    const [{ method, path, headers, body: sent } = { method: '', path: '', headers: {}, body: '' }] = received;
    expect({ method, path, sent }).toEqual({ method: 'POST', path: '/hook?a=b', sent: body });
    expect(headers).toMatchObject({
      host: `127.0.0.1:${String(port)}`,
      'content-type': 'application/json',
      'user-agent': 'why401/1.2.3',
      'webhook-id': 'msg_1',
      authorization: 'Bearer x',
      'x-team': 'blue',
      connection: 'close',
    });
    expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1_000)).toBeLessThan(5);
    for (const secret of secrets) expect(new Webhook(secret).verify(sent, headers as Record<string, string>)).toEqual(JSON.parse(body));
    expect(() => new Webhook(secrets[0] ?? '').verify(sent.replace('firing', 'test'), headers as Record<string, string>)).toThrow();
  });

  it('bears a new time at each attempt and the same id', async () => {
    const { port, received } = await receiver((_request, response) => response.writeHead(500).end());
    await client().send(to(port));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await client().send(to(port));
    const [first, second] = received.map(({ headers }) => headers);
    expect(second?.['webhook-id']).toBe(first?.['webhook-id']);
    expect(Number(second?.['webhook-timestamp'])).toBeGreaterThan(Number(first?.['webhook-timestamp']));
    expect(first).not.toHaveProperty('webhook-signature');
  });

  it("keeps an endpoint's own headers from changing host, framing or signature", async () => {
    const { port, received } = await receiver((_request, response) => response.end());
    const headers = { Host: 'evil', 'Content-Length': '1', 'transfer-encoding': 'chunked', Expect: '100-continue', 'Webhook-Id': 'x' };
    expect((await client().send(to(port, { headers }))).outcome).toBe('delivered');
    expect(received[0]?.headers).toMatchObject({ host: `127.0.0.1:${String(port)}`, 'content-length': '21', 'webhook-id': 'msg_1' });
    expect(received[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('is nothing when a header cannot be sent', async () => {
    const { port, received } = await receiver((_request, response) => response.end());
    for (const headers of [{ 'x-a': 'a\r\nx-b: c' }, { 'x a': 'b' }, { '': 'b' }] as Record<string, string>[]) {
      expect(await client().send(to(port, { headers }))).toMatchObject({
        outcome: 'refused',
        reason: "one of the endpoint's headers cannot be sent",
      });
    }
    expect(received).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([200, 201, 202, 204, 299])('of %d is success', async (status) => {
    expect(await answered(status)).toMatchObject({ outcome: 'delivered', status, reason: `answered ${String(status)}` });
  });

  it.each([301, 302, 303, 307, 308])('of %d is a failure and is not followed', async (status) => {
    const target = await receiver((_request, response) => response.end());
    const attempt = await answered(status, { location: `http://127.0.0.1:${String(target.port)}/` });
    expect(attempt).toMatchObject({ outcome: 'retry', status, reason: `answered ${String(status)}; redirects are not followed` });
    expect(target.received).toEqual([]);
  });

  it.each([304, 400, 401, 404, 500, 502, 599])('of %d is tried again', async (status) => {
    expect(await answered(status, { 'retry-after': '7' })).toMatchObject({ outcome: 'retry', status });
    expect(await answered(status, { 'retry-after': '7' })).not.toHaveProperty('retryAfterMs');
  });

  it('of 410 ends the endpoint', async () => {
    expect(await answered(410)).toMatchObject({ outcome: 'gone', status: 410 });
  });

  it.each([429, 503])('of %d may ask for time', async (status) => {
    expect(await answered(status, { 'retry-after': '120' })).toMatchObject({ outcome: 'retry', status, retryAfterMs: 120_000 });
    expect(await answered(status, { 'retry-after': '999999999' })).toMatchObject({ retryAfterMs: DAY_MS });
    expect(await answered(status, { 'retry-after': 'soon' })).not.toHaveProperty('retryAfterMs');
    expect(await answered(status)).not.toHaveProperty('retryAfterMs');
    const { retryAfterMs = 0 } = await answered(status, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
  });
});

describe('a bad receiver', () => {
  const timeLimitMs = 300;

  /** To a receiver that hangs: the margin is for a busy machine. */
  async function sendInTime(port: number): Promise<Attempt> {
    const attempt = await client({ timeLimitMs }).send(to(port));
    expect(attempt.latencyMs).toBeLessThan(timeLimitMs + 2_000);
    return attempt;
  }

  it('that never answers costs the time limit', async () => {
    const port = await rawReceiver(() => undefined);
    const attempt = await sendInTime(port);
    expect(attempt).toMatchObject({ outcome: 'retry', reason: 'no answer within the time limit' });
    expect(attempt.latencyMs).toBeGreaterThanOrEqual(timeLimitMs - 5);
  });

  it('that drips a header at a time costs the time limit', async () => {
    const port = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const drip = setInterval(() => socket.write('x: y\r\n'), 50);
      socket.on('close', () => {
        clearInterval(drip);
      });
    });
    expect(await sendInTime(port)).toMatchObject({ outcome: 'retry', reason: 'no answer within the time limit' });
  });

  it('that answers and never ends the body is judged by its status, in time', async () => {
    for (const [status, outcome] of [
      ['200 OK', 'delivered'],
      ['500 No', 'retry'],
      ['410 Gone', 'gone'],
    ] as const) {
      const port = await rawReceiver((socket) => {
        socket.write(`HTTP/1.1 ${status}\r\ntransfer-encoding: chunked\r\n\r\n`);
        const drip = setInterval(() => socket.write('1\r\nx\r\n'), 50);
        socket.on('close', () => {
          clearInterval(drip);
        });
      });
      expect(await sendInTime(port)).toMatchObject({ outcome, status: Number(status.slice(0, 3)) });
    }
  });

  it('that answers with a gigabyte is read for 128 KiB', async () => {
    const chunk = Buffer.alloc(65_536, 120);
    let closed: Promise<unknown> = Promise.resolve();
    let sentBytes = 0;
    const port = await rawReceiver((socket) => {
      closed = new Promise<void>((resolve) => {
        socket.on('close', () => {
          sentBytes = socket.bytesWritten;
          resolve();
        });
      });
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${String(2 ** 30)}\r\n\r\n`);
      const fill = (): void => {
        while (socket.writable && socket.write(chunk));
      };
      socket.on('drain', fill);
      fill();
    });
    const attempt = await client().send(to(port));
    expect(attempt).toMatchObject({ outcome: 'delivered', status: 200 });
    expect(attempt.latencyMs).toBeLessThan(2_500);
    await closed;
    // What the sockets' buffers of both sides hold comes on top of the 128 KiB.
    expect(sentBytes).toBeLessThan(16 * 2 ** 20);
  });

  it.each([
    ['text that is not HTTP', `${SECRET_TEXT}\r\n\r\n`, /^the answer is not HTTP \(HPE_\w+\)$/],
    ['headers without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}`, /^the answer is not HTTP \(HPE_HEADER_OVERFLOW\)$/],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
      /^the connection was closed before an answer came$/,
    ],
    ['half a header', 'HTTP/1.1 200 OK\r\nx', /^the connection was closed before an answer came \(ECONNRESET\)$/],
    ['nothing', '', /^the connection was closed before an answer came \(ECONNRESET\)$/],
  ])('that answers with %s is tried again', async (_what, bytes, reason) => {
    const attempt = await client().send(to(await rawReceiver((socket) => socket.end(bytes))));
    expect(attempt).toMatchObject({ outcome: 'retry', reason: expect.stringMatching(reason) });
    expect(attempt).not.toHaveProperty('status');
    expect(attempt.reason).not.toContain(SECRET_TEXT);
  });

  it('that resets the connection, or is not there, is tried again', async () => {
    const resetting = await rawReceiver((socket) => socket.resetAndDestroy());
    expect(await client().send(to(resetting))).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('closed before an answer'),
    });
    const port = await listening(createServer());
    servers.pop()?.close();
    expect(await client().send(to(port))).toMatchObject({ outcome: 'retry', reason: 'the connection was refused (ECONNREFUSED)' });
  });

  it('that answers 200 and breaks off has the message', async () => {
    const port = await rawReceiver((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc', () => socket.resetAndDestroy());
    });
    expect(await client().send(to(port))).toMatchObject({ outcome: 'delivered', status: 200 });
  });

  it('that sends early hints first is judged by its last status', async () => {
    const port = await rawReceiver((socket) => socket.end('HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n'));
    expect(await client().send(to(port))).toMatchObject({ outcome: 'retry', status: 404 });
  });
});

describe('TLS', () => {
  const now = Date.now();
  const valid = selfSigned(['hooks.example'], new Date(now - DAY_MS), new Date(now + DAY_MS));
  const expired = selfSigned(['hooks.example'], new Date(now - 2 * DAY_MS), new Date(now - DAY_MS));
  const early = selfSigned(['hooks.example'], new Date(now + DAY_MS), new Date(now + 2 * DAY_MS));
  interface Case {
    served: Certificate;
    trusted: Certificate | undefined;
    host?: string;
  }
  const resolve: NonNullable<WebhookOptions['resolve']> = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);

  async function overTls(served: Certificate, trusted: Certificate | undefined, host = 'hooks.example'): Promise<[Attempt, number]> {
    const { port, received } = await receiver((_request, response) => response.end(), served);
    const options = trusted === undefined ? { resolve } : { resolve, extraCa: trusted.cert };
    return [await client(options).send(delivery(`https://${host}:${String(port)}/`)), received.length];
  }

  it('delivers where the certificate is trusted and bears the name or the address', async () => {
    expect(await overTls(valid, valid)).toEqual([expect.objectContaining({ outcome: 'delivered', status: 200 }), 1]);
    expect(await overTls(valid, valid, '127.0.0.1')).toEqual([expect.objectContaining({ outcome: 'delivered' }), 1]);
  });

  it.each([
    ['expired', { served: expired, trusted: expired }, "the receiver's certificate has expired (CERT_HAS_EXPIRED)"],
    ['not valid yet', { served: early, trusted: early }, "the receiver's certificate is not valid yet (CERT_NOT_YET_VALID)"],
    [
      'for another name',
      { served: valid, trusted: valid, host: 'other.example' },
      "the receiver's certificate is for another name (ERR_TLS_CERT_ALTNAME_INVALID)",
    ],
    [
      'self-signed',
      { served: valid, trusted: undefined },
      "the receiver's certificate is from nobody who is trusted here (DEPTH_ZERO_SELF_SIGNED_CERT)",
    ],
  ])('sends nothing where the certificate is %s', async (_what, { served, trusted, host }: Case, reason) => {
    expect(await overTls(served, trusted, host)).toEqual([{ outcome: 'retry', reason, latencyMs: expect.any(Number) }, 0]);
  });

  it('is not switched off by the environment', async () => {
    const { port, received } = await receiver((_request, response) => response.end(), valid);
    const script = `
      import { WebhookClient } from ${JSON.stringify(new URL('webhook.js', import.meta.url).href)};
      const client = new WebhookClient({ allowed: [], mayUseLoopback: true, version: '1' });
      const delivery = { url: 'https://127.0.0.1:${String(port)}/', headers: {}, body: '', id: 'x', secrets: [] };
      console.log((await client.send(delivery)).reason);`;
    // In a process of its own: Node reads the variable from the real environment, and Jest hands tests a copy.
    const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env });
    expect(stdout).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(received).toEqual([]);
  });

  it('is asked for in vain where plain HTTP is spoken', async () => {
    const { port } = await receiver((_request, response) => response.end());
    const attempt = await client().send(delivery(`https://127.0.0.1:${String(port)}/`));
    expect(attempt).toMatchObject({ outcome: 'retry', reason: expect.stringContaining('no secure connection could be agreed on') });
  });
});

function answersOf(...answers: string[][]): { resolve: NonNullable<WebhookOptions['resolve']>; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve: (name) => {
      asked.push(name);
      const addresses = answers[Math.min(asked.length, answers.length) - 1] ?? [];
      return Promise.resolve(addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })));
    },
  };
}

const NOT_PUBLIC = 'the host has an address that is not public and not in WHY401_WEBHOOK_ALLOW_CIDRS';
const HTTPS_ONLY = 'http is for addresses in WHY401_WEBHOOK_ALLOW_CIDRS only; use https';

describe('the guard', () => {
  async function counting(): Promise<{ port: number; connections: () => number }> {
    let count = 0;
    const port = await listening(createServer((socket) => socket.destroy(void (count += 1))));
    return { port, connections: () => count };
  }

  it.each([
    'https://127.0.0.1/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://2130706433/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://①②⑦.⓪.⓪.①/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::127.0.0.1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fe80::1]/',
    'https://[fd00:ec2::254]/latest/meta-data',
    'http://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://0/',
    'https://100.64.0.1/',
    'https://localhost/',
  ])('refuses %s on save and on delivery', async (url) => {
    const guarded = client({ mayUseLoopback: false });
    expect(await guarded.check(url)).toBe(NOT_PUBLIC);
    expect(await guarded.send(delivery(url))).toEqual({ outcome: 'refused', reason: NOT_PUBLIC, latencyMs: expect.any(Number) });
  });

  it.each([
    ['ftp://203.0.113.9/', 'the URL must begin with https://'],
    ['file:///etc/passwd', 'the URL must begin with https://'],
    ['https://user:secret@1.1.1.1/', 'the URL must hold no user name and no password'],
    ['https://user@1.1.1.1/', 'the URL must hold no user name and no password'],
    ['hooks.example/x', 'the URL cannot be read'],
    ['https://[fe80::1%25eth0]/', 'the URL cannot be read'],
    ['', 'the URL cannot be read'],
    ['http://1.1.1.1/', HTTPS_ONLY],
  ])('refuses %s', async (url, reason) => {
    expect(await client().check(url)).toBe(reason);
    expect(await client().send(delivery(url))).toMatchObject({ outcome: 'refused', reason });
  });

  it('accepts public addresses over https, and allowed ones over http too', async () => {
    const allowed = ['10.0.0.0/8', 'fd12::/16'].flatMap((text) => parseCidr(text) ?? []);
    const guarded = client({ allowed, mayUseLoopback: false });
    for (const url of [
      'https://1.1.1.1/',
      'https://[2606:4700::1111]/',
      'http://10.1.2.3:8080/x',
      'http://[fd12::1]/',
      'https://[::ffff:10.1.2.3]/',
    ]) {
      expect(await guarded.check(url)).toBeUndefined();
    }
    expect(await guarded.check('https://192.168.0.1/')).toBe(NOT_PUBLIC);
    expect(await client().check('http://[::1]:4010/')).toBeUndefined();
  });

  it('never connects to a name with a private address, not even behind a public one', async () => {
    const { port, connections } = await counting();
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['2606:4700::1111', '::1'], ['127.0.0.1', '93.184.215.14']]) {
      const guarded = client({ ...answersOf(addresses), mayUseLoopback: false });
      expect(await guarded.send(delivery(`https://hooks.example:${String(port)}/`))).toMatchObject({
        outcome: 'refused',
        reason: NOT_PUBLIC,
      });
    }
    expect(connections()).toBe(0);
  });

  it('asks for all addresses to be allowed before it speaks http', async () => {
    const guarded = client(answersOf(['127.0.0.1', '93.184.215.14']));
    expect(await guarded.check('http://hooks.example/')).toBe(HTTPS_ONLY);
  });

  it('judges again at delivery a name that was public when it was saved', async () => {
    const { port, connections } = await counting();
    const url = `https://hooks.example:${String(port)}/`;
    const guarded = client({ ...answersOf(['93.184.215.14'], ['127.0.0.1']), mayUseLoopback: false });
    expect(await guarded.check(url)).toBeUndefined();
    expect(await guarded.send(delivery(url))).toMatchObject({ outcome: 'refused', reason: NOT_PUBLIC });
    expect(connections()).toBe(0);
  });

  it('resolves once for an attempt and dials what it checked', async () => {
    const { port, received } = await receiver((_request, response) => response.end());
    const names = answersOf(['127.0.0.1'], ['93.184.215.14']);
    expect(await client(names).send(delivery(`http://hooks.example:${String(port)}/`))).toMatchObject({ outcome: 'delivered' });
    expect(names.asked).toEqual(['hooks.example']);
    expect(received[0]?.headers.host).toBe(`hooks.example:${String(port)}`);
  });

  it('tries the next checked address when the first does not answer', async () => {
    const { port, received } = await receiver((_request, response) => response.end());
    const names = answersOf(['::1', '127.0.0.1']);
    expect(await client(names).send(delivery(`http://hooks.example:${String(port)}/`))).toMatchObject({ outcome: 'delivered' });
    expect(received).toHaveLength(1);
  });

  it('tries again later when a name cannot be resolved, and says so on save', async () => {
    const failing = (code: string): WebhookClient =>
      client({ timeLimitMs: 200, resolve: () => Promise.reject(Object.assign(new Error('x'), { code })) });
    const url = 'https://hooks.example/';
    expect(await failing('ENOTFOUND').send(delivery(url))).toMatchObject({ outcome: 'retry', reason: 'the name does not exist' });
    expect(await failing('EAI_AGAIN').check(url)).toBe('the name cannot be resolved now');
    expect(await client(answersOf([])).send(delivery(url))).toMatchObject({ outcome: 'retry', reason: 'the name has no address' });
    const hanging = client({ timeLimitMs: 100, resolve: () => new Promise(() => undefined) });
    expect(await hanging.check(url)).toBe('the name could not be resolved within the time limit');
    expect(await hanging.send(delivery(url))).toMatchObject({ outcome: 'retry' });
    expect(await client({ mayUseLoopback: false }).check('https://no-such-name.invalid/')).toMatch(/^the name /);
  });
});
