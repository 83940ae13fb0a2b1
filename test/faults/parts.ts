/**
 * An installation with a process for each part: receiver, worker, alerts, PostgreSQL, Redis where the queue is there, and an
 * API that only reads. All but the API reach each other through links that can be cut. Each part can be taken away and brought back.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { freePort } from '../../src/store/postgres-process.js';
import { App } from '../support/app.js';
import { withClient } from '../support/databases.js';
import { until } from '../support/service.js';
import { Link } from './link.js';

export type QueueKind = 'postgres' | 'redis';
export type PartName = 'receiver' | 'worker' | 'alerts' | 'PostgreSQL' | 'Redis';

/** Something that can be taken away for a while. */
export interface Part {
  /** With SIGKILL. */
  kill(): Promise<void>;
  /** As whoever deploys it does. @throws when a process of the service does not end in time, with everything done */
  end(): Promise<void>;
  /** After it ended; settled when it works again. */
  revive(): Promise<void>;
  /** With SIGSTOP. */
  pause(): Promise<void>;
  resume(): Promise<void>;
}

const RUN_EMBEDDED = fileURLToPath(new URL('../support/run-embedded.js', import.meta.url));
const START_TIMEOUT_MS = 60_000;

export class Installation {
  /** What the processes run on, past all links. */
  databaseUrl = '';
  redisUrl: string | undefined;
  readonly parts = new Map<PartName, Part>();
  /** By what they cut off: a part's own way to PostgreSQL and Redis, and everybody's way to those. */
  readonly links = new Map<PartName, Link[]>();
  /** In front of the receiver: OTLP/HTTP, OTLP/gRPC, events. */
  doors: Link[] = [];
  private postgres: PostgresServer | undefined;
  private redis: RedisServer | undefined;
  /** Processes of the service, by what they are for. */
  private readonly apps = new Map<string, App>();

  /** @throws when a part does not start; what did is stopped */
  static async start(queue: QueueKind): Promise<Installation> {
    const installation = new Installation();
    try {
      await installation.open(queue);
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** Only reads, and is never taken away. */
  get reader(): App {
    const api = this.apps.get('api');
    if (api === undefined) throw new Error('the installation is not started');
    return api;
  }

  /** Everything that its processes wrote. */
  get output(): string {
    return [...this.apps].map(([name, { output }]) => `== ${name}\n${output}`).join('\n');
  }

  /** Of events, through its link. */
  get eventsUrl(): string {
    return this.doors.at(-1)?.url ?? '';
  }

  part(name: PartName): Part {
    const part = this.parts.get(name);
    if (part === undefined) throw new Error(`there is no ${name} in this installation`);
    return part;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.apps.values()].map((app) => app.stop()));
    await this.redis?.stop();
    await this.postgres?.stop();
    for (const link of [...this.doors, ...[...this.links.values()].flat()]) link.close();
  }

  private async open(queue: QueueKind): Promise<void> {
    this.postgres = await PostgresServer.start();
    this.parts.set('PostgreSQL', this.postgres);
    this.links.set('PostgreSQL', []);
    this.databaseUrl = this.postgres.url;
    if (queue === 'redis') {
      this.redis = await RedisServer.start();
      this.parts.set('Redis', this.redis);
      this.links.set('Redis', []);
      this.redisUrl = this.redis.url;
    }
    // Before the others: it makes the schema.
    await this.openExtra('api', { WHY401_ROLES: 'api' });
    const [receiver] = await Promise.all([
      this.openRole('receiver', 'ingest'),
      this.openRole('worker', 'worker'),
      this.openRole('alerts', 'alerts'),
    ]);
    this.doors = await Promise.all([receiver.otlpUrl, receiver.grpcUrl, receiver.url].map((url) => Link.to(portOf(url))));
  }

  private backends(): Record<string, string> {
    return { DATABASE_URL: this.databaseUrl, ...(this.redisUrl === undefined ? {} : { REDIS_URL: this.redisUrl }) };
  }

  /** Another process, without links. @param environment beside what all processes have */
  async openExtra(name: string, environment: Record<string, string>): Promise<App> {
    const app = await App.start({ ...this.backends(), ...environment });
    this.apps.set(name, app);
    return app;
  }

  private async openRole(name: PartName, role: string): Promise<App> {
    const own: Link[] = [];
    const through = async ([setting, url]: [string, string]): Promise<[string, string]> => {
      const link = await Link.to(portOf(url));
      own.push(link);
      this.links.get(setting === 'REDIS_URL' ? 'Redis' : 'PostgreSQL')?.push(link);
      const linked = new URL(url);
      linked.port = String(link.port);
      return [setting, linked.href];
    };
    const linked = Object.fromEntries(await Promise.all(Object.entries(this.backends()).map(through)));
    const app = await App.start({ ...linked, WHY401_ROLES: role });
    this.apps.set(name, app);
    this.links.set(name, own);
    this.parts.set(name, partOf(app));
    return app;
  }
}

