/**
 * Numbers and UUIDs that stand by themselves in a text: any other of the same length would do in their place, as far as
 * the record's meaning goes. Texts that differ in nothing else are read once. Numbers that some table knows as codes, and
 * short ones (a status, a day), are not among them; nor is anything that is part of a longer word. A number that begins
 * with a zero stands for others that do: JSON has none of them.
 */
import { TABLES } from './rules/index.js';

/** Shorter numbers may be statuses, and there are not many of them. */
const FEWEST_DIGITS = 4;
const UUID_LENGTH = 36;
const UUID_DASHES = [8, 13, 18, 23];
/** An epoch time in seconds, milliseconds, microseconds or nanoseconds, by how much of it is taken. */
const DIGITS = '17000000001700000000';
/** No time at all; behind the first digit any others do. */
const OTHER_DIGITS = '8240495319605273184697410283659';
const UUID = '1700000a-0b00-4c00-8d00-00e0f0000001';
const OTHER_UUID = 'f3e1d2c4-9a57-4b68-b1c2-8d7e6f5a4b';

/** Numbers that mean something by themselves. */
const KNOWN: ReadonlySet<string> = new Set(
  TABLES.flatMap(({ codes = {}, phrases = {} }) => [...Object.values(codes), ...Object.values(phrases).flat()]).flatMap(
    (text) => text.match(/\d{4,}/g) ?? [],
  ),
);

/** Bytes around a value: white space, brackets, quotes and the signs of pairs and sentences. */
const BEFORE = bytesOf(' \t\n\r([{<"\'=:#,');
const BEHIND = bytesOf(' \t\n\r)]}>"\',;');

/**
 * Copies a text with each of them replaced by the same one.
 * @param out at least as long as the text
 * @returns false, with nothing copied, for a text that holds none
 */
export function copyInterchanged(bytes: Uint8Array, start: number, end: number, out: Uint8Array): boolean {
  let changed = false;
  // Whether a value may begin here.
  let isFree = true;
  let at = start;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    const valueEnd = isFree && isHex(byte) ? valueAt(bytes, at, end) : at;
    if (valueEnd === at) {
      if (changed) out[at - start] = byte;
      isFree = BEFORE[byte] === 1;
      at += 1;
      continue;
    }
    // Byte by byte: a view of the bytes, which copying them at once needs, costs more than a short text.
    if (!changed) for (let index = start; index < at; index += 1) out[index - start] = bytes[index] ?? 0;
    changed = true;
    const isDashed = bytes[at + 8] === DASH && valueEnd - at === UUID_LENGTH;
    const other = isDashed ? UUID : DIGITS;
    for (let index = at; index < valueEnd; index += 1) out[index - start] = other.charCodeAt((index - at) % other.length);
    if (!isDashed && byte === ZERO) out[at - start] = ZERO;
    isFree = false;
    at = valueEnd;
  }
  return changed;
}

/** The end of the number or UUID that begins here and stands by itself; `at` where there is none. */
function valueAt(bytes: Uint8Array, at: number, end: number): number {
  let digitsEnd = at;
  while (digitsEnd < end && isDigit(bytes[digitsEnd] ?? 0)) digitsEnd += 1;
  if (digitsEnd - at >= FEWEST_DIGITS && isBoundary(bytes, digitsEnd, end)) return isKnown(bytes, at, digitsEnd) ? at : digitsEnd;
  return isUuid(bytes, at, end) && isBoundary(bytes, at + UUID_LENGTH, end) ? at + UUID_LENGTH : at;
}

function isUuid(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < UUID_LENGTH || bytes[at + 8] !== DASH) return false;
  for (let index = 0; index < UUID_LENGTH; index += 1) {
    const byte = bytes[at + index] ?? 0;
    if (UUID_DASHES.includes(index) ? byte !== DASH : !isHex(byte)) return false;
  }
  return true;
}

function isKnown(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at > LONGEST_KNOWN) return false;
  return KNOWN.has(String.fromCharCode(...bytes.subarray(at, end)));
}

const LONGEST_KNOWN = Math.max(...[...KNOWN].map(({ length }) => length));

const VALUE = /(?<=^|[ \t\n\r([{<"'=:#,])(?:\d{4,}|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=$|[ \t\n\r)\]}>"',;])/gi;

/** The same text with those in their places that `copyInterchanged` takes. */
export function interchanged(text: string): string {
  return replaced(text, (length) => (length === undefined ? UUID : digitsOf(length, DIGITS)));
}

/**
 * The same for texts that `interchanged` makes the same: it takes numbers wherever they stand. What rests on it alone makes no difference
 * between texts that are read once.
 */
export function withoutNumbers(text: string): string {
  return interchanged(text).replace(/\d{4,}/g, (value) => (KNOWN.has(value) ? value : ofLength(value, digitsOf(value.length, DIGITS))));
}

/** @returns puts others in their places, in one text after another: no times, and no two alike, as far as numbers of their length allow */
export function unlike(): (text: string) => string {
  let count = 0;
  return (text) =>
    replaced(text, (length) => {
      count += 1;
      if (length === undefined) return OTHER_UUID + count.toString(16).padStart(2, '0').slice(-2);
      const other = (shift: number): string => `8${digitsOf(length - 1, OTHER_DIGITS.slice(shift) + OTHER_DIGITS)}`;
      for (let shift = count % OTHER_DIGITS.length; ; shift = (shift + 1) % OTHER_DIGITS.length)
        if (!KNOWN.has(other(shift))) return other(shift);
    });
}

/** @param other of a number of that many digits, or of a UUID */
function replaced(text: string, other: (length: number | undefined) => string): string {
  return text.replace(VALUE, (value) => {
    if (KNOWN.has(value)) return value;
    if (value.includes('-')) return other(undefined);
    return ofLength(value, other(value.length));
  });
}

/** One that begins with a zero stays one. */
function ofLength(value: string, digits: string): string {
  return value.startsWith('0') ? `0${digits.slice(1)}` : digits;
}

function digitsOf(length: number, digits: string): string {
  return digits.repeat(Math.ceil(length / digits.length)).slice(0, length);
}

const DASH = 0x2d;
const ZERO = 0x30;

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66) || (byte >= 0x41 && byte <= 0x46);
}

function isBoundary(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || BEHIND[bytes[at] ?? 0] === 1;
}

function bytesOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
