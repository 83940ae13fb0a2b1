/** `GET /v1/signatures`: the ways of being refused, with verdict and evidence; most frequent first. */
import { Controller, Get, Inject, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { adviceOf } from '../core/advice.js';
import type { Retention } from '../core/levels.js';
import { spreadOf, type Spread } from '../core/sketch.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import type { SeenCount } from '../store/count-queries.js';
import { DataSource } from '../store/database.js';
import { idFromHex, idToHex, loadSignatures, SignatureRow, verdictOf } from '../store/entities.js';
import { facetsOf } from '../store/facet-queries.js';
import { onSnapshot } from '../store/snapshots.js';
import { oneSignatureAnswer, signatureAnswer, signaturesAnswer } from './answers.js';
import { CsvInterceptor, type Row } from './csv.interceptor.js';
import { readCursor, writeCursor, type Paged } from './cursor.js';
import { filtersOf, signatureId, signaturesParameters, spanOf, spanParameters } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

@ApiTags('query')
@Controller('v1/signatures')
export class SignaturesController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listSignatures', summary: 'Ways of being refused, most frequent in the span first' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: signaturesAnswer })
  @UseInterceptors(new CsvInterceptor(signatureRows))
  async list(
    @Query({ schema: signaturesParameters }) parameters: z.output<typeof signaturesParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof signaturesAnswer>> {
    const paged: Paged = { projectId, list: 'signatures', filters: filtersOf(parameters) };
    const position = parameters.cursor === undefined ? undefined : readCursor(paged, parameters.cursor, this.retention);
    const { span } = position ?? spanOf(parameters, this.retention);
    const query = { projectId, span, filters: paged.filters };
    const after = position === undefined ? undefined : { count: position.at, id: position.id };
    const counts = await onSnapshot(this.database, (queries) => queries.signatures(query, parameters.limit + 1, after));
    const page = counts.slice(0, parameters.limit);
    const last = page.at(-1);
    return {
      ...isoSpan(span),
      signatures: await this.load(projectId, page),
      next_cursor: counts.length > page.length && last !== undefined ? writeCursor(paged, { span, at: last.count, id: last.id }) : null,
    };
  }

  @Get(':id')
  @Needs('read')
  @ApiOperation({ operationId: 'getSignature', summary: 'One signature, with its count in the span' })
  @ApiOkResponse({ standardSchema: oneSignatureAnswer })
  async one(
    @Param('id', { schema: signatureId }) id: string,
    @Query({ schema: spanParameters }) parameters: z.output<typeof spanParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof oneSignatureAnswer>> {
    const { span } = spanOf(parameters, this.retention);
    const query = { projectId, span, filters: { ...filtersOf(parameters), signature: [id] } };
    const { count, slots, facets } = await onSnapshot(this.database, async (queries, transaction) => ({
      count: await queries.total(query),
      slots: await queries.tokenTimes(projectId, idFromHex(id), span),
      facets: await facetsOf(queries, transaction, query),
    }));
    const row = await this.database.getRepository(SignatureRow).findOneBy({ projectId, id: idFromHex(id) });
    if (row === null) throw new ProblemError(404, `there is no signature ${id}; GET /v1/signatures lists them`);
    const advice = adviceOf(row.signature(), verdictOf(row), row.findings);
    return { ...answerOf(row, count), token_times: tokenTimesOf(slots), advice, facets };
  }

  /** In the order of the counts given. */
  private async load(projectId: number, counts: readonly SeenCount[]): Promise<z.input<typeof signatureAnswer>[]> {
    const ids = counts.map(({ id }) => id);
    const rows = await loadSignatures(this.database, projectId, ids);
    const countOf = new Map(counts.map(({ id, count }) => [id, count]));
    return rows.map((row) => answerOf(row, countOf.get(row.id) ?? 0));
  }
}

function signatureRows({ signatures }: z.input<typeof signaturesAnswer>): Row[] {
  return signatures.map(({ evidence, also, findings, observable, ...rest }) => ({
    ...rest,
    findings: findings.map(({ id }) => id).join(' '),
    observable: observable.join(' '),
    evidence: evidence.map(({ rule }) => rule).join(' '),
    also: also.join(' '),
  }));
}

function tokenTimesOf(slots: [slot: number, count: number][]): z.input<typeof oneSignatureAnswer>['token_times'] {
  const named = (spread: Spread | undefined): { count: number; p05_seconds: number; p50_seconds: number; p95_seconds: number } | null =>
    spread === undefined ? null : { count: spread.count, p05_seconds: spread.p05, p50_seconds: spread.p50, p95_seconds: spread.p95 };
  return {
    observed: slots.reduce((sum, [, count]) => sum + count, 0),
    in_time: slots.find(([slot]) => slot === 0)?.[1] ?? 0,
    expired_by: named(spreadOf(slots, 1)),
    not_valid_for: named(spreadOf(slots, -1)),
  };
}

function answerOf(row: SignatureRow, count: number): z.input<typeof signatureAnswer> {
  const { service, environment, route, method, status, scheme, challenge, template, cause, fault, evidence, also } = row;
  return {
    ...{ id: idToHex(row.id), service, environment, route, method, status, scheme, challenge, error_code: row.errorCode, template },
    ...{ cause, fault, confidence: Number(row.confidence.toFixed(3)), evidence, also, rule_set_version: row.ruleSetVersion },
    // What a signature shows, each of its records shows.
    ...{ findings: row.findings.map((finding) => ({ ...finding, count })), observable: row.observable, taught_cause: row.taughtCause },
    ...{ first_seen: row.firstSeen.toISOString(), last_seen: row.lastSeen.toISOString() },
    ...{ returned_at: row.returnedAt?.toISOString() ?? null, quiet_seconds: row.quietSeconds, last_trace_id: row.lastTraceId, count },
  };
}
