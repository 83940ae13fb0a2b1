/**
 * The only reader of the environment. Every setting stands here once with its default, unit and meaning (the README's
 * table is generated from it); the result is typed, and a start with wrong settings fails with all problems at once.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseCidr, type Cidr } from './core/alert/address.js';
import { parseRetention, type Retention } from './core/levels.js';
import { LOG_LEVELS, type LogLevel } from './ops/logger.js';

/** Of this service, as package.json has it. */
export const VERSION = '0.1.0';

const ROLES = ['ingest', 'worker', 'api', 'alerts'] as const;
type Role = (typeof ROLES)[number];

const AUTHS = ['auto', 'required'] as const;
type Auth = (typeof AUTHS)[number];

export interface Config {
  host: string;
  port: number;
  otlpHttpPort: number;
  otlpGrpcPort: number;
  databaseUrl: string | undefined;
  /** Of a standby of it. */
  replicaUrl: string | undefined;
  redisUrl: string | undefined;
  dataDir: string;
  roles: Role[];
  auth: Auth;
  hashKey: string | undefined;
  retention: Retention;
  /** New ones of a project and day. */
  maxSignatures: number;
  /** Ranges that webhooks may reach though they are not public. */
  webhookAllowCidrs: Cidr[];
  /** Of a trace in the user's tracing tool, with {trace_id} in it. */
  traceUrl: string | undefined;
  logLevel: LogLevel;
}

/** Thrown with every problem that the settings have. */
export class ConfigError extends Error {
  readonly code = 'invalid_settings';
  constructor(readonly problems: string[]) {
    super(
      `cannot start with these settings:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\nThe settings are listed in README.md.`,
    );
    this.name = 'ConfigError';
  }
}

const DAY = 86_400;
const DEFAULT_RETENTION: Retention = { '10s': 2 * DAY, '1m': 30 * DAY, '1h': 400 * DAY, samples: 7 * DAY };

/** With more a day, questions could not be answered in time any more. */
const MOST_SIGNATURES = 1_000_000;

type Environment = Readonly<Record<string, string | undefined>>;

interface Setting<T> {
  name: string;
  default: string;
  meaning: string;
  /** @throws Error with what is wrong and what would be right */
  read: (text: string) => T;
}

const text = (value: string): string => value;
const optional = (value: string): string | undefined => (value === '' ? undefined : value);

/** In the order of the README's table. */
export const SETTINGS = {
  host: { name: 'WHY401_HOST', default: '127.0.0.1', meaning: 'Address of every listener.', read: text },
  port: {
    name: 'WHY401_PORT',
    default: '4010',
    meaning: 'Port of the dashboard, the REST API, `/docs`, `/metrics`, health, and the ingest paths too.',
    read: (value) => port(value, 1),
  },
  otlpHttpPort: {
    name: 'WHY401_OTLP_HTTP_PORT',
    default: '4318',
    meaning: 'Port for OTLP/HTTP only; 0 = off.',
    read: (value) => port(value, 0),
  },
  otlpGrpcPort: {
    name: 'WHY401_OTLP_GRPC_PORT',
    default: '4317',
    meaning: 'Port for OTLP/gRPC only; 0 = off.',
    read: (value) => port(value, 0),
  },
  databaseUrl: {
    name: 'DATABASE_URL',
    default: '',
    meaning: '`postgres://…` (PostgreSQL 15 or newer). Unset: an embedded PostgreSQL 18 in the data directory.',
    read: (value) => url(value, ['postgres:', 'postgresql:']),
  },
  replicaUrl: {
    name: 'DATABASE_REPLICA_URL',
    default: '',
    meaning:
      '`postgres://…` of a standby of `DATABASE_URL`, that the query endpoints and the dashboard read from. Unset: they read from `DATABASE_URL`.',
    read: (value) => url(value, ['postgres:', 'postgresql:']),
  },
  redisUrl: {
    name: 'REDIS_URL',
    default: '',
    meaning:
      '`redis://…` or `rediss://…` for the queue; several with commas between are nodes of a Redis Cluster. Unset: the queue lives in the same PostgreSQL.',
    read: redisUrls,
  },
  dataDir: {
    name: 'WHY401_DATA_DIR',
    default: './.why401',
    meaning: 'Directory of the embedded database; nothing else is kept there.',
    read: (value) => resolve(value),
  },
  roles: {
    name: 'WHY401_ROLES',
    default: 'ingest,worker,api,alerts',
    meaning: 'What this process does; run each as often as wanted. Of `alerts`, one evaluates the rules and all deliver.',
    read: roles,
  },
  auth: {
    name: 'WHY401_AUTH',
    default: 'auto',
    meaning:
      '`auto`: no key is asked while every listener is on loopback and no key was ever made; else keys are required. `required`: always.',
    read: auth,
  },
  hashKey: {
    name: 'WHY401_HASH_KEY',
    default: '',
    meaning:
      'Key of the pseudonyms that clients and users are counted by, 16 characters or more. Unset: made at the first start and kept in the database.',
    read: hashKey,
  },
  retention: {
    name: 'WHY401_RETENTION',
    default: '10s=2d,1m=30d,1h=400d,samples=7d',
    meaning: 'How long counts are kept at each width (s, m, h, d, w), before they move to the next wider one. Samples are not stored yet.',
    read: retention,
  },
  maxSignatures: {
    name: 'WHY401_MAX_SIGNATURES',
    default: '20000',
    meaning:
      'New signatures per project and day. Beyond it they are counted as one `__other__` for each service and cause, which `/health/ready` tells.',
    read: maxSignatures,
  },
  webhookAllowCidrs: {
    name: 'WHY401_WEBHOOK_ALLOW_CIDRS',
    default: '',
    meaning:
      'Ranges, separated by commas, that webhooks may reach though they are private: `10.0.0.0/8,fd00::/8`. Loopback is allowed while every listener is on it.',
    read: cidrs,
  },
  traceUrl: {
    name: 'WHY401_TRACE_URL',
    default: '',
    meaning:
      'Where a trace is found in your tracing tool, with `{trace_id}` in it: `https://jaeger.example.com/trace/{trace_id}`. Unset: the dashboard shows trace ids without a link.',
    read: traceUrl,
  },
  logLevel: { name: 'WHY401_LOG_LEVEL', default: 'info', meaning: 'error, warn, info or debug.', read: logLevel },
} as const satisfies { [K in keyof Config]: Setting<Config[K]> };

