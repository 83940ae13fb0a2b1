/**
 * Remembers what a pure function made of recent texts: refusals repeat themselves, and reading one again costs a hundred
 * times more than looking it up. Texts may hold secrets, so they stay in this process's memory, few and short.
 */
const MAX_ENTRIES = 2_000;
/** Longer texts are rarely the same twice. */
const MAX_LENGTH = 1_000;

/** @param compute must give the same for the same text; nobody may change what it gives */
export function memo<T>(
  compute: (text: string) => T,
  { entries = MAX_ENTRIES, length = MAX_LENGTH }: { entries?: number; length?: number } = {},
): (text: string) => T {
  const known = new Map<string, { value: T }>();
  return (text) => {
    if (text.length > length) return compute(text);
    const found = known.get(text);
    if (found !== undefined) return found.value;
    const value = compute(text);
    // The oldest goes first: Map keeps the order of insertion.
    if (known.size >= entries) known.delete(known.keys().next().value ?? '');
    known.set(text, { value });
    return value;
  };
}
