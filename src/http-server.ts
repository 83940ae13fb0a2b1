/** The listeners: the API's port through Nest with the ingest paths in front of it, and the OTLP ports on their own. */
import type { INestApplication, LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Request } from 'express';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { parse } from 'node:querystring';
import { AppModule, type Foundation, type Stages } from './app.module.js';
import { VERSION } from './config.js';
import type { LogsIntake } from './ingest/logs-intake.js';
import { GrpcReceiver } from './ingest/otlp-grpc.js';
import { tellLogsError, type Receiver } from './ingest/receiver.js';
import { openApiOf } from './openapi/document.js';
import { AccessGuard } from './ops/access.guard.js';
import { DashboardFiles } from './ops/dashboard-files.js';
import type { Access } from './ops/access.js';
import type { Events } from './ops/events.js';
import { createListener } from './ops/http-listener.js';
import { InputPipe } from './ops/input-pipe.js';
import type { Logger } from './ops/logger.js';
import type { LiveCounts } from './query/live-counts.js';
import { ProblemFilter } from './ops/problem.js';

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

/** Nest makes a server of its own otherwise, without limits. */
class LimitedAdapter extends ExpressAdapter {
  constructor(private readonly events: Events) {
    super();
  }

  override initHttpServer(): void {
    this.setHttpServer(createListener(this.getInstance<RequestListener>(), this.events, tellLogsError));
  }
}

/** @throws with the port and what to do when one is taken */
export async function listen(foundation: Foundation, stages: Stages, logger: Logger): Promise<Listeners> {
  const { config, events } = foundation;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(foundation, stages), new LimitedAdapter(events), {
    logger: quietly(logger),
    bodyParser: false,
    forceCloseConnections: true,
  });
  app.set('query parser', parseQuery);
  app.disable('x-powered-by');
  neverFresh(app);
  const { receiver, classifier } = stages;
  const dashboard = config.roles.includes('api') ? new DashboardFiles(DASHBOARD) : undefined;
  app.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const isTaken = [receiver, classifier, dashboard].some((one) => one?.handle(request, response) === true);
    if (!isTaken) next();
  });
  // The paths above read their bodies themselves; what is left are small JSON documents.
  app.useBodyParser('json', { limit: MAX_JSON_BYTES, type: isJsonToRead });
  app.useGlobalGuards(new AccessGuard(stages.access));
  app.useGlobalPipes(new InputPipe());
  app.useGlobalFilters(new ProblemFilter(events, (path) => allowedMethods(app, path)));
  document(app);
  await app.init();
  const otlp = receiver === undefined || config.otlpHttpPort === 0 ? undefined : await listenOtlp(receiver, foundation);
  const grpc =
    stages.logs === undefined || config.otlpGrpcPort === 0 ? undefined : await listenGrpc(stages.logs, stages.access, foundation);
  // Last, since who asks whether the service is ready asks here.
  await bind(app.getHttpServer(), config.port, config.host, 'WHY401_PORT');
  return { app, otlp, grpc, live: stages.live };
}

async function listenOtlp(receiver: Receiver, { config: { host, otlpHttpPort }, events }: Foundation): Promise<Server> {
  const handle: RequestListener = (request, response) => {
    receiver.handleOtlp(request, response);
  };
  const otlp = createListener(handle, events, tellLogsError);
  await bind(otlp, otlpHttpPort, host, 'WHY401_OTLP_HTTP_PORT');
  return otlp;
}

async function listenGrpc(logs: LogsIntake, access: Access, { config: { host, otlpGrpcPort }, events }: Foundation): Promise<GrpcReceiver> {
  const grpc = new GrpcReceiver({ logs, access, events });
  await bind(grpc.listener, otlpGrpcPort, host, 'WHY401_OTLP_GRPC_PORT');
  return grpc;
}

/** Somebody else's port, or one that this process may not have. */
function portProblem(host: string, port: number, setting: string, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'EADDRINUSE' ? 'another program listens there' : message;
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

async function bind(server: NetServer, port: number, host: string, setting: string): Promise<void> {
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

/** What GET and DELETE bring along means nothing (RFC 9110 section 9.3): it is not read, so nothing can be wrong with it. */
function isJsonToRead(request: IncomingMessage): boolean {
  return request.method?.startsWith('P') === true && typeof (request as Request).is('application/json') === 'string';
}

/** The API has no 304: its answers are not to be kept. Files of the documentation are asked for in their own way. */
function neverFresh(app: NestExpressApplication): void {
  app.disable('etag');
  const { request } = app.getHttpAdapter().getInstance() as { request: object };
  Object.defineProperty(request, 'fresh', { value: false });
}

/** Nest tells each route at every start; that is for debugging. */
function quietly(logger: Logger): LoggerService {
  return { ...logger, log: logger.debug };
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
