/**
 * What somebody pastes into the playground, made into an event: a JSON event as it is, an HTTP answer or single headers
 * by their lines, anything else as the text of a log record.
 */

const STATUS_LINE = /^HTTP\/[\d.]+ (\d{3})/i;
const HEADER_LINE = /^(?:< ?)?([A-Za-z][\w-]{1,60}): ?(.*)$/;
const KNOWN_HEADERS = ['www-authenticate', 'proxy-authenticate', 'authorization', 'content-type', 'server', 'date', 'set-cookie'];

export type Event = Record<string, unknown>;

export function eventOf(pasted: string): Event | Event[] {
  const text = pasted.trim();
  const parsed = objectIn(text);
  if (parsed !== undefined && looksLikeEvent(parsed)) return parsed;
  const lines = text.split(/\r?\n/);
  const [status] = lines.map((line) => STATUS_LINE.exec(line.replace(/^< ?/, ''))?.[1]).filter((one) => one !== undefined);
  const first = HEADER_LINE.exec(lines[0] ?? '')?.[1]?.toLowerCase();
  if (status === undefined && (first === undefined || !KNOWN_HEADERS.includes(first))) return { body: text };
  return { ...(status === undefined ? {} : { status: Number(status) }), ...fromLines(lines) };
}

/** Headers up to the first empty line, what follows is the body. */
function fromLines(lines: readonly string[]): Event {
  const end = lines.findIndex((line) => line.replace(/^< ?/, '').trim() === '');
  const attributes: Record<string, string[]> = {};
  for (const line of lines.slice(0, end === -1 ? undefined : end)) {
    const [, name, value = ''] = HEADER_LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const isAsked = ['authorization', 'cookie', 'x-api-key'].includes(name.toLowerCase());
    const attribute = `http.${isAsked ? 'request' : 'response'}.header.${name.toLowerCase()}`;
    (attributes[attribute] ??= []).push(value.trim());
  }
  const body =
    end === -1
      ? ''
      : lines
          .slice(end + 1)
          .join('\n')
          .trim();
  return { attributes, ...(body === '' ? {} : { body }) };
}

function objectIn(text: string): Event | Event[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Event | Event[]) : undefined;
  } catch {
    return undefined;
  }
}

/** A JSON answer of some API is text to be judged; an event names where it came from or how it ended. */
function looksLikeEvent(parsed: Event | Event[]): boolean {
  const events = Array.isArray(parsed) ? parsed : [parsed];
  const names = ['attributes', 'resource', 'www_authenticate', 'authorization_scheme', 'reason', 'body', 'service'];
  return events.length > 0 && events.every((one) => names.some((name) => name in one));
}
