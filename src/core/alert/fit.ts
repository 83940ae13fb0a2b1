/**
 * Brings a message under the size that the payload promises: cuts long texts, ends lists where they grow too long, and
 * says in `omitted` how much of each list is missing. It copies the members it knows, so nothing else is ever sent.
 */
import { clip } from '../mask.js';
import type { AlertData, AlertFinding, AlertMessage, Change, ListName, Sample } from './payload.js';

/** The payload is under 20 kB; receivers may rely on it. */
export const MAX_PAYLOAD_BYTES = 20_000;

/** Bytes that texts may take in JSON, quotes left out. With these alone, and no list, a message stays under half the limit. */
const ID_BYTES = 100;
const NAME_BYTES = 300;
const TEXT_BYTES = 600;
const SUMMARY_BYTES = 1_500;
const LINK_BYTES = 1_500;

const MAX_ENTRIES = {
  group: 8,
  what_changed: 20,
  samples: 5,
  advice_client: 10,
  advice_server: 10,
  findings: 20,
} as const satisfies Record<ListName, number>;

type Lengths = Record<ListName, number>;
type Shortened = Exclude<ListName, 'group'>;

/** The same message, with texts and lists cut as far as is needed to stay under MAX_PAYLOAD_BYTES in JSON. */
export function fit(message: AlertMessage): AlertMessage {
  const given = lengthsOf(message.data);
  let data = cutData(message.data);
  for (;;) {
    const fitted = assemble(message, data, given);
    const longest = longestOf(data);
    // Without lists a message is short enough; see the constants above.
    if (longest === undefined || jsonBytes(fitted) < MAX_PAYLOAD_BYTES) return fitted;
    data = withoutLast(data, longest);
  }
}

/** Cuts between two characters so that the text, as JSON, takes at most `maxBytes` (3 or more) between its quotes. */
export function cut(text: string, maxBytes: number): string {
  const clean = clip(text, Infinity);
  let bytes = 0;
  let end = 0;
  for (const character of clean) {
    bytes += bytesOf(character);
    if (bytes > maxBytes) return clean.slice(0, end) + ELLIPSIS;
    if (bytes <= maxBytes - ELLIPSIS_BYTES) end += character.length;
  }
  return clean;
}

const ELLIPSIS = '…';
const ELLIPSIS_BYTES = 3;

/** Of one character that `clip` left: it is neither a control character nor half of one, so two escapes are all there are. */
function bytesOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character === '"' || character === '\\' ? 2 : 1;
  if (code < 0x800) return 2;
  return code < 0x1_0000 ? 3 : 4;
}

