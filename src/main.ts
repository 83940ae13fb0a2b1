/**
 * Starts one process: settings, database, schema, queue, the stages of its roles, the listeners. On SIGTERM, SIGINT or
 * SIGHUP it ends them in the same order, so that what was accepted is handed over before anything behind it closes.
 */
import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startStages, stopStages, type Foundation, type Stages } from './app.module.js';
import { baseUrlOf, ConfigError, isOnLoopback, readConfig, SETTINGS, type Config } from './config.js';
import { listen, stopListening } from './http-server.js';
import { Events } from './ops/events.js';
import { createLogger, type Logger } from './ops/logger.js';
import { Metrics } from './ops/metrics.js';
import type { QueueOptions } from './queue/backend.js';
import { BatchQueue } from './queue/batch-queue.js';
import { DeliveryQueue } from './queue/delivery-queue.js';
import { generatedSetting, migrate, openDatabase } from './store/database.js';
import { EmbeddedPostgres } from './store/embedded-postgres.js';
import { storeBatchesAsTheyCome } from './store/queue-table.js';

/** What is not done by then is left to the queue, which delivers it again. */
const DRAIN_TIMEOUT_MS = 10_000;

type Undo = () => Promise<unknown>;

async function main(): Promise<void> {
  if (isHelpWanted()) {
    process.stdout.write(help());
    return;
  }
  const config = readConfig();
  const logger = createLogger(config.logLevel, process.stdout);
  const undo: Undo[] = [];
  const signal = firstSignal();
  try {
    const started = start(config, logger, undo);
    const opened = await Promise.race([started, signal.then(() => undefined)]);
    if (opened === undefined) {
      // A start that is stopped half-way is finished first: what it opens next could not be closed otherwise.
      logger.log('stopping as soon as the start is through');
      await started;
    } else {
      welcome(config, opened.access.isAsked, logger);
    }
    logger.log(`${await signal}: finishing what is in hand`);
    setTimeout(() => {
      logger.warn(`not done within ${String(DRAIN_TIMEOUT_MS / 1000)} s; the queue keeps the rest`);
      process.exit(1);
    }, DRAIN_TIMEOUT_MS).unref();
  } finally {
    for (const step of undo.reverse())
      await step().catch((error: unknown) => {
        logger.warn(`while stopping: ${String(error)}`);
      });
  }
}

/** @throws with the usage, for arguments that nobody knows */
function isHelpWanted(): boolean {
  try {
    return parseArgs({ options: { help: { type: 'boolean', short: 'h', default: false } } }).values.help;
  } catch (cause) {
    throw new Error(`cannot start: ${(cause as Error).message}\n${help()}`, { cause });
  }
}

function help(): string {
  const settings = Object.values(SETTINGS).map(
    ({ name, default: value, meaning }) => `  ${name.padEnd(24)}${meaning.replaceAll('`', '')}${value === '' ? '' : ` (${value})`}`,
  );
  return `Usage: npm start\n\nStarts why401. Settings come from the environment, or from the file that <NAME>_FILE names:\n\n${settings.join('\n')}\n`;
}

/** Listens for as long as the process lives: a second signal must not cut the first one's work short. */
function firstSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, resolve);
  });
}

/** @param undo gets the steps that close what was opened so far, in the order of opening */
async function start(config: Config, logger: Logger, undo: Undo[]): Promise<Stages> {
  const metrics = new Metrics();
  const events = new Events(logger, metrics);
  const databaseUrl = config.databaseUrl ?? (await startEmbedded(config, logger, undo));
  const database = await openDatabase(databaseUrl, (error) => {
    events.connectionFailed('database', error);
  });
  undo.push(() => database.destroy());
  for (const name of await migrate(database)) logger.log(`applied migration ${name}`);
  const reader =
    config.replicaUrl === undefined
      ? database
      : await openDatabase(config.replicaUrl, (error) => {
          events.connectionFailed('replica', error);
        });
  if (reader !== database) undo.push(() => reader.destroy());
  const options: QueueOptions = {
    databaseUrl,
    redisUrl: config.redisUrl,
    onError: (error) => {
      events.connectionFailed('queue', error);
    },
  };
  const queue = await BatchQueue.open(options);
  undo.push(() => queue.close());
  await storeBatchesAsTheyCome(database).catch((error: unknown) => {
    logger.warn(`batches are compressed in the database, which costs time and is of no use: ${(error as Error).message}`);
  });
  const deliveries = config.roles.includes('alerts') ? await DeliveryQueue.open(options) : undefined;
  if (deliveries !== undefined) undo.push(() => deliveries.close());
  const hashKey = config.hashKey ?? (await generatedSetting(database, 'hash_key', () => randomBytes(32).toString('base64')));
  const foundation: Foundation = { config, database, reader, queue, deliveries, events, metrics, hashKey };
  const stages = startStages(foundation);
  undo.push(() => stopStages(stages));
  // Known before anybody can ask.
  const isKeyMade = await stages.access.start();
  if (stages.access.isAsked && !isKeyMade)
    logger.warn('keys are required and there is none yet; make the first one with: npm run key -- create --scope admin');
  const listeners = await listen(foundation, stages, logger);
  undo.push(() => {
    // Answers wait for the queue, and the queue must not be waited for any longer than it takes.
    stages.intake.hurry();
    return stopListening(listeners);
  });
  return stages;
}

async function startEmbedded(config: Config, logger: Logger, undo: Undo[]): Promise<string> {
  const embedded = await EmbeddedPostgres.start(config.dataDir, (level, message) => {
    if (level === 'warn') logger.warn(message);
    else logger.log(message);
  });
  undo.push(() => embedded.stop());
  return embedded.url;
}

function welcome({ host, port, otlpHttpPort, otlpGrpcPort, roles }: Config, isKeyAsked: boolean, logger: Logger): void {
  const at = (listenPort: number): string => baseUrlOf({ host, port: listenPort });
  const key = isKeyAsked ? " -H 'authorization: Bearer <key>'" : '';
  if (!isOnLoopback({ host }))
    logger.warn(`listening on ${host} without TLS: keys and records travel in plain text; put a proxy that ends TLS in front`);
  const lines = [
    `ready. ${roles.includes('api') ? `dashboard: ${at(port)}   ` : ''}REST API and documentation: ${at(port)}/docs   health: ${at(port)}/health/ready   metrics: ${at(port)}/metrics`,
    ...(roles.includes('ingest')
      ? [
          `receivers: OTLP/HTTP ${at(otlpHttpPort === 0 ? port : otlpHttpPort)}/v1/logs${otlpGrpcPort === 0 ? '' : `   OTLP/gRPC ${at(otlpGrpcPort)}`}   events ${at(port)}/v1/events`,
        ]
      : []),
    ...(roles.includes('ingest') && roles.includes('api')
      ? [
          `send a first event:  curl ${at(port)}/v1/events${key} -H 'content-type: application/json' -d '{"service":"checkout","method":"GET","route":"/orders/{id}","status":401,"reason":"jwt expired"}'`,
          `read the causes:     curl${key} '${at(port)}/v1/trends?from=-15m'      a whole example: npm run demo (in a second terminal)`,
        ]
      : []),
  ];
  for (const line of lines) logger.log(line);
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const isExpected = error instanceof ConfigError || (error instanceof Error && /^cannot /.test(error.message));
    process.stderr.write(
      `why401: ${isExpected ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
