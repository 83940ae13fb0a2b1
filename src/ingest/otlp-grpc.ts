/**
 * The gRPC side of ingest: `LogsService/Export`. Messages come and go as bytes, through the same codec and intake as
 * OTLP/HTTP. Errors carry google.rpc.Status, with RetryInfo where coming again helps (OTLP 1.11, "Failures").
 */
import {
  Metadata,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  ServerListenerBuilder,
  ResponderBuilder,
  status as Code,
  type ConnectionInjector,
  type handleUnaryCall,
  type sendUnaryData,
  type ServerErrorResponse,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Access, Asking, Denial, Need } from '../ops/access.js';
import type { Events } from '../ops/events.js';
import { limitConnections } from '../ops/http-listener.js';
import { refusalOf, RETRY_AFTER_SECONDS } from './exchange.js';
import type { LogsIntake } from './logs-intake.js';
import { encodeStatus, encodeSuccess } from './otlp.js';
import { MAX_BODY_BYTES, withHeld } from './request-body.js';

const asIs = (bytes: Buffer): Buffer => bytes;
const LOGS_SERVICE = {
  Export: {
    path: '/opentelemetry.proto.collector.logs.v1.LogsService/Export',
    requestStream: false,
    responseStream: false,
    requestSerialize: asIs,
    requestDeserialize: asIs,
    responseSerialize: asIs,
    responseDeserialize: asIs,
  },
} satisfies ServiceDefinition;

/** A call must be complete by then, as an HTTP body must: its message is kept until the client has said that it was the last. */
const MESSAGE_TIMEOUT_MS = 30_000;
const OPTIONS = {
  'grpc.max_receive_message_length': MAX_BODY_BYTES,
  'grpc.max_concurrent_streams': 100,
  // A connection whose other end is gone is noticed within half a minute.
  'grpc.keepalive_time_ms': 20_000,
  'grpc.keepalive_timeout_ms': 10_000,
  'grpc.max_connection_idle_ms': 300_000,
};

/** As HTTP statuses are told in gRPC where OTLP says nothing else. */
const CODES: Partial<Record<number, Code>> = { 400: Code.INVALID_ARGUMENT, 413: Code.RESOURCE_EXHAUSTED, 503: Code.UNAVAILABLE };
/** The same for a key: gRPC has one code for all that is not authenticated. */
const DENIAL_CODES: Partial<Record<number, Code>> = {
  ...{ 400: Code.UNAUTHENTICATED, 401: Code.UNAUTHENTICATED, 403: Code.PERMISSION_DENIED, 421: Code.PERMISSION_DENIED },
  ...{ 429: Code.RESOURCE_EXHAUSTED, 503: Code.UNAVAILABLE },
};
const NEED: Need = { scopes: ['ingest'] };
/** Set by us, whatever the client sent under the name. */
const PROJECT = 'why401-project';

export interface GrpcParts {
  logs: LogsIntake;
  access: Access;
  events: Events;
}

export class GrpcReceiver {
  /** Listens where its owner says. Ports that gRPC binds itself have no limit on connections. */
  readonly listener = createServer((socket) => {
    this.injector.injectConnection(socket);
  });
  private readonly server: Server;
  private readonly injector: ConnectionInjector;

  constructor(parts: GrpcParts) {
    this.server = new Server({ ...OPTIONS, interceptors: [messageInTime, admitting(parts)] });
    this.server.addService(LOGS_SERVICE, { Export: exporter(parts) });
    this.injector = this.server.createConnectionInjector(ServerCredentials.createInsecure());
    limitConnections(this.listener, parts.events);
  }

  /** Takes no more calls; the ones in hand are answered, and cut after the time given. */
  async close(graceMs: number): Promise<void> {
    const closed = once(this.listener, 'close');
    this.listener.close();
    const cut = setTimeout(() => {
      this.server.forceShutdown();
    }, graceMs);
    await new Promise<void>((resolve) => {
      this.server.tryShutdown(() => {
        resolve();
      });
    });
    await closed;
    clearTimeout(cut);
  }
}

