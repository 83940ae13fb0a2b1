/** `GET /v1/stream`: counts as they land, as server-sent events. What a slow reader does not take is not kept for them. */
import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { Grant } from '../ops/access.js';
import { Granted, Needs } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { streamEvent } from './answers.js';
import { LiveCounts, type LiveListener } from './live-counts.js';
import { filtersOf, streamParameters } from './parameters.js';
import { keyOf } from './trends.controller.js';

/** Of events are some kB; whoever is so far behind reads no more. */
const MAX_UNSENT_BYTES = 256 * 1024;
const RETRY_AFTER_SECONDS = 10;
/** With the seconds that a key is remembered for, within the five in which a revoked one ends everywhere. */
const LOOK_AT_KEY_MS = 1_500;
/** For a browser that would come back with the same question. */
const PROBLEM_RETRY_MS = 60_000;

type StreamParameters = z.output<typeof streamParameters>;

@ApiTags('query')
@Controller('v1/stream')
export class StreamController {
  constructor(private readonly live: LiveCounts) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    operationId: 'streamCounts',
    summary: 'Counts as they land, as server-sent events',
    description:
      'Every second in which something changed, an event `counts` whose data is a `CountsEvent`: what was counted since the event before, of the last two minutes. A comment every 15 seconds keeps the connection open. An event `problem` says why no more will come.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ standardSchema: streamEvent, description: 'Events, until somebody leaves.' })
  @ApiServiceUnavailableResponse({
    description: 'The project has as many streams as its share of what the process holds; come again after Retry-After seconds.',
  })
  stream(
    @Query({ schema: streamParameters }) parameters: StreamParameters,
    @Req() request: Request,
    @Res() response: Response,
    @Granted() { projectId, stillHolds }: Grant,
  ): void {
    const listener = listenerOf(parameters, response);
    const leave = this.live.listen({ projectId, filters: filtersOf(parameters), by: parameters.by }, listener);
    if (leave === undefined)
      throw new ProblemError(503, 'the project has as many streams as this process has room for; close one, or ask /v1/trends', undefined, {
        'retry-after': String(RETRY_AFTER_SECONDS),
      });
    // Whoever is gone already closes no more.
    if (response.closed) leave();
    response.on('close', leave);
    endWithKey(response, listener, stillHolds);
    // Proxies must not collect events either.
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' });
    if (request.method === 'HEAD') response.end();
    else response.write(': counts as they land\n\n');
  }
}

/** A stream outlives the look at its key by hours. */
function endWithKey(response: Response, listener: LiveListener, stillHolds: Grant['stillHolds']): void {
  const look = setInterval(() => {
    void stillHolds().then((holds) => {
      if (!holds) listener.end('the key does not hold any more');
    });
  }, LOOK_AT_KEY_MS);
  response.on('close', () => {
    clearInterval(look);
  });
}

function listenerOf({ by }: StreamParameters, response: Response): LiveListener {
  const send = (text: string): void => {
    response.write(text);
    if (response.writableLength > MAX_UNSENT_BYTES) response.destroy();
  };
  return {
    counts: (at, total, changes) => {
      const event: z.input<typeof streamEvent> = { at, total, series: changes.map(({ key, count }) => ({ key: keyOf(by, key), count })) };
      send(`event: counts\ndata: ${JSON.stringify(event)}\n\n`);
    },
    alive: () => {
      send(': alive\n\n');
    },
    end: (problem) => {
      if (problem !== undefined)
        send(`retry: ${String(PROBLEM_RETRY_MS)}\nevent: problem\ndata: ${JSON.stringify({ detail: problem })}\n\n`);
      response.end();
    },
  };
}
