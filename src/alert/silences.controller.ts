/** `/v1/silences`: alerts that nobody is told of for a while. They are kept and shown all the same. */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Needs, ProjectId } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { EndpointStore, type StoredSilence } from '../store/endpoint-store.js';
import { silenceAnswer, silenceInput, silencesAnswer } from './answers.js';

const nothing = z.strictObject({});

@ApiTags('alerts')
@Controller('v1/silences')
export class SilencesController {
  constructor(private readonly store: EndpointStore) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'listSilences', summary: 'Silences that are not over' })
  @ApiOkResponse({ standardSchema: silencesAnswer })
  async list(@Query({ schema: nothing }) _none: object, @ProjectId() projectId: number): Promise<z.input<typeof silencesAnswer>> {
    return { silences: (await this.store.silences(projectId)).map(answerOf) };
  }

  @Post()
  @Needs('admin')
  @ApiOperation({ operationId: 'addSilence', summary: 'Silence alerts; one that still fires when it is over is told then' })
  @ApiCreatedResponse({ standardSchema: silenceAnswer })
  async add(
    @Body({ schema: silenceInput }) input: z.output<typeof silenceInput>,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<z.input<typeof silenceAnswer>> {
    const { matchers, starts_at: startsAt, ends_at: endsAt, note } = input;
    const starts = startsAt === undefined ? new Date() : new Date(startsAt);
    return answerOf(await this.store.addSilence(projectId, { matchers, startsAt: starts, endsAt: new Date(endsAt), note }));
  }

  @Delete(':id')
  @Needs('admin')
  @HttpCode(204)
  @ApiOperation({ operationId: 'endSilence', summary: 'End a silence' })
  @ApiNoContentResponse()
  async drop(
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: nothing }) _none: object,
    @ProjectId() projectId: number,
  ): Promise<void> {
    if (!(await this.store.dropSilence(projectId, id)))
      throw new ProblemError(404, `there is no silence ${id}; GET /v1/silences lists them`);
  }
}

function answerOf({ id, matchers, startsAt, endsAt, note, createdAt }: StoredSilence): z.input<typeof silenceAnswer> {
  return {
    ...{ id, matchers, note },
    ...{ starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString(), created_at: createdAt.toISOString() },
  };
}
