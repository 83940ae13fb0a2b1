/** HTTP as bytes: what clients that mean well cannot send. */
import { connect } from 'node:net';

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** Sends the bytes and reads until the other end closes, or has sent the answers asked for. @returns the answers, in order */
export async function sendRaw(url: string, text: string | Buffer, count = 1): Promise<RawAnswer[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve) => {
    // A server that refuses may close while we write.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve();
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (answersIn(Buffer.concat(chunks)).length >= count) socket.end();
    });
    socket.write(text);
  });
  return answersIn(Buffer.concat(chunks));
}

/** A request without a body; the path as it is given. */
export function get(path: string, headers = '', method = 'GET'): string {
  return `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
}

function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = bytes.toString('latin1');
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [first = '', ...lines] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [line.split(': ', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(': ') + 2)]),
    );
    const body = headers['transfer-encoding'] === 'chunked' ? chunked(rest.slice(end + 4)) : sized(rest.slice(end + 4), headers);
    if (body === undefined) return answers;
    answers.push({ status: Number(first.split(' ')[1]), headers, body: Buffer.from(body.text, 'latin1').toString() });
    rest = rest.slice(end + 4 + body.length);
  }
}

function sized(text: string, headers: Record<string, string>): { text: string; length: number } | undefined {
  const length = Number(headers['content-length'] ?? 0);
  return text.length < length ? undefined : { text: text.slice(0, length), length };
}

function chunked(text: string): { text: string; length: number } | undefined {
  const end = text.indexOf('0\r\n\r\n');
  return end < 0 ? undefined : { text: text.slice(0, end), length: end + 5 };
}
