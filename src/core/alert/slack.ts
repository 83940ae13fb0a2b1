/**
 * An alert as a Slack message: Block Kit, with a plain text for notifications and screen readers. What comes from records
 * is escaped, so that it can neither mention anybody nor make a link, and every block keeps within Slack's limits
 * (https://api.slack.com/reference/block-kit/blocks).
 */
import type { AlertMessage } from './payload.js';
import { changeText, countText, durationText, omittedText, titleOf } from './wording.js';

const MAX_HEADER = 150;
const MAX_SECTION = 3_000;
const MAX_FIELD = 2_000;
const MAX_FIELDS = 10;
const MAX_BLOCKS = 50;

export function slackMessage(message: AlertMessage): object {
  const { data } = message;
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: shorten(titleOf(message), MAX_HEADER), emoji: false } },
    section([data.summary]),
    { type: 'section', fields: fieldsOf(message).slice(0, MAX_FIELDS) },
    section(data.what_changed.map(changeText), 'What changed'),
    section(data.advice.server, 'On the server'),
    section(data.advice.client, 'In the client'),
    section(
      data.findings.map(({ id, severity, detail }) => `${id} (${severity}): ${detail}`),
      'Findings',
    ),
    section(
      data.samples.map(
        ({ method, route, status, template, trace_id = 'none' }) => `${method} ${route} ${String(status)}: ${template} (trace ${trace_id})`,
      ),
      'Samples',
    ),
    section([omittedText(data)]),
    { type: 'section', text: linksOf(data.links) },
  ].filter((block) => block !== undefined);
  return { text: escapeTo(`${titleOf(message)}. ${data.summary}`, MAX_SECTION), blocks: blocks.slice(0, MAX_BLOCKS) };
}

interface Text {
  type: 'mrkdwn';
  text: string;
  /** Slack makes no links and mentions of its own. */
  verbatim: true;
}

function mrkdwn(text: string): Text {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** One paragraph, or a list under a title; undefined where there is nothing to say, which Slack would refuse. */
function section(lines: readonly string[], title?: string): { type: 'section'; text: Text } | undefined {
  const text = title === undefined ? lines.join('\n') : lines.map((line) => `• ${line}`).join('\n');
  if (text.trim() === '') return undefined;
  const heading = title === undefined ? '' : `*${title}*\n`;
  return { type: 'section', text: mrkdwn(heading + escapeTo(text, MAX_SECTION - heading.length)) };
}

function fieldsOf(message: AlertMessage): Text[] {
  const { data } = message;
  const rows: [string, string][] = [
    ['Count', countText(data)],
    ['Severity', data.severity],
    ['Since', data.started_at],
  ];
  if (message.type === 'alert.resolved') {
    const { duration_seconds, total, peak } = message.data;
    rows.push(['Lasted', durationText(duration_seconds)], ['In all', `${String(total)}, at most ${String(peak)} a minute`]);
  } else if (data.distinct_clients !== null) rows.push(['Clients', String(data.distinct_clients)]);
  rows.push(...Object.entries(data.group).map(([name, value]): [string, string] => [name, value === '' ? '(none)' : value]));
  return rows.map(([name, value]) => mrkdwn(escapeTo(`*${name}*\n${value}`, MAX_FIELD)));
}

function linksOf({ dashboard, explain, signatures }: AlertMessage['data']['links']): Text {
  const links = [
    [dashboard, 'Dashboard'],
    [explain, 'What changed'],
    [signatures, 'Signatures'],
  ] as const;
  // Too long a link is left out: cut, it would lead astray.
  const written = links
    .map(([url, name]) => `<${escape(url).replaceAll('|', '%7C')}|${name}>`)
    .filter((link) => link.length <= MAX_SECTION / 4);
  return mrkdwn(written.join(' · ') || 'The links are too long for Slack.');
}

/** The three characters that Slack asks to be escaped: `<` begins every link and mention. */
function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Slack counts what is sent, entities written out; none is cut in two. */
function escapeTo(text: string, maxLength: number): string {
  const escaped = escape(text);
  if (escaped.length <= maxLength) return escaped;
  return `${escaped
    .slice(0, maxLength - 1)
    .replace(/&[a-z]{0,3}$/, '')
    .toWellFormed()}…`;
}

function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1).toWellFormed()}…`;
}