/**
 * @param environment any setting may also come from the file that `<NAME>_FILE` names
 * @throws ConfigError listing every wrong value and every unknown `WHY401_*` name
 */
export function readConfig(environment: Environment = process.env): Config {
  const problems: string[] = unknownNames(environment);
  const entries = Object.entries(SETTINGS).map(([key, setting]) => {
    try {
      return [key, setting.read(valueOf(environment, setting.name) ?? setting.default)];
    } catch (error) {
      problems.push(`${setting.name}: ${(error as Error).message}`);
      return [key, undefined];
    }
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(entries) as Config;
}

function unknownNames(environment: Environment): string[] {
  const known = new Set(Object.values(SETTINGS).flatMap(({ name }) => [name as string, `${name}_FILE`]));
  return Object.keys(environment)
    .filter((name) => name.startsWith('WHY401_') && !known.has(name))
    .map((name) => `${name}: there is no such setting; remove it or correct its name`);
}

function valueOf(environment: Environment, name: string): string | undefined {
  const direct = environment[name];
  const file = environment[`${name}_FILE`];
  if (file === undefined || file === '') return direct === '' ? undefined : direct;
  if (direct !== undefined && direct !== '') throw new Error(`is given twice, directly and as ${name}_FILE; keep one`);
  return readFileSync(file, 'utf8').trim();
}

function cidrs(value: string): Cidr[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
    .map((item) => {
      const range = parseCidr(item);
      if (range === undefined) throw new Error(`"${item}" is no range of addresses; write it as 10.0.0.0/8 or fd00::/8`);
      return range;
    });
}

/** Whether nobody but this machine reaches the listeners. */
export function isOnLoopback({ host }: Pick<Config, 'host'>): boolean {
  return ['127.0.0.1', '::1', 'localhost'].includes(host);
}

/** Where the REST API answers, as links name it. */
export function baseUrlOf({ host: given, port: at }: Pick<Config, 'host' | 'port'>): string {
  // An address that means all of them leads nowhere.
  const host = given === '0.0.0.0' || given === '::' ? 'localhost' : given;
  return `http://${host.includes(':') ? `[${host}]` : host}:${String(at)}`;
}

function port(value: string, lowest: number): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < lowest || number > 65_535)
    throw new Error(`"${value}" is no port; give a number from ${String(lowest)} to 65535`);
  return number;
}

function url(value: string, protocols: string[]): string | undefined {
  const given = optional(value);
  if (given === undefined) return undefined;
  // The value is not repeated in the message: it holds a password.
  if (!URL.canParse(given) || !protocols.includes(new URL(given).protocol))
    throw new Error(`is no URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
  return given;
}

function maxSignatures(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 100 || number > MOST_SIGNATURES)
    throw new Error(`"${value}" is no whole number from 100 to ${String(MOST_SIGNATURES)}`);
  return number;
}

/** One, or some nodes of a cluster with commas between. */
function redisUrls(value: string): string | undefined {
  const urls = value.split(',').map((one) => url(one.trim(), ['redis:', 'rediss:']));
  // Of one that is empty, nothing was set.
  if (urls.length > 1 && urls.includes(undefined)) throw new Error('has a comma too many: between two commas there must be a URL');
  return urls[0] === undefined ? undefined : urls.join(',');
}

/** Anything but http would run in the page of whoever follows the link. */
function traceUrl(value: string): string | undefined {
  const template = optional(value);
  if (template === undefined) return undefined;
  const url = template.replaceAll('{trace_id}', '0');
  if (url === template || !URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
    throw new Error('is no http or https URL with {trace_id} in it; write it as https://jaeger.example.com/trace/{trace_id}');
  return template;
}

function roles(value: string): Role[] {
  const names = value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.filter((name) => !ROLES.includes(name as Role));
  if (names.length === 0 || unknown.length > 0)
    throw new Error(`"${unknown.join(',') || value}" is no role; choose from ${ROLES.join(', ')}`);
  return names as Role[];
}

function auth(value: string): Auth {
  const known = AUTHS.find((name) => name === value);
  if (known === undefined) throw new Error(`"${value}" is none; choose from ${AUTHS.join(', ')}`);
  return known;
}

function retention(value: string): Retention {
  const parsed = parseRetention(value, DEFAULT_RETENTION);
  if (typeof parsed === 'string') throw new Error(parsed);
  return parsed;
}

/** Shorter ones can be found by trying, and then whoever has the sketches knows who was in them. */
const SHORTEST_KEY = 16;

function hashKey(value: string): string | undefined {
  if (value !== '' && value.length < SHORTEST_KEY)
    throw new Error(`is shorter than ${String(SHORTEST_KEY)} characters; give a longer one, or none`);
  return optional(value);
}

function logLevel(value: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === value);
  if (level === undefined) throw new Error(`"${value}" is no log level; choose from ${LOG_LEVELS.join(', ')}`);
  return level;
}
