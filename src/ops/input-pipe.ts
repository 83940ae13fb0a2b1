/**
 * Holds what requests say against the schemas of the controllers. Texts that no database takes are refused for all of them
 * alike: PostgreSQL has none with U+0000 in it, and none in JSON with half of a surrogate pair.
 */
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { invalidInput } from './problem.js';

/** Schemas are less deep; of what is deeper the innermost names tell enough. */
const MAX_NAMED = 10;

type Metadata = Parameters<StandardSchemaValidationPipe['transform']>[1];

export class InputPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalidInput });
  }

  /** @throws ProblemError (400) */
  override async transform<T>(value: T, metadata: Metadata): Promise<T> {
    const path = unstorable(value);
    if (path !== undefined) throw invalidInput([{ path, message: 'must be Unicode without U+0000 and without halves of surrogate pairs' }]);
    return super.transform(value, metadata);
  }
}

interface Place {
  value: unknown;
  name: string;
  within: Place | undefined;
}

/** Without recursion: 64 KiB can be nested deeper than the stack is. @returns where the first one is */
function unstorable(given: unknown): string[] | undefined {
  const waiting: Place[] = [{ value: given, name: '', within: undefined }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const { value } = place;
    if (typeof value === 'string' && !isStorable(value)) return pathTo(place);
    if (typeof value !== 'object' || value === null) continue;
    for (const [name, member] of Object.entries(value)) {
      if (!isStorable(name)) return pathTo(place);
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
