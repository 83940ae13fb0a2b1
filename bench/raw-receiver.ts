/**
 * What somebody would write who wants the refusals of OpenTelemetry exporters as rows in PostgreSQL: an HTTP endpoint that decompresses, decodes
 * with protobufjs and inserts each request as it comes. A process of its own, so that its CPU time can be told. Argument: the URL of the
 * database. Prints its port.
 */
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { decodeWithProtobufjs } from '../test/support/otlp-messages.js';
import { insertRows, type RawRow } from './raw-rows.js';

const CONNECTIONS = 4;

interface Value {
  stringValue?: string;
  intValue?: string | number | { toString(): string };
}

interface Pair {
  key: string;
  value?: Value;
}

interface Logs {
  resourceLogs: {
    resource?: { attributes: Pair[] };
    scopeLogs: { logRecords: { timeUnixNano: { toString(): string }; attributes: Pair[] }[] }[];
  }[];
}

const pool = new pg.Pool({ connectionString: process.argv[2], max: CONNECTIONS });
const unpacked = promisify(gunzip);

function valuesOf(pairs: readonly Pair[]): Map<string, string> {
  return new Map(pairs.map(({ key, value }) => [key, value?.stringValue || (value?.intValue?.toString() ?? '')]));
}

function rowsOf(body: Buffer): RawRow[] {
  const { resourceLogs } = decodeWithProtobufjs(body) as unknown as Logs;
  return resourceLogs.flatMap(({ resource, scopeLogs }) => {
    const service = valuesOf(resource?.attributes ?? []).get('service.name') ?? '';
    return scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ timeUnixNano, attributes }): RawRow => {
        const values = valuesOf(attributes);
        const text = (name: string): string => values.get(name) ?? '';
        return [
          ...[new Date(Number(timeUnixNano.toString()) / 1e6).toISOString(), service, text('http.request.method'), text('http.route')],
          ...[Number(text('http.response.status_code')), text('exception.type'), text('exception.message'), text('client.address')],
          text('user_agent.original'),
        ];
      }),
    );
  });
}

const server = createServer((request, response) => {
  void (async () => {
    try {
      await insertRows(pool, rowsOf(await unpacked(await buffer(request))));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    } catch (error) {
      process.stderr.write(`cannot insert a request: ${String(error)}\n`);
      response.writeHead(500).end();
    }
  })();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${String((server.address() as AddressInfo).port)}\n`));