function exporter({ logs, events }: GrpcParts): handleUnaryCall<Buffer, Buffer> {
  return (call, callback) => {
    const body = call.request;
    const projectId = Number(call.metadata.get(PROJECT)[0]);
    const request = { projectId, door: 'otlp_grpc' as const, body, encoding: 'protobuf' as const };
    withHeld(body, projectId, () => logs.read(request))
      .then(({ confirmed }) => confirmed)
      .then(
        ({ rejectedCount, message }) => {
          callback(null, encodeSuccess('protobuf', rejectedCount, message));
        },
        (error: unknown) => {
          refuse(callback, error, events);
        },
      );
  };
}

function refuse(callback: sendUnaryData<Buffer>, error: unknown, events: Events): void {
  const { status, detail } = refusalOf(error, LOGS_SERVICE.Export.path, events);
  events.ingestRefused('otlp_grpc', status, detail);
  const code = CODES[status] ?? Code.INTERNAL;
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', encodeStatus('protobuf', code, detail, status === 503 ? RETRY_AFTER_SECONDS : undefined));
  const answer: Partial<ServerErrorResponse> = { name: 'refused', message: detail, code, details: detail, metadata };
  callback(answer);
}

/** Asks for the key before the message is taken in. */
function admitting({ access, events }: GrpcParts): ServerInterceptor {
  return (_, call) => {
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        void access.admit(askingOf(metadata, call), NEED).then((admission) => {
          if ('denial' in admission) {
            events.ingestRefused('otlp_grpc', admission.denial.status, admission.denial.detail);
            call.sendStatus(statusOf(admission.denial));
            return;
          }
          metadata.set(PROJECT, String(admission.grant.projectId));
          next(metadata);
        });
      })
      .build();
    const responder = new ResponderBuilder().withStart((next) => {
      next(listener);
    });
    return new ServerInterceptingCall(call, responder.build());
  };
}

function askingOf(metadata: Metadata, call: Pick<ServerInterceptingCallInterface, 'getHost' | 'getPeer'>): Asking {
  const texts = (name: string): string[] => metadata.get(name).map(String);
  return {
    ...{ authorization: texts('authorization'), cookie: undefined, origin: 'unknown', host: call.getHost() },
    ...{ method: 'POST', route: LOGS_SERVICE.Export.path, userAgent: texts('user-agent')[0] },
    // `127.0.0.1:4711` or `[::1]:4711`.
    address: call
      .getPeer()
      .replace(/:\d+$/, '')
      .replace(/^\[(.*)\]$/, '$1'),
  };
}

function statusOf({ status, detail, headers }: Denial): { code: Code; details: string; metadata: Metadata } {
  const code = DENIAL_CODES[status] ?? Code.INTERNAL;
  const metadata = new Metadata();
  const again = headers['retry-after'];
  const challenge = headers['www-authenticate'];
  if (challenge !== undefined) metadata.set('www-authenticate', challenge);
  metadata.set('grpc-status-details-bin', encodeStatus('protobuf', code, detail, again === undefined ? undefined : Number(again)));
  return { code, details: detail, metadata };
}

/** Ends a call that does not come to its end. */
const messageInTime: ServerInterceptor = (_, call) => {
  let timer: NodeJS.Timeout | undefined;
  const listener = new ServerListenerBuilder()
    .withOnReceiveMetadata((metadata, next) => {
      timer = setTimeout(() => {
        call.sendStatus({
          code: Code.DEADLINE_EXCEEDED,
          details: `the call was not complete within ${String(MESSAGE_TIMEOUT_MS / 1000)} s`,
        });
      }, MESSAGE_TIMEOUT_MS);
      next(metadata);
    })
    .withOnReceiveHalfClose((next) => {
      clearTimeout(timer);
      next();
    })
    .withOnCancel(() => {
      clearTimeout(timer);
    })
    .build();
  const responder = new ResponderBuilder().withStart((next) => {
    next(listener);
  });
  return new ServerInterceptingCall(call, responder.build());
};
