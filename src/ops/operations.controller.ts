/** What operators ask: is it alive, is it ready, what are its figures. */
import { Controller, Get, Query, Redirect, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiProduces, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { NeedsOperator, Open } from './access.guard.js';
import { HealthChecks } from './health.js';
import { Metrics } from './metrics.js';
import { named } from './named.js';

const status = z.enum(['ok', 'warning', 'down']);
export const healthAnswer = named('Health', {
  status: status.meta({ description: '`warning`: it works, but a promise does not hold; the part says which.' }),
  parts: z.record(z.string(), z.strictObject({ status, detail: z.string().optional() })),
});
const liveAnswer = named('Liveness', { status: z.literal('ok') });

@ApiTags('operations')
@Controller()
export class OperationsController {
  constructor(
    private readonly checks: HealthChecks,
    private readonly metrics: Metrics,
  ) {}

  @Get()
  @Open()
  @Redirect('/docs', 302)
  @ApiExcludeEndpoint()
  home(): void {
    // The dashboard stands in front of this; a process without the role `api` has none.
  }

  @Get('health/live')
  @Open()
  @ApiOperation({ operationId: 'isAlive', summary: 'The process answers' })
  @ApiOkResponse({ standardSchema: liveAnswer })
  live(): z.output<typeof liveAnswer> {
    return { status: 'ok' };
  }

  @Get('health/ready')
  @Open()
  @ApiOperation({ operationId: 'isReady', summary: 'Whether every part works, part by part; 503 while one is down' })
  @ApiOkResponse({ standardSchema: healthAnswer })
  @ApiServiceUnavailableResponse({ standardSchema: healthAnswer, description: 'A part is down.' })
  async ready(@Res({ passthrough: true }) response: Response): Promise<z.output<typeof healthAnswer>> {
    const health = await this.checks.ready();
    response.status(health.status === 'down' ? 503 : 200);
    return health;
  }

  @Get('metrics')
  @NeedsOperator('read')
  @ApiOperation({ operationId: 'getMetrics', summary: 'Figures of the service in Prometheus text format' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  figures(@Query({ schema: z.strictObject({}) }) _none: object, @Req() request: Request, @Res() response: Response): void {
    this.metrics.serve(request, response);
  }
}
