/** What a service shows that has counted nothing yet: the line that sends a first event. It makes way when one lands. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { CopyButton } from '../parts/copy.js';
import { Card, Loaded } from '../parts/states.js';
import { useAnswer } from '../use-answer.js';

const LOOK_EVERY_MS = 2_000;
/** Long, but within what any sensible retention answers. */
const LOOK_BACK = '-30d';

/**
 * Asked while the span is empty and until something is there, and never again: a service that counts needs no such question.
 * @param isEmpty what the overview asked for had nothing
 */
export function useIsFirstRun(isEmpty: boolean): boolean {
  const [hasCounts, setHasCounts] = useState(false);
  const isAsked = isEmpty && !hasCounts;
  const { data } = useAnswer(api.samples(`from=${LOOK_BACK}&limit=1`), LOOK_EVERY_MS, { isHeld: !isAsked });
  const isThere = data !== undefined && data.samples.length > 0;
  if (isThere && !hasCounts) setHasCounts(true);
  return isAsked && data !== undefined && !isThere;
}

function firstEvent(): string {
  const event = '{"service":"checkout","method":"GET","route":"/orders/{id}","status":401,"reason":"jwt expired"}';
  return `curl ${location.origin}/v1/events -H 'content-type: application/json' -d '${event}'`;
}

const PROTOCOLS = [
  ['otlp_http_port', '/v1/logs', 'HTTP'],
  ['otlp_grpc_port', '', 'gRPC'],
] as const;

/** One of the two is set; a port of its own may be off, and the API's port takes OTLP/HTTP too. */
function Ports(): JSX.Element {
  const about = useAnswer(api.about());
  return (
    <Loaded answer={about} lines={2}>
      {(data) => {
        const open = PROTOCOLS.filter(([name]) => data[name] !== null);
        const lines = open.map(
          ([name, path, text]) => `OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=http://${location.hostname}:${String(data[name])}${path}   # ${text}`,
        );
        return (
          <pre class="code" tabIndex={0} aria-label="Settings of an exporter">
            {(lines.length > 0 ? lines : [`OTEL_EXPORTER_OTLP_LOGS_ENDPOINT=${location.origin}/v1/logs   # HTTP`]).join('\n')}
          </pre>
        );
      }}
    </Loaded>
  );
}

export function FirstRun(): JSX.Element {
  return (
    <div class="first-run">
      <h1>Nothing was refused yet, or nobody told</h1>
      <p class="lead">
        <span class="pulse" aria-hidden="true" /> Waiting for a first event. This page turns into the overview when it lands.
      </p>
      <Card title="From a shell" actions={<CopyButton text={firstEvent}>Copy</CopyButton>}>
        <pre class="code" tabIndex={0} aria-label="Line that sends a first event">
          {firstEvent()}
        </pre>
      </Card>
      <Card title="From an application with an OpenTelemetry logs SDK">
        <Ports />
      </Card>
      <Card title="A whole example, with every cause and a spike">
        <pre class="code" tabIndex={0} aria-label="Command of the demo">
          npm run demo
        </pre>
      </Card>
    </div>
  );
}
