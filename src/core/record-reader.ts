/**
 * Reads records, of OTLP requests in protobuf as they stand there: the same answers as `readRecord`, without making an object of a record
 * that is no refusal, and without reading a second time what was read before. What a record says is remembered by the
 * numbers of its values, so that a million refusals in the same words cost a look each.
 */
import { ROLE, roleOf, withLowerHeaders } from './fields.js';
import { copyInterchanged, interchanged, unlike } from './interchangeable.js';
import type { Attributes, AttributeValue, LogRecord } from './log-record.js';
import { CRAWLER } from './observe.js';
import { canBeTold, REFUSING } from './recognition.js';
import { isWitnessInText, readRecord, type Ignored, type Reading } from './refusal.js';
import { targetOf } from './traffic.js';
import { Dictionary, type Utf8 } from './wire/dictionary.js';
import { Interner } from './wire/interner.js';
import { MAX_FOUND, OtlpLogs } from './wire/otlp-logs.js';
import { MAX_BYTES, RecordBytes } from './wire/record-bytes.js';
import { ARRAY, INT, MAP, STRING } from './wire/tags.js';
import { TupleMap } from './wire/tuple-map.js';
import { witnessOf, type Witness } from './witness.js';

/** Distinct values remembered: some thousand signatures in the words of some hundred services. */
const MAX_VALUES = 16_384;
const VALUE_BYTES = 96;
const MAX_READINGS = 16_384;
/** Routes of some services. */
const MAX_PASSED = 4_096;
/** Of the logs of some services. */
const MAX_LINES = 4_096;
/** Bytes of a text; longer ones are rarely the same but for a number. */
const MAX_INTERCHANGED = 1_024;
/** Numbers of values and their names that one reading may rest on. */
const MAX_PARTS = 64;
/** Of a line, as far as anything is read from it. */
const MAX_LINE_BYTES = 66_000;
const EVENT_NAME_LENGTH = 'why401.auth_failure'.length;
const BRACE = 0x7b;
const ANGLE = 0x3c;

/** Roles by which a resource, where they are no resource's business, makes each of its records worth a closer look. */
const TELLING = ROLE.mark | ROLE.proof | ROLE.answer;
/** Of a resource that names a crawler: beside the roles. */
const CRAWLING = 1 << 16;

/** In a value as it stands in the bytes: what is in front of it may be part of a word. One too many costs a reading. */
const MAYBE_CRAWLER = new RegExp(CRAWLER.source.replaceAll('\\b', ''), CRAWLER.flags);

const IGNORED: Reading = { kind: 'ignored' };
/** Stands for records that are read one by one. */
const UNREPEATABLE: Reading = { kind: 'rejected', reason: '' };

/** Of one process; any number of requests may be read at a time. */
export class RecordReader {
  private readonly dictionary: Dictionary;
  private readonly values = new Interner(MAX_VALUES, VALUE_BYTES, true);
  private epoch = 0;
  private readonly copy = new Uint8Array(MAX_INTERCHANGED);
  private readonly copyView = new DataView(this.copy.buffer);
  /** The key that was begun last leaves numbers open. */
  private isInterchanged = false;
  private readonly readings = new TupleMap<Reading>(MAX_READINGS, MAX_PARTS);
  private readonly witnesses = new TupleMap<Witness>(MAX_READINGS, MAX_PARTS);
  private readonly passed = new TupleMap<Ignored>(MAX_PASSED, MAX_PARTS);
  /** Lines of records without telling attributes, by what they say around their numbers. */
  private readonly lines = new Interner(MAX_LINES, VALUE_BYTES, true);
  private linesEpoch = 0;
  /** By a line's number: 1 surely no refusal, 2 perhaps one. */
  private readonly plain = new Int8Array(MAX_LINES);
  /** By a user agent's number: 1 a crawler, 2 none. */
  private readonly crawlers = new Int8Array(MAX_VALUES);
  /** Of the record before, by the order in which its values were looked up; and how many were of this one. */
  private readonly lastNumbers = new Int32Array(2 * MAX_FOUND);
  private looks = 0;
  /** Of the attributes that tell who asked, by their place in the record that is read. */
  private readonly whoNumbers = new Int32Array(MAX_FOUND);
  /** Where records that came as objects are written, and read. */
  private readonly written: RecordBytes;
  private readonly ofWritten: OtlpLogs;

