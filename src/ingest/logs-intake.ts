/** OTLP logs requests, whichever protocol brought them: read, taken over, and told what became of them. */
import { createHash } from 'node:crypto';
import { RecordReader } from '../core/record-reader.js';
import type { Door } from '../ops/events.js';
import type { Intake } from './intake.js';
import type { Rejection } from './request-reader.js';
import { otlpRecords, type Encoding } from './otlp.js';

export interface LogsRequest {
  projectId: number;
  door: Door;
  body: Buffer;
  encoding: Encoding;
}

export interface LogsResult {
  rejectedCount: number;
  /** Names indexes and reasons; empty where all is well. */
  message: string;
}

/** Reasons named in partial_success; the rest is counted. */
const MAX_NAMED_REJECTIONS = 10;

export class LogsIntake {
  /** Of the process: what one request says, others say again. */
  readonly reader = new RecordReader(
    (bytes, start, end) => (bytes as Buffer).toString('utf8', start, end),
    (size) => Buffer.alloc(size),
  );

  constructor(readonly intake: Intake) {}

  /**
   * @returns what is to be awaited when the body is let go
   * @throws what reading and the intake throw
   */
  async read({ projectId, door, body, encoding }: LogsRequest): Promise<{ confirmed: Promise<LogsResult> }> {
    const { confirmed } = await this.intake.read({
      projectId,
      door,
      parts: [otlpRecords(body, encoding, this.reader, Date.now())],
      // The same bytes within 15 minutes are the same request, sent again by an exporter that was not told.
      digest: () => createHash('sha256').update(`otlp\0${encoding}\0`).update(body).digest(),
    });
    const told = confirmed.then(({ rejected, rejectedCount }) => ({ rejectedCount, message: summary(rejected, rejectedCount) }));
    // As in the intake: whoever awaits it is told.
    told.catch(() => undefined);
    return { confirmed: told };
  }
}

function summary(rejected: readonly Rejection[], count: number): string {
  const named = rejected.slice(0, MAX_NAMED_REJECTIONS).map(({ index, reason }) => `record ${String(index)}: ${reason}`);
  const more = count - named.length;
  return named.join('; ') + (more > 0 ? `; and ${String(more)} more` : '');
}
