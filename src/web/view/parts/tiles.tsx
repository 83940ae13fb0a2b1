/** The figures at the top, each against the span before: how many, which part of all, for whom, mostly why, and what fires. */
import type { ComponentChildren, JSX } from 'preact';
import { questionOf, withFilter, type View } from '../../model/place.js';
import { spanBefore } from '../../model/span.js';
import { changeText, countText, shareText, valueText, words } from '../../model/text.js';
import { api, type Alert, type Rates } from '../api.js';
import { hrefOf, Link, show } from '../place.js';
import { useAnswer, type Answer } from '../use-answer.js';

interface TilesProps {
  view: View;
  trends: Answer<Rates>;
  alerts: readonly Alert[] | undefined;
  round: number;
}

const ALL = { by: '' };
const RATES = { by: '', unit: 'rate' };
/** Where every request is a refusal, refusals alone are sent. */
export const ALL_REFUSED = 1;
const NOTABLY_MORE = 1.1;
const SHARE = 'Share of all requests';
const CLIENTS = 'Clients affected';

export function Tiles({ view, trends, alerts, round }: TilesProps): JSX.Element {
  const firing = alerts?.filter(({ status }) => status === 'firing').length ?? 0;
  return (
    <dl class="tiles">
      <Figures view={view} total={trends.data?.total} round={round} />
      <Leading view={view} trends={trends.data} />
      <Tile name="Open alerts" note={alerts === undefined ? '' : firingText(firing)} kind={firing > 0 ? 'firing' : ''}>
        <Link href={hrefOf('alerts', view)}>{alerts === undefined ? '–' : countText(alerts.length)}</Link>
      </Tile>
    </dl>
  );
}

function firingText(firing: number): string {
  return firing === 0 ? 'none fires' : `${String(firing)} firing`;
}

/** What is asked of all of it as one, now and before. What came before does not hold up what is. */
function Figures({ view, total, round }: { view: View; total: number | undefined; round: number }): JSX.Element {
  const whole = useAnswer(api.top(questionOf(view, ALL)), 0, { round });
  const rates = useAnswer(api.rates(questionOf(view, RATES)), 0, { round });
  // By the minute: the span before moves with the clock, and the question must not change with every drawing.
  const bounds = spanBefore(view, Math.floor(Date.now() / 60_000) * 60_000) ?? view;
  const isHeld = whole.isLoading || rates.isLoading;
  const before = useAnswer(api.top(questionOf({ ...view, ...bounds }, ALL)), 0, { isHeld }).data?.rows[0];
  const rateBefore = useAnswer(api.rates(questionOf({ ...view, ...bounds }, RATES)), 0, { isHeld }).data?.series[0]?.rate;
  const now = whole.data?.rows[0];
  return (
    <>
      <Tile name="Refusals" note={againstText(total, before?.count)} kind={isRising(total, before?.count) ? 'rising' : ''}>
        {total === undefined ? '–' : countText(total)}
      </Tile>
      {total === 0 ? (
        <>
          <Tile name={SHARE} note="nothing was refused" />
          <Tile name={CLIENTS} note="nothing was refused" />
        </>
      ) : (
        <>
          <Rate now={rates.data === undefined ? undefined : (rates.data.series[0]?.rate ?? null)} before={rateBefore} />
          <Clients now={now?.distinct_clients} before={before?.distinct_clients} users={now?.distinct_users} />
        </>
      )}
    </>
  );
}

/** Undefined: not answered yet; null: nobody can tell. */
type Known = number | null | undefined;

function Rate({ now, before }: { now: Known; before: Known }): JSX.Element {
  const isKnown = typeof now === 'number' && now < ALL_REFUSED;
  const note = isKnown ? rateNote(before) : 'requests that went well are not sent';
  return (
    <Tile name={SHARE} note={now === undefined ? '' : note} kind={isKnown && isRising(now, before) ? 'rising' : ''}>
      {now === undefined ? '–' : isKnown ? shareText(now) : 'unknown'}
    </Tile>
  );
}

function rateNote(before: Known): string {
  return typeof before === 'number' ? `${shareText(before)} in the span before` : 'nothing known of before';
}

function Clients({ now, before, users }: { now: Known; before: Known; users: Known }): JSX.Element {
  const people = typeof users === 'number' ? `${countText(users)} ${users === 1 ? 'user' : 'users'}` : 'users unknown';
  const notes = [people, ...(typeof now === 'number' && typeof before === 'number' ? [changeText(now, before)] : [])];
  return (
    <Tile name={CLIENTS} note={now === undefined ? '' : now === null ? 'no record names one, or too much to count' : notes.join(' · ')}>
      {now === undefined ? '–' : now === null ? 'unknown' : countText(now)}
    </Tile>
  );
}

function againstText(now: Known, before: Known): string {
  if (typeof now !== 'number' || before === undefined) return '';
  return typeof before === 'number' && before > 0 ? `${changeText(now, before)} · ${countText(before)} before` : changeText(now, before);
}

function isRising(now: Known, before: Known): boolean {
  return typeof now === 'number' && typeof before === 'number' && before > 0 && now / before > NOTABLY_MORE;
}

function Leading({ view, trends }: { view: View; trends: Rates | undefined }): JSX.Element {
  const value = trends?.series[0]?.key[view.by];
  const share = trends === undefined || trends.total === 0 ? undefined : (trends.series[0]?.total ?? 0) / trends.total;
  return (
    <Tile name={`Leading ${words(view.by)}`} note={share === undefined ? '' : `${shareText(share)} of all refusals`}>
      {value === undefined || share === undefined ? (
        '–'
      ) : (
        <button
          type="button"
          class="plain"
          onClick={() => {
            if (value !== '') show(withFilter(view, { dimension: view.by, value }));
          }}
        >
          {valueText(view.by, value)}
        </button>
      )}
    </Tile>
  );
}

interface TileProps {
  name: string;
  note: string;
  kind?: string;
  /** Nothing: there is no figure. */
  children?: ComponentChildren;
}

function Tile({ name, note, kind = '', children = '–' }: TileProps): JSX.Element {
  return (
    <div class={`tile ${kind}`}>
      <dt>{name}</dt>
      <dd class="tile-value">{children}</dd>
      <dd class="tile-note">{note}</dd>
    </div>
  );
}
