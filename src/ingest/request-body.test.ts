import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { bodyOf, RequestBodyError, withBody, withHeld } from './request-body.js';

const MIB = 1024 * 1024;

/** Sends in chunks, over a connection of its own, what it is told to. */
class Sender {
  private constructor(private readonly socket: Socket) {}

  static async to(server: Server): Promise<Sender> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return new Sender(socket);
  }

  begin(encoding = 'identity'): void {
    this.socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\ncontent-encoding: ${encoding}\r\ntransfer-encoding: chunked\r\n\r\n`);
  }

  send(bytes: number): void {
    this.write(Buffer.alloc(bytes, 'a'));
  }

  write(chunk: Buffer): void {
    this.socket.write(`${chunk.length.toString(16)}\r\n`);
    this.socket.write(chunk);
    this.socket.write('\r\n');
  }

  end(): void {
    this.socket.write('0\r\n\r\n');
  }

  /** @returns the answer's status line */
  async answer(): Promise<string> {
    const [data] = (await once(this.socket, 'data')) as [Buffer];
    return data.toString().split('\r\n', 1)[0] ?? '';
  }

  close(): void {
    this.socket.destroy();
  }
}

describe('a body', () => {
  let server: Server;
  let work: (body: Buffer) => Promise<void>;
  let read: (request: IncomingMessage) => Promise<void>;
  const senders: Sender[] = [];
  beforeEach(async () => {
    work = () => Promise.resolve();
    read = (request) => withBody(request, 1, (body) => work(body));
    server = createServer((request, response) => {
      read(request).then(
        () => response.end(),
        (error: unknown) => response.writeHead(error instanceof RequestBodyError ? error.status : 500).end(),
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const sender of senders.splice(0)) sender.close();
    server.close();
    await once(server, 'close');
  });

  async function sender(): Promise<Sender> {
    const one = await Sender.to(server);
    senders.push(one);
    return one;
  }

  async function post(bytes: number): Promise<string> {
    const one = await sender();
    one.begin();
    one.send(bytes);
    one.end();
    return one.answer();
  }

  it('that is refused in its middle is passed over, and the connection takes the next one', async () => {
    const [first, second] = [await sender(), await sender()];
    let begun: () => void = () => undefined;
    const isLarge = new Promise<void>((resolve) => (begun = resolve));
    read = async (request) => {
      let size = 0;
      request.on('data', (chunk: Buffer) => {
        size += chunk.length;
        // Some pieces behind the size beyond which only one is received.
        if (size > 13 * MIB) begun();
      });
      await withBody(request, 1, (body) => work(body));
    };
    first.begin();
    first.send(14 * MIB);
    await isLarge;
    read = (request) => withBody(request, 1, (body) => work(body));
    second.begin();
    second.send(13 * MIB);
    expect(await second.answer()).toBe('HTTP/1.1 503 Service Unavailable');
    second.send(20 * MIB);
    second.end();
    second.begin();
    second.send(10);
    second.end();
    expect(await second.answer()).toBe('HTTP/1.1 200 OK');
    first.end();
    expect(await first.answer()).toBe('HTTP/1.1 200 OK');
  });

  it('that comes in lines is passed over as well when it is given up', async () => {
    read = async (request) => {
      for await (const _item of bodyOf(request)) throw new RequestBodyError(400, 'enough');
    };
    const one = await sender();
    one.begin();
    one.send(10);
    expect(await one.answer()).toBe('HTTP/1.1 400 Bad Request');
    one.send(5 * MIB);
    one.end();
    expect(await post(10)).toBe('HTTP/1.1 400 Bad Request');
    one.begin();
    one.send(10);
    expect(await one.answer()).toBe('HTTP/1.1 400 Bad Request');
  });

  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
  ])('in %s with bytes behind its end is read, and what is behind is passed over', async (encoding, compress) => {
    for (const [size, reader] of [
      [10, 'whole'],
      [3 * MIB, 'whole'],
      [10, 'pieces'],
    ] as const) {
      const lengths: number[] = [];
      work = (body) => Promise.resolve(void lengths.push(body.length));
      read =
        reader === 'whole'
          ? (request) => withBody(request, 1, (body) => work(body))
          : async (request) => {
              let length = 0;
              for await (const chunk of bodyOf(request)) length += chunk.length;
              lengths.push(length);
            };
      const one = await sender();
      // Random bytes, so that the large one stays large.
      const packed = compress(randomBytes(size));
      one.begin(encoding);
      one.write(packed);
      await new Promise((resolve) => setTimeout(resolve, 50));
      one.write(Buffer.alloc(10));
      await new Promise((resolve) => setTimeout(resolve, 50));
      one.write(Buffer.alloc(10));
      one.end();
      expect(await one.answer()).toBe('HTTP/1.1 200 OK');
      expect(lengths).toEqual([size]);
    }
    work = () => Promise.resolve();
    read = (request) => withBody(request, 1, (body) => work(body));
    expect(await post(13 * MIB)).toBe('HTTP/1.1 200 OK');
  });

  it('that is not compressed as it says is answered at once, and the connection goes on', async () => {
    for (const inPieces of [true, false]) {
      read = async (request) => {
        if (!inPieces) await withBody(request, 1, (body) => work(body));
        else for await (const _item of bodyOf(request)) continue;
      };
      const one = await sender();
      one.begin('gzip');
      one.write(Buffer.from('this is no gzip'));
      if (inPieces) expect(await one.answer()).toBe('HTTP/1.1 400 Bad Request');
      one.send(5 * MIB);
      one.end();
      if (!inPieces) expect(await one.answer()).toBe('HTTP/1.1 400 Bad Request');
      one.begin();
      one.send(10);
      one.end();
      expect(await one.answer()).toBe('HTTP/1.1 200 OK');
    }
  });

  it('gives back its turn, its bytes and the place of a large one, whatever becomes of the work', async () => {
    work = () => Promise.reject(new Error('broken'));
    for (const bytes of [10, 10, 10, 10, 10, 8 * MIB, 8 * MIB, 8 * MIB, 8 * MIB, 8 * MIB, 8 * MIB, 13 * MIB, 13 * MIB])
      expect([bytes, await post(bytes)]).toEqual([bytes, 'HTTP/1.1 500 Internal Server Error']);
    work = () => Promise.resolve();
    for (const bytes of [10, 8 * MIB, 13 * MIB]) expect(await post(bytes)).toBe('HTTP/1.1 200 OK');
  });

  it('that somebody else has read gives back as much', async () => {
    for (const bytes of [10, 10, 10, 10, 10, 9 * MIB, 9 * MIB, 9 * MIB, 9 * MIB, 9 * MIB, 9 * MIB, 13 * MIB, 13 * MIB])
      await expect(withHeld(Buffer.alloc(bytes), 1, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await withHeld(Buffer.alloc(13 * MIB), 1, () => Promise.resolve('done'))).toBe('done');
  });
});
