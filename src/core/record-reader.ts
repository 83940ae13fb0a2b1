/**
 * Reads the records of OTLP requests in protobuf: the same answers as `readRecord`, without making an object of a record
 * that is no refusal, and without reading a second time what was read before. What a record says is remembered by the
 * numbers of its values, so that a million refusals in the same words cost a look each.
 */
import { ROLE, roleOf } from './fields.js';
import { CRAWLER } from './observe.js';
import { canBeTold, REFUSING } from './recognition.js';
import { readRecord, type Reading } from './refusal.js';
import { Interner } from './wire/interner.js';
import { Dictionary, OtlpLogs, type Utf8 } from './wire/otlp-logs.js';

/** Distinct values remembered: some thousand signatures in the words of some hundred services. */
const MAX_VALUES = 16_384;
const VALUE_BYTES = 96;
const MAX_READINGS = 16_384;
/** Values that one reading may rest on. */
const MAX_PARTS = 48;
/** Stands in a key for a value that has no number. */
const NO_NUMBER = '\uffff';
/** Of a line, as far as anything is read from it. */
const MAX_LINE_BYTES = 66_000;
const EVENT_NAME_LENGTH = 'why401.auth_failure'.length;
/** Tags of AnyValue's fields. */
const STRING = 10;
const INT = 24;
const MAP = 50;
const ARRAY = 42;
const OPENING = new Set([0x7b, 0x5b, 0x3c]);

const IGNORED: Reading = { kind: 'ignored' };

/** Of one process; any number of requests may be read at a time. */
export class RecordReader {
  private readonly dictionary: Dictionary;
  private readonly values = new Interner(MAX_VALUES, VALUE_BYTES, true);
  private epoch = 0;
  private readonly readings = new Map<string, Reading>();
  /** By a user agent's number: 1 a crawler, 2 none. */
  private readonly crawlers = new Int8Array(MAX_VALUES);

  constructor(private readonly utf8: Utf8) {
    this.dictionary = new Dictionary(utf8, roleOf);
  }

  /** @param bytes an ExportLogsServiceRequest */
  open(bytes: Uint8Array): OtlpLogs {
    return new OtlpLogs(this.dictionary, bytes);
  }

  /** Reads the record that `logs` stands at. Answers are shared between records: nobody may change them. */
  read(logs: OtlpLogs, receivedMs: number): Reading {
    const roles = rolesOf(logs);
    if (this.isPassedBy(logs, roles)) return IGNORED;
    const key = (roles & ROLE.time) === 0 ? this.keyOf(logs) : undefined;
    const known = key === undefined ? undefined : this.readings.get(key);
    if (known !== undefined) return known;
    const reading = readRecord(logs.toLogRecord(receivedMs));
    // How a token's times lie to the record's differs from record to record.
    if (key !== undefined && !('tokenOffset' in reading)) this.remember(key, reading);
    return reading;
  }

  /** Surely no refusal, by a look at the bytes. False says nothing. */
  private isPassedBy(logs: OtlpLogs, roles: number): boolean {
    if ((roles & ROLE.mark) !== 0 || logs.isWide || logs.hasMap) return false;
    if (logs.eventNameEnd - logs.eventNameStart === EVENT_NAME_LENGTH) return false;
    if ((roles & ROLE.status) === 0) return (roles & (ROLE.proof | ROLE.answer)) === 0 && this.isPlainLine(logs);
    const status = onlyStatus(logs);
    if (status < 100 || status > 599 || REFUSING.has(status)) return false;
    if (status === 200 && (roles & ROLE.proof) !== 0) return false;
    return status < 200 || status > 299 || ((roles & ROLE.answer) === 0 && !mayBeDocument(logs));
  }

  private isPlainLine(logs: OtlpLogs): boolean {
    const { bodyStart, bodyEnd, bytes } = logs;
    if (bodyStart === bodyEnd) return true;
    if (bytes[bodyStart] === MAP || bytes[bodyStart] === ARRAY) return false;
    return !canBeTold(this.utf8(bytes, bodyStart, Math.min(bodyEnd, bodyStart + MAX_LINE_BYTES)));
  }

