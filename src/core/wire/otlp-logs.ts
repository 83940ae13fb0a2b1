/**
 * Walks an OTLP ExportLogsServiceRequest in its protobuf encoding, record by record, without making an object of anything
 * that nobody asks for: unknown fields and attributes are passed by their length, and a record's values are found by
 * place. Field numbers are those of opentelemetry-proto 1.x (logs/v1, common/v1, resource/v1).
 */
import { traceIdOf, type Attributes, type AttributeValue, type LogRecord } from '../log-record.js';
import { epochMs } from '../time.js';
import { Dictionary, NO_RESOURCE, type Resource } from './dictionary.js';
import { ProtobufCursor } from './protobuf.js';
import {
  ARRAY,
  ATTRIBUTE,
  BODY,
  BOOL,
  BYTES,
  DOUBLE,
  EVENT_NAME,
  INT,
  ITEM,
  KEY,
  LOG_RECORD,
  MAP,
  OBSERVED_TIME,
  RESOURCE,
  RESOURCE_ATTRIBUTE,
  RESOURCE_LOGS,
  SCOPE_LOGS,
  STRING,
  TIME,
  TRACE_ID,
  VALUE,
} from './tags.js';

/** Nesting deeper than this is an attack or a mistake; the value is read as null. */
const MAX_DEPTH = 16;
/** Attributes of one record that are looked at one by one; of more, all are read. */
export const MAX_FOUND = 64;
/** Values of one record, nested ones included: two bytes can say "one more value", and each costs memory. */
const MAX_VALUES = 10_000;
/** Bytes of one text; longer ones are cut. The reading of texts ends sooner. */
const MAX_TEXT_BYTES = 262_144;

export class OtlpLogs {
  /** Of the current record: the attributes whose names have a role, by place. */
  found = 0;
  readonly foundRoles = new Int32Array(MAX_FOUND);
  readonly foundStarts = new Int32Array(MAX_FOUND);
  readonly foundEnds = new Int32Array(MAX_FOUND);
  readonly foundKeys = new Int32Array(MAX_FOUND);
  readonly view: DataView;
  /** There are more of them than were noted. */
  isWide = false;
  bodyStart = 0;
  bodyEnd = 0;
  resource = NO_RESOURCE;
  /** One of the attributes is a map, whose members may mean something; or a value is given twice. */
  hasMap = false;
  eventNameStart = 0;
  eventNameEnd = 0;
  private traceStart = 0;
  private traceEnd = 0;

  private readonly cursor: ProtobufCursor;
  private readonly foundNames = new Int32Array(MAX_FOUND);
  private resourceEnd = 0;
  private scopeEnd = 0;
  private recordStart = 0;
  private recordEnd = 0;
  private valuesLeft = MAX_VALUES;
  private timeNano = 0;
  private observedNano = 0;

