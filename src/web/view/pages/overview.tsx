/** How many requests are refused, why and where, against the time before; what fires; and what changed in a part of it. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { DIMENSIONS, isAmong, questionOf, withFilter, type Dimension, type Unit, type View } from '../../model/place.js';
import { labelOf, Palette } from '../../model/stack.js';
import { figureText, words, valueText } from '../../model/text.js';
import { api, type Alert, type Rates } from '../api.js';
import { AlertLines } from '../parts/alert-lines.js';
import { Chart } from '../parts/chart.js';
import { CopyCurl } from '../parts/copy.js';
import { Explain, lastPart } from '../parts/explain.js';
import { Nothing } from '../parts/nothing.js';
import { Ranking } from '../parts/ranking.js';
import { Card, Empty, Loaded } from '../parts/states.js';
import { ALL_REFUSED, Tiles } from '../parts/tiles.js';
import { Toolbar } from '../parts/toolbar.js';
import { Link, show } from '../place.js';
import { useAnswer, type Answer } from '../use-answer.js';
import { useLive } from '../use-live.js';
import { FirstRun, useIsFirstRun } from './first-run.js';

const MAX_SERIES = '9';
const MOST_ALERTS = 5;
const ALERTS_EVERY_MS = 5_000;

/** One for each dimension, for as long as the page is open. */
const PALETTES = new Map<string, Palette>();
function paletteOf(dimension: string): Palette {
  const known = PALETTES.get(dimension) ?? new Palette();
  PALETTES.set(dimension, known);
  return known;
}

export function Overview({ view }: { view: View }): JSX.Element {
  const live = useLive(view);
  const { round } = live;
  const unit: Record<string, string> = view.unit === 'rate' ? { unit: 'rate' } : {};
  const trends = useAnswer(api.rates(questionOf(view, { by: view.by, limit: MAX_SERIES, ...unit })), 0, { round });
  const alerts = useAnswer(api.alerts('status=all&limit=50'), ALERTS_EVERY_MS, { isHeld: live.state === 'paused' });
  const own = (alerts.data?.alerts ?? []).filter(({ group }) => isAmong(group, view.filters));
  const open = own.filter(({ status }) => status !== 'resolved');
  if (useIsFirstRun(trends.data?.total === 0)) return <FirstRun />;
  return (
    <>
      <Toolbar title="Overview" view={view} live={live} />
      <Tiles view={view} trends={trends} alerts={alerts.data && open} round={round} />
      <ChartCard view={view} trends={trends} alerts={own} />
      {view.picked !== undefined && <Explain view={view} picked={view.picked} />}
      <div class="columns">
        <Card title="Open alerts" actions={<CopyCurl call={alerts.call} of="alerts" />}>
          <Loaded answer={alerts}>{() => <OpenAlerts alerts={open} />}</Loaded>
        </Card>
        <Ranking view={view} dimension="route" round={round} />
        <Ranking view={view} dimension="service" round={round} />
      </div>
    </>
  );
}

function OpenAlerts({ alerts }: { alerts: readonly Alert[] }): JSX.Element {
  return (
    <>
      <AlertLines alerts={alerts.slice(0, MOST_ALERTS)} empty="Nothing fires." />
      {alerts.length > MOST_ALERTS && <Link href="/alerts">All {alerts.length} open alerts</Link>}
    </>
  );
}

interface ChartCardProps {
  view: View;
  trends: Answer<Rates>;
  alerts: readonly Alert[];
}

