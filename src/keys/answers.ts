/** What the endpoints of keys, projects and the session take and answer. */
import { z } from 'zod';
import { SCOPES } from '../core/api-key.js';
import { named } from '../ops/named.js';

const time = z.iso.datetime();
/** PostgreSQL has no text with U+0000 in it, and nobody reads names with other control characters. */
const plain = (longest: number): z.ZodString =>
  z
    .string()
    .max(longest)
    .regex(/^\P{Cc}*$/u, 'must not contain control characters');

export const keyName = plain(200);
export const projectName = plain(100).regex(/^\S(?:.*\S)?$/, 'must not be empty, nor begin or end with a space');
export const keyId = z.string().regex(/^[0-9A-Za-z]{12}$/, 'must be 12 letters and digits');
const scopes = z.array(z.enum(SCOPES)).min(1).max(SCOPES.length);

export const keyInput = z
  .strictObject({
    name: keyName.default('').meta({ description: 'What it is for, to tell it from others.' }),
    scopes: scopes.meta({ description: '`ingest` sends records, `read` asks, `admin` does both and changes things.' }),
    expires_at: time
      .nullable()
      .default(null)
      .meta({ description: 'Null: it does not expire.' })
      .refine((text) => text === null || Date.parse(text) > Date.now(), 'must lie in the future'),
    project: projectName.optional().meta({ description: 'Name of the project that it belongs to. Default: the one of the key that asks.' }),
  })
  .meta({ id: 'KeyInput' });
export const keyAnswer = named('Key', {
  id: z.string().meta({ description: 'The part of the key between its prefix and its secret.' }),
  project: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  created_at: time,
  expires_at: time.nullable(),
  last_used_at: time.nullable().meta({ description: 'To the minute.' }),
  revoked_at: time.nullable(),
});
export const newKeyAnswer = named('NewKey', {
  ...keyAnswer.shape,
  key: z.string().meta({ description: 'The key itself. It is shown this once; only its hash is kept.' }),
});
export const keysAnswer = named('Keys', {
  keys: z.array(keyAnswer).meta({ description: 'The ones that are not revoked first, oldest first.' }),
});

export const projectInput = z.strictObject({ name: projectName }).meta({ id: 'ProjectInput' });
export const projectAnswer = named('Project', { id: z.int(), name: z.string(), created_at: time });
export const projectsAnswer = named('Projects', { projects: z.array(projectAnswer).meta({ description: 'Oldest first.' }) });

export const sessionInput = z.strictObject({ key: z.string().max(200) }).meta({ id: 'SessionInput' });
export const sessionAnswer = named('Session', {
  keys_asked: z
    .boolean()
    .meta({ description: 'Whether requests need a key. Without that everybody may do everything, in the first project.' }),
  project: z.string().nullable().meta({ description: 'Name of the project; null for somebody who is not signed in.' }),
  scopes: z.array(z.enum(SCOPES)),
});
