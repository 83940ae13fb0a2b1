/** Batches that failed for good: kept by the queue, listed here, and put back in line on demand. */
import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { NeedsOperator } from '../ops/access.guard.js';
import { named } from '../ops/named.js';
import { ProblemError } from '../ops/problem.js';
import { BatchQueue } from './batch-queue.js';

const MAX_LISTED = 100;
/** No parameters: one that is given is an error and not ignored. */
const nothing = z.strictObject({});

export const failedBatchesAnswer = named('FailedBatches', {
  total: z.int(),
  batches: z
    .array(z.strictObject({ id: z.string(), failed_at: z.iso.datetime(), attempts: z.int(), reason: z.string() }))
    .meta({ description: `Newest first, at most ${String(MAX_LISTED)}.` }),
});

@ApiTags('operations')
@Controller('v1/failed-batches')
export class FailedBatchesController {
  constructor(private readonly queue: BatchQueue) {}

  @Get()
  @NeedsOperator('admin')
  @ApiOperation({ operationId: 'listFailedBatches', summary: 'Batches that could not be counted and are kept' })
  @ApiOkResponse({ standardSchema: failedBatchesAnswer })
  async list(@Query({ schema: nothing }) _none: object): Promise<z.output<typeof failedBatchesAnswer>> {
    const [total, batches] = await Promise.all([this.queue.failedCount(), this.queue.failed(MAX_LISTED)]);
    return {
      total,
      batches: batches.map(({ id, failedAt, attempts, reason }) => ({ id, failed_at: failedAt.toISOString(), attempts, reason })),
    };
  }

  @Post(':id/retry')
  @NeedsOperator('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'retryFailedBatch', summary: 'Try a failed batch again, for example after an update' })
  @ApiNoContentResponse()
  async retry(@Param('id', { schema: z.uuid() }) id: string, @Query({ schema: nothing }) _none: object): Promise<void> {
    if (!(await this.queue.retry(id))) throw new ProblemError(404, `there is no failed batch ${id}; GET /v1/failed-batches lists them`);
  }
}
