/** `GET /v1/samples`: masked records, for whoever wants to see one. At present the newest occurrence of each signature. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { DataSource } from '../store/database.js';
import { idToHex } from '../store/entities.js';
import { samplesOf } from '../store/sample-queries.js';
import { onSnapshot } from '../store/snapshots.js';
import { samplesAnswer } from './answers.js';
import { readCursor, writeCursor, type Paged } from './cursor.js';
import { exactSpanOf, filtersOf, samplesParameters } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

@ApiTags('query')
@Controller('v1/samples')
export class SamplesController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    operationId: 'listSamples',
    summary: 'Masked records: the newest of each signature that was last seen in the span, newest first',
  })
  @ApiOkResponse({ standardSchema: samplesAnswer })
  async list(
    @Query({ schema: samplesParameters }) parameters: z.output<typeof samplesParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof samplesAnswer>> {
    const { limit, cursor } = parameters;
    const paged: Paged = { projectId, list: 'samples', filters: filtersOf(parameters) };
    const after = cursor === undefined ? undefined : readCursor(paged, cursor, this.retention);
    const span = after?.span ?? exactSpanOf(parameters, this.retention);
    const query = { projectId, span, filters: paged.filters };
    const found = await onSnapshot(this.database, (_, transaction) => samplesOf(transaction, query, limit + 1, after));
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      ...isoSpan(span),
      samples: page.map(({ id, time, ...rest }) => ({ signature: idToHex(id), time: time.toISOString(), ...rest })),
      next_cursor: found.length > limit && last !== undefined ? writeCursor(paged, { span, at: last.time.getTime(), id: last.id }) : null,
    };
  }
}
