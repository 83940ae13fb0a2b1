/** `/v1/endpoints` and `/v1/deliveries`: where alerts go, and what became of each sending. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { EndpointStore, type StoredDelivery, type StoredEndpoint } from '../store/endpoint-store.js';
import { deliveriesAnswer, deliveryAnswer, endpointAnswer, endpointInput, endpointsAnswer, newEndpointAnswer } from './answers.js';
import { newSecret } from './sign.js';
import { testMessage } from './test-message.js';
import { WebhookClient } from './webhook.js';

const MAX_ENDPOINTS = 100;
const MAX_LISTED = 100;
/** For how long the secret before signs as well. */
const ROTATION_MS = 86_400_000;

const nothing = z.strictObject({});
type EndpointInput = z.output<typeof endpointInput>;

@ApiTags('alerts')
@Controller('v1')
export class EndpointsController {
  constructor(
    private readonly store: EndpointStore,
    private readonly client: WebhookClient,
  ) {}

  @Get('endpoints')
  @Needs('read')
  @ApiOperation({ operationId: 'listEndpoints', summary: 'Where alerts are sent' })
  @ApiOkResponse({ standardSchema: endpointsAnswer })
  async list(@Query({ schema: nothing }) _none: object, @ProjectId() projectId: number): Promise<z.input<typeof endpointsAnswer>> {
    return { endpoints: (await this.store.endpoints(projectId)).map(answerOf) };
  }

  @Get('endpoints/:id')
  @Needs('read')
  @ApiOperation({ operationId: 'getEndpoint', summary: 'One endpoint' })
  @ApiOkResponse({ standardSchema: endpointAnswer })
  async one(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof endpointAnswer>> {
    return answerOf(await this.known(projectId, id));
  }

  @Post('endpoints')
  @Needs('admin')
  @ApiOperation({ operationId: 'addEndpoint', summary: 'Add an endpoint; the answer has its secret, this once' })
  @ApiCreatedResponse({ standardSchema: newEndpointAnswer })
  @ApiUnprocessableEntityResponse({ description: `There are ${String(MAX_ENDPOINTS)} endpoints already.` })
  async add(
    @Body({ schema: endpointInput }) input: EndpointInput,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof newEndpointAnswer>> {
    await this.checkUrl(input.url);
    const secret = newSecret();
    const added = await this.store.addEndpoint(projectId, storedOf(randomUUID(), input), secret, MAX_ENDPOINTS);
    if (added === undefined) throw new ProblemError(422, `there are ${String(MAX_ENDPOINTS)} endpoints already; delete one`);
    return { ...answerOf(added), secret };
  }

  @Put('endpoints/:id')
  @Needs('admin')
  @ApiOperation({ operationId: 'changeEndpoint', summary: 'Change an endpoint; one that was disabled is on again' })
  @ApiOkResponse({ standardSchema: endpointAnswer })
  async change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: endpointInput }) input: EndpointInput,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof endpointAnswer>> {
    await this.checkUrl(input.url);
    return answerOf((await this.store.changeEndpoint(projectId, storedOf(id, input))) ?? absent(id));
  }

  @Post('endpoints/:id/rotate-secret')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ operationId: 'rotateEndpointSecret', summary: 'Have a new secret; the old one signs beside it for a day' })
  @ApiOkResponse({ standardSchema: newEndpointAnswer })
  async rotate(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof newEndpointAnswer>> {
    const secret = newSecret();
    const rotated = await this.store.rotateSecret(projectId, id, secret, new Date(Date.now() + ROTATION_MS));
    return { ...answerOf(rotated ?? absent(id)), secret };
  }

  @Delete('endpoints/:id')
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteEndpoint', summary: 'Delete an endpoint with its deliveries' })
  @ApiNoContentResponse()
  async drop(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<void> {
    if (!(await this.store.dropEndpoint(projectId, id))) absent(id);
  }

  @Post('endpoints/:id/test')
  @Needs('admin')
  @HttpCode(202)
  @ApiOperation({ operationId: 'testEndpoint', summary: 'Send a test; GET /v1/endpoints/{id}/deliveries tells what became of it' })
  @ApiAcceptedResponse({ standardSchema: deliveryAnswer })
  async test(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof deliveryAnswer>> {
    const endpoint = await this.known(projectId, id);
    await this.checkUrl(endpoint.url);
    const delivery = await this.store.addTest(projectId, id, testMessage(new Date()));
    return deliveryOf(delivery);
  }

  @Get('endpoints/:id/deliveries')
  @Needs('read')
  @ApiOperation({ operationId: 'listDeliveries', summary: 'What was sent to an endpoint, with every attempt' })
  @ApiOkResponse({ standardSchema: deliveriesAnswer })
  async deliveries(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof deliveriesAnswer>> {
    await this.known(projectId, id);
    return { deliveries: (await this.store.deliveries(projectId, id, MAX_LISTED)).map(deliveryOf) };
  }

  @Post('deliveries/:id/redeliver')
  @Needs('admin')
  @HttpCode(202)
  @ApiOperation({ operationId: 'redeliver', summary: 'Send it once more, whatever became of it' })
  @ApiAcceptedResponse({ standardSchema: deliveryAnswer })
  async redeliver(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof deliveryAnswer>> {
    const delivery = await this.store.redeliver(projectId, id);
    if (delivery === undefined) throw new ProblemError(404, `there is no delivery ${id}; GET /v1/endpoints/{id}/deliveries lists them`);
    return deliveryOf(delivery);
  }

  private async known(projectId: number, id: string): Promise<StoredEndpoint> {
    return (await this.store.endpoint(projectId, id)) ?? absent(id);
  }

  /** The same guard as when something is sent. */
  private async checkUrl(url: string): Promise<void> {
    const problem = await this.client.check(url);
    if (problem !== undefined) throw new ProblemError(400, 'the URL cannot be used', [{ field: 'url', message: problem }]);
  }
}

function absent(id: string): never {
  throw new ProblemError(404, `there is no endpoint ${id}; GET /v1/endpoints lists them`);
}

function storedOf(
  id: string,
  { name, url, format, routing_key: routingKey, sends_resolved: sendsResolved }: EndpointInput,
): Pick<StoredEndpoint, 'id' | 'name' | 'url' | 'format' | 'routingKey' | 'sendsResolved'> {
  return { id, name, url, format, routingKey, sendsResolved };
}

function answerOf(endpoint: StoredEndpoint): z.input<typeof endpointAnswer> {
  const { id, name, format } = endpoint;
  return {
    ...{ id, name, url: shownUrl(endpoint), format, has_routing_key: endpoint.routingKey !== null, sends_resolved: endpoint.sendsResolved },
    ...{
      disabled_reason: endpoint.disabledReason,
      created_at: endpoint.createdAt.toISOString(),
      updated_at: endpoint.updatedAt.toISOString(),
    },
  };
}

/** Whoever knows the path of a Slack webhook can write there: it is a secret. */
function shownUrl({ url, format }: StoredEndpoint): string {
  return format === 'slack' ? `${new URL(url).origin}/…` : url;
}

function deliveryOf(delivery: StoredDelivery): z.input<typeof deliveryAnswer> {
  const { id, alertId, transition, status, attempts } = delivery;
  return {
    ...{ id, webhook_id: `msg_${id}`, alert_id: alertId, transition, status, attempts },
    next_attempt_at: status === 'waiting' ? delivery.nextAt.toISOString() : null,
    created_at: delivery.createdAt.toISOString(),
    finished_at: delivery.finishedAt === null ? null : delivery.finishedAt.toISOString(),
  };
}
