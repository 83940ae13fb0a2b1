/**
 * Our own refusals, taken in as records of a service `why401` in the project concerned: whoever runs the service sees who
 * is refused and why, with the true reason that the refused were not told. Folded in memory and handed to the intake about
 * once a second; that nobody waits for it, and that it fails nobody, is promised here. What one hand-over cannot take is
 * gone: an intake without room must not grow a second queue.
 */
import { readRecord } from '../core/refusal.js';
import type { LogRecord } from '../core/log-record.js';
import type { Asking, Denial, DenialReason } from '../ops/access.js';
import type { Events } from '../ops/events.js';
import type { Intake } from './intake.js';
import type { Read } from './request-reader.js';

const EVERY_MS = 1_000;
/** Different ones in a second; beyond it addresses are not told apart, and then they are dropped. Some 1 kB each. */
const MAX_KINDS = 1_000;
const MAX_KINDS_WITHOUT_ADDRESS = 200;
const SERVICE = 'why401';

interface Kind {
  asking: Asking;
  denial: Denial;
  count: number;
  /** Of the last one. */
  timeMs: number;
}

/** As logs of services have them, so that rules need no words of ours. */
const REASONS: Record<DenialReason, string> = {
  missing_key: 'no API key was sent',
  malformed: 'malformed Authorization header',
  unknown_key: 'unknown API key',
  expired_key: 'expired API key',
  revoked_key: 'revoked API key',
  too_many_guesses: 'too many attempts with invalid API keys',
  insufficient_scope: 'insufficient scope',
  not_operator: 'insufficient permissions: a key of the first project is needed',
  foreign_page: 'CSRF check failed: the request comes from a page of another site',
  foreign_host: 'misdirected request: the host may be the name of another site (DNS rebinding)',
  unavailable: 'keys cannot be looked up',
};

export class OwnRefusals {
  private kinds = new Map<string, Kind>();
  private dropped = 0;
  private timer: NodeJS.Timeout | undefined;
  /** Undefined while nothing is on its way. */
  private handing: Promise<void> | undefined;

  constructor(
    private readonly intake: Pick<Intake, 'read'>,
    private readonly events: Events,
  ) {}

  note(asking: Asking, denial: Denial): void {
    const now = Date.now();
    if (!this.count(asking, denial, now) && !this.count({ ...asking, address: '', userAgent: undefined }, denial, now)) this.dropped += 1;
    this.handLater();
  }

  /** Hands over what there is. Call it when no more requests come, before the intake is drained. */
  async stop(): Promise<void> {
    clearTimeout(this.timer);
    await this.handing;
    clearTimeout(this.timer);
    await this.handOver();
  }

  /** One at a time: what an intake that is slow does not take meanwhile is folded. */
  private handLater(): void {
    if (this.timer !== undefined || this.handing !== undefined) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.handing = this.handOver().finally(() => {
        this.handing = undefined;
        if (this.kinds.size > 0) this.handLater();
      });
    }, EVERY_MS);
    this.timer.unref();
  }

  /** @returns false where there is no room for one more kind */
  private count(asking: Asking, denial: Denial, timeMs: number): boolean {
    const { method, route, address, userAgent } = asking;
    const name = JSON.stringify([denial.projectId, denial.reason, denial.keyId, denial.detail, method, route, address, userAgent]);
    const kind = this.kinds.get(name);
    if (kind === undefined) {
      if (this.kinds.size >= MAX_KINDS + (address === '' ? MAX_KINDS_WITHOUT_ADDRESS : 0)) return false;
      this.kinds.set(name, { asking, denial, count: 1, timeMs });
      return true;
    }
    kind.count += 1;
    kind.timeMs = timeMs;
    return true;
  }

  private async handOver(): Promise<void> {
    const byProject = new Map<number, Kind[]>();
    for (const kind of this.kinds.values()) byProject.set(kind.denial.projectId, [...(byProject.get(kind.denial.projectId) ?? []), kind]);
    this.kinds = new Map();
    if (this.dropped > 0) this.events.ownRefusalsLost(this.dropped, 'there were too many different ones in a second');
    this.dropped = 0;
    for (const [projectId, kinds] of byProject) {
      try {
        const { confirmed } = await this.intake.read({ projectId, door: 'own', parts: [readsOf(kinds)] });
        await confirmed;
      } catch (error) {
        this.events.ownRefusalsLost(
          kinds.reduce((sum, { count }) => sum + count, 0),
          error instanceof Error ? error.message : String(error),
        );
      }
    }
  }
}

function* readsOf(kinds: readonly Kind[]): Generator<Read> {
  for (const kind of kinds) {
    const read: Read = { reading: readRecord(recordOf(kind)), timeMs: kind.timeMs };
    for (let count = 0; count < kind.count; count += 1) yield read;
  }
}

function recordOf({ asking, denial, timeMs }: Kind): LogRecord {
  const { reason, status, headers, keyId } = denial;
  const challenge = headers['www-authenticate'];
  const isSent = reason !== 'missing_key';
  return {
    timeMs,
    body: REASONS[reason],
    attributes: {
      'why401.reason': REASONS[reason],
      'why401.credential.present': isSent,
      'http.response.status_code': status,
      'http.request.method': asking.method,
      'http.route': asking.route,
      ...(isSent ? { 'why401.credential.scheme': 'bearer' } : {}),
      ...(challenge === undefined ? {} : { 'http.response.header.www-authenticate': [challenge] }),
      ...(asking.address === '' ? {} : { 'client.address': asking.address }),
      ...(asking.userAgent === undefined ? {} : { 'user_agent.original': asking.userAgent }),
      ...(keyId === undefined ? {} : { 'why401.token.key_id': keyId }),
    },
    resource: { 'service.name': SERVICE },
  };
}
