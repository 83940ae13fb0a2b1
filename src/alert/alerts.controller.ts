/** `/v1/alerts`: what fires and what fired, and what somebody said about it; and the schema of what webhooks carry. */
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ALERT_SCHEMA } from '../core/alert/message-schema.js';
import { ProblemError } from '../ops/problem.js';
import { badField } from '../query/parameters.js';
import { DEFAULT_PROJECT } from '../query/tokens.js';
import { AlertStore, type AlertStatus, type StoredAlert } from '../store/alert-store.js';
import { acknowledgeInput, alertAnswer, alertsAnswer, alertsParameters } from './answers.js';

const nothing = z.strictObject({});
const STATUSES: Record<string, readonly AlertStatus[]> = { open: ['pending', 'firing'], all: ['pending', 'firing', 'resolved'] };

@ApiTags('alerts')
@Controller()
export class AlertsController {
  constructor(private readonly store: AlertStore) {}

  @Get('v1/alerts')
  @ApiOperation({ operationId: 'listAlerts', summary: 'Alerts, newest first' })
  @ApiOkResponse({ standardSchema: alertsAnswer })
  async list(@Query({ schema: alertsParameters }) parameters: z.output<typeof alertsParameters>): Promise<z.input<typeof alertsAnswer>> {
    const { status, limit, cursor } = parameters;
    const before = cursor === undefined ? undefined : readCursor(cursor);
    const statuses = STATUSES[status] ?? [status as AlertStatus];
    const found = await this.store.list(DEFAULT_PROJECT, { statuses, limit: limit + 1, before });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { alerts: page.map(answerOf), next_cursor: found.length > page.length && last !== undefined ? writeCursor(last) : null };
  }

  @Get('v1/alerts/:id')
  @ApiOperation({ operationId: 'getAlert', summary: 'One alert' })
  @ApiOkResponse({ standardSchema: alertAnswer })
  async one(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
  ): Promise<z.input<typeof alertAnswer>> {
    return answerOf((await this.store.one(DEFAULT_PROJECT, id)) ?? absent(id));
  }

  @Post('v1/alerts/:id/ack')
  @HttpCode(200)
  @ApiOperation({ operationId: 'acknowledgeAlert', summary: 'Say that somebody is at it; the alert goes on' })
  @ApiOkResponse({ standardSchema: alertAnswer })
  async acknowledge(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: acknowledgeInput }) { note }: z.output<typeof acknowledgeInput>,
    @Query({ schema: nothing }) _none: object,
  ): Promise<z.input<typeof alertAnswer>> {
    return answerOf((await this.store.acknowledge(DEFAULT_PROJECT, id, note)) ?? absent(id));
  }

  @Post('v1/alerts/:id/normal')
  @HttpCode(202)
  @ApiOperation({
    operationId: 'acceptAlertAsNormal',
    summary: 'Say that this is normal: it is over, and what is counted now is expected from now on',
  })
  @ApiAcceptedResponse({ standardSchema: alertAnswer })
  @ApiConflictResponse({ description: 'Only spikes have a level that is normal.' })
  async accept(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
  ): Promise<z.input<typeof alertAnswer>> {
    const alert = await this.store.one(DEFAULT_PROJECT, id);
    if (alert !== undefined && alert.rule.type !== 'spike')
      throw new ProblemError(409, 'only spikes have a level that is normal; change the rule, or silence it');
    const accepted = await this.store.accept(DEFAULT_PROJECT, id);
    if (accepted === undefined) throw new ProblemError(404, `there is no open alert ${id}; GET /v1/alerts?status=open lists them`);
    return answerOf(accepted);
  }

  @Get('schemas/alert.json')
  @ApiOperation({ operationId: 'getAlertSchema', summary: 'The JSON Schema of what webhooks carry in the standard format' })
  @ApiOkResponse({ schema: { type: 'object' } })
  schema(@Query({ schema: nothing }) _none: object): object {
    return ALERT_SCHEMA;
  }
}

function absent(id: string): never {
  throw new ProblemError(404, `there is no alert ${id}; GET /v1/alerts lists them`);
}

function answerOf(alert: StoredAlert): z.input<typeof alertAnswer> {
  const { id, rule, key, status, reason, figures, details } = alert;
  return {
    ...{ id, rule: { id: rule.id, name: rule.name, type: rule.type }, status, severity: rule.severity, reason },
    group: Object.fromEntries(rule.group_by.map((name, index) => [name, key[index] ?? ''])),
    started_at: alert.startedAt.toISOString(),
    fired_at: isoOf(alert.firedAt),
    resolved_at: isoOf(alert.resolvedAt),
    notified_at: isoOf(alert.notifiedAt),
    acknowledged_at: isoOf(alert.acknowledgedAt),
    acknowledged_note: alert.acknowledgedNote,
    ...figures,
    details,
  };
}

function isoOf(time: Date | null): string | null {
  return time === null ? null : time.toISOString();
}

function writeCursor({ startedAt, id }: StoredAlert): string {
  return Buffer.from(`${String(startedAt.getTime())}.${id}`).toString('base64url');
}

function readCursor(cursor: string): { startedAt: Date; id: string } {
  const [, at, id = ''] =
    /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (at === undefined) throw badField('cursor', 'is none of ours; take "next_cursor" of the page before as it is');
  return { startedAt: new Date(Number(at)), id };
}
