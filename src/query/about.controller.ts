/** `GET /v1/about`: what a page or a script must know of this service that no other answer tells. */
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Needs } from '../ops/access.guard.js';
import { aboutAnswer } from './answers.js';
import { ABOUT } from './tokens.js';

export type About = z.output<typeof aboutAnswer>;

@ApiTags('query')
@Controller('v1/about')
export class AboutController {
  constructor(@Inject(ABOUT) private readonly about: About) {}

  @Get()
  @Needs('read')
  @ApiOperation({ operationId: 'getAbout', summary: 'Version, the ports for exporters, and where traces are found' })
  @ApiOkResponse({ standardSchema: aboutAnswer })
  read(@Query({ schema: z.strictObject({}) }) _none: object): z.input<typeof aboutAnswer> {
    return this.about;
  }
}
