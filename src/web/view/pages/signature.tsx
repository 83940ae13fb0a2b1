/** One way of being refused: what speaks for its cause, what is wrong with the answer, what to do, and what it really is. */
import type { ComponentChildren, JSX } from 'preact';
import { questionOf, type View } from '../../model/place.js';
import { isLive } from '../../model/span.js';
import { Palette } from '../../model/stack.js';
import { countText, secondsText, shareText, timeText, words } from '../../model/text.js';
import { api, type Signature } from '../api.js';
import { Arrival, Confidence, Fault, ShareBar } from '../parts/badges.js';
import { Chart } from '../parts/chart.js';
import { CopyCurl } from '../parts/copy.js';
import { AdviceLists, EvidenceTable, FindingLines } from '../parts/judgement.js';
import { Card, Empty, Loaded } from '../parts/states.js';
import { Teach } from '../parts/teach.js';
import { Trace } from '../parts/trace.js';
import { Toolbar } from '../parts/toolbar.js';
import { hrefOf, Link } from '../place.js';
import { useAnswer } from '../use-answer.js';

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
              <Samples id={id} view={unfiltered} />
              <Card title="Who and what it comes with" actions={<CopyCurl call={answer.call} of="facets" />}>
                <Facets facets={data.facets} />
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
        <b>{words(cause)}</b> <Fault fault={fault} /> <Arrival signature={signature} /> {taught !== null && 'as taught'}
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
      <Fact name="Trace of one of the last">{trace === null ? <span class="quiet-text">none was sent</span> : <Trace id={trace} />}</Fact>
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

/** One for each way of being refused: what varies is not kept, so that the newest stands for all. */
function Samples({ id, view }: { id: string; view: View }): JSX.Element {
  const answer = useAnswer(api.samples(questionOf(view, { signature: id })));
  return (
    <Card title="Samples" actions={<CopyCurl call={answer.call} of="samples" />}>
      <Loaded answer={answer}>
        {({ samples }) =>
          samples.length === 0 ? (
            <Empty title="None was seen last in this span" />
          ) : (
            <ul class="plain-list">
              {samples.map(({ time, method, route, status, template, trace_id: trace }) => (
                <li key={time}>
                  <p class="template small">{template === '' ? 'no reason was given' : template}</p>
                  <p class="quiet-text">
                    <time dateTime={time}>{timeText(time, Date.now())}</time> · {method} {route} · {status}
                    {trace !== null && ' · trace '}
                    {trace !== null && <Trace id={trace} />}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

const MOST_VALUES = 5;

function Facets({ facets }: Pick<Signature, 'facets'>): JSX.Element {
  const told = facets.filter(({ values }) => values.length > 0);
  if (told.length === 0) return <Empty title="Nothing is known">Versions, networks, keys and the like were not sent.</Empty>;
  return (
    <>
      <p class="quiet-text">Of all with this reason, whatever their route.</p>
      {told.map(({ facet, values }) => (
        <section class="facet" key={facet} aria-label={words(facet)}>
          <h3>{words(facet)}</h3>
          <ul>
            {values.slice(0, MOST_VALUES).map(({ value, count, share }) => (
              <li key={value}>
                <span class="facet-value">
                  <span class="breaks">{value === '__other__' ? words(value) : value}</span>
                  <span class="quiet-text nowrap">
                    {countText(count)} · {shareText(share)}
                  </span>
                </span>
                <ShareBar share={share} />
              </li>
            ))}
          </ul>
          {values.length > MOST_VALUES && <p class="quiet-text">and {values.length - MOST_VALUES} more</p>}
        </section>
      ))}
    </>
  );
}