  /** @param make makes bytes that `utf8` takes */
  constructor(
    private readonly utf8: Utf8,
    make: (size: number) => Uint8Array,
  ) {
    this.dictionary = new Dictionary(utf8, roleOf, rolesOfResource);
    this.written = new RecordBytes(make(MAX_BYTES));
    this.ofWritten = new OtlpLogs(this.dictionary, this.written.bytes, 0);
  }

  /** @param bytes an ExportLogsServiceRequest */
  open(bytes: Uint8Array): OtlpLogs {
    return new OtlpLogs(this.dictionary, bytes);
  }

  /** Reads the record that `logs` stands at. Parts of answers are shared between records: nobody may change them. */
  read(logs: OtlpLogs, receivedMs: number): Reading {
    return this.readAt(logs, receivedMs);
  }

  /** The same of a record that is an object already, since it came as JSON. */
  readObject(record: LogRecord): Reading {
    const length = this.written.write(record);
    if (length === 0) return readRecord(record);
    this.ofWritten.reopen(length);
    this.ofWritten.next();
    return this.readAt(this.ofWritten, record);
  }

  /** @param given the record, or when the request with it was received */
  private readAt(logs: OtlpLogs, given: LogRecord | number): Reading {
    this.looks = 0;
    const roles = rolesOf(logs);
    if (this.isPassedBy(logs, roles)) return (roles & ROLE.status) === 0 ? IGNORED : this.passedBy(logs);
    const { readings } = this;
    let isKnowable = (roles & ROLE.time) === 0 && this.isKeyed(logs, readings, ROLE.who);
    let known = isKnowable ? readings.get() : undefined;
    if (known === UNREPEATABLE && this.isInterchanged) {
      // Its numbers make a difference, but may be the same each time.
      isKnowable = this.isKeyed(logs, readings, ROLE.who, true);
      known = isKnowable ? readings.get() : undefined;
    }
    if (known !== undefined && known !== UNREPEATABLE) {
      if (known.kind !== 'refusal') return known;
      // Name by name, for each record: a spread is slower. None that is remembered has token times.
      return { kind: 'refusal', signature: known.signature, target: known.target, witness: this.witnessAt(logs) };
    }
    const record = typeof given === 'number' ? logs.toLogRecord(given) : given;
    const reading = readRecord(record);
    if (isKnowable && known === undefined) readings.set(this.isRepeatable(reading, record) ? reading : UNREPEATABLE);
    return reading;
  }

  /**
   * Whether every record with this key is read like this one. Not when token times were told, which lie to each record's
   * time in another way, nor when the text says who asked; nor when numbers that the key leaves open make a difference.
   */
  private isRepeatable(reading: Reading, record: LogRecord): boolean {
    if (reading.kind === 'refusal' && (reading.tokenOffset !== undefined || isWitnessInText(record))) return false;
    return !this.isInterchanged || [interchanged, unlike()].every((other) => isAlike(readRecord(withOthers(record, other)), reading));
  }

  /** Who asked, by the attributes alone. */
  private witnessAt(logs: OtlpLogs): Witness {
    const { witnesses } = this;
    const isKeyed = this.isKeyed(logs, witnesses, ~ROLE.who);
    const known = isKeyed ? witnesses.get() : undefined;
    if (known !== undefined) return known;
    const witness = witnessOf(this.partOf(logs, ROLE.who));
    if (isKeyed) witnesses.set(witness);
    return witness;
  }

