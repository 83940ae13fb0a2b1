/** `GET /v1/facets`: which instances, versions, client networks, user agents, issuers and keys refusals come with. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { DataSource } from '../store/database.js';
import { facetsOf } from '../store/facet-queries.js';
import { onSnapshot } from '../store/snapshots.js';
import { facetsAnswer } from './answers.js';
import { filtersOf, spanOf, spanParameters } from './parameters.js';
import { RETENTION } from './tokens.js';
import { isoSpan } from './trends.controller.js';

@ApiTags('query')
@Controller('v1/facets')
export class FacetsController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get()
  @Needs('read')
  @ApiOperation({
    operationId: 'listFacets',
    summary: 'Instances, versions, client networks, user agents, issuers and key ids of what was refused',
    description:
      'Facets are counted per reason: service, environment and template. Filters choose signatures; what is answered are the facets of their reasons, so that a filter on route, method, status, scheme or error code alone may take in more than it names.',
  })
  @ApiOkResponse({ standardSchema: facetsAnswer })
  async list(
    @Query({ schema: spanParameters }) parameters: z.output<typeof spanParameters>,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof facetsAnswer>> {
    const { span } = spanOf(parameters, this.retention);
    const query = { projectId, span, filters: filtersOf(parameters) };
    return { ...isoSpan(span), facets: await onSnapshot(this.database, (queries, transaction) => facetsOf(queries, transaction, query)) };
  }
}
