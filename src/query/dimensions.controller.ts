/** `GET /v1/dimensions/{name}`: the values of a dimension, for whoever writes a filter. */
import { Controller, Get, Inject, Param, Query, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Retention } from '../core/levels.js';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { DataSource } from '../store/database.js';
import { DIMENSIONS, type Dimension } from '../store/filters.js';
import { onSnapshot } from '../store/snapshots.js';
import { dimensionAnswer } from './answers.js';
import { CsvInterceptor, type Row } from './csv.interceptor.js';
import { dimensionName, dimensionParameters, filtersOf, spanOf } from './parameters.js';
import { RETENTION } from './tokens.js';

type Answer = z.input<typeof dimensionAnswer>;

@ApiTags('query')
@Controller('v1/dimensions')
export class DimensionsController {
  constructor(
    private readonly database: DataSource,
    @Inject(RETENTION) private readonly retention: Retention,
  ) {}

  @Get(':name')
  @Needs('read')
  @ApiOperation({ operationId: 'listDimensionValues', summary: 'Values of a dimension that were seen in the span, most frequent first' })
  @ApiProduces('application/json', 'text/csv')
  @ApiOkResponse({ standardSchema: dimensionAnswer })
  @UseInterceptors(new CsvInterceptor(valueRows))
  async values(
    @Param('name', { schema: dimensionName }) name: string,
    @Query({ schema: dimensionParameters }) parameters: z.output<typeof dimensionParameters>,
    @ProjectId() projectId: number,
  ): Promise<Answer> {
    if (!isDimension(name)) throw new ProblemError(404, `there is no such dimension; choose from ${Object.keys(DIMENSIONS).join(', ')}`);
    const { span } = spanOf(parameters, this.retention);
    const query = { projectId, span, filters: filtersOf(parameters) };
    const ranked = await onSnapshot(this.database, (queries) => queries.rank(query, [name], parameters.limit + 1));
    const values = ranked.slice(0, parameters.limit).map(({ key, count }) => ({ value: key[0] ?? '', count }));
    return { name, values, truncated: ranked.length > values.length };
  }
}

function isDimension(name: string): name is Dimension {
  return Object.hasOwn(DIMENSIONS, name);
}

function valueRows({ values }: Answer): Row[] {
  return values;
}