  /** Where a request went that was not refused. */
  private passedBy(logs: OtlpLogs): Ignored {
    const { passed } = this;
    const isKeyed = this.isKeyed(logs, passed, ~ROLE.place);
    const known = isKeyed ? passed.get() : undefined;
    if (known !== undefined) return known;
    const reading: Ignored = { kind: 'ignored', target: targetOf(this.partOf(logs, ROLE.place)) };
    if (isKeyed) passed.set(reading);
    return reading;
  }

  /** A record of the attributes that have a role. */
  private partOf(logs: OtlpLogs, role: number): LogRecord {
    const attributes: Attributes = {};
    for (let index = 0; index < logs.found; index += 1) {
      if (((logs.foundRoles[index] ?? 0) & role) !== 0) attributes[logs.nameAt(index)] = logs.valueAt(index);
    }
    return withLowerHeaders({ timeMs: 0, body: null, attributes, resource: logs.resource.attributes });
  }

  /** Surely no refusal, by a look at the bytes. False says nothing. */
  private isPassedBy(logs: OtlpLogs, roles: number): boolean {
    if ((roles & ROLE.mark) !== 0 || logs.isWide || logs.hasMap || (logs.resource.roles & TELLING) !== 0) return false;
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
    if (bytes[bodyStart] !== STRING) return bytes[bodyStart] !== MAP && bytes[bodyStart] !== ARRAY;
    const { lines, plain } = this;
    const line = this.interchangedId(logs.bytes, bodyStart, bodyEnd, lines);
    if (this.linesEpoch !== lines.epoch) plain.fill(0);
    this.linesEpoch = lines.epoch;
    const known = line === -1 ? 0 : plain[line];
    if (known !== 0) return known === 1;
    const start = textStart(logs);
    const isPlain = !canBeTold(this.utf8(bytes, start, Math.min(bodyEnd, start + MAX_LINE_BYTES)));
    if (line !== -1) plain[line] = isPlain ? 1 : 2;
    return isPlain;
  }

  /**
   * Begins a row of the map with the numbers of everything that an answer rests on: the resource, and the attributes whose
   * roles are not all among the ones left out; with them the text, unless only one role counts. Literally, or texts by what they say
   * around their numbers.
   * @returns false where one has no number
   */
  private isKeyed(logs: OtlpLogs, map: TupleMap<unknown>, leftOut: number, isLiteral = map !== this.readings): boolean {
    if (logs.hasMap || logs.isWide || !logs.isResourceNumbered || (logs.resource.roles & CRAWLING) !== 0) return false;
    map.begin();
    map.add(logs.resource.id);
    this.isInterchanged = false;
    const isWhole = leftOut === ROLE.who;
    let isKeyed =
      !isWhole ||
      (map.add(this.numberOf(logs, logs.bodyStart, logs.bodyEnd, isLiteral)) &&
        map.add(this.numberOf(logs, logs.eventNameStart, logs.eventNameEnd, isLiteral)));
    for (let index = 0; index < logs.found && isKeyed; index += 1) {
      const start = logs.foundStarts[index] ?? 0;
      const end = logs.foundEnds[index] ?? 0;
      const role = logs.foundRoles[index] ?? 0;
      // Also one whose value is in the key: another name may tell who it is instead.
      if (isWhole && (role & ROLE.who) !== 0) isKeyed = !this.isCrawler(logs, index);
      if (!isKeyed || (role & ~leftOut) === 0) continue;
      // What a crawler's look found is what the witness's would.
      const number = leftOut === ~ROLE.who ? (this.whoNumbers[index] ?? -1) : this.numberOf(logs, start, end, isLiteral);
      isKeyed = map.add(logs.foundKeys[index] ?? -1) && map.add(number);
    }
    // Numbers that became void in between may have gone into the row.
    return !this.isNewEpoch() && isKeyed;
  }

