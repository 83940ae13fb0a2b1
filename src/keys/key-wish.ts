/** What somebody who wants a key says about it on a command line, checked. */
import { SCOPES, type Scope } from '../core/api-key.js';
import { parseDuration } from '../core/levels.js';
import { parseTime } from '../core/time.js';
import { keyName, projectName } from './answers.js';

/** The end of the year 9999, which is as far as RFC 3339 goes. */
const LAST_MS = Date.UTC(10_000, 0) - 1;

export interface KeyWish {
  project: string;
  name: string;
  scopes: Scope[];
  expiresAt: Date | null;
}

/** @returns what is wrong, and what would be right, as a text */
export function readKeyWish(
  given: { scope?: string[] | undefined; project?: string | undefined; name?: string | undefined; expires?: string | undefined },
  nowMs: number,
): KeyWish | string {
  const scopes = [...new Set((given.scope ?? []).flatMap((text) => text.split(',')))];
  const unknown = scopes.filter((scope) => !SCOPES.includes(scope as Scope));
  if (scopes.length === 0) return `--scope is missing; choose from ${SCOPES.join(', ')}`;
  if (unknown.length > 0) return `--scope "${unknown.join(',')}" is none; choose from ${SCOPES.join(', ')}`;
  const project = projectName.safeParse(given.project ?? 'default');
  if (!project.success) return `--project ${project.error.issues[0]?.message ?? ''}`;
  const name = keyName.safeParse(given.name ?? '');
  if (!name.success) return `--name ${name.error.issues[0]?.message ?? ''}`;
  const expiresAt = given.expires === undefined ? null : momentOf(given.expires, nowMs);
  if (expiresAt === undefined || (expiresAt !== null && expiresAt.getTime() <= nowMs))
    return `--expires "${given.expires ?? ''}" is no time to come; give a span such as 90d, or a moment such as 2027-01-31T00:00:00Z`;
  return { project: project.data, name: name.data, scopes: scopes as Scope[], expiresAt };
}

/** @returns undefined for what is no moment that a calendar has */
function momentOf(text: string, nowMs: number): Date | undefined {
  const seconds = parseDuration(text);
  const ms = seconds === undefined ? parseTime(text) : nowMs + seconds * 1000;
  return ms === undefined || ms > LAST_MS ? undefined : new Date(ms);
}
