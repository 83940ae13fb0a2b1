/** The figures at the top: how many, more or fewer than before, mostly why, and what fires. */
import type { ComponentChildren, JSX } from 'preact';
import { withFilter, type View } from '../../model/place.js';
import { changeText, countText, shareText, words } from '../../model/text.js';
import type { Alert, Top } from '../api.js';
import { hrefOf, Link, show } from '../place.js';

interface TilesProps {
  total: number | undefined;
  before: number | undefined;
  causes: Top | undefined;
  alerts: readonly Alert[] | undefined;
  view: View;
}

export function Tiles({ total, before, causes, alerts, view }: TilesProps): JSX.Element {
  const [leading] = causes?.rows ?? [];
  const cause = leading?.key['cause'] ?? '';
  const firing = alerts?.filter(({ status }) => status === 'firing').length ?? 0;
  const isRising = total !== undefined && before !== undefined && before > 0 && total / before > 1.1;
  return (
    <dl class="tiles">
      <Tile name="Refusals" note="in this span">
        {total === undefined ? '–' : countText(total)}
      </Tile>
      <Tile name="Against the span before" note={before === undefined ? '' : `${countText(before)} then`} kind={isRising ? 'rising' : ''}>
        {total === undefined ? '–' : changeText(total, before)}
      </Tile>
      <Tile name="Leading cause" note={leading === undefined ? '' : `${shareText(leading.share)} of all`}>
        {leading === undefined ? (
          '–'
        ) : (
          <button
            type="button"
            class="plain"
            onClick={() => {
              show(withFilter(view, { dimension: 'cause', value: cause }));
            }}
          >
            {words(cause)}
          </button>
        )}
      </Tile>
      <Tile name="Open alerts" note={firing === 0 ? 'none fires' : `${String(firing)} firing`} kind={firing > 0 ? 'firing' : ''}>
        <Link href={hrefOf('alerts', view)}>{alerts === undefined ? '–' : countText(alerts.length)}</Link>
      </Tile>
    </dl>
  );
}

function Tile({
  name,
  note,
  kind = '',
  children,
}: {
  name: string;
  note: string;
  kind?: string;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={`tile ${kind}`}>
      <dt>{name}</dt>
      <dd class="tile-value">{children}</dd>
      <dd class="tile-note">{note}</dd>
    </div>
  );
}
