/**
 * `POST /v1/classify`: takes what `/v1/events` takes and says what would be found, storing nothing. Every event goes the
 * way that a stored one goes (masked first, then judged), so that its accuracy is the accuracy of what is stored.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as immediate } from 'node:timers/promises';
import { adviceOf, type Advice } from '../core/advice.js';
import { parseChallenges, recoverChallenges } from '../core/challenge.js';
import { linesOf } from '../core/fields.js';
import { auditTogether, type Audit, type Finding } from '../core/findings.js';
import type { Verdict } from '../core/judge.js';
import type { LogRecord } from '../core/log-record.js';
import { holdsCredential, looksSecret, maskText } from '../core/mask.js';
import { signatureOf } from '../core/refusal.js';
import type { Signature } from '../core/signature.js';
import { askingOf, type Access, type Need } from '../ops/access.js';
import type { Events } from '../ops/events.js';
import { decodeEvents, decodeLines } from './events.js';
import { eventsTypeOf, methodRefusal, parameterRefusal, refusalOf, refuse, send, typeRefusal, EVENT_TYPES } from './exchange.js';
import { RequestBodyError, withBody } from './request-body.js';

const PATH = '/v1/classify';
/** Whoever sends records may try what becomes of them. */
const NEED: Need = { scopes: ['read', 'ingest'] };

/** Answers are some 3 kB an event. */
const MAX_EVENTS = 1_000;
const EVENTS_AT_ONCE = 20;

export type JudgeSignature = (signature: Signature) => { verdict: Verdict; audit: Audit };

interface Classified {
  cause: string;
  fault: string;
  confidence: number;
  evidence: Verdict['evidence'];
  also: string[];
  findings: Finding[];
  template: string;
  advice: Advice;
  challenge?: { valid: boolean; challenges: { scheme: string; params: Record<string, string>; token68: string | null }[] };
}

export class Classifier {
  /** @param judgeNow gives the judge by the rules that hold now in a project */
  constructor(
    private readonly judgeNow: (projectId: number) => Promise<JudgeSignature>,
    private readonly access: Access,
    private readonly events: Events,
  ) {}

  /** @returns false for any other path, which it leaves alone */
  handle(request: IncomingMessage, response: ServerResponse): boolean {
    if ((request.url ?? '/').split('?', 1)[0] !== PATH) return false;
    void this.classify(request, response);
    return true;
  }

  private async classify(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const admission = await this.access.admit(askingOf(request, PATH), NEED);
    if ('denial' in admission) {
      refuse(response, admission.denial);
      return;
    }
    const { projectId } = admission.grant;
    const type = eventsTypeOf(request);
    const refusal =
      methodRefusal(request) ??
      parameterRefusal(request) ??
      (type === undefined ? typeRefusal(request, Object.keys(EVENT_TYPES)) : undefined);
    if (refusal !== undefined || type === undefined) {
      refuse(response, refusal ?? { status: 415, detail: '' });
      return;
    }
    try {
      const results = await withBody(request, projectId, async (body) => {
        const records = await readAll(body, type.isLines);
        return await classifyAll(records, await this.judgeNow(projectId));
      });
      send(response, 200, { 'content-type': 'application/json' }, Buffer.from(JSON.stringify({ results })));
    } catch (error) {
      refuse(response, refusalOf(error, PATH, this.events));
    }
  }
}

async function readAll(body: Buffer, isLines: boolean): Promise<LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const readings of isLines ? decodeLines([body], Date.now()) : [decodeEvents(body, Date.now())]) {
    for (const reading of readings) {
      if ('unreadable' in reading) throw new RequestBodyError(400, `event ${String(records.length)} ${reading.unreadable}`);
      if (records.length === MAX_EVENTS)
        throw new RequestBodyError(413, `there are more than ${String(MAX_EVENTS)} events; send them in parts`);
      records.push(reading);
    }
  }
  return records;
}

/** One result per record, in order; what only several show together is found among the records of the request. */
async function classifyAll(records: readonly LogRecord[], judge: JudgeSignature): Promise<Classified[]> {
  const judged: { record: LogRecord; signature: Signature; verdict: Verdict; audit: Audit }[] = [];
  for (const [index, record] of records.entries()) {
    // Large events cost milliseconds each; others have their turn in between.
    if (index % EVENTS_AT_ONCE === EVENTS_AT_ONCE - 1) await immediate();
    const signature = signatureOf(record);
    judged.push({ record, signature, ...judge(signature) });
  }
  const together = auditTogether(judged);
  return judged.map(({ record, signature, verdict, audit }, index) => {
    const findings = [...audit.findings, ...(together[index]?.findings ?? [])];
    const lines = [...linesOf(record, 'challenge'), ...linesOf(record, 'proxyChallenge')];
    return {
      ...verdict,
      findings,
      template: signature.template,
      advice: adviceOf(signature, verdict, findings),
      ...(lines.length === 0 ? {} : { challenge: challengeOf(lines) }),
    };
  });
}

/** Parameters whose values RFCs define; what they hold is public, unless somebody put a person or a key there. */
const PUBLIC_PARAMETERS = new Set([
  'realm',
  'error',
  'scope',
  'charset',
  'algorithm',
  'algs',
  'qop',
  'stale',
  'nonce',
  'opaque',
  'domain',
  'type',
  'title',
  'userhash',
  'error_uri',
  'resource_metadata',
  'acr_values',
  'max_age',
]);
/** Longer ones carry tickets. */
const MAX_TOKEN68 = 40;

function maskedParameter(name: string, value: string): string {
  // Servers make nonces up; a code that is made up is somebody's key.
  if (name === 'error' && looksSecret(value)) return '<token>';
  return PUBLIC_PARAMETERS.has(name) && !holdsCredential(value) && !/@|\s/.test(value) ? value : maskText(value);
}

/** As it was sent, but for sentences and for what opens doors: an answer holds no secret either. */
function challengeOf(lines: readonly string[]): NonNullable<Classified['challenge']> {
  const { valid, challenges } = parseChallenges(lines);
  return {
    valid,
    challenges: (valid ? challenges : recoverChallenges(lines)).map(({ scheme, params, token68 }) => ({
      scheme,
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, maskedParameter(name, value)])),
      token68: token68 !== null && (holdsCredential(token68) || token68.length > MAX_TOKEN68) ? '<credential>' : token68,
    })),
  };
}
