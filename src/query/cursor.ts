/**
 * Cursors of pages: the span and the position, so that "-24h" means the same on every page, and a check sum over them, the
 * project and what was asked. A cursor that was changed, or that belongs to another question, is refused instead of giving a wrong page.
 */
import { createHash } from 'node:crypto';
import type { Retention } from '../core/levels.js';
import type { Span } from '../store/count-queries.js';
import { idFromHex, idToHex } from '../store/entities.js';
import type { Filters } from '../store/filters.js';
import { badField, checkSpan } from './parameters.js';

/** What is paged through. */
export interface Paged {
  projectId: number;
  list: 'signatures' | 'samples' | 'alerts';
  filters: Filters;
}

export interface Position {
  span: Span;
  /** What the list is ordered by: a count, or epoch milliseconds. */
  at: number;
  /** Of the signature, as the database has it. */
  id: string;
}

export function writeCursor(paged: Paged, { span, at, id }: Position): string {
  const position = [span.from, span.to, at, idToHex(id)].join('.');
  return Buffer.from(`${position}.${checkSum(paged, position)}`).toString('base64url');
}

/** @throws ProblemError (400) for what is no cursor of this list and these filters */
export function readCursor(paged: Paged, cursor: string, retention: Retention): Position {
  const text = Buffer.from(cursor, 'base64url').toString();
  const match = /^((\d{1,12})\.(\d{1,12})\.(\d{1,15})\.([0-9a-f]{16}))\.([0-9a-f]{16})$/.exec(text);
  const [, position = '', from, to, at, id = '', sum] = match ?? [];
  if (match === null || sum !== checkSum(paged, position))
    throw badField(
      'cursor',
      'is none of ours, or of another question; take "next_cursor" of the page before as it is, with the same filters',
    );
  const span = { from: Number(from), to: Number(to) };
  checkSpan(span, retention);
  return { span, at: Number(at), id: idFromHex(id) };
}

/** Against mistakes; whoever makes one up gets a page of what they may read anyway. */
export function checkSum({ projectId, list, filters }: Paged, position: string): string {
  return createHash('sha256')
    .update(JSON.stringify([projectId, list, filters, position]))
    .digest('hex')
    .slice(0, 16);
}
