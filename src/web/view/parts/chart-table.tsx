/** A chart's figures as a table, closed until somebody wants it; only then it is made. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { figureText } from '../../model/text.js';
import type { ChartProps } from './chart.js';

/** The newest; a table of thousands of rows helps nobody. */
const MAX_ROWS = 200;

type TableProps = Pick<ChartProps, 'title' | 'series' | 'labels' | 'unit'>;

export function ChartTable({ title, series, labels, unit = 'count' }: TableProps): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      class="chart-table"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>Figures as a table</summary>
      {isOpen && <Figures {...{ title, series, labels, unit }} />}
    </details>
  );
}

function Figures({ title, series, labels, unit }: Required<TableProps>): JSX.Element {
  const times = (series[0]?.points ?? []).map(([at]) => at);
  const rows = times
    .map((at, index) => ({ at, counts: series.map(({ points }) => points[index]?.[1] ?? (unit === 'rate' ? null : 0)) }))
    .filter(({ counts }) => counts.some((count) => count !== null && count > 0))
    .reverse();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`${title}, table`}>
      <table>
        <caption>
          {title}. Newest first, points without a refusal are left out
          {rows.length > MAX_ROWS ? `; the newest ${String(MAX_ROWS)} of ${String(rows.length)}` : ''}.
        </caption>
        <thead>
          <tr>
            <th scope="col">Time (UTC)</th>
            {labels.map((label) => (
              <th scope="col" class="number" key={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MAX_ROWS).map(({ at, counts }) => (
            <tr key={at}>
              <th scope="row">{new Date(at).toISOString().slice(0, 19).replace('T', ' ')}</th>
              {counts.map((count, index) => (
                <td class="number" key={labels[index]}>
                  {figureText(count, unit)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
