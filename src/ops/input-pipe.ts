/**
 * Holds what requests say against the schemas of the controllers. Refused for all of them alike: names that prototypes are
 * reached by, and texts that no database takes. PostgreSQL has none with U+0000 in it, and none in JSON with half of a
 * surrogate pair.
 */
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { invalidInput } from './problem.js';

/** Schemas are less deep; of what is deeper the innermost names tell enough. */
const MAX_NAMED = 10;

/** Nest would take them out without a word, and what is not known is an error. */
const STRIPPED = new Set(['__proto__', 'constructor', 'prototype']);
const UNSTORABLE = 'must be Unicode without U+0000 and without halves of surrogate pairs';

type Issue = Parameters<typeof invalidInput>[0][number];
type Metadata = Parameters<StandardSchemaValidationPipe['transform']>[1];

export class InputPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalidInput });
  }

  /** @throws ProblemError (400) */
  override async transform<T>(value: T, metadata: Metadata): Promise<T> {
    // What our own decorators give comes from no request.
    const issue = metadata.type === 'custom' ? undefined : hostility(value);
    if (issue !== undefined) throw invalidInput([issue]);
    return super.transform(value, metadata);
  }
}

interface Place {
  value: unknown;
  name: string;
  within: Place | undefined;
}

/** Without recursion: 64 KiB can be nested deeper than the stack is. @returns what no schema needs to look at any more */
function hostility(given: unknown): Issue | undefined {
  const waiting: Place[] = [{ value: given, name: '', within: undefined }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value } = place;
    if (typeof value === 'string' && !isStorable(value)) return { path: pathTo(place), message: UNSTORABLE };
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (STRIPPED.has(name)) return { path: pathTo(place), message: '', keys: [name] };
      if (!isStorable(name)) return { path: pathTo(place), message: UNSTORABLE };
      waiting.push({ value: member, name, within: place });
    }
  }
  return undefined;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}

function pathTo(place: Place): string[] {
  const path: string[] = [];
  for (let at: Place = place; at.within !== undefined && path.length < MAX_NAMED; at = at.within) path.unshift(at.name);
  return path;
}
