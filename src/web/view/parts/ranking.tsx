/** The most frequent values of a dimension, with their share and the change against the span before. */
import type { JSX } from 'preact';
import { questionOf, withFilter, type Dimension, type View } from '../../model/place.js';
import { changeText, countText, shareText, valueText, words } from '../../model/text.js';
import { api, type Top } from '../api.js';
import { useAnswer } from '../use-answer.js';
import { show } from '../place.js';
import { ShareBar } from './badges.js';
import { CopyCurl } from './copy.js';
import { Card, Empty, Loaded } from './states.js';

interface RankingProps {
  view: View;
  dimension: Dimension;
  round: number;
}

export function Ranking({ view, dimension, round }: RankingProps): JSX.Element {
  const top = useAnswer(api.top(questionOf(view, { by: dimension, limit: '8' })), 0, { round });
  const title = `Top ${words(dimension)}s`;
  return (
    <Card title={title} actions={<CopyCurl call={top.call} of={title} />}>
      <Loaded answer={top}>
        {(data) => (data.rows.length === 0 ? <Empty title="Nothing to rank" /> : <Rows {...{ view, dimension, title }} top={data} />)}
      </Loaded>
    </Card>
  );
}

function Rows({ view, dimension, title, top }: { view: View; dimension: Dimension; title: string; top: Top }): JSX.Element {
  return (
    <table class="ranking">
      <caption class="hidden">{title}</caption>
      <thead class="hidden">
        <tr>
          <th scope="col">{words(dimension)}</th>
          <th scope="col">Count</th>
          <th scope="col">Share</th>
          <th scope="col">Against the span before</th>
        </tr>
      </thead>
      <tbody>
        {top.rows.map(({ key, count, share, previous_count: before }) => {
          const value = key[dimension] ?? '';
          return (
            <tr key={value}>
              <th scope="row">
                {value === '' ? (
                  <span class="value">{valueText(dimension, value)}</span>
                ) : (
                  <button
                    type="button"
                    class="plain value"
                    title={value}
                    onClick={() => {
                      show(withFilter(view, { dimension, value }));
                    }}
                  >
                    {valueText(dimension, value)}
                  </button>
                )}
                <ShareBar share={share} />
              </th>
              <td class="number">{countText(count)}</td>
              <td class="number quiet-text">{shareText(share)}</td>
              <td class="number quiet-text change">{changeText(count, before)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
