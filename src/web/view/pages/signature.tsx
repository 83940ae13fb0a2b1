/** One way of being refused: what speaks for its cause, what is wrong with the answer, what to do, and what it really is. */
import type { ComponentChildren, JSX } from 'preact';
import { questionOf, type View } from '../../model/place.js';
import { Palette } from '../../model/stack.js';
import { agoText, countText, secondsText, shareText, timeText, valueText, words } from '../../model/text.js';
import { api, type Call, type Signature } from '../api.js';
import { Arrival, Confidence, Fault, ShareBar } from '../parts/badges.js';
import { Chart } from '../parts/chart.js';
import { CopyCurl } from '../parts/copy.js';
import { AdviceLists, EvidenceTable, FindingLines } from '../parts/judgement.js';
import { Card, Empty, Loaded } from '../parts/states.js';
import { Teach } from '../parts/teach.js';
import { Trace } from '../parts/trace.js';
import { Toolbar } from '../parts/toolbar.js';
import { hrefOf, Link, show } from '../place.js';
import { useAnswer } from '../use-answer.js';
import { useLive } from '../use-live.js';

export function SignaturePage({ id, view }: { id: string; view: View }): JSX.Element {
  const own = { ...view, filters: [{ dimension: 'signature', value: id }] };
  const live = useLive(own);
  const answer = useAnswer(api.signature(id, questionOf({ ...view, filters: [] })), 0, { round: live.round });
  return (
    <>
      <p class="crumbs">
        <Link href={hrefOf('signatures', view)}>← All signatures</Link>
      </p>
      <Toolbar title="Signature" view={view} live={live} hasFilters={false} />
      <Loaded answer={answer} lines={12}>
        {(data) => (
          <>
            <Head signature={data} view={own} />
            <Course view={own} round={live.round} />
            <div class="columns two">
              <div>
                <Card title="What to do">
                  <AdviceLists advice={data.advice} />
                </Card>
                <Card title="What is wrong with the answer itself">
                  <FindingLines findings={data.findings} />
                </Card>
                <Sample signature={data} call={answer.call} />
              </div>
              <div>
                <Card title="Why this cause" actions={<CopyCurl call={answer.call} of="this signature" />}>
                  <EvidenceTable evidence={data.evidence} />
                  {data.also.length > 0 && <p>It could also be: {data.also.map(words).join(', ')}.</p>}
                  <Teach signature={data} onTaught={answer.reload} />
                </Card>
                <Card title="Who and what it comes with" actions={<CopyCurl call={answer.call} of="facets" />}>
                  <Facets facets={data.facets} />
                </Card>
              </div>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Head({ signature, view }: { signature: Signature; view: View }): JSX.Element {
  const { template, cause, fault, confidence, count, taught_cause: taught, token_times: times } = signature;
  const now = Date.now();
  return (
    <section class="card signature-head" aria-label="In short">
      <p class="template">{template === '' ? NO_REASON : template}</p>
      <p>
        <b>{words(cause)}</b> <Fault fault={fault} /> <Arrival signature={signature} /> {taught !== null && 'as taught'}
        {taught === null && cause !== 'unknown' && <Confidence confidence={confidence} />}
      </p>
      <dl class="facts">
        <Fact name="Count in the span">{countText(count)}</Fact>
        <Fact name="Where">{placeText(signature)}</Fact>
        <Fact name="Status">{signature.status}</Fact>
        {FIRST_AND_LAST.map(([name, title]) => (
          <Fact key={name} name={title}>
            <time dateTime={signature[name]} title={signature[name]}>
              {timeText(signature[name], now)}, {agoText(signature[name], now)}
            </time>
          </Fact>
        ))}
        {times.observed > 0 && <Fact name="Token times">{tokenTimesText(times)}</Fact>}
      </dl>
      <p>
        <Link href={hrefOf('', view)}>Show it in the overview</Link>
      </p>
    </section>
  );
}

const FIRST_AND_LAST = [
  ['first_seen', 'First seen'],
  ['last_seen', 'Last seen'],
] as const;

const NO_REASON = 'No reason was given';

function placeText({ service, environment, method, route }: Signature): string {
  const where = environment === '' ? service : `${service} (${environment})`;
  return `${where} · ${method} ${valueText('route', route)}`;
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

function Course({ view, round }: { view: View; round: number }): JSX.Element {
  const trends = useAnswer(api.trends(questionOf(view, { by: 'signature' })), 0, { round });
  return (
    <Card title="Over the span" actions={<CopyCurl call={trends.call} of="this signature over time" />}>
      <Loaded answer={trends}>
        {({ series, step_seconds: stepSeconds, total }) =>
          total === 0 ? (
            <Empty title="Not seen in this span" />
          ) : (
            <Chart
              title="Refusals over time"
              {...{ series, stepSeconds }}
              labels={['count']}
              colours={[PALETTE.colourOf('count')]}
              onPick={({ from, to }) => {
                show({ ...view, filters: [], from: new Date(from).toISOString(), to: new Date(to).toISOString() });
              }}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

/** The signature keeps its newest occurrence and no other: what varied between them was masked before they were counted together. */
function Sample({ signature, call }: { signature: Signature; call: Call<Signature> }): JSX.Element {
  const { last_seen: time, template, challenge, scheme, error_code: code, last_trace_id: trace } = signature;
  return (
    <Card title="Sample: the newest occurrence" actions={<CopyCurl call={call} of="the sample" />}>
      <p class="quiet-text">
        One sample is kept of each signature. The others have the same values; they differ in time and trace, and in what a placeholder such
        as {'<id>'} stands for.
      </p>
      <dl class="pairs">
        <Fact name="Time">
          <time dateTime={time}>{time}</time>
        </Fact>
        <Fact name="Where">{placeText(signature)}</Fact>
        <Fact name="Status">{signature.status}</Fact>
        <Fact name="Reason">{template === '' ? <Missing>none was given</Missing> : <code>{template}</code>}</Fact>
        <Fact name="Error code">{code === '' ? <Missing>none was seen</Missing> : <code>{code}</code>}</Fact>
        <Fact name="Challenge">{challenge === '' ? <Missing>none was seen</Missing> : <code>{challenge}</code>}</Fact>
        <Fact name="Scheme of the credential">{scheme === '' ? <Missing>not known</Missing> : scheme}</Fact>
        <Fact name="Trace of one of the last">{trace === null ? <Missing>none was sent</Missing> : <Trace id={trace} />}</Fact>
      </dl>
    </Card>
  );
}

function Missing({ children }: { children: string }): JSX.Element {
  return <span class="quiet-text">{children}</span>;
}

function tokenTimesText({ observed, in_time: inTime, expired_by: expired, not_valid_for: early }: Signature['token_times']): string {
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