  private numberOf({ bytes, view }: OtlpLogs, start: number, end: number, isLiteral: boolean): number {
    let number = this.idOf(view, start, end, isLiteral);
    // A text with a number of its own comes twice at most: remembered as it is, it would only take room.
    if (number === -1 && !isLiteral) number = this.interchangedId(bytes, start, end);
    if (number === -1 && !isLiteral) number = this.values.idOf(view, start, end);
    return number;
  }

  /** As the interner gives it, but that the number which the same look had last is tried first: much of a record is as in the one before. */
  private idOf(view: DataView, start: number, end: number, isAdded = true): number {
    const { lastNumbers, looks } = this;
    this.looks = (looks + 1) % lastNumbers.length;
    const last = lastNumbers[looks] ?? -1;
    if (this.values.is(last, view, start, end)) return last;
    return (lastNumbers[looks] = this.values.idOf(view, start, end, isAdded));
  }

  /** The number of a text by what it says around its own numbers and UUIDs. */
  private interchangedId(bytes: Uint8Array, start: number, end: number, interner = this.values): number {
    if (bytes[start] !== STRING || end - start > this.copy.length) return -1;
    const text = textStart({ bytes, bodyStart: start, bodyEnd: end });
    if (!copyInterchanged(bytes, text, end, this.copy)) return -1;
    this.isInterchanged = true;
    return interner.idOf(this.copyView, 0, end - text);
  }

  /** For whom it matters who they are: what a crawler is told depends on its address. */
  private isCrawler({ bytes, view, foundStarts, foundEnds }: OtlpLogs, index: number): boolean {
    const [start = 0, end = 0] = [foundStarts[index], foundEnds[index]];
    const number = this.idOf(view, start, end);
    this.whoNumbers[index] = number;
    const known = number === -1 ? 0 : this.crawlers[number];
    if (known !== 0) return known === 1;
    const isOne = MAYBE_CRAWLER.test(this.utf8(bytes, start, end));
    if (number !== -1) this.crawlers[number] = isOne ? 1 : 2;
    return isOne;
  }

  private isNewEpoch(): boolean {
    const epoch = this.values.epoch + this.dictionary.epoch;
    if (epoch === this.epoch) return false;
    this.epoch = epoch;
    for (const map of [this.readings, this.witnesses, this.passed]) map.clear();
    this.crawlers.fill(0);
    return true;
  }
}

/** The record with other numbers and UUIDs in its texts. */
function withOthers({ body, attributes, ...rest }: LogRecord, otherText: (text: string) => string): LogRecord {
  const other = (value: AttributeValue): AttributeValue => (typeof value === 'string' ? otherText(value) : value);
  return {
    ...rest,
    body: other(body),
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, other(value)])),
  };
}

function isAlike(a: Reading, b: Reading): boolean {
  const said = (reading: Reading): unknown =>
    reading.kind === 'refusal' ? [reading.signature, reading.target, reading.tokenOffset] : reading;
  return JSON.stringify(said(a)) === JSON.stringify(said(b));
}

function rolesOfResource(attributes: Attributes): number {
  const roles = Object.keys(attributes).reduce((all, name) => all | roleOf(name), 0);
  return CRAWLER.test(JSON.stringify(attributes)) ? roles | CRAWLING : roles;
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
  // Byte by byte: most texts are short, and a view of the bytes costs more than looking through them.
  for (let at = bodyStart; at < bodyEnd; at += 1) if (bytes[at] === BRACE || bytes[at] === ANGLE) return true;
  return false;
}

/** Behind the tag and the length. */
function textStart({ bytes, bodyStart, bodyEnd }: Pick<OtlpLogs, 'bytes' | 'bodyStart' | 'bodyEnd'>): number {
  let at = bodyStart + 1;
  while (at < bodyEnd && (bytes[at] ?? 0) >= 0x80) at += 1;
  return at + 1;
}
