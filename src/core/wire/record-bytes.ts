/**
 * Writes a record that came as JSON as an ExportLogsServiceRequest in protobuf, so that the reader of such requests knows
 * again what it read before. Field numbers are those of opentelemetry-proto 1.x (logs/v1, common/v1, resource/v1).
 */
import type { Attributes, AttributeValue, LogRecord } from '../log-record.js';
import {
  ARRAY,
  ATTRIBUTE,
  BODY,
  BOOL,
  DOUBLE,
  EVENT_NAME,
  INT,
  ITEM,
  KEY,
  LOG_RECORD,
  RESOURCE,
  RESOURCE_ATTRIBUTE,
  RESOURCE_LOGS,
  SCOPE_LOGS,
  STRING,
  VALUE,
} from './tags.js';

/** Of what is written; longer records are rarely the same twice. What two bytes of seven bits can tell. */
export const MAX_BYTES = 16_383;
/** The longest text whose length surely fits one byte. */
const SHORT_TEXT = 42;

export class RecordBytes {
  private readonly view: DataView;
  private readonly utf8 = new TextEncoder();
  private at = 0;
  /** Whether all of it can be read back as it was. */
  private isExact = true;

  /** @param bytes of `MAX_BYTES`, written over by each record */
  constructor(readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /**
   * All of a record but its time and trace id.
   * @returns how many bytes; 0 for a record that would not be read back as it is: with maps or lists of lists in it, longer than there is
   * room for, or with text that is no Unicode
   */
  write({ body, attributes, resource, eventName }: LogRecord): number {
    this.at = 0;
    this.isExact = eventName !== '';
    const resourceLogs = this.begin(RESOURCE_LOGS);
    const holder = this.begin(RESOURCE);
    const first = this.at;
    this.attributes(RESOURCE_ATTRIBUTE, resource);
    // A resource without attributes is none: its tag goes too.
    if (this.at === first) this.at = holder - 1;
    else this.end(holder);
    const scopeLogs = this.begin(SCOPE_LOGS);
    const record = this.begin(LOG_RECORD);
    if (body !== null) {
      const start = this.begin(BODY);
      this.value(body);
      this.end(start);
    }
    this.attributes(ATTRIBUTE, attributes);
    if (eventName !== undefined) this.text(EVENT_NAME, eventName);
    for (const start of [record, scopeLogs, resourceLogs]) this.end(start);
    return this.isBeyond ? 0 : this.at;
  }

  /** Nothing of it will be read. */
  private get isBeyond(): boolean {
    return !this.isExact || this.at > MAX_BYTES;
  }

  private attributes(tag: number, attributes: Attributes): void {
    for (const name of Object.keys(attributes)) {
      if (this.isBeyond) return;
      const attribute = this.begin(tag);
      this.text(KEY, name);
      const value = this.begin(VALUE);
      this.value(attributes[name] ?? null);
      this.end(value);
      this.end(attribute);
    }
  }

  private value(value: AttributeValue): void {
    if (typeof value === 'string') this.text(STRING, value);
    else if (typeof value === 'number') this.number(value);
    else if (typeof value === 'boolean') {
      this.byte(BOOL);
      this.byte(value ? 1 : 0);
    } else if (Array.isArray(value)) {
      const list = this.begin(ARRAY);
      for (const item of value) {
        if (this.isBeyond) return;
        const start = this.begin(ITEM);
        if (Array.isArray(item)) this.isExact = false;
        else this.value(item);
        this.end(start);
      }
      this.end(list);
    } else if (value !== null) this.isExact = false;
  }

  private number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
      this.byte(INT);
      let rest = value;
      for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80);
      this.byte(rest);
      return;
    }
    this.byte(DOUBLE);
    if (this.at + 8 <= MAX_BYTES) this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  private text(tag: number, text: string): void {
    this.byte(tag);
    if (text.length > MAX_BYTES - this.at) {
      this.isExact = false;
      return;
    }
    const isShort = text.length <= SHORT_TEXT;
    const start = this.at;
    this.at += isShort ? 1 : 2;
    if (!this.ascii(text)) this.unicode(text);
    if (isShort) this.bytes[start] = this.at - start - 1;
    else this.end(start);
  }

  /** @returns false, with nothing written, for a text that is not all ASCII */
  private ascii(text: string): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      bytes[at + index] = code;
    }
    this.at = at + text.length;
    return true;
  }

  private unicode(text: string): void {
    if (!text.isWellFormed()) this.isExact = false;
    const { read, written } = this.utf8.encodeInto(text, this.bytes.subarray(Math.min(this.at, MAX_BYTES)));
    if (read < text.length) this.isExact = false;
    this.at += written;
  }

  private byte(byte: number): void {
    this.bytes[this.at] = byte;
    this.at += 1;
  }

  /** Leaves two bytes for the length. @returns where they are */
  private begin(tag: number): number {
    this.byte(tag);
    this.at += 2;
    return this.at - 2;
  }

  private end(start: number): void {
    const length = this.at - start - 2;
    this.bytes[start] = (length & 0x7f) | 0x80;
    this.bytes[start + 1] = (length >> 7) & 0x7f;
  }
}
