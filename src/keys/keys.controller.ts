/**
 * `/v1/keys` and `/v1/projects`. An administrator has the keys of their own project; one of the first project operates the
 * service, and has all projects and all keys.
 */
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import {
  ApiConflictResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiNotFoundResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
  ApiUnprocessableEntityResponse,
} from '@nestjs/swagger';
import { z } from 'zod';
import { MAX_KEYS, MAX_PROJECTS } from '../core/api-key.js';
import { Access, type Grant } from '../ops/access.js';
import { Granted, Needs, NeedsOperator } from '../ops/access.guard.js';
import { newKey } from '../ops/key-secret.js';
import { ProblemError } from '../ops/problem.js';
import { KeyStore, type StoredKey, type StoredProject } from '../store/key-store.js';
import {
  keyAnswer,
  keyId,
  keyInput,
  keysAnswer,
  newKeyAnswer,
  projectAnswer,
  projectInput,
  projectName,
  projectsAnswer,
} from './answers.js';

const NO_PROJECT = { description: 'There is no such project for this key.' };
const nothing = z.strictObject({});
const keysParameters = z.strictObject({
  project: projectName.optional().meta({ description: 'Name of a project. Default: the one of the key that asks.' }),
});

@ApiTags('keys')
@Controller('v1')
export class KeysController {
  constructor(
    private readonly store: KeyStore,
    private readonly access: Access,
  ) {}

  @Get('keys')
  @Needs('admin')
  @ApiOperation({ operationId: 'listKeys', summary: 'The keys of a project, without the keys themselves' })
  @ApiOkResponse({ standardSchema: keysAnswer })
  @ApiNotFoundResponse(NO_PROJECT)
  async list(
    @Query({ schema: keysParameters }) { project }: z.output<typeof keysParameters>,
    @Granted() grant: Grant,
  ): Promise<z.input<typeof keysAnswer>> {
    return { keys: (await this.store.keys(await this.projectOf(project, grant))).map(answerOf) };
  }

  @Post('keys')
  @Needs('admin')
  @ApiOperation({ operationId: 'addKey', summary: 'Make a key; the answer has it, this once' })
  @ApiCreatedResponse({ standardSchema: newKeyAnswer })
  @ApiNotFoundResponse(NO_PROJECT)
  @ApiUnprocessableEntityResponse({ description: `The project has ${String(MAX_KEYS)} keys that are not revoked.` })
  async add(
    @Body({ schema: keyInput }) { project, name, scopes, expires_at: expires }: z.output<typeof keyInput>,
    @Query({ schema: nothing }) _none: object,
    @Granted() grant: Grant,
  ): Promise<z.input<typeof newKeyAnswer>> {
    const projectId = await this.projectOf(project, grant);
    const { id, text, hash } = newKey();
    const expiresAt = expires === null ? null : new Date(expires);
    const added = await this.store.add({ id, projectId, name, hash, scopes: [...new Set(scopes)], expiresAt }, MAX_KEYS);
    if (added === undefined) throw new ProblemError(422, `the project has ${String(MAX_KEYS)} keys already; revoke one`);
    this.access.keyMade();
    return { ...answerOf(added), key: text };
  }

  @Delete('keys/:id')
  @HttpCode(204)
  @Needs('admin')
  @ApiOperation({ operationId: 'revokeKey', summary: 'Revoke a key; every process refuses it within five seconds' })
  @ApiNoContentResponse()
  async revoke(
    @Param('id', { schema: keyId }) id: string,
    @Query({ schema: nothing }) _none: object,
    @Granted() { isOperator, projectId }: Grant,
  ): Promise<void> {
    if (!(await this.store.revoke(id, isOperator ? undefined : projectId)))
      throw new ProblemError(404, `there is no key ${id}; GET /v1/keys lists them`);
  }

  @Get('projects')
  @NeedsOperator('admin')
  @ApiOperation({ operationId: 'listProjects', summary: 'All projects' })
  @ApiOkResponse({ standardSchema: projectsAnswer })
  async projects(@Query({ schema: nothing }) _none: object): Promise<z.input<typeof projectsAnswer>> {
    return { projects: (await this.store.projects()).map(projectOf) };
  }

  @Post('projects')
  @NeedsOperator('admin')
  @ApiOperation({ operationId: 'addProject', summary: 'Add a project; it starts with the alert rules that the first one had' })
  @ApiCreatedResponse({ standardSchema: projectAnswer })
  @ApiConflictResponse({ description: 'There is a project of this name.' })
  @ApiUnprocessableEntityResponse({ description: `There are ${String(MAX_PROJECTS)} projects.` })
  async addProject(
    @Body({ schema: projectInput }) { name }: z.output<typeof projectInput>,
    @Query({ schema: nothing }) _none: object,
  ): Promise<z.input<typeof projectAnswer>> {
    const added = await this.store.addProject(name, MAX_PROJECTS);
    if (added === 'taken') throw new ProblemError(409, `there is a project "${name}" already`);
    if (added === 'full')
      throw new ProblemError(422, `there are ${String(MAX_PROJECTS)} projects already; use one of them, or run another service`);
    return projectOf(added);
  }

  /** Whoever may not know of other projects is not told which there are. */
  private async projectOf(name: string | undefined, { project, projectId, isOperator }: Grant): Promise<number> {
    if (name === undefined || name === project) return projectId;
    const other = isOperator ? await this.store.project(name) : undefined;
    if (other === undefined)
      throw new ProblemError(404, `there is no project "${name}"${isOperator ? '; GET /v1/projects lists them' : ' for this key'}`);
    return other.id;
  }
}

function answerOf({ id, project, name, scopes, createdAt, expiresAt, lastUsedAt, revokedAt }: StoredKey): z.input<typeof keyAnswer> {
  return {
    ...{ id, project, name, scopes, created_at: createdAt.toISOString(), expires_at: expiresAt?.toISOString() ?? null },
    ...{ last_used_at: lastUsedAt?.toISOString() ?? null, revoked_at: revokedAt?.toISOString() ?? null },
  };
}

function projectOf({ id, name, createdAt }: StoredProject): z.input<typeof projectAnswer> {
  return { id, name, created_at: createdAt.toISOString() };
}