function ChartCard({ view, trends, alerts }: ChartCardProps): JSX.Element {
  const title = TITLES[view.unit];
  const actions = (
    <>
      <UnitSwitch view={view} />
      <label class="by">
        by{' '}
        <select
          aria-label="Stack the chart by"
          value={view.by}
          onChange={(event) => {
            show({ ...view, by: event.currentTarget.value as Dimension });
          }}
        >
          {DIMENSIONS.map((one) => (
            <option value={one} key={one}>
              {words(one)}
            </option>
          ))}
        </select>
      </label>
      <button
        type="button"
        class="quiet"
        onClick={() => {
          show({ ...view, picked: lastPart(view) });
        }}
      >
        What changed?
      </button>
      <CopyCurl call={trends.call} of={title.toLowerCase()} />
    </>
  );
  return (
    <Card title={title} class="chart-card" actions={actions}>
      <Loaded answer={trends} lines={8}>
        {(data) => (data.total === 0 ? <Nothing view={view} /> : <Drawn view={view} trends={data} alerts={alerts} />)}
      </Loaded>
    </Card>
  );
}

const TITLES = { count: 'Refusals over time', rate: 'Share of all requests over time' };
const UNITS: readonly (readonly [Unit, string])[] = [
  ['count', 'Counts'],
  ['rate', 'Share'],
];

function UnitSwitch({ view }: { view: View }): JSX.Element {
  return (
    <span class="switch" role="group" aria-label="What the chart shows">
      {UNITS.map(([unit, text]) => (
        <button
          type="button"
          key={unit}
          aria-pressed={view.unit === unit}
          onClick={() => {
            show({ ...view, unit });
          }}
        >
          {text}
        </button>
      ))}
    </span>
  );
}

/** A share needs the requests that went well too, and they must be sent. */
function NoTraffic({ view }: { view: View }): JSX.Element {
  return (
    <Empty title="How many requests there were is not known">
      <p>A share needs all requests: have your services send their access logs with http.response.status_code, not refusals alone.</p>
      <p class="actions centred">
        <button
          type="button"
          onClick={() => {
            show({ ...view, unit: 'count' });
          }}
        >
          Show counts
        </button>
      </p>
    </Empty>
  );
}

function Drawn({ view, trends, alerts }: { view: View; trends: Rates; alerts: readonly Alert[] }): JSX.Element {
  const { series, by, unit } = trends;
  const dimension = by[0] ?? 'cause';
  const palette = paletteOf(dimension);
  const labels = series.map((one) => valueText(dimension, labelOf(one)));
  const colours = series.map((one) => palette.colourOf(labelOf(one)));
  const marks = useMemo(() => alerts.map(({ started_at: at, severity }) => ({ at: Date.parse(at), severity })), [alerts]);
  const figures = series.flatMap(({ points }) => points.map(([, figure]) => figure));
  const isKnown = unit === 'count' || figures.some((figure) => figure !== null && figure > 0 && figure < ALL_REFUSED);
  if (!isKnown) return <NoTraffic view={view} />;
  return (
    <Chart
      title={`${TITLES[unit]} by ${words(dimension)}`}
      {...{ series, labels, colours, marks, unit, picked: view.picked }}
      stepSeconds={trends.step_seconds}
      onPick={(picked) => {
        show({ ...view, picked });
      }}
    >
      <Legend view={view} trends={trends} colours={colours} />
      {figures.includes(null) && <p class="quiet-text">Gaps: how many requests there were is not known.</p>}
    </Chart>
  );
}

function Legend({ view, trends, colours }: { view: View; trends: Rates; colours: readonly number[] }): JSX.Element {
  const dimension = trends.by[0] ?? 'cause';
  return (
    <ul class="legend" aria-label={`${trends.unit === 'rate' ? 'Share' : 'Total'} by ${words(dimension)}`}>
      {trends.series.map((one, index) => {
        const value = labelOf(one);
        const text = (
          <>
            <span class={`swatch c${String(colours[index] ?? 0)}`} aria-hidden="true" />
            <span>{valueText(dimension, value)}</span>{' '}
            <b>{trends.unit === 'rate' ? figureText(one.rate ?? null, 'rate') : one.total.toLocaleString('en')}</b>
          </>
        );
        return (
          <li key={value}>
            {value === '__other__' || value === '' ? (
              <span class="legend-entry">{text}</span>
            ) : (
              <button
                type="button"
                class="legend-entry"
                title="Show this alone"
                onClick={() => {
                  show(withFilter(view, { dimension, value }));
                }}
              >
                {text}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
