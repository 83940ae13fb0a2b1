/** `/v1/rules`: teach causes by pattern, and see first what a rule would change. History follows in the background. */
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { moment, spanOf } from '../query/parameters.js';
import { RETENTION } from '../query/tokens.js';
import { isoSpan } from '../query/trends.controller.js';
import { DataSource } from '../store/database.js';
import { idToHex, SignatureRow } from '../store/entities.js';
import { onSnapshot } from '../store/snapshots.js';
import { TeachingStore, type StoredRule } from '../store/teaching-store.js';
import { previewAnswer, ruleAnswer, ruleInput, rulesAnswer } from './answers.js';
import { causeId, CompiledRules, matchInput, problemOf, type Match } from './rule.js';
import { RuleBook } from './rule-book.js';

/** Rules are asked in order for every new signature; a thousand cost about a millisecond. */
const MAX_RULES = 1_000;
/** The most frequent signatures of the span; a project has 20,000 a day at most. */
const MAX_PREVIEWED = 20_000;
const MAX_EXAMPLES = 50;
const LOAD_AT_ONCE = 1_000;

/** No stored rule has this id: theirs are UUIDs. */
const PREVIEWED = 'preview';

const nothing = z.strictObject({});
const previewParameters = z.strictObject({
  from: moment('-7d', 'Start of the span that is looked at.'),
  to: moment('now', 'End, excluded.'),
  cause: causeId,
  ...matchInput.shape,
});

@ApiTags('teach')
@Controller('v1/rules')
export class RulesController {
  constructor(
    private readonly database: DataSource,
    private readonly store: TeachingStore,
    private readonly book: RuleBook,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listRules', summary: 'The rules that were taught, oldest first' })
  @ApiOkResponse({ standardSchema: rulesAnswer })
  async list(@Query({ schema: nothing }) _none: object, @ProjectId() projectId: number): Promise<z.input<typeof rulesAnswer>> {
    const { state } = await this.book.read(projectId);
    const [{ revision, rules }, rejudging] = await Promise.all([this.store.rules(projectId), this.store.outdated(projectId, state)]);
    return { rules: rules.map(answerOf), revision, rejudging };
  }

  @Get('preview')
  @Needs('read')
  @ApiOperation({ operationId: 'previewRule', summary: 'What a rule would change, by the signatures of a span' })
  @ApiOkResponse({ standardSchema: previewAnswer })
  async preview(
    @Query({ schema: previewParameters }) parameters: z.output<typeof previewParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof previewAnswer>> {
    const { from, to, cause, ...match } = parameters;
    const checked = matchInput.safeParse(match);
    if (!checked.success)
      throw new ProblemError(400, 'the rule cannot be used', [{ field: '', message: checked.error.issues[0]?.message ?? '' }]);
    const { span } = spanOf({ from, to }, this.retention);
    const query = { projectId, span, filters: {} };
    const counts = await onSnapshot(this.database, (queries) => queries.signatures(query, MAX_PREVIEWED));
    const rule = { id: PREVIEWED, cause, match: checked.data as Match };
    const alone = new CompiledRules([rule]);
    // Where an older rule matches too, it decides: the new one stands behind it.
    const { rules: stored } = await this.store.rules(projectId);
    const together = new CompiledRules([...stored, rule]);
    const matched: { row: SignatureRow; count: number }[] = [];
    for (let at = 0; at < counts.length; at += LOAD_AT_ONCE) {
      const portion = counts.slice(at, at + LOAD_AT_ONCE);
      const rows = await this.database.getRepository(SignatureRow).findBy(portion.map(({ id }) => ({ projectId, id })));
      const byId = new Map(rows.map((row) => [row.id, row]));
      for (const { id, count } of portion) {
        const row = byId.get(id);
        if (row !== undefined && alone.verdictOf(row.signature()) !== undefined) matched.push({ row, count });
      }
    }
    const decides = ({ row }: Counted): boolean => together.verdictOf(row.signature())?.evidence[0]?.rule === `rule.${PREVIEWED}`;
    const changed = matched.filter((one) => one.row.cause !== cause && one.row.taughtCause === null && decides(one));
    return {
      ...isoSpan(span),
      matched: sum(matched),
      changed: sum(changed),
      by_cause: byCause(changed),
      examples: changed.slice(0, MAX_EXAMPLES).map(exampleOf),
    };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ operationId: 'getRule', summary: 'One rule' })
  @ApiOkResponse({ standardSchema: ruleAnswer })
  async one(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof ruleAnswer>> {
    const { rules } = await this.store.rules(projectId);
    return answerOf(rules.find((rule) => rule.id === id) ?? absent(id));
  }

  @Post()
  @Needs('admin')
  @ApiOperation({ operationId: 'addRule', summary: 'Teach a rule; history is judged again by it' })
  @ApiCreatedResponse({ standardSchema: ruleAnswer })
  @ApiUnprocessableEntityResponse({ description: `There are ${String(MAX_RULES)} rules already.` })
  async add(
    @Body({ schema: ruleInput }) rule: z.output<typeof ruleInput>,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof ruleAnswer>> {
    const added = await this.store.addRule(projectId, stored(randomUUID(), rule), MAX_RULES);
    if (added === undefined)
      throw new ProblemError(422, `there are ${String(MAX_RULES)} rules already; delete one, or join two patterns with |`);
    return answerOf(added);
  }

  @Put(':id')
  @Needs('admin')
  @ApiOperation({ operationId: 'changeRule', summary: 'Change a rule; history is judged again by it' })
  @ApiOkResponse({ standardSchema: ruleAnswer })
  async change(
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: ruleInput }) rule: z.output<typeof ruleInput>,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof ruleAnswer>> {
    return answerOf((await this.store.changeRule(projectId, stored(id, rule))) ?? absent(id));
  }

  @Delete(':id')
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'deleteRule', summary: 'Forget a rule; history is judged again without it' })
  @ApiNoContentResponse()
  async drop(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<void> {
    if (!(await this.store.dropRule(projectId, id))) absent(id);
  }
}

function absent(id: string): never {
  throw new ProblemError(404, `there is no rule ${id}; GET /v1/rules lists them`);
}

function stored(id: string, { cause, match, note }: z.output<typeof ruleInput>): Pick<StoredRule, 'id' | 'cause' | 'match' | 'note'> {
  return {
    id,
    cause,
    note,
    match: Object.fromEntries(Object.entries(match).filter(([, text]) => text !== undefined)) as Record<string, string>,
  };
}

function answerOf({ id, cause, match, note, createdAt, updatedAt }: StoredRule): z.input<typeof ruleAnswer> {
  return {
    id,
    cause,
    match,
    note,
    created_at: createdAt.toISOString(),
    updated_at: updatedAt.toISOString(),
    problem: problemOf(match) ?? null,
  };
}

interface Counted {
  row: SignatureRow;
  count: number;
}

function sum(counted: readonly Counted[]): { signatures: number; count: number } {
  return { signatures: counted.length, count: counted.reduce((total, { count }) => total + count, 0) };
}

function byCause(counted: readonly Counted[]): { cause: string; signatures: number; count: number }[] {
  const groups = new Map<string, Counted[]>();
  for (const one of counted) groups.set(one.row.cause, [...(groups.get(one.row.cause) ?? []), one]);
  return [...groups].map(([cause, members]) => ({ cause, ...sum(members) })).sort((a, b) => b.count - a.count);
}

function exampleOf({
  row: { id, service, route, template, errorCode, cause },
  count,
}: Counted): z.input<typeof previewAnswer>['examples'][number] {
  return { id: idToHex(id), service, route, template, error_code: errorCode, cause, count };
}
