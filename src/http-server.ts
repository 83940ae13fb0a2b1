/** The listeners: the API's port through Nest with the ingest paths in front of it, and the OTLP ports on their own. */
import { StandardSchemaValidationPipe, type INestApplication, type LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parse } from 'node:querystring';
import { AppModule, type Foundation, type Stages } from './app.module.js';
import { VERSION, type Config } from './config.js';
import type { LogsIntake } from './ingest/logs-intake.js';
import { GrpcReceiver } from './ingest/otlp-grpc.js';
import type { Receiver } from './ingest/receiver.js';
import { openApiOf } from './openapi/document.js';
import { AccessGuard } from './ops/access.guard.js';
import { DashboardFiles } from './ops/dashboard-files.js';
import type { Access } from './ops/access.js';
import type { Logger } from './ops/logger.js';
import type { LiveCounts } from './query/live-counts.js';
import { invalidInput, ProblemFilter } from './ops/problem.js';

/** A request whose body does not arrive within this time is given up; slow senders must not hold memory. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Above the idle time of common load balancers, so that they, not we, close idle connections. */
const KEEP_ALIVE_MS = 75_000;

/** How often connections are looked at for these times: Node's own half minute would double them. */
const TIMED = { connectionsCheckingInterval: 1_000 };

/** Many values of filters fit an address; Node's own 16 kB would refuse what the parameters allow. */
const MAX_HEAD_BYTES = 131_072;

/** A rule with all its patterns is some 4 kB. */
const MAX_JSON_BYTES = 65_536;

/** What scripts/web.mjs makes, beside the compiled service. */
const DASHBOARD = fileURLToPath(new URL('../web', import.meta.url));

const IDLE_SWEEP_MS = 50;
/** An answer waits for the queue at most; half of the time that a process has to end. */
const BUSY_GRACE_MS = 4_000;

export interface Listeners {
  app: INestApplication;
  otlp: Server | undefined;
  grpc: GrpcReceiver | undefined;
  /** Streams end when nobody listens any more, not by themselves. */
  live: LiveCounts;
}

/** Nest gives no options to the server that it makes. */
class TimedAdapter extends ExpressAdapter {
  override initHttpServer(): void {
    this.setHttpServer(createServer({ ...TIMED, maxHeaderSize: MAX_HEAD_BYTES }, this.getInstance<RequestListener>()));
  }
}

/** @throws with the port and what to do when one is taken */
export async function listen(foundation: Foundation, stages: Stages, logger: Logger): Promise<Listeners> {
  const { config, events } = foundation;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(foundation, stages), new TimedAdapter(), {
    logger: quietly(logger),
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.set('query parser', parseQuery);
  app.disable('x-powered-by');
  const { receiver, classifier } = stages;
  const dashboard = config.roles.includes('api') ? new DashboardFiles(DASHBOARD) : undefined;
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const isTaken = [receiver, classifier, dashboard].some((one) => one?.handle(request, response) === true);
    if (!isTaken) next();
  });
  // The paths above read their bodies themselves; what is left are small JSON documents.
  app.useBodyParser('json', { limit: MAX_JSON_BYTES });
  app.useGlobalGuards(new AccessGuard(stages.access));
  app.useGlobalPipes(new StandardSchemaValidationPipe({ exceptionFactory: invalidInput }));
  app.useGlobalFilters(new ProblemFilter(events, (path) => allowedMethods(app, path)));
  document(app);
  const server = app.getHttpServer();
  tune(server);
  await app.init();
  await bind(server, config.port, config.host, 'WHY401_PORT');
  const otlp = receiver === undefined || config.otlpHttpPort === 0 ? undefined : await listenOtlp(receiver, config);
  const grpc =
    stages.logs === undefined || config.otlpGrpcPort === 0 ? undefined : await listenGrpc(stages.logs, stages.access, foundation);
  return { app, otlp, grpc, live: stages.live };
}

async function listenOtlp(receiver: Receiver, { host, otlpHttpPort }: Config): Promise<Server> {
  const otlp = createServer(TIMED, (request, response) => {
    receiver.handleOtlp(request, response);
  });
  tune(otlp);
  await bind(otlp, otlpHttpPort, host, 'WHY401_OTLP_HTTP_PORT');
  return otlp;
}

async function listenGrpc(logs: LogsIntake, access: Access, { config: { host, otlpGrpcPort }, events }: Foundation): Promise<GrpcReceiver> {
  const name = host.includes(':') ? `[${host}]` : host;
  try {
    return await GrpcReceiver.listen({ logs, access, events }, `${name}:${String(otlpGrpcPort)}`);
  } catch (cause) {
    throw portProblem(host, otlpGrpcPort, 'WHY401_OTLP_GRPC_PORT', cause);
  }
}

/** Somebody else's port, or one that this process may not have. */
function portProblem(host: string, port: number, setting: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'EADDRINUSE' || message.includes('EADDRINUSE') ? 'another program listens there' : message;
  return new Error(`cannot listen on ${host}:${String(port)}: ${reason}; stop that program, or set ${setting} to another port`, { cause });
}

/**
 * Takes no more requests; answers to the ones in hand still go out. Connections are closed as they fall idle (a client
 * keeps them open otherwise), and the ones that are still busy after a while are cut: their senders come again.
 */
export async function stopListening({ app, otlp, grpc, live }: Listeners): Promise<void> {
  const servers = [app.getHttpServer() as Server, ...(otlp === undefined ? [] : [otlp])];
  const closed = Promise.all([...servers.map((server) => once(server, 'close')), grpc?.close(BUSY_GRACE_MS)]);
  for (const server of servers) server.close();
  live.close();
  const sweep = setInterval(() => {
    for (const server of servers) server.closeIdleConnections();
  }, IDLE_SWEEP_MS);
  const cut = setTimeout(() => {
    for (const server of servers) server.closeAllConnections();
  }, BUSY_GRACE_MS);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}

async function bind(server: Server, port: number, host: string, setting: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw portProblem(host, port, setting, cause);
  }
}

/** Names that every object has (`constructor`) would pass for known parameters; a space makes them the strangers they are. */
function parseQuery(text: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(parse(text)).map(([name, value]) => [name in Object.prototype ? `${name} ` : name, value]));
}

/** Nest tells each route at every start; that is for debugging. */
function quietly(logger: Logger): LoggerService {
  return { ...logger, log: logger.debug };
}

function tune(server: Server): void {
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.headersTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
}

/** /docs, with the document as JSON and YAML beside it. */
function document(app: INestApplication): void {
  SwaggerModule.setup('docs', app, () => openApiOf(app, VERSION), { jsonDocumentUrl: 'openapi.json', yamlDocumentUrl: 'openapi.yaml' });
}

interface RouterLayer {
  match(path: string): boolean;
  route?: { methods: Record<string, boolean> };
}

/** The methods that the router knows for a path, for `Allow`. */
function allowedMethods(app: INestApplication, path: string): string[] {
  const { router } = app.getHttpAdapter().getInstance() as { router: { stack: RouterLayer[] } };
  const routes = router.stack.filter((layer) => layer.route !== undefined && layer.match(path));
  return [...new Set(routes.flatMap(({ route }) => Object.keys(route?.methods ?? {}).map((method) => method.toUpperCase())))].filter(
    (method) => method !== '_ALL',
  );
}
