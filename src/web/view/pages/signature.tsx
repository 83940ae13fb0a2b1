/** One way of being refused: what speaks for its cause, what is wrong with the answer, what to do, and what it really is. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { questionOf, type View } from '../../model/place.js';
import { isLive } from '../../model/span.js';
import { Palette } from '../../model/stack.js';
import { countText, secondsText, timeText, words } from '../../model/text.js';
import { api, send, type Signature } from '../api.js';
import { Confidence, Fault } from '../parts/badges.js';
import { Chart } from '../parts/chart.js';
import { CopyButton, CopyCurl } from '../parts/copy.js';
import { AdviceLists, EvidenceTable, FindingLines } from '../parts/judgement.js';
import { Card, Empty, Loaded, Outcome } from '../parts/states.js';
import { Toolbar } from '../parts/toolbar.js';
import { hrefOf, Link } from '../place.js';
import { useAnswer, useDeed } from '../use-answer.js';

const EVERY_MS = 15_000;

export function SignaturePage({ id, view }: { id: string; view: View }): JSX.Element {
  const unfiltered = { ...view, filters: [] };
  const answer = useAnswer(api.signature(id, questionOf(unfiltered)), isLive(view) ? EVERY_MS : 0);
  return (
    <>
      <p class="crumbs">
        <Link href={hrefOf('signatures', view)}>← All signatures</Link>
      </p>
      <Toolbar title="Signature" view={view} hasFilters={false} />
      <Loaded answer={answer} lines={12}>
        {(data) => (
          <>
            <Head signature={data} />
            <Course id={id} view={unfiltered} />
            <div class="columns two">
              <Card title="Why this cause" actions={<CopyCurl call={answer.call} of="this signature" />}>
                <EvidenceTable evidence={data.evidence} />
                {data.also.length > 0 && <p>It could also be: {data.also.map(words).join(', ')}.</p>}
                <Teach signature={data} onTaught={answer.reload} />
              </Card>
              <Card title="What to do">
                <AdviceLists advice={data.advice} />
              </Card>
              <Card title="What is wrong with the answer itself">
                <FindingLines findings={data.findings} />
              </Card>
              <Card title="As it was sent">
                <Sent signature={data} />
              </Card>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Head({ signature }: { signature: Signature }): JSX.Element {
  const { template, cause, fault, confidence, count, service, environment, method, route, status, taught_cause: taught } = signature;
  const now = Date.now();
  return (
    <section class="card signature-head" aria-label="In short">
      <p class="template">{template === '' ? 'No reason was given' : template}</p>
      <p>
        <b>{words(cause)}</b> <Fault fault={fault} /> {taught !== null && 'as taught'}
        {taught === null && cause !== 'unknown' && <Confidence confidence={confidence} />}
      </p>
      <dl class="facts">
        <Fact name="Count in the span">{countText(count)}</Fact>
        <Fact name="Where">
          {service} {environment !== '' && `(${environment})`} · {method} {route}
        </Fact>
        <Fact name="Status">{status}</Fact>
        <Fact name="First seen">
          <time dateTime={signature.first_seen}>{timeText(signature.first_seen, now)}</time>
        </Fact>
        <Fact name="Last seen">
          <time dateTime={signature.last_seen}>{timeText(signature.last_seen, now)}</time>
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const PALETTE = new Palette();

function Course({ id, view }: { id: string; view: View }): JSX.Element {
  const trends = useAnswer(api.trends(questionOf(view, { by: 'signature', signature: id })), isLive(view) ? EVERY_MS : 0);
  return (
    <Card title="Over the span" actions={<CopyCurl call={trends.call} of="this signature over time" />}>
      <Loaded answer={trends}>
        {({ series, step_seconds: stepSeconds, total }) =>
          total === 0 ? (
            <Empty title="Not seen in this span" />
          ) : (
            <Chart title="Refusals over time" {...{ series, stepSeconds }} labels={['count']} colours={[PALETTE.colourOf('count')]} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Sent({ signature }: { signature: Signature }): JSX.Element {
  const { challenge, scheme, error_code: code, last_trace_id: trace, token_times: times } = signature;
  return (
    <dl class="facts stacked">
      <Fact name="Challenge">{challenge === '' ? <span class="quiet-text">none was seen</span> : <code>{challenge}</code>}</Fact>
      <Fact name="Scheme of the credential">{scheme === '' ? <span class="quiet-text">not known</span> : scheme}</Fact>
      {code !== '' && (
        <Fact name="Error code">
          <code>{code}</code>
        </Fact>
      )}
      <Fact name="Trace of one of the last">
        {trace === null ? (
          <span class="quiet-text">none was sent</span>
        ) : (
          <>
            <code>{trace}</code> <CopyButton text={() => trace}>Copy</CopyButton>
          </>
        )}
      </Fact>
      <Fact name="Token times">{tokenTimesText(times)}</Fact>
    </dl>
  );
}

function tokenTimesText({ observed, in_time: inTime, expired_by: expired, not_valid_for: early }: Signature['token_times']): string {
  if (observed === 0) return 'No token time was seen.';
  const parts = [`${countText(observed)} seen`];
  if (inTime > 0) parts.push(`${countText(inTime)} in time`);
  if (expired !== null) parts.push(`${countText(expired.count)} expired by ${spreadText(expired)}`);
  if (early !== null) parts.push(`${countText(early.count)} not valid for another ${spreadText(early)}`);
  return `${parts.join('; ')}.`;
}

function spreadText({
  p05_seconds: low,
  p50_seconds: middle,
  p95_seconds: high,
}: NonNullable<Signature['token_times']['expired_by']>): string {
  return `${secondsText(middle)} (${secondsText(low)} to ${secondsText(high)})`;
}

/** A user knows better; the list is the service's own catalogue. */
function Teach({ signature, onTaught }: { signature: Signature; onTaught: () => void }): JSX.Element {
  const causes = useAnswer(api.causes('from=-1h'));
  const [chosen, setChosen] = useState(signature.taught_cause ?? signature.cause);
  const deed = useDeed();
  const teach = async (cause: string | null): Promise<void> => {
    if (await deed.run(() => send(api.teach(signature.id, cause)))) onTaught();
  };
  return (
    <form
      class="teach"
      onSubmit={(event) => {
        event.preventDefault();
        void teach(chosen);
      }}
    >
      <label>
        Teach a cause{' '}
        <select
          value={chosen}
          onChange={(event) => {
            setChosen(event.currentTarget.value);
          }}
        >
          {(causes.data?.causes ?? [{ id: chosen, title: words(chosen) }]).map(({ id, title }) => (
            <option value={id} key={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <button type="submit" disabled={deed.isBusy}>
        Teach
      </button>
      {signature.taught_cause !== null && (
        <button type="button" class="quiet" disabled={deed.isBusy} onClick={() => void teach(null)}>
          Take it back
        </button>
      )}
      <Outcome problem={deed.problem} done="Done. All of its history changed with it." />
    </form>
  );
}
