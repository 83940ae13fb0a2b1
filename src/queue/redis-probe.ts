/** Asks Redis, or each node of a cluster, whether it keeps what it acknowledges: append-only file on, and no eviction of keys. */
import { Cluster, Redis } from 'ioredis';
import type { PartHealth } from '../ops/health.js';
import { clusterOf, hostsOf, isCluster } from './backend.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** Settings of a running Redis change rarely; the probe is asked at every health check. */
const FRESH_MS = 30_000;

export class RedisProbe {
  private known: { at: number; health: PartHealth } | undefined;

  private constructor(private readonly redis: Redis | Cluster) {}

  /** @throws when Redis cannot be reached */
  static async connect(url: string, onError: (error: Error) => void): Promise<RedisProbe> {
    const options = { connectTimeout: CONNECT_TIMEOUT_MS, maxRetriesPerRequest: 1, enableOfflineQueue: false };
    const lazily = { lazyConnect: true, enableOfflineQueue: false };
    const redis = isCluster(url) ? clusterOf(url, options, lazily) : new Redis(url, { ...options, ...lazily });
    redis.on('error', onError);
    try {
      await redis.connect();
    } catch (cause) {
      redis.disconnect();
      throw new Error(`cannot reach Redis at ${hostsOf(url)}: ${(cause as Error).message}`, { cause });
    }
    return new RedisProbe(redis);
  }

  async durability(): Promise<PartHealth> {
    await this.redis.ping();
    if (this.known !== undefined && Date.now() - this.known.at < FRESH_MS) return this.known.health;
    const health = await this.ask();
    this.known = { at: Date.now(), health };
    return health;
  }

  close(): Promise<void> {
    this.redis.disconnect();
    return Promise.resolve();
  }

  private async ask(): Promise<PartHealth> {
    const nodes = this.redis instanceof Cluster ? this.redis.nodes('master') : [this.redis];
    const problems = new Set((await Promise.all(nodes.map(problemsOf))).flat());
    return problems.size === 0 ? { status: 'ok' } : { status: 'warning', detail: [...problems].join('; ') };
  }
}

async function problemsOf(redis: Redis): Promise<string[]> {
  const problems: string[] = [];
  try {
    if ((await settingOf(redis, 'appendonly')) !== 'yes')
      problems.push('appendonly is off, so a crash of Redis loses batches that senders were told are safe; set "appendonly yes"');
    const policy = await settingOf(redis, 'maxmemory-policy');
    if (policy !== 'noeviction')
      problems.push(`maxmemory-policy is ${policy}, so Redis may throw batches away; set "maxmemory-policy noeviction"`);
  } catch {
    // Managed Redis services forbid CONFIG: that is no failure of Redis, but nobody has looked.
    problems.push('CONFIG GET is not allowed, so nobody has checked that appendonly is yes and maxmemory-policy is noeviction');
  }
  return problems;
}

async function settingOf(redis: Redis, name: string): Promise<string> {
  const answer = (await redis.config('GET', name)) as string[];
  return answer[1] ?? '';
}