  /** The numbers of everything that the reading rests on; undefined where one has none. */
  private keyOf(logs: OtlpLogs): string | undefined {
    const { bytes, found } = logs;
    if (logs.hasMap || logs.isWide || found > MAX_PARTS || logs.resource.id === -1) return undefined;
    let key =
      String.fromCharCode(logs.resource.id) +
      this.number(bytes, logs.bodyStart, logs.bodyEnd) +
      this.number(bytes, logs.eventNameStart, logs.eventNameEnd);
    for (let index = 0; index < found; index += 1) {
      const name = logs.foundKeys[index] ?? -1;
      const start = logs.foundStarts[index] ?? 0;
      const end = logs.foundEnds[index] ?? 0;
      if (name === -1) return undefined;
      if (logs.foundRoles[index] !== ROLE.who) key += String.fromCharCode(name) + this.number(bytes, start, end);
      else if (this.isCrawler(bytes, start, end)) return undefined;
    }
    // Numbers that became void in between may have gone into the key.
    return this.isNewEpoch() || key.includes(NO_NUMBER) ? undefined : key;
  }

  private number(bytes: Uint8Array, start: number, end: number): string {
    const number = this.values.idOf(bytes, start, end);
    return number === -1 ? NO_NUMBER : String.fromCharCode(number);
  }

  /** For whom it matters who they are: what a crawler is told depends on its address. */
  private isCrawler(bytes: Uint8Array, start: number, end: number): boolean {
    const number = this.values.idOf(bytes, start, end);
    const known = number === -1 ? 0 : this.crawlers[number];
    if (known !== 0) return known === 1;
    const isOne = CRAWLER.test(this.utf8(bytes, start, end));
    if (number !== -1) this.crawlers[number] = isOne ? 1 : 2;
    return isOne;
  }

  private isNewEpoch(): boolean {
    const epoch = this.values.epoch + this.dictionary.epoch;
    if (epoch === this.epoch) return false;
    this.epoch = epoch;
    this.readings.clear();
    this.crawlers.fill(0);
    return true;
  }

  private remember(key: string, reading: Reading): void {
    if (this.readings.size >= MAX_READINGS) this.readings.clear();
    this.readings.set(key, reading);
  }
}

function rolesOf(logs: OtlpLogs): number {
  let roles = 0;
  for (let index = 0; index < logs.found; index += 1) roles |= logs.foundRoles[index] ?? 0;
  return roles;
}

/** The record's status where it names one alone, as a number or as text; 0 where it is not that simple. */
function onlyStatus(logs: OtlpLogs): number {
  let status = 0;
  for (let index = 0; index < logs.found; index += 1) {
    if (((logs.foundRoles[index] ?? 0) & ROLE.status) === 0) continue;
    if (status !== 0) return 0;
    status = statusAt(logs.bytes, logs.foundStarts[index] ?? 0, logs.foundEnds[index] ?? 0);
  }
  return status;
}

/** Three digits as a string (tag, length 3), or a two-byte varint (tag and two bytes). */
function statusAt(bytes: Uint8Array, start: number, end: number): number {
  const tag = bytes[start] ?? 0;
  if (tag === INT && end - start === 3) return ((bytes[start + 1] ?? 0) & 0x7f) | ((bytes[start + 2] ?? 0) << 7);
  if (tag !== STRING || bytes[start + 1] !== 3 || end - start !== 5) return 0;
  return digit(bytes[start + 2] ?? 0) * 100 + digit(bytes[start + 3] ?? 0) * 10 + digit(bytes[start + 4] ?? 0);
}

function digit(byte: number): number {
  return byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : -1_000;
}

/** JSON or XML in a success may hold an error. */
function mayBeDocument({ bytes, bodyStart, bodyEnd }: OtlpLogs): boolean {
  if (bodyStart === bodyEnd) return false;
  if (bytes[bodyStart] !== STRING) return true;
  let at = bodyStart + 1;
  // The length, then white space.
  while (at < bodyEnd && (bytes[at] ?? 0) >= 0x80) at += 1;
  at += 1;
  while (at < bodyEnd && (bytes[at] ?? 0) <= 0x20) at += 1;
  return OPENING.has(bytes[at] ?? 0);
}
