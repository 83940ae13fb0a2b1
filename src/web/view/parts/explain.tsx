/** What changed in a part of the span: the values that account for the difference to the time before, in sentences. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { questionOf, withFilter, type Picked, type View } from '../../model/place.js';
import { momentMs } from '../../model/span.js';
import { countText, partText, secondsText, shareText, timeText, valueText, words } from '../../model/text.js';
import { api, type Explanation } from '../api.js';
import { show } from '../place.js';
import { useAnswer } from '../use-answer.js';
import { ShareBar } from './badges.js';
import { CopyCurl } from './copy.js';
import { Card, Empty, Loaded, Outcome } from './states.js';

const DIMENSIONS_OF_FILTERS = ['cause', 'service', 'route', 'environment', 'method', 'status', 'fault', 'scheme', 'error_code'];
const LAST_PART_MS = 900_000;

/** What is looked at when nobody has pointed at anything: the newest quarter of an hour, or less. */
export function lastPart(view: View): Picked {
  const now = Date.now();
  const to = momentMs(view.to, now) ?? now;
  return { from: Math.max(momentMs(view.from, now) ?? 0, to - LAST_PART_MS), to };
}

export function Explain({ view, picked }: { view: View; picked: Picked }): JSX.Element {
  const [from, to] = [new Date(picked.from).toISOString(), new Date(picked.to).toISOString()];
  const answer = useAnswer(api.explain(questionOf({ ...view, from, to })));
  const close = (): void => {
    show({ ...view, picked: undefined });
  };
  const actions = (
    <>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          show({ ...view, from, to, picked: undefined });
        }}
      >
        Zoom in
      </button>
      <CopyCurl call={answer.call} of="what changed" />
      <button type="button" class="quiet" aria-label="Close what changed" onClick={close}>
        ×
      </button>
    </>
  );
  return (
    <Card title="What changed" class="explain" actions={actions}>
      <Times key={from + to} view={view} picked={picked} />
      <Loaded answer={answer}>{(data) => <Changes view={view} explanation={data} />}</Loaded>
    </Card>
  );
}

/** The same by keyboard as by dragging. */
function Times({ view, picked }: { view: View; picked: Picked }): JSX.Element {
  const [from, setFrom] = useState(new Date(picked.from).toISOString().slice(0, 19));
  const [to, setTo] = useState(new Date(picked.to).toISOString().slice(0, 19));
  const [problem, setProblem] = useState<string>();
  const apply = (event: Event): void => {
    event.preventDefault();
    const given = { from: Date.parse(`${from}Z`), to: Date.parse(`${to}Z`) };
    const isSpan = given.from < given.to;
    setProblem(isSpan ? undefined : 'The end must come after the beginning.');
    if (isSpan) show({ ...view, picked: given });
  };
  return (
    <form class="times" onSubmit={apply}>
      <span>
        {timeText(picked.from, Date.now())} – {timeText(picked.to, Date.now())}, {secondsText((picked.to - picked.from) / 1_000)}
      </span>
      <label>
        From (UTC){' '}
        <input
          type="datetime-local"
          step="10"
          value={from}
          onInput={(event) => {
            setFrom(event.currentTarget.value);
          }}
        />
      </label>
      <label>
        to{' '}
        <input
          type="datetime-local"
          step="10"
          value={to}
          onInput={(event) => {
            setTo(event.currentTarget.value);
          }}
        />
      </label>
      <button type="submit">Explain</button>
      <Outcome problem={problem} />
    </form>
  );
}

function Changes({ view, explanation }: { view: View; explanation: Explanation }): JSX.Element {
  const { count, expected, changes } = explanation;
  return (
    <>
      <p class="explain-sum">
        <b>{countText(count)}</b> refusals where <b>{countText(expected)}</b> were to be expected by the same hours of the days before.
      </p>
      {changes.length === 0 ? (
        <Empty title={count > expected ? 'Everything grew alike' : 'Nothing grew'}>No value stands out against the time before.</Empty>
      ) : (
        <ol class="changes">
          {changes.map((change) => (
            <ChangeLine key={change.values.map(({ dimension, value }) => dimension + value).join()} view={view} change={change} />
          ))}
        </ol>
      )}
    </>
  );
}

function ChangeLine({ view, change }: { view: View; change: Explanation['changes'][number] }): JSX.Element {
  const { values, count, expected, share_now: now, share_before: before, explains } = change;
  const narrowable = values.filter(({ dimension }) => DIMENSIONS_OF_FILTERS.includes(dimension));
  const narrow = (): void => {
    show(narrowable.reduce((seen, { dimension, value }) => withFilter(seen, { dimension, value }), view));
  };
  return (
    <li>
      <div class="change-head">
        <span>
          {values.map(({ dimension, value }, index) => (
            <span key={dimension}>
              {index > 0 && ' with '}
              <span class="quiet-text">{words(dimension)}</span> <b>{valueText(dimension, value)}</b>
            </span>
          ))}
        </span>
        {narrowable.length > 0 && (
          <button type="button" class="quiet" onClick={narrow}>
            Show only these
          </button>
        )}
      </div>
      <ShareBar share={Math.min(explains, 1)} />
      <span class="quiet-text">
        explains {partText(explains)} of the difference: {countText(count)} instead of {countText(expected)}, from {shareText(before)} to{' '}
        {shareText(now)} of all
      </span>
    </li>
  );
}
