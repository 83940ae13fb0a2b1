// @ts-check
/**
 * A small API that refuses requests for real: JWTs are verified by jose, passwords come by Basic authentication, keys
 * in a header, sessions from express-session. Each refusal is logged through the OpenTelemetry logs SDK, the way an
 * application of yours would do it: copy `logRefusal`, and point the exporter at why401.
 */
import { SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import express from 'express';
import session from 'express-session';
import { jwtVerify } from 'jose';

export const ISSUER = 'https://id.demo.example';
export const AUDIENCE = 'orders';
export const SIGNING_KEY = new TextEncoder().encode('a key for the demonstration, not for you');
export const API_KEY = 'demo_live_9f2c';
export const PASSWORD = 'open sesame';
/** Short, so that a session can run out while you watch. */
export const SESSION_MS = 1_500;

/** Why a request is refused, in the words of the library that found out. */
class Refusal extends Error {
  /**
   * @param {string} message
   * @param {{ challenge: string, scheme?: string, code?: string, cause?: unknown }} facts
   */
  constructor(message, { challenge, scheme = 'none', code, cause }) {
    super(message, { cause });
    this.challenge = challenge;
    this.scheme = scheme;
    this.code = code;
  }
}

/** @typedef {{ otlpUrl: string, service: string, version: string, environment: string }} Logs where refusals are logged to, and in whose name */

/**
 * @param {Logs} logs
 * @param {import('@opentelemetry/sdk-logs').LogRecordProcessor[]} more processors beside the exporter's
 */
export function startLogs({ otlpUrl, service, version, environment }, more = []) {
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({
      'service.name': service,
      'service.version': version,
      'deployment.environment.name': environment,
    }),
    processors: [
      new BatchLogRecordProcessor({
        exporter: new OTLPLogExporter({ url: `${otlpUrl}/v1/logs` }),
        scheduledDelayMillis: 500,
        maxQueueSize: 20_000,
      }),
      ...more,
    ],
  });
  return { provider, logger: provider.getLogger(service) };
}

/**
 * @param {{ logs: Logs, signingKey?: Uint8Array, processors?: import('@opentelemetry/sdk-logs').LogRecordProcessor[] }} options
 * @returns {Promise<{ url: string, close: () => Promise<void> }>}
 */
export async function startApi({ logs, signingKey = SIGNING_KEY, processors = [] }) {
  const { provider, logger } = startLogs(logs, processors);
  const app = express();
  app.set('trust proxy', 'loopback');
  app.use(session({ secret: 'for the demonstration', resave: false, saveUninitialized: false, cookie: { maxAge: SESSION_MS } }));
  app.post('/login', (request, response) => {
    sessionOf(request).user = 'demo';
    response.json({ ok: true });
  });
  const bearer = bearerOf(signingKey);
  app.get('/orders/:id', bearer, answer);
  app.get('/reports/:id', basic, answer);
  app.get('/partner/stock', apiKey, answer);
  app.get('/account', hasSession, answer);
  app.get('/tenants/:tenant/users', bearer, sameTenant, answer);
  app.use(refuse);
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      await provider.shutdown();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  /** @type {express.ErrorRequestHandler} */
  function refuse(error, request, response, next) {
    if (!(error instanceof Refusal)) return next(error);
    logRefusal(error, request);
    response
      .status(401)
      .set('WWW-Authenticate', error.challenge)
      .json({ error: error.code ?? 'unauthorized', message: error.message });
  }

  /**
   * @param {Refusal} refusal
   * @param {express.Request} request
   */
  function logRefusal(refusal, request) {
    const { cause } = refusal;
    logger.emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: refusal.message,
      attributes: {
        'http.request.method': request.method,
        'http.route': request.route?.path ?? '',
        'http.response.status_code': 401,
        'http.response.header.www-authenticate': [refusal.challenge],
        'user_agent.original': request.get('user-agent') ?? '',
        'client.address': request.ip ?? '',
        'why401.credential.scheme': refusal.scheme,
        'why401.credential.present': refusal.scheme !== 'none',
        ...(refusal.code === undefined ? {} : { 'why401.code': refusal.code }),
        ...(cause instanceof Error ? { 'exception.type': cause.name, 'exception.message': cause.message } : {}),
      },
    });
  }
}

