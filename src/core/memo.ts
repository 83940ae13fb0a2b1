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
  // Two halves: taking the oldest out of a map one by one costs more than most of what is remembered.
  let recent = new Map<string, { value: T }>();
  let older = recent;
  return (text) => {
    if (text.length > length) return compute(text);
    let found = recent.get(text);
    if (found !== undefined) return found.value;
    found = older.get(text) ?? { value: compute(text) };
    if (recent.size >= entries / 2) {
      older = recent;
      recent = new Map();
    }
    recent.set(text, found);
    return found.value;
  };
}

/** The same of objects that come again and again, for as long as somebody has them. Nobody may change them. */
export function memoByObject<K extends object, T extends object | string>(compute: (one: K) => T): (one: K) => T {
  const known = new WeakMap<K, T>();
  return (one) => {
    let value = known.get(one);
    if (value === undefined) known.set(one, (value = compute(one)));
    return value;
  };
}
