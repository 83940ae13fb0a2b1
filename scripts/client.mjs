/**
 * `npm run client`: writes src/client/schema.ts, the types of the REST API, from the OpenAPI document of the built
 * service. With `--check` it writes nothing and fails where the file is stale.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { AppModule } from '../dist/src/app.module.js';
import { readConfig, VERSION } from '../dist/src/config.js';
import { openApiOf } from '../dist/src/openapi/document.js';

const TARGET = 'src/client/schema.ts';
const HEAD = '/** The REST API as types, made from the OpenAPI document by `npm run client`; not written by hand. */\n';

// Nothing is started: the document is read off the controllers' classes.
const none = {};
const foundation = { config: readConfig({}), database: none, queue: none, metrics: none };
const stages = { health: none, teaching: none, book: none, live: none, access: none };
const app = await NestFactory.create(AppModule.of(foundation, stages), { logger: false, preview: true });
// Examples would be comments of a thousand lines.
const text = JSON.stringify(openApiOf(app, VERSION), (name, value) => (name === 'example' ? undefined : value));
const types = astToString(await openapiTS(text, { alphabetize: true, defaultNonNullable: false }));
const written = await format(HEAD + types, { ...(await resolveConfig(TARGET)), parser: 'typescript' });

if (!process.argv.includes('--check')) writeFileSync(TARGET, written);
else if (readFileSync(TARGET, 'utf8') !== written) {
  process.stderr.write(`${TARGET} is not what the OpenAPI document says; run npm run client\n`);
  process.exit(1);
}