/**
 * @param {express.Request} request
 * @returns {session.Session & { user?: string }}
 */
function sessionOf(request) {
  return request.session;
}

/** @type {(request: express.Request, response: express.Response, next: express.NextFunction) => void} */
function answer(request, response) {
  response.json({ path: request.path });
}

/**
 * @param {Uint8Array} signingKey
 * @returns {(request: express.Request, response: express.Response, next: express.NextFunction) => Promise<void>}
 */
function bearerOf(signingKey) {
  return async (request, response, next) => {
    const header = request.get('authorization');
    if (header === undefined) return next(new Refusal('No authorization header was sent', { challenge: 'Bearer realm="orders"' }));
    const [, token] = /^Bearer (\S+)$/.exec(header) ?? [];
    if (token === undefined)
      return next(
        new Refusal('Malformed authorization header: it must start with "Bearer "', {
          challenge: 'Bearer realm="orders", error="invalid_request"',
          scheme: 'other',
        }),
      );
    try {
      const { payload } = await jwtVerify(token, signingKey, { issuer: ISSUER, audience: AUDIENCE });
      response.locals['tenant'] = payload['tenant'];
      next();
    } catch (error) {
      next(
        new Refusal('The access token was rejected', {
          challenge: 'Bearer realm="orders", error="invalid_token"',
          scheme: 'bearer',
          code: /** @type {{ code?: string }} */ (error).code,
          cause: error,
        }),
      );
    }
  };
}

/** @type {(request: express.Request, response: express.Response, next: express.NextFunction) => void} */
function sameTenant(request, response, next) {
  if (response.locals['tenant'] === request.params['tenant']) return next();
  next(
    new Refusal('The token belongs to another tenant', {
      challenge: 'Bearer realm="orders", error="invalid_token"',
      scheme: 'bearer',
      code: 'wrong_tenant',
    }),
  );
}

/** @type {(request: express.Request, response: express.Response, next: express.NextFunction) => void} */
function basic(request, response, next) {
  const [, credentials] = /^Basic ([A-Za-z0-9+/]+=*)$/.exec(request.get('authorization') ?? '') ?? [];
  const [user, ...password] = Buffer.from(credentials ?? '', 'base64')
    .toString()
    .split(':');
  if (credentials === undefined)
    return next(new Refusal('Basic credentials are missing', { challenge: 'Basic realm="reports", charset="UTF-8"' }));
  if (password.join(':') === PASSWORD) return next();
  next(new Refusal(`Wrong password for user "${user}"`, { challenge: 'Basic realm="reports", charset="UTF-8"', scheme: 'basic' }));
}

/** @type {(request: express.Request, response: express.Response, next: express.NextFunction) => void} */
function apiKey(request, response, next) {
  const key = request.get('x-api-key');
  if (key === API_KEY) return next();
  const message = key === undefined ? 'No API key was sent' : `API key ${key} is not valid`;
  next(new Refusal(message, { challenge: 'ApiKey realm="partner"', scheme: key === undefined ? 'none' : 'api_key' }));
}

/** @type {(request: express.Request, response: express.Response, next: express.NextFunction) => void} */
function hasSession(request, response, next) {
  if (sessionOf(request).user !== undefined) return next();
  const hadOne = (request.get('cookie') ?? '').includes('connect.sid=');
  next(
    new Refusal(hadOne ? 'Session expired, sign in again' : 'No session: authentication required', {
      challenge: 'Cookie realm="account"',
      scheme: hadOne ? 'cookie' : 'none',
    }),
  );
}