  /** Stands in front of the first record. @param length of the request, where there is more behind it */
  constructor(
    private readonly dictionary: Dictionary,
    readonly bytes: Uint8Array,
    private length = bytes.length,
  ) {
    this.cursor = new ProtobufCursor(bytes);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** False when the resource has no number, or one that became void: another request may have filled the dictionary since. */
  get isResourceNumbered(): boolean {
    const { id, epoch } = this.resource;
    return id === NO_RESOURCE.id || (id !== -1 && epoch === this.dictionary.resourceBytes.epoch);
  }

  /** Begins anew with what was written to the same bytes. */
  reopen(length: number): void {
    this.length = length;
    this.resourceEnd = this.scopeEnd = this.cursor.at = 0;
  }

  /**
   * Goes to the next record.
   * @returns false behind the last one
   * @throws WireError
   */
  next(): boolean {
    const { cursor, length } = this;
    for (;;) {
      if (cursor.at < this.scopeEnd) {
        const tag = cursor.tag(this.scopeEnd);
        if (tag !== LOG_RECORD) cursor.skip(tag, this.scopeEnd);
        else {
          this.scan(cursor.lengthEnd(this.scopeEnd));
          return true;
        }
      } else if (cursor.at < this.resourceEnd) {
        const tag = cursor.tag(this.resourceEnd);
        if (tag === SCOPE_LOGS) this.scopeEnd = cursor.lengthEnd(this.resourceEnd);
        else cursor.skip(tag, this.resourceEnd);
      } else if (cursor.at < length) {
        const tag = cursor.tag(length);
        if (tag === RESOURCE_LOGS) this.enter(cursor.lengthEnd(length));
        else cursor.skip(tag, length);
      } else return false;
    }
  }

  /** Epoch milliseconds: event time, else observed time, else the time of receipt. */
  timeMs(receivedMs: number): number {
    return epochMs(this.timeNano) ?? epochMs(this.observedNano) ?? receivedMs;
  }

  /** Of the current record, where it has a valid one. */
  traceId(): string | undefined {
    if (this.traceStart === this.traceEnd) return undefined;
    let hex = '';
    for (let at = this.traceStart; at < Math.min(this.traceEnd, this.traceStart + 17); at += 1)
      hex += (this.bytes[at] ?? 0).toString(16).padStart(2, '0');
    return traceIdOf(hex);
  }

  /** The current record as an object, whole. */
  toLogRecord(receivedMs: number): LogRecord {
    const { cursor, recordEnd: end } = this;
    const record: LogRecord = { timeMs: this.timeMs(receivedMs), body: null, attributes: {}, resource: this.resource.attributes };
    cursor.at = this.recordStart;
    this.valuesLeft = MAX_VALUES;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === BODY) record.body = this.value(cursor.lengthEnd(end), 0);
      else if (tag === ATTRIBUTE) this.keyValue(record.attributes, cursor.lengthEnd(end), 0);
      else if (tag === EVENT_NAME) {
        const name = this.text(cursor.lengthEnd(end));
        if (name !== '') record.eventName = name;
      } else cursor.skip(tag, end);
    }
    return record;
  }

  /** The name of a found attribute. */
  nameAt(index: number): string {
    const { cursor } = this;
    const { at } = cursor;
    // The length stands in front of the name, in as many bytes as it takes.
    cursor.at = this.foundNames[index] ?? 0;
    const name = this.text(cursor.lengthEnd(this.recordEnd));
    cursor.at = at;
    return name;
  }

  /** The value of a found attribute. */
  valueAt(index: number): AttributeValue {
    const { cursor } = this;
    const { at } = cursor;
    cursor.at = this.foundStarts[index] ?? 0;
    this.valuesLeft = MAX_VALUES;
    const value = this.value(this.foundEnds[index] ?? 0, 0);
    cursor.at = at;
    return value;
  }

  private enter(end: number): void {
    const { cursor } = this;
    const start = cursor.at;
    let holder: Resource | undefined;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag !== RESOURCE) {
        cursor.skip(tag, end);
        continue;
      }
      const resource = this.resourceFrom(cursor.lengthEnd(end));
      // A message that stands twice is merged; nobody sends that, so it need not be remembered.
      holder =
        holder === undefined
          ? resource
          : { attributes: { ...holder.attributes, ...resource.attributes }, roles: holder.roles | resource.roles, id: -1, epoch: 0 };
    }
    this.resource = holder ?? NO_RESOURCE;
    cursor.at = start;
    this.scopeEnd = start;
    this.resourceEnd = end;
  }

  private resourceFrom(end: number): Resource {
    const { cursor } = this;
    const { dictionary } = this;
    const id = dictionary.resourceBytes.idOf(this.view, cursor.at, end);
    const known = dictionary.resource(id);
    if (known !== undefined) {
      cursor.at = end;
      return known;
    }
    const attributes: Attributes = {};
    this.valuesLeft = MAX_VALUES;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === RESOURCE_ATTRIBUTE) this.keyValue(attributes, cursor.lengthEnd(end), 0);
      else cursor.skip(tag, end);
    }
    const resource = { attributes, roles: dictionary.rolesOf(attributes), id, epoch: dictionary.resourceBytes.epoch };
    dictionary.remember(resource);
    return resource;
  }

  /** Notes where a record's parts are. */
  private scan(end: number): void {
    const { cursor } = this;
    this.recordStart = cursor.at;
    this.recordEnd = end;
    this.found = 0;
    this.isWide = false;
    this.hasMap = false;
    this.eventNameEnd = this.eventNameStart = 0;
    this.traceStart = this.traceEnd = 0;
    this.bodyStart = 0;
    this.bodyEnd = 0;
    this.timeNano = 0;
    this.observedNano = 0;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === ATTRIBUTE) this.note(cursor.lengthEnd(end));
      else if (tag === TIME) this.timeNano = cursor.fixed64(end);
      else if (tag === OBSERVED_TIME) this.observedNano = cursor.fixed64(end);
      else if (tag === BODY) {
        this.bodyEnd = cursor.lengthEnd(end);
        this.bodyStart = cursor.at;
        if (!isOne(cursor.bytes, this.bodyStart, this.bodyEnd)) this.hasMap = true;
        cursor.at = this.bodyEnd;
      } else if (tag === EVENT_NAME) {
        this.eventNameEnd = cursor.lengthEnd(end);
        this.eventNameStart = cursor.at;
        cursor.at = this.eventNameEnd;
      } else if (tag === TRACE_ID) {
        this.traceEnd = cursor.lengthEnd(end);
        this.traceStart = cursor.at;
        cursor.at = this.traceEnd;
      } else cursor.skip(tag, end);
    }
  }

  private note(end: number): void {
    const { cursor } = this;
    let role = 0;
    let key = 0;
    let keyStart = end;
    let start = end;
    let valueEnd = end;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === KEY) {
        keyStart = cursor.at;
        const keyEnd = cursor.lengthEnd(end);
        role = this.dictionary.role(cursor.bytes, this.view, cursor.at, keyEnd);
        key = this.dictionary.key;
        cursor.at = keyEnd;
      } else if (tag === VALUE) {
        valueEnd = cursor.lengthEnd(end);
        start = cursor.at;
        if (cursor.bytes[start] === MAP || !isOne(cursor.bytes, start, valueEnd)) this.hasMap = true;
        cursor.at = valueEnd;
      } else cursor.skip(tag, end);
    }
    if (role === 0) return;
    const { found } = this;
    if (found === MAX_FOUND) {
      this.isWide = true;
      return;
    }
    this.foundRoles[found] = role;
    this.foundKeys[found] = key;
    this.foundNames[found] = keyStart;
    this.foundStarts[found] = start;
    this.foundEnds[found] = valueEnd;
    this.found = found + 1;
  }

  private keyValue(attributes: Attributes, end: number, depth: number): void {
    const { cursor } = this;
    if (!this.hasRoom(end)) return;
    let key = '';
    let value: AttributeValue = null;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === KEY) key = this.text(cursor.lengthEnd(end));
      else if (tag === VALUE) value = this.value(cursor.lengthEnd(end), depth);
      else cursor.skip(tag, end);
    }
    // defineProperty: a key such as __proto__ becomes a plain property.
    if (key === '__proto__') Object.defineProperty(attributes, key, { value, enumerable: true, configurable: true, writable: true });
    else attributes[key] = value;
  }

  private value(end: number, depth: number): AttributeValue {
    const { cursor } = this;
    let value: AttributeValue = null;
    if (depth > MAX_DEPTH) cursor.at = end;
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      switch (tag) {
        case STRING:
          value = this.text(cursor.lengthEnd(end));
          break;
        case BOOL:
          value = cursor.varint(end) !== 0;
          break;
        case INT:
          value = cursor.int64(end);
          break;
        case DOUBLE:
          value = cursor.double(end);
          break;
        case ARRAY:
          value = this.list(cursor.lengthEnd(end), depth + 1);
          break;
        case MAP:
          value = this.map(cursor.lengthEnd(end), depth + 1);
          break;
        case BYTES:
          value = this.base64(cursor.lengthEnd(end));
          break;
        default:
          cursor.skip(tag, end);
      }
    }
    return value;
  }

  private list(end: number, depth: number): AttributeValue[] {
    const { cursor } = this;
    const items: AttributeValue[] = [];
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag !== ITEM) cursor.skip(tag, end);
      else {
        const itemEnd = cursor.lengthEnd(end);
        if (this.hasRoom(itemEnd)) items.push(this.value(itemEnd, depth));
      }
    }
    return items;
  }

  private map(end: number, depth: number): Attributes {
    const { cursor } = this;
    const members: Attributes = {};
    while (cursor.at < end) {
      const tag = cursor.tag(end);
      if (tag === ITEM) this.keyValue(members, cursor.lengthEnd(end), depth);
      else cursor.skip(tag, end);
    }
    return members;
  }

  /** @returns false, with the value passed, when the record has had its share of values */
  private hasRoom(valueEnd: number): boolean {
    this.valuesLeft -= 1;
    if (this.valuesLeft >= 0) return true;
    this.cursor.at = valueEnd;
    return false;
  }

  private text(end: number): string {
    const { cursor } = this;
    const text = this.dictionary.text(cursor.bytes, this.view, cursor.at, Math.min(end, cursor.at + MAX_TEXT_BYTES));
    cursor.at = end;
    return text;
  }

  private base64(end: number): string {
    const { cursor } = this;
    let binary = '';
    for (; cursor.at < end; cursor.at += 1) binary += String.fromCharCode(cursor.bytes[cursor.at] ?? 0);
    return btoa(binary);
  }
}

/** Whether an AnyValue is given once. Of members that stand twice the last one holds, and a look at the first tells nothing. */
function isOne(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return true;
  const tag = bytes[start];
  if (tag === DOUBLE) return end - start === 9;
  let at = start + 1;
  let value = 0;
  for (let shift = 0; at < end && shift < 28; shift += 7) {
    const byte = bytes[at] ?? 0;
    at += 1;
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  // A number may go on for some bytes; whatever holds a length ends with it.
  if (tag === INT) while (at < end && (bytes[at - 1] ?? 0) >= 0x80) at += 1;
  return tag === BOOL || tag === INT ? at === end : at + value === end;
}
