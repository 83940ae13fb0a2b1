/** The ways of being refused, most frequent first, each with its cause and how it went over the span. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { questionOf, type View } from '../../model/place.js';
import { agoText, countText, words } from '../../model/text.js';
import { api, send, type SignatureLine, type Signatures as Page } from '../api.js';
import { Arrival, Fault, Sparkline } from '../parts/badges.js';
import { CopyCurl } from '../parts/copy.js';
import { Nothing } from '../parts/nothing.js';
import { Card, Loaded, More } from '../parts/states.js';
import { Toolbar } from '../parts/toolbar.js';
import { hrefOf, Link } from '../place.js';
import { useAnswer, useDeed } from '../use-answer.js';
import { useLive } from '../use-live.js';

const LIMIT = '50';

export function Signatures({ view }: { view: View }): JSX.Element {
  const live = useLive(view);
  const answer = useAnswer(api.signatures(questionOf(view, { limit: LIMIT })), 0, { round: live.round });
  return (
    <>
      <Toolbar title="Signatures" view={view} live={live} />
      <Card
        title="Ways of being refused"
        actions={
          <>
            <Link href={hrefOf('signatures/taught', view)} class="quiet-link">
              Rules that were taught
            </Link>
            <CopyCurl call={answer.call} of="signatures" />
          </>
        }
      >
        <Loaded answer={answer} lines={10}>
          {(data) =>
            data.signatures.length === 0 ? (
              <Nothing view={view} />
            ) : (
              <Listed key={answer.call.path} view={view} first={data} round={live.round} />
            )
          }
        </Loaded>
      </Card>
    </>
  );
}

function Listed({ view, first, round }: { view: View; first: Page; round: number }): JSX.Element {
  const [more, setMore] = useState<{ lines: SignatureLine[]; cursor: string | null }>();
  const deed = useDeed();
  const cursor = more === undefined ? first.next_cursor : more.cursor;
  // What became more frequent meanwhile stands on the first page, and must not stand here twice.
  const onFirst = new Set(first.signatures.map(({ id }) => id));
  const lines = [...first.signatures, ...(more?.lines ?? []).filter(({ id }) => !onFirst.has(id))];
  const trends = useAnswer(api.trends(questionOf(view, { by: 'signature', limit: LIMIT })), 0, { round });
  const courses = new Map(trends.data?.series.map(({ key, points }) => [key['signature'], points.map(([, count]) => count)]));
  const load = (): void => {
    void deed.run(async () => {
      const page = await send(api.signatures(questionOf(view, { limit: LIMIT, cursor: cursor ?? '' })));
      setMore({ lines: [...(more?.lines ?? []), ...page.signatures], cursor: page.next_cursor });
    });
  };
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Signatures, table">
        <table class="wide signatures">
          <caption class="hidden">Signatures, most frequent first</caption>
          <thead>
            <tr>
              <th scope="col" class="number">
                Count
              </th>
              <th scope="col">Over the span</th>
              <th scope="col">Cause</th>
              <th scope="col">Reason as given</th>
              <th scope="col">Where</th>
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Line key={line.id} {...{ line, view }} course={courses.get(line.id) ?? []} />
            ))}
          </tbody>
        </table>
      </div>
      {cursor !== null && <More deed={deed} onMore={load} />}
    </>
  );
}

function Line({ line, view, course }: { line: SignatureLine; view: View; course: readonly number[] }): JSX.Element {
  const now = Date.now();
  return (
    <tr>
      <td class="number">
        <b>{countText(line.count)}</b>
      </td>
      <td>{course.length > 1 && <Sparkline counts={course} />}</td>
      <td>
        {words(line.cause)}
        <br />
        <Fault fault={line.fault} />
        <Arrival signature={line} />
        {line.taught_cause !== null && <span class="badge">taught</span>}
      </td>
      <td class="reason">
        <Link href={hrefOf(`signatures/${line.id}`, view)}>{line.template === '' ? 'no reason was given' : line.template}</Link>
        {line.error_code !== '' && <code class="error-code">{line.error_code}</code>}
      </td>
      <td>
        {line.service} <br />
        <span class="quiet-text">
          {line.method} {line.route} · {line.status}
        </span>
      </td>
      <td class="nowrap" title={`first ${line.first_seen}, last ${line.last_seen}`}>
        {agoText(line.last_seen, now)} <br />
        <span class="quiet-text">first {agoText(line.first_seen, now)}</span>
      </td>
    </tr>
  );
}
