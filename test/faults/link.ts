/**
 * A TCP connection between two parts that can go wrong: cut (connections are reset and new ones refused), silent (nothing
 * passes, and nobody is told), one-way (what is asked arrives, no answer comes back) or slow (each piece waits before it is passed on). Parts are given its port in place of the real one.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export class Link {
  private readonly sockets = new Set<Socket>();
  private state: 'open' | 'cut' | 'silent' | 'one-way' = 'open';
  private delayMs = 0;
  /** Settled when a silence is over. */
  private silence = Promise.resolve();
  private endSilence: () => void = () => undefined;

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {
    server.on('connection', (socket) => {
      this.join(socket);
    });
  }

  /** @param target port of loopback where the other end listens, now or later */
  static async to(target: number): Promise<Link> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Link(server, target);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${String(this.port)}`;
  }

  cut(): void {
    this.state = 'cut';
    this.reset();
  }

  fallSilent(): void {
    this.state = 'silent';
    this.silence = new Promise((resolve) => (this.endSilence = resolve));
  }

  loseAnswers(): void {
    this.state = 'one-way';
  }

  slow(delayMs: number): void {
    this.delayMs = delayMs;
  }

  /** What was silent or one-way is reset: after a time without a word, neither end can know what reached the other. */
  restore(): void {
    if (this.state === 'silent' || this.state === 'one-way') this.reset();
    this.state = 'open';
    this.delayMs = 0;
    this.endSilence();
  }

  close(): void {
    this.restore();
    this.reset();
    this.server.close();
  }

  private join(near: Socket): void {
    if (this.state === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.carry(near, far, false);
    this.carry(far, near, true);
  }

  private carry(from: Socket, to: Socket, isAnswer: boolean): void {
    this.sockets.add(from);
    let passed = Promise.resolve();
    from.on('data', (piece: Buffer) => {
      if (isAnswer && this.state === 'one-way') return;
      passed = passed.then(() => this.passage()).then(() => void to.write(piece));
    });
    from.on('end', () => {
      passed = passed.then(() => void to.end());
    });
    // An error is followed by the close, which ends the other end too.
    from.on('error', () => undefined);
    from.on('close', (hadError) => {
      this.sockets.delete(from);
      if (hadError || !from.readableEnded) to.destroy();
    });
  }

  private async passage(): Promise<void> {
    await this.silence;
    if (this.delayMs > 0) await sleep(this.delayMs);
  }

  private reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }
}
