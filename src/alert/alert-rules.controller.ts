/** `/v1/alert-rules`: what to be told of, and when a rule would have told it. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ceilTo, floorTo, MINUTE_SECONDS, type Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { spanOf } from '../query/parameters.js';
import { RETENTION } from '../query/tokens.js';
import { isoSpan } from '../query/trends.controller.js';
import { AlertCounts } from '../store/alert-counts.js';
import { AlertRuleStore, type StoredAlertRule } from '../store/alert-rule-store.js';
import { alertRuleAnswer, alertRuleInput, alertRulesAnswer, previewAnswer, previewInput } from './answers.js';
import { replay, type ReplayedAlert } from './preview.js';

/** Each is evaluated every few seconds. */
const MAX_RULES = 100;
/** A replay begins eight days before its span, and minutes are kept for a month. */
const MAX_PREVIEW_SECONDS = 21 * 86_400;

const nothing = z.strictObject({});
type RuleInput = z.output<typeof alertRuleInput>;

@ApiTags('alerts')
@Controller('v1/alert-rules')
export class AlertRulesController {
  /** Projects whose preview is being made, or waits for it. */
  private readonly previewing = new Set<number>();
  private lastPreview: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: AlertRuleStore,
    private readonly counts: AlertCounts,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listAlertRules', summary: 'The alert rules, oldest first' })
  @ApiOkResponse({ standardSchema: alertRulesAnswer })
  async list(@Query({ schema: nothing }) _none: object, @ProjectId() projectId: number): Promise<z.input<typeof alertRulesAnswer>> {
    return { rules: (await this.store.rules(projectId)).map(answerOf) };
  }

  @Post('preview')
  @Needs('read')
  @HttpCode(200)
  @ApiOperation({ operationId: 'previewAlertRule', summary: 'When a rule would have fired, by what was counted' })
  @ApiOkResponse({ standardSchema: previewAnswer })
  @ApiTooManyRequestsResponse({
    description:
      'Another preview of the project is being made, or too many keys that do not hold came from this address; come again after Retry-After seconds.',
  })
  async preview(
    @Body({ schema: previewInput }) { settings, from, to }: z.output<typeof previewInput>,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof previewAnswer>> {
    const asked = spanOf({ from, to }, this.retention).span;
    const span = { from: floorTo(asked.from, MINUTE_SECONDS), to: ceilTo(Math.min(asked.to, Date.now() / 1000), MINUTE_SECONDS) };
    if (span.to - span.from > MAX_PREVIEW_SECONDS)
      throw new ProblemError(400, 'the span is too long', [{ field: 'from', message: 'a preview looks at 21 days at most' }]);
    const kept = Date.now() / 1000 - this.retention['1m'];
    if (span.from < kept + MINUTE_SECONDS)
      throw new ProblemError(400, 'the span begins too early', [
        { field: 'from', message: `counts of minutes are kept for ${String(Math.floor(this.retention['1m'] / 86_400))} days; begin later` },
      ]);
    const replayed = await this.inTurn(projectId, () =>
      replay({ counts: this.counts, retention: this.retention, projectId, settings }, span),
    );
    const answered = { from: span.from, to: Math.max(span.from, replayed.to) };
    return {
      ...isoSpan(answered),
      is_cut: replayed.to < span.to,
      groups: replayed.groups,
      alerts: replayed.alerts.map((alert) => replayedOf(settings.group_by, alert)),
    };
  }

  /** A replay takes a core for seconds, which ingestion needs too. With one of each project, none waits for another's second one. */
  private async inTurn<T>(projectId: number, work: () => Promise<T>): Promise<T> {
    if (this.previewing.has(projectId))
      throw new ProblemError(429, 'another preview is being made; try again', undefined, { 'retry-after': '5' });
    this.previewing.add(projectId);
    const replayed = this.lastPreview.then(work);
    this.lastPreview = replayed.catch(() => undefined);
    try {
      return await replayed;
    } finally {
      this.previewing.delete(projectId);
    }
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ operationId: 'getAlertRule', summary: 'One alert rule' })
  @ApiOkResponse({ standardSchema: alertRuleAnswer })
  async one(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertRuleAnswer>> {
    return answerOf((await this.store.rule(projectId, id)) ?? absent(id));
  }

  @Post()
  @Needs('admin')
  @ApiOperation({ operationId: 'addAlertRule', summary: 'Add an alert rule; it starts from what was counted before' })
  @ApiCreatedResponse({ standardSchema: alertRuleAnswer })
  @ApiUnprocessableEntityResponse({ description: `There are ${String(MAX_RULES)} alert rules already.` })
  async add(
    @Body({ schema: alertRuleInput }) rule: RuleInput,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertRuleAnswer>> {
    const added = await this.store.add(projectId, storedOf(randomUUID(), rule), MAX_RULES);
    if (added === undefined)
      throw new ProblemError(422, `there are ${String(MAX_RULES)} alert rules already; delete one, or group by more`);
    return answerOf(added);
  }

  @Put(':id')
  @Needs('admin')
  @ApiOperation({ operationId: 'changeAlertRule', summary: 'Change an alert rule' })
  @ApiOkResponse({ standardSchema: alertRuleAnswer })
  async change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: alertRuleInput }) rule: RuleInput,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof alertRuleAnswer>> {
    return answerOf((await this.store.change(projectId, storedOf(id, rule))) ?? absent(id));
  }

  @Delete(':id')
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteAlertRule', summary: 'Delete an alert rule; its open alerts are over' })
  @ApiNoContentResponse()
  async drop(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<void> {
    if (!(await this.store.drop(projectId, id))) absent(id);
  }
}

function absent(id: string): never {
  throw new ProblemError(404, `there is no alert rule ${id}; GET /v1/alert-rules lists them`);
}

function storedOf(
  id: string,
  { name, is_enabled: isEnabled, settings }: RuleInput,
): Pick<StoredAlertRule, 'id' | 'name' | 'isEnabled' | 'settings'> {
  return { id, name, isEnabled, settings: settings };
}

function answerOf({ id, name, isEnabled, settings, problem, createdAt, updatedAt }: StoredAlertRule): z.input<typeof alertRuleAnswer> {
  return {
    ...{ id, name, is_enabled: isEnabled, settings: { ...settings }, problem },
    ...{ created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() },
  };
}

function replayedOf(
  groupBy: readonly string[],
  { key, startedAt, resolvedAt, observation, peak }: ReplayedAlert,
): z.input<typeof previewAnswer>['alerts'][number] {
  const { observed, expected, score, reason } = observation;
  return {
    group: Object.fromEntries(groupBy.map((name, index) => [name, key[index] ?? ''])),
    started_at: new Date(startedAt * 1000).toISOString(),
    resolved_at: resolvedAt === undefined ? null : new Date(resolvedAt * 1000).toISOString(),
    ...{ observed, expected, score, peak, reason },
  };
}
