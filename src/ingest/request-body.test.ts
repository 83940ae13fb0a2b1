import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
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

  begin(): void {
    this.socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n');
  }

  send(bytes: number): void {
    this.socket.write(`${bytes.toString(16)}\r\n`);
    this.socket.write(Buffer.alloc(bytes, 'a'));
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
