import type { ArgumentsHost } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import type { Events } from './events.js';
import { ProblemFilter, problemAnswer } from './problem.js';

/** What the filter sends for an error. */
function answerTo(error: unknown): { status: number; headers: Record<string, string>; body: unknown } {
  const sent = { status: 0, headers: {}, body: undefined as unknown };
  const response = {
    headersSent: false,
    set: (headers: Record<string, string>) => {
      sent.headers = headers;
      return response;
    },
    status: (status: number) => {
      sent.status = status;
      return response;
    },
    type: () => response,
    send: (text: string) => (sent.body = JSON.parse(text) as unknown),
  };
  const http = { getRequest: () => ({ path: '/v1/top', method: 'GET' }), getResponse: () => response };
  const events = { requestFailed: () => undefined } as unknown as Events;
  new ProblemFilter(events, () => []).catch(error, { switchToHttp: () => http } as unknown as ArgumentsHost);
  return sent;
}

describe('problems', () => {
  it('tell that a query was stopped, and what to ask for instead', () => {
    const { status, headers, body } = answerTo(Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' }));
    expect([status, headers['retry-after'], problemAnswer.parse(body).detail]).toEqual([503, '2', expect.stringContaining('was stopped')]);
  });

  it('keep what is inside to themselves', () => {
    const { status, body } = answerTo(new Error('relation "secrets" does not exist'));
    expect([status, JSON.stringify(body).includes('secrets')]).toEqual([500, false]);
  });
});
