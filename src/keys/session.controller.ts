/** `/v1/session`: signs a dashboard in with a key, says who it is, and signs it out. */
import { Body, Controller, Delete, Get, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiForbiddenResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiTags,
  ApiTooManyRequestsResponse,
  ApiUnauthorizedResponse,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { Access, askingOf, type Grant } from '../ops/access.js';
import { Open, problemOfDenial } from '../ops/access.guard.js';
import { ProblemError } from '../ops/problem.js';
import { cookieOf, endedCookies, originOf } from '../ops/session-cookie.js';
import { sessionAnswer, sessionInput } from './answers.js';

const nothing = z.strictObject({});
const ROUTE = '/v1/session';
type Answer = z.input<typeof sessionAnswer>;

@ApiTags('keys')
@Controller('v1/session')
export class SessionController {
  constructor(private readonly access: Access) {}

  @Get()
  @Open()
  @ApiOperation({ operationId: 'getSession', summary: 'Whether keys are asked, and what the key of this request may do' })
  @ApiOkResponse({ standardSchema: sessionAnswer })
  @ApiTooManyRequestsResponse({ description: 'Too many keys that do not hold came from this address.' })
  async read(@Query({ schema: nothing }) _none: object, @Req() request: Request): Promise<Answer> {
    const admission = await this.access.identify(askingOf(request, ROUTE));
    if (admission !== undefined && 'denial' in admission) throw problemOfDenial(admission.denial);
    return this.answerOf(admission?.grant);
  }

  @Post()
  @HttpCode(200)
  @Open()
  @ApiOperation({
    operationId: 'signIn',
    summary: 'Sign in with a key: the answer sets a cookie that is as good as the key',
    description: 'The cookie is HttpOnly and SameSite=Strict. With it alone, only pages of this service may change anything.',
  })
  @ApiOkResponse({ standardSchema: sessionAnswer })
  @ApiUnauthorizedResponse({ description: 'The key does not hold.' })
  @ApiResponse({ status: 421, description: 'No key is asked for, and the host is neither localhost nor an IP address.' })
  @ApiForbiddenResponse({ description: 'The key may not read, or the request comes from a page of another site.' })
  @ApiTooManyRequestsResponse({ description: 'Too many keys that do not hold came from this address.' })
  async signIn(
    @Body({ schema: sessionInput }) { key }: z.output<typeof sessionInput>,
    @Query({ schema: nothing }) _none: object,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<Answer> {
    refuseForeign(request);
    const asking = { ...askingOf(request, ROUTE), authorization: [`Bearer ${key.trim()}`], cookie: undefined };
    const admission = await this.access.admit(asking, { scopes: ['read'] });
    if ('denial' in admission) throw problemOfDenial(admission.denial);
    // Where no key is asked there is nothing to keep.
    if (admission.grant.key !== undefined) response.append('set-cookie', cookieOf(key.trim(), isSecure(request)));
    return this.answerOf(admission.grant);
  }

  @Delete()
  @HttpCode(204)
  @Open()
  @ApiOperation({ operationId: 'signOut', summary: 'Sign out: the cookie ends, the key goes on' })
  @ApiNoContentResponse()
  @ApiForbiddenResponse({ description: 'The request comes from a page of another site.' })
  signOut(@Query({ schema: nothing }) _none: object, @Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    refuseForeign(request);
    response.append('set-cookie', endedCookies());
  }

  private answerOf(grant: Grant | undefined): Answer {
    return { keys_asked: this.access.isAsked, project: grant?.project ?? null, scopes: [...(grant?.scopes ?? [])] };
  }
}

/** Another site must not sign anybody in with a key of its own, nor out. */
function refuseForeign({ headers }: Request): void {
  if (originOf(headers) === 'foreign')
    throw new ProblemError(403, 'the request comes from a page of another site; sign in on a page of this service');
}

/** By what the browser says of its page: a proxy in front may have ended https. */
function isSecure({ headers }: Request): boolean {
  return headers.origin?.startsWith('https:') === true;
}
