/** `GET /v1/findings`: what the refusals of a span show to be wrong with the APIs themselves, with where and how often. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { auditTogether, FINDINGS, type FindingId } from '../core/findings.js';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import type { SeenCount } from '../store/count-queries.js';
import { DataSource } from '../store/database.js';
import { SignatureRow, verdictOf } from '../store/entities.js';
import { onSnapshot } from '../store/snapshots.js';
import { findingsAnswer } from './answers.js';
import { filtersOf, spanOf, spanParameters } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

/** The most frequent signatures of the span; a project has 20,000 a day at most. */
const MAX_SIGNATURES = 20_000;
const LOAD_AT_ONCE = 1_000;
const MAX_PLACES = 20;
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

type Answer = z.input<typeof findingsAnswer>;
type Place = Answer['findings'][number]['places'][number];

@ApiTags('query')
@Controller('v1/findings')
export class FindingsController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listFindings', summary: 'What is wrong with the APIs themselves, by the refusals of a span' })
  @ApiOkResponse({ standardSchema: findingsAnswer })
  async list(
    @Query({ schema: spanParameters }) parameters: z.output<typeof spanParameters>,
    @ProjectId() projectId: number,
  ): Promise<Answer> {
    const { span } = spanOf(parameters, this.retention);
    const query = { projectId, span, filters: filtersOf(parameters) };
    const counts = await onSnapshot(this.database, (queries) => queries.signatures(query, MAX_SIGNATURES));
    return { ...isoSpan(span), findings: summed(await this.load(projectId, counts), new Map(counts.map(({ id, count }) => [id, count]))) };
  }

  private async load(projectId: number, counts: readonly SeenCount[]): Promise<SignatureRow[]> {
    const rows: SignatureRow[] = [];
    for (let at = 0; at < counts.length; at += LOAD_AT_ONCE) {
      const keys = counts.slice(at, at + LOAD_AT_ONCE).map(({ id }) => ({ projectId, id }));
      rows.push(...(await this.database.getRepository(SignatureRow).findBy(keys)));
    }
    return rows;
  }
}

class Tally {
  count = 0;
  observable = 0;
  signatures = 0;
  private readonly places = new Map<string, Place>();

  add({ service, route }: SignatureRow, detail: string, count: number): void {
    this.count += count;
    this.signatures += 1;
    const key = `${service} ${route}`;
    const place = this.places.get(key);
    if (place === undefined) this.places.set(key, { service, route, detail, count });
    else place.count += count;
  }

  topPlaces(): Place[] {
    return [...this.places.values()].sort((a, b) => b.count - a.count).slice(0, MAX_PLACES);
  }
}

function summed(rows: readonly SignatureRow[], counts: ReadonlyMap<string, number>): Answer['findings'] {
  const tallies = new Map<FindingId, Tally>((Object.keys(FINDINGS) as FindingId[]).map((id) => [id, new Tally()]));
  const together = auditTogether(rows.map((row) => ({ signature: row.signature(), verdict: verdictOf(row) })));
  rows.forEach((row, index) => {
    const count = counts.get(row.id) ?? 0;
    const more = together[index];
    for (const { id, detail } of [...row.findings, ...(more?.findings ?? [])]) tallies.get(id)?.add(row, detail, count);
    for (const id of [...row.observable, ...(more?.observable ?? [])]) {
      const tally = tallies.get(id as FindingId);
      if (tally !== undefined) tally.observable += count;
    }
  });
  return [...tallies]
    .filter(([, tally]) => tally.observable > 0)
    .map(([id, tally]) => ({
      id,
      ...FINDINGS[id],
      count: tally.count,
      observable: tally.observable,
      signatures: tally.signatures,
      places: tally.topPlaces(),
    }))
    .sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || b.count - a.count);
}
