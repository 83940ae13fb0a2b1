/** The built service in a process of its own, on free ports and an empty data directory. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../src/store/postgres-process.js';
import { Contract, type Document } from './openapi.js';

/** As `npm start` has them. */
const HEAP_OPTIONS =
  readFileSync('package.json', 'utf8').match(
    /--(?:max-(?:old|semi)-space-size=\d+|heap-growing-percent=\d+|no-allocation-site-pretenuring)/g,
  ) ?? [];
const MAIN = relative(process.cwd(), fileURLToPath(new URL('../../src/main.js', import.meta.url)));
const START_TIMEOUT_MS = 40_000;

export class App {
  private child: ChildProcess | undefined;
  private contract: Contract | undefined;
  /** Sent with every request, where one is asked. */
  key: string | undefined;
  /** Everything the process wrote. */
  output = '';
  private isSignalled = false;
  /** What runs the process, with what it is to run behind it. */
  private wrapper: string[] = [];

  readonly url: string;
  readonly otlpUrl: string;
  readonly grpcUrl: string;

  private constructor(
    readonly directory: string,
    private readonly environment: Record<string, string>,
    { url, otlpUrl, grpcUrl }: Pick<App, 'url' | 'otlpUrl' | 'grpcUrl'>,
  ) {
    this.url = url;
    this.otlpUrl = otlpUrl;
    this.grpcUrl = grpcUrl;
  }

  /**
   * @param environment settings beside ports and data directory
   * @param wrapperIn what runs the process, which may write to the directory given
   */
  static async start(environment: Record<string, string> = {}, wrapperIn?: (directory: string) => Promise<string[]>): Promise<App> {
    const directory = await mkdtemp(join(tmpdir(), 'why401-e2e-'));
    const [port, otlpPort, grpcPort] = await Promise.all([freePort(), freePort(), freePort()]);
    const settings = {
      WHY401_DATA_DIR: join(directory, 'data'),
      WHY401_PORT: String(port),
      WHY401_OTLP_HTTP_PORT: String(otlpPort),
      WHY401_OTLP_GRPC_PORT: String(grpcPort),
      ...environment,
    };
    const [url = '', otlpUrl = '', grpcUrl = ''] = [port, otlpPort, grpcPort].map((one) => `http://127.0.0.1:${String(one)}`);
    const app = new App(directory, settings, { url, otlpUrl, grpcUrl });
    app.wrapper = (await wrapperIn?.(directory)) ?? [];
    await app.launch();
    return app;
  }

  get pid(): number {
    return this.child?.pid ?? 0;
  }

  /** Starts the process (again) and waits until it is ready. @throws with its output when it ends instead */
  async launch(): Promise<void> {
    const [program, ...args] = [...this.wrapper, process.execPath, '--enable-source-maps', ...HEAP_OPTIONS, MAIN];
    const child = spawn(program, args, {
      env: { ...plainEnvironment(), ...this.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.child = child;
    this.isSignalled = false;
    const keep = (chunk: Buffer): void => {
      this.output += chunk.toString();
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.isReady())) {
      if (child.exitCode !== null || Date.now() > deadline) throw new Error(`the service did not start:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    this.contract ??= new Contract((await (await fetch(`${this.url}/openapi.json`)).json()) as Document);
  }

  async signal(name: NodeJS.Signals): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    this.isSignalled = true;
    const ended = once(child, 'exit');
    child.kill(name);
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** Ends it, its database too when it was killed before, and removes what it wrote. Tells why, where it had ended by itself. */
  async stop(): Promise<void> {
    if (this.child?.exitCode != null && !this.isSignalled) process.stderr.write(`the service had ended by itself:\n${this.output}\n`);
    await this.signal('SIGTERM');
    const pidFile = await readFile(join(this.directory, 'data', 'postgres', 'postmaster.pid'), 'utf8').catch(() => undefined);
    if (pidFile !== undefined) process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** @throws for an answer that the OpenAPI document does not have */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what it expects, and asserts it
  async get<T = unknown>(path: string): Promise<{ status: number; body: T; headers: Headers }> {
    const response = await this.checked('GET', path, await fetch(this.url + path, { headers: this.authorization() }));
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  /** @throws as above */
  async post(path: string, body: string | Buffer, headers: Record<string, string>): Promise<Response> {
    return this.checked(
      'POST',
      path,
      await fetch(this.url + path, { method: 'POST', body: body as string, headers: { ...this.authorization(), ...headers } }),
    );
  }

  /** JSON there and back. @throws as above */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller says what it expects, and asserts it
  async call<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const headers = { ...this.authorization(), 'content-type': 'application/json' };
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await this.checked(method, path, await fetch(this.url + path, sent));
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  /** Records counted in the last day. */
  async total(filters = ''): Promise<number> {
    return (await this.get<{ total: number }>(`/v1/trends?from=-24h${filters}`)).body.total;
  }

  private authorization(): Record<string, string> {
    return this.key === undefined ? {} : { authorization: `Bearer ${this.key}` };
  }

  private async checked(method: string, path: string, response: Response): Promise<Response> {
    const operation = this.contract?.operationAt(method, path);
    const problems = operation === undefined ? [] : await this.contract?.problemsWith(operation, response);
    if (problems !== undefined && problems.length > 0) throw new Error(`not what the OpenAPI document says: ${problems.join('; ')}`);
    return response;
  }

  private async isReady(): Promise<boolean> {
    return fetch(`${this.url}/health/ready`).then(
      (response) => response.ok,
      () => false,
    );
  }
}

export interface RunResult {
  code: number | null;
  output: string;
}

/** Runs the service until it ends by itself, for starts that must fail; or until SIGTERM once it wrote the text given. */
export async function runMain(environment: Record<string, string>, stopAt?: string, args: string[] = []): Promise<RunResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { ...plainEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (stopAt !== undefined && output.includes(stopAt)) child.kill('SIGTERM');
  });
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

/** Without the settings of whoever runs the tests. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith('WHY401_') && !['DATABASE_URL', 'REDIS_URL', 'NODE_OPTIONS'].includes(name),
  );
  return Object.fromEntries(kept);
}
