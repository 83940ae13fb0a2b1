/** What stands where nothing was refused under the filters of a span: the ways to look elsewhere. */
import type { JSX } from 'preact';
import type { View } from '../../model/place.js';
import { show } from '../place.js';
import { Empty } from './states.js';

const FURTHER = [
  ['-24h', 'Last 24 hours'],
  ['-7d', 'Last 7 days'],
] as const;

export function Nothing({ view, title = 'No refusals in this span' }: { view: View; title?: string }): JSX.Element {
  const isFiltered = view.filters.length > 0;
  return (
    <Empty title={title}>
      <p>{isFiltered ? 'No record fits all filters. Remove them, or look further back:' : 'Perhaps further back:'}</p>
      <p class="actions centred">
        {isFiltered && (
          <button
            type="button"
            onClick={() => {
              show({ ...view, filters: [], picked: undefined });
            }}
          >
            Remove all filters
          </button>
        )}
        {FURTHER.filter(([from]) => from !== view.from).map(([from, text]) => (
          <button
            type="button"
            key={from}
            onClick={() => {
              show({ ...view, from, to: 'now', picked: undefined });
            }}
          >
            {text}
          </button>
        ))}
      </p>
    </Empty>
  );
}
