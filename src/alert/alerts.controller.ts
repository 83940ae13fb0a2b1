/** `/v1/alerts`: what fires and what fired, and what somebody said about it; and the schema of what webhooks carry. */
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiConflictResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { ALERT_SCHEMA } from '../core/alert/message-schema.js';
import { Needs, Open, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { checkSum, type Paged } from '../query/cursor.js';
import { badField } from '../query/parameters.js';
import { AlertStore, type AlertStatus, type StoredAlert } from '../store/alert-store.js';
import { acknowledgeInput, alertAnswer, alertsAnswer, alertsParameters } from './answers.js';

const nothing = z.strictObject({});
const STATUSES: Record<string, readonly AlertStatus[]> = { open: ['pending', 'firing'], all: ['pending', 'firing', 'resolved'] };

@ApiTags('alerts')
@Controller()
export class AlertsController {
  constructor(private readonly store: AlertStore) {}

  @Get('v1/alerts')
  @Needs('read')
  @ApiOperation({ operationId: 'listAlerts', summary: 'Alerts, newest first' })
  @ApiOkResponse({ standardSchema: alertsAnswer })
  async list(
    @Query({ schema: alertsParameters }) parameters: z.output<typeof alertsParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertsAnswer>> {
    const { status, limit, cursor } = parameters;
    const before = cursor === undefined ? undefined : readCursor(projectId, cursor);
    const statuses = STATUSES[status] ?? [status as AlertStatus];
    const found = await this.store.list(projectId, { statuses, limit: limit + 1, before });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      alerts: page.map(answerOf),
      next_cursor: found.length > page.length && last !== undefined ? writeCursor(projectId, last) : null,
    };
  }

  @Get('v1/alerts/:id')
  @Needs('read')
  @ApiOperation({ operationId: 'getAlert', summary: 'One alert' })
  @ApiOkResponse({ standardSchema: alertAnswer })
  async one(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertAnswer>> {
    return answerOf((await this.store.one(projectId, id)) ?? absent(id));
  }

  @Post('v1/alerts/:id/ack')
  @Needs('admin')
  @HttpCode(200)
  @ApiOperation({ operationId: 'acknowledgeAlert', summary: 'Say that somebody is at it; the alert goes on' })
  @ApiOkResponse({ standardSchema: alertAnswer })
  async acknowledge(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: acknowledgeInput }) { note }: z.output<typeof acknowledgeInput>,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertAnswer>> {
    return answerOf((await this.store.acknowledge(projectId, id, note)) ?? absent(id));
  }

  @Post('v1/alerts/:id/normal')
  @Needs('admin')
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
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertAnswer>> {
    const alert = await this.store.one(projectId, id);
    if (alert !== undefined && alert.rule.type !== 'spike')
      throw new ProblemError(409, 'only spikes have a level that is normal; change the rule, or silence it');
    const accepted = await this.store.accept(projectId, id);
    if (accepted === undefined) throw new ProblemError(404, `there is no open alert ${id}; GET /v1/alerts?status=open lists them`);
    return answerOf(accepted);
  }

  @Get('schemas/alert.json')
  @Open()
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

function writeCursor(projectId: number, { startedAt, id }: StoredAlert): string {
  const position = `${String(startedAt.getTime())}.${id}`;
  return Buffer.from(`${position}.${checkSum(pagedOf(projectId), position)}`).toString('base64url');
}

function pagedOf(projectId: number): Paged {
  return { projectId, list: 'alerts', filters: {} };
}

function readCursor(projectId: number, cursor: string): { startedAt: Date; id: string } {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, position = '', at, id = '', sum] =
    /^((\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))\.([0-9a-f]{16})$/.exec(text) ?? [];
  if (at === undefined || sum !== checkSum(pagedOf(projectId), position))
    throw badField('cursor', 'is none of ours; take "next_cursor" of the page before as it is');
  return { startedAt: new Date(Number(at)), id };
}
