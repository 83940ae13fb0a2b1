/** Errors of the REST API as problem details (RFC 9457). A stack trace never leaves the process. */
import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { Events } from './events.js';
import { named } from './named.js';

export interface FieldError {
  field: string;
  message: string;
}

/** An answer that is no success, with what the caller can do about it. */
export class ProblemError extends HttpException {
  constructor(
    status: number,
    readonly detail: string,
    readonly errors?: FieldError[],
    readonly headers: Record<string, string> = {},
  ) {
    super(detail, status);
  }
}

/** The schema of every error body, for the OpenAPI document and the tests. */
export const problemAnswer = named('Problem', {
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});
export type Problem = z.output<typeof problemAnswer>;

export const PROBLEM_TYPE = 'application/problem+json';

export function problemOf(status: number, detail: string, errors?: FieldError[]): Problem {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, detail, ...(errors === undefined ? {} : { errors }) };
}

interface Issue {
  message: string;
  path?: readonly unknown[] | undefined;
  /** zod names unknown members here. */
  keys?: readonly string[];
}

/** A Standard Schema's issues as a 400 that names the fields. */
export function invalidInput(issues: readonly Issue[]): ProblemError {
  const errors = issues.flatMap(({ message, path = [], keys }) => {
    if (keys !== undefined) return keys.map((key) => ({ field: key.slice(0, 100), message: 'there is no such parameter here' }));
    return [{ field: path.map(String).join('.'), message }];
  });
  return new ProblemError(400, `the request has ${errors.length === 1 ? 'a parameter' : 'parameters'} that cannot be used`, errors);
}

/** PostgreSQL: statement_timeout ran out. */
const QUERY_CANCELED = '57014';
/** Seconds after which a broken database or queue is worth asking again. */
const RETRY_AFTER_SECONDS = 2;

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly events: Events,
    private readonly allowedMethods: (path: string) => string[],
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const context = host.switchToHttp();
    const request = context.getRequest<Request>();
    const response = context.getResponse<Response>();
    const { status, detail, errors, headers } = this.describe(error, request);
    if (response.headersSent) {
      response.destroy();
      return;
    }
    response
      .set(headers)
      .status(status)
      .type(PROBLEM_TYPE)
      .send(JSON.stringify(problemOf(status, detail, errors)));
  }

  private describe(
    error: unknown,
    request: Request,
  ): { status: number; detail: string; errors?: FieldError[]; headers: Record<string, string> } {
    if (error instanceof ProblemError)
      return {
        status: error.getStatus(),
        detail: error.detail,
        headers: error.headers,
        ...(error.errors === undefined ? {} : { errors: error.errors }),
      };
    const status = error instanceof HttpException ? error.getStatus() : (error as { status?: number }).status;
    if (status === 404) return this.notFound(request);
    if (status !== undefined && status >= 400 && status < 500) return { status, detail: (error as Error).message, headers: {} };
    if ((error as { code?: unknown }).code === QUERY_CANCELED) {
      return {
        status: 503,
        detail: 'the query took too long and was stopped; ask for a shorter span or fewer dimensions',
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      };
    }
    if (isUnavailable(error)) {
      return {
        status: 503,
        detail: 'the database does not answer; /health/ready says which part is down',
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      };
    }
    this.events.requestFailed(request.path, error);
    return { status: 500, detail: 'an error of ours; the log of the service names it', headers: {} };
  }

  private notFound(request: Request): { status: number; detail: string; headers: Record<string, string> } {
    const methods = this.allowedMethods(request.path);
    if (methods.length > 0)
      return {
        status: 405,
        detail: `${request.method} is not possible here; use ${methods.join(' or ')}`,
        headers: { allow: methods.join(', ') },
      };
    return { status: 404, detail: `there is nothing at ${request.path.slice(0, 200)}; /docs lists the endpoints`, headers: {} };
  }
}

/** Connection failures, shutdown and overload of PostgreSQL (classes 08, 53, 57), and pools that gave up waiting. */
function isUnavailable(error: unknown): boolean {
  const { code, message = '' } = error as { code?: unknown; message?: string };
  if (typeof code === 'string' && /^(?:08|53|57)\w{3}$|^E(?:CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/.test(code))
    return true;
  return /timeout exceeded when trying to connect|Connection terminated|not queryable|Connection ended/i.test(message);
}
