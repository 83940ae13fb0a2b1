/** What a rule would have told of: its alerts as marks over the counts that it looks at, and one by one. */
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { questionOf } from '../../model/place.js';
import type { Settings } from '../../model/rule-form.js';
import { labelOf, Palette } from '../../model/stack.js';
import { countText, secondsText, timeText, words } from '../../model/text.js';
import { api, type Preview } from '../api.js';
import { useAnswer } from '../use-answer.js';
import { titleOf } from './alert-lines.js';
import { Chart } from './chart.js';
import { CopyCurl } from './copy.js';
import { Empty, Loaded } from './states.js';

interface PreviewProps {
  preview: Preview;
  settings: Settings;
}

const MOST_LISTED = 20;
const MAX_SERIES = '9';

export function RulePreview({ preview, settings }: PreviewProps): JSX.Element {
  const { alerts, groups, is_cut: isCut, to } = preview;
  return (
    <section class="preview" aria-label="Preview" aria-live="polite">
      <h3>
        In the last 7 days: {alerts.length} {alerts.length === 1 ? 'alert' : 'alerts'} in {countText(groups)}{' '}
        {groups === 1 ? 'group' : 'groups'}
      </h3>
      {isCut && <p class="quiet-text">The time for a preview was up; it looked no further than {timeText(to, Date.now())}.</p>}
      <Course preview={preview} settings={settings} />
      {alerts.length === 0 ? (
        <Empty title="It would have told of nothing" />
      ) : (
        <ul class="plain-list">
          {alerts.slice(0, MOST_LISTED).map(({ group, started_at: start, resolved_at: end, observed, expected }) => (
            <li key={start + JSON.stringify(group)}>
              <b>{titleOf({ group, rule: { id: '', name: 'all', type: 'spike' } })}</b>{' '}
              <span class="quiet-text">
                {timeText(start, Date.now())}, {end === null ? 'still open' : secondsText((Date.parse(end) - Date.parse(start)) / 1_000)}:{' '}
                {countText(observed)}
                {expected === null ? '' : ` where ${countText(expected)} were expected`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/** The same refusals by the same groups, and where it would have fired. */
function Course({ preview: { from, to, alerts }, settings }: PreviewProps): JSX.Element {
  const unit = settings['type'] === 'ratio' ? 'rate' : 'count';
  const filter = Object.entries((settings['filter'] ?? {}) as Record<string, string[]>);
  const filters = filter.flatMap(([dimension, values]) => values.map((value) => ({ dimension, value })));
  const by = ((settings['group_by'] ?? []) as string[]).join(',');
  const trends = useAnswer(api.rates(questionOf({ from, to, filters }, { by, unit, limit: MAX_SERIES })));
  const palette = useMemo(() => new Palette(), []);
  const severity = typeof settings['severity'] === 'string' ? settings['severity'] : 'error';
  const marks = useMemo(() => alerts.map(({ started_at: at }) => ({ at: Date.parse(at), severity })), [alerts, severity]);
  return (
    <Loaded answer={trends}>
      {({ series, step_seconds: stepSeconds, total }) => {
        if (total === 0) return null;
        const labels = series.map((one) => words(labelOf(one)) || 'all');
        const colours = labels.map((label) => palette.colourOf(label));
        return (
          <>
            <Chart title="What the rule looks at" {...{ series, labels, colours, unit, marks, stepSeconds }}>
              <ul class="legend" aria-label="What the rule looks at">
                {labels.map((label, index) => (
                  <li key={label} class="legend-entry">
                    <span class={`swatch c${String(colours[index] ?? 0)}`} aria-hidden="true" />
                    {label}
                  </li>
                ))}
              </ul>
            </Chart>
            <div class="actions page-actions">
              <span class="quiet-text">
                {alerts.length === 0 ? 'No mark: it would not have fired.' : '▼ marks where it would have fired.'}
              </span>
              <CopyCurl call={trends.call} of="what the rule looks at" />
            </div>
          </>
        );
      }}
    </Loaded>
  );
}