function partOf(app: App): Part {
  const send = (signal: 'SIGSTOP' | 'SIGCONT') => (): Promise<void> => {
    process.kill(app.pid, signal);
    return Promise.resolve();
  };
  return {
    kill: async () => {
      await app.signal('SIGKILL');
    },
    end: async () => {
      const code = await app.signal('SIGTERM');
      // What is not done within ten seconds ends with 1.
      if (code !== 0) throw new Error(`the process ended with ${String(code)} on SIGTERM:\n${app.output.slice(-2_000)}`);
    },
    revive: () => app.launch(),
    pause: send('SIGSTOP'),
    resume: send('SIGCONT'),
  };
}

/** The embedded server, owned by a process that starts it again when it is killed. */
export class PostgresServer implements Part {
  private constructor(
    private readonly directory: string,
    private readonly owner: ReturnType<typeof spawn>,
    readonly url: string,
  ) {}

  /** @param given where its data go; what is in there is removed at the end */
  static async start(given?: string): Promise<PostgresServer> {
    const directory = given ?? (await mkdtemp(join(tmpdir(), 'why401-faults-postgres-')));
    // Ctrl-C must not reach it: it is stopped last.
    const owner = spawn(process.execPath, [RUN_EMBEDDED, directory], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    owner.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [, url = ''] = await until(
      () => /^ready \d+ (\S+)$|^failed/m.exec(output) ?? [],
      ([line]) => line !== undefined,
      START_TIMEOUT_MS,
    );
    if (url === '') throw new Error(`cannot start PostgreSQL: ${output}`);
    return new PostgresServer(directory, owner, url);
  }

  /** The server alone, as the kernel would when memory is short; its sessions find out by themselves. */
  async kill(): Promise<void> {
    process.kill(await this.postmaster(), 'SIGKILL');
  }

  /** The owner starts it again. */
  async end(): Promise<void> {
    const postmaster = await this.postmaster();
    process.kill(postmaster, 'SIGINT');
    await until(
      () => this.postmaster().catch(() => undefined),
      (pid) => pid !== postmaster,
      START_TIMEOUT_MS,
    );
  }

  async revive(): Promise<void> {
    await until(
      () => withClient(this.url, (client) => client.query('SELECT 1')).catch(() => undefined),
      (answer) => answer !== undefined,
      START_TIMEOUT_MS,
    );
  }

  /** All of it: a server that is stopped alone still has its sessions answer. */
  async pause(): Promise<void> {
    const postmaster = await this.postmaster();
    process.kill(postmaster, 'SIGSTOP');
    for (const pid of await childrenOf(postmaster)) process.kill(pid, 'SIGSTOP');
  }

  async resume(): Promise<void> {
    const postmaster = await this.postmaster();
    for (const pid of [...(await childrenOf(postmaster)), postmaster]) process.kill(pid, 'SIGCONT');
  }

  async stop(): Promise<void> {
    if (this.owner.exitCode === null && this.owner.signalCode === null) {
      const ended = once(this.owner, 'exit');
      this.owner.kill('SIGTERM');
      await ended;
    }
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  private async postmaster(): Promise<number> {
    return Number((await readFile(join(this.directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }
}

/** Of a process with one thread. */
async function childrenOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${String(pid)}/task/${String(pid)}/children`, 'utf8');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

/** Durable: what it acknowledges is on disk. */
export class RedisServer implements Part {
  private child: ReturnType<typeof spawn> | undefined;

  private constructor(
    private readonly directory: string,
    private readonly port: number,
    private readonly settings: string[],
  ) {}

  /** @param settings instead of durable ones, as on its command line */
  static async start(settings = ['--appendonly', 'yes', '--appendfsync', 'always']): Promise<RedisServer> {
    const directory = await mkdtemp(join(tmpdir(), 'why401-faults-redis-'));
    const server = new RedisServer(directory, await freePort(), settings);
    await server.revive();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${String(this.port)}`;
  }

  kill(): Promise<void> {
    return this.signal('SIGKILL');
  }

  end(): Promise<void> {
    return this.signal('SIGTERM');
  }

  async revive(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.directory, '--save', '', ...this.settings];
    this.child = spawn('redis-server', args, { detached: true, stdio: 'ignore' });
    await until(
      () => this.ask((redis) => redis.ping()).catch(() => undefined),
      (answer) => answer === 'PONG',
      START_TIMEOUT_MS,
    );
  }

  pause(): Promise<void> {
    this.child?.kill('SIGSTOP');
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.child?.kill('SIGCONT');
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private async signal(name: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(name);
    await ended;
  }

  async ask<T>(question: (redis: Redis) => Promise<T>): Promise<T> {
    const redis = new Redis(this.url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await question(redis);
    } finally {
      redis.disconnect();
    }
  }
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}
