/** How many requests are refused, why and where, against the time before; what fires; and what changed in a part of it. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { DIMENSIONS, isAmong, questionOf, withFilter, type Dimension, type View } from '../../model/place.js';
import { isLive, spanBefore } from '../../model/span.js';
import { labelOf, Palette } from '../../model/stack.js';
import { words, valueText } from '../../model/text.js';
import { api, type Alert, type Trends } from '../api.js';
import { AlertLines } from '../parts/alert-lines.js';
import { Chart } from '../parts/chart.js';
import { CopyCurl } from '../parts/copy.js';
import { Explain, lastPart } from '../parts/explain.js';
import { Ranking } from '../parts/ranking.js';
import { Card, Empty, Loaded } from '../parts/states.js';
import { Tiles } from '../parts/tiles.js';
import { Toolbar } from '../parts/toolbar.js';
import { Link, show } from '../place.js';
import { useAnswer, type Answer } from '../use-answer.js';

const REFRESH_MS = 5_000;
const MAX_SERIES = '9';
const MOST_ALERTS = 5;

/** One for each dimension, for as long as the page is open. */
const PALETTES = new Map<string, Palette>();
function paletteOf(dimension: string): Palette {
  const known = PALETTES.get(dimension) ?? new Palette();
  PALETTES.set(dimension, known);
  return known;
}

export function Overview({ view }: { view: View }): JSX.Element {
  const every = isLive(view) ? REFRESH_MS : 0;
  const trends = useAnswer(api.trends(questionOf(view, { by: view.by, limit: MAX_SERIES })), every);
  // By the minute: the span before moves with the clock, and the question must not change with every drawing.
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  const before = spanBefore(view, minute);
  const past = useAnswer(api.trends(questionOf({ ...view, ...(before ?? {}) }, { by: 'cause', limit: '1' })));
  const causes = useAnswer(api.top(questionOf(view, { by: 'cause', limit: '3' })), every);
  const alerts = useAnswer(api.alerts('status=all&limit=50'), every);
  const own = (alerts.data?.alerts ?? []).filter(({ group }) => isAmong(group, view.filters));
  const open = own.filter(({ status }) => status !== 'resolved');
  return (
    <>
      <Toolbar title="Overview" view={view} {...(every > 0 ? { note: 'live' } : {})} />
      <Tiles total={trends.data?.total} before={past.data?.total} causes={causes.data} alerts={alerts.data && open} view={view} />
      <ChartCard view={view} trends={trends} alerts={own} />
      {view.picked !== undefined && <Explain view={view} picked={view.picked} />}
      <div class="columns">
        <Card title="Open alerts" actions={<CopyCurl call={alerts.call} of="alerts" />}>
          <Loaded answer={alerts}>{() => <OpenAlerts alerts={open} />}</Loaded>
        </Card>
        <Ranking view={view} dimension="route" everyMs={every} />
        <Ranking view={view} dimension="service" everyMs={every} />
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
  trends: Answer<Trends>;
  alerts: readonly Alert[];
}

function ChartCard({ view, trends, alerts }: ChartCardProps): JSX.Element {
  const actions = (
    <>
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
      <CopyCurl call={trends.call} of="refusals over time" />
    </>
  );
  return (
    <Card title="Refusals over time" class="chart-card" actions={actions}>
      <Loaded answer={trends} lines={8}>
        {(data) => (data.total === 0 ? <Nothing view={view} /> : <Stacked view={view} trends={data} alerts={alerts} />)}
      </Loaded>
    </Card>
  );
}

function Nothing({ view }: { view: View }): JSX.Element {
  return (
    <Empty title="No refusals in this span">
      <p>{view.filters.length > 0 ? 'Remove a filter, or look further back.' : 'Perhaps further back:'}</p>
      <p class="actions centred">
        {['-24h', '-7d'].map((from) => (
          <button
            type="button"
            key={from}
            onClick={() => {
              show({ ...view, from, to: 'now', picked: undefined });
            }}
          >
            {from === '-24h' ? 'Last 24 hours' : 'Last 7 days'}
          </button>
        ))}
      </p>
    </Empty>
  );
}

function Stacked({ view, trends, alerts }: { view: View; trends: Trends; alerts: readonly Alert[] }): JSX.Element {
  const { series, by } = trends;
  const dimension = by[0] ?? 'cause';
  const palette = paletteOf(dimension);
  const labels = series.map((one) => valueText(dimension, labelOf(one)));
  const colours = series.map((one) => palette.colourOf(labelOf(one)));
  const marks = useMemo(() => alerts.map(({ started_at: at, severity }) => ({ at: Date.parse(at), severity })), [alerts]);
  return (
    <>
      <Chart
        title={`Refusals over time by ${words(dimension)}`}
        {...{ series, labels, colours, marks, picked: view.picked }}
        stepSeconds={trends.step_seconds}
        onPick={(picked) => {
          show({ ...view, picked });
        }}
      />
      <Legend view={view} trends={trends} colours={colours} />
    </>
  );
}

function Legend({ view, trends, colours }: { view: View; trends: Trends; colours: readonly number[] }): JSX.Element {
  const dimension = trends.by[0] ?? 'cause';
  return (
    <ul class="legend" aria-label={`Total by ${words(dimension)}`}>
      {trends.series.map((one, index) => {
        const value = labelOf(one);
        const text = (
          <>
            <span class={`swatch c${String(colours[index] ?? 0)}`} aria-hidden="true" />
            <span>{valueText(dimension, value)}</span> <b>{one.total.toLocaleString('en')}</b>
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
