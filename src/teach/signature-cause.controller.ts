/** `PUT /v1/signatures/{id}/cause`: a user knows better. The verdict changes at once, and with it all history of the signature. */
import { Body, Controller, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { signatureId } from '../query/parameters.js';
import { idFromHex } from '../store/entities.js';
import { TeachingStore } from '../store/teaching-store.js';
import { causeInput } from './answers.js';
import { judgementOf } from './rejudge.js';
import { RuleBook } from './rule-book.js';

@ApiTags('teach')
@Controller('v1/signatures')
export class SignatureCauseController {
  constructor(
    private readonly store: TeachingStore,
    private readonly book: RuleBook,
  ) {}

  @Put(':id/cause')
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'teachCause', summary: 'Set the cause of one signature, or take it back with null' })
  @ApiNoContentResponse()
  async teach(
    @Param('id', { schema: signatureId }) id: string,
    @Body({ schema: causeInput }) { cause }: z.output<typeof causeInput>,
    @Query({ schema: z.strictObject({}) }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<void> {
    const page = await this.book.read(projectId);
    const isKnown = await this.store.teachCause({ projectId, id: idFromHex(id), cause }, page.state, (row) => judgementOf(page, row));
    if (!isKnown) throw new ProblemError(404, `there is no signature ${id}; GET /v1/signatures lists them`);
  }
}