function jsonBytes(value: unknown): number {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

function listsOf({ what_changed, samples, advice, findings }: AlertData): Record<Shortened, readonly unknown[]> {
  return { what_changed, samples, advice_client: advice.client, advice_server: advice.server, findings };
}

function lengthsOf(data: AlertData): Lengths {
  const { what_changed, samples, advice_client, advice_server, findings } = listsOf(data);
  return {
    group: Object.keys(data.group).length,
    what_changed: what_changed.length,
    samples: samples.length,
    advice_client: advice_client.length,
    advice_server: advice_server.length,
    findings: findings.length,
  };
}

/** The list that takes the most bytes, so that none disappears while another is long. */
function longestOf(data: AlertData): Shortened | undefined {
  const sizes = Object.entries(listsOf(data)).map(([name, list]) => ({
    name: name as Shortened,
    bytes: list.length === 0 ? 0 : jsonBytes(list),
  }));
  return sizes.filter(({ bytes }) => bytes > 0).sort((one, other) => other.bytes - one.bytes)[0]?.name;
}

function withoutLast(data: AlertData, list: Shortened): AlertData {
  const { what_changed, samples, advice, findings } = data;
  switch (list) {
    case 'what_changed':
      return { ...data, what_changed: what_changed.slice(0, -1) };
    case 'samples':
      return { ...data, samples: samples.slice(0, -1) };
    case 'findings':
      return { ...data, findings: findings.slice(0, -1) };
    case 'advice_client':
      return { ...data, advice: { ...advice, client: advice.client.slice(0, -1) } };
    case 'advice_server':
      return { ...data, advice: { ...advice, server: advice.server.slice(0, -1) } };
  }
}

function assemble(message: AlertMessage, short: AlertData, given: Lengths): AlertMessage {
  const timestamp = cut(message.timestamp, ID_BYTES);
  const kept = lengthsOf(short);
  const missing = (Object.keys(given) as ListName[])
    .map((name) => [name, given[name] - kept[name]] as const)
    .filter(([, count]) => count > 0);
  const data = { ...short, ...(missing.length === 0 ? {} : { omitted: Object.fromEntries(missing) }) };
  if (message.type !== 'alert.resolved') return { type: message.type, timestamp, data };
  const { duration_seconds, total, peak } = message.data;
  return { type: message.type, timestamp, data: { ...data, duration_seconds, total, peak } };
}

function cutData(data: AlertData): AlertData {
  const { rule, advice, links } = data;
  const texts = (list: readonly string[], name: 'advice_client' | 'advice_server'): string[] =>
    list.slice(0, MAX_ENTRIES[name]).map((text) => cut(text, TEXT_BYTES));
  return {
    id: cut(data.id, ID_BYTES),
    rule: { id: cut(rule.id, ID_BYTES), name: cut(rule.name, NAME_BYTES), type: rule.type },
    group: cutGroup(data.group),
    severity: data.severity,
    started_at: cut(data.started_at, ID_BYTES),
    window: cut(data.window, ID_BYTES),
    observed: data.observed,
    expected: rounded(data.expected),
    factor: rounded(data.factor),
    score: rounded(data.score),
    distinct_clients: data.distinct_clients,
    summary: cut(data.summary, SUMMARY_BYTES),
    what_changed: data.what_changed.slice(0, MAX_ENTRIES.what_changed).map(cutChange),
    samples: data.samples.slice(0, MAX_ENTRIES.samples).map(cutSample),
    advice: { client: texts(advice.client, 'advice_client'), server: texts(advice.server, 'advice_server') },
    findings: data.findings.slice(0, MAX_ENTRIES.findings).map(cutFinding),
    links: { dashboard: cutLink(links.dashboard), explain: cutLink(links.explain), signatures: cutLink(links.signatures) },
  };
}

function cutGroup(group: AlertData['group']): Record<string, string> {
  const entries = Object.entries(group).slice(0, MAX_ENTRIES.group);
  return Object.fromEntries(entries.map(([name, value]) => [cut(name, ID_BYTES), cut(value, NAME_BYTES)]));
}

function cutChange({ dimension, value, share_before, share_now, lift, explains }: Change): Change {
  return {
    dimension: cut(dimension, ID_BYTES),
    value: cut(value, NAME_BYTES),
    share_before: rounded(share_before),
    share_now: rounded(share_now),
    lift: rounded(lift),
    explains: rounded(explains),
  };
}

function cutSample({ time, service, method, route, status, template, trace_id }: Sample): Sample {
  return {
    time: cut(time, ID_BYTES),
    service: cut(service, NAME_BYTES),
    method: cut(method, ID_BYTES),
    route: cut(route, NAME_BYTES),
    status,
    template: cut(template, TEXT_BYTES),
    ...(trace_id === undefined ? {} : { trace_id: cut(trace_id, ID_BYTES) }),
  };
}

function cutFinding({ id, severity, detail, reference }: AlertFinding): AlertFinding {
  return { id: cut(id, ID_BYTES), severity, detail: cut(detail, TEXT_BYTES), reference: cut(reference, NAME_BYTES) };
}

/** A link cut anywhere would lead astray; without its query it still leads to the page. */
function cutLink(link: string): string {
  return jsonBytes(link) - 2 <= LINK_BYTES ? link : cut(link.split(/[?#]/, 1)[0] ?? '', LINK_BYTES);
}

/** Three decimals; a number that JSON has no word for becomes null. */
function rounded(value: number): number;
function rounded(value: number | null): number | null;
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Math.round(value * 1_000) / 1_000;
}
