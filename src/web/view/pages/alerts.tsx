/** What fires, and what fired. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { countText, secondsText, timeText } from '../../model/text.js';
import { api, send, type Alert } from '../api.js';
import { AlertLines, titleOf } from '../parts/alert-lines.js';
import { AlertTabs } from '../parts/alert-tabs.js';
import { Severity } from '../parts/badges.js';
import { CopyCurl } from '../parts/copy.js';
import { Card, Empty, Loaded, More } from '../parts/states.js';
import { Link } from '../place.js';
import { useAnswer, useDeed } from '../use-answer.js';

const EVERY_MS = 5_000;
const LIMIT = 50;

export function Alerts(): JSX.Element {
  const open = useAnswer(api.alerts('status=open&limit=100'), EVERY_MS);
  const past = useAnswer(api.alerts(`status=resolved&limit=${String(LIMIT)}`), EVERY_MS * 3);
  return (
    <>
      <AlertTabs title="Alerts" current="alerts" />
      <Card title="Open" actions={<CopyCurl call={open.call} of="open alerts" />}>
        <Loaded answer={open}>{({ alerts }) => <AlertLines alerts={alerts} empty="Nothing fires." />}</Loaded>
      </Card>
      <Card title="Past" actions={<CopyCurl call={past.call} of="past alerts" />}>
        <Loaded answer={past}>
          {({ alerts, next_cursor: cursor }) =>
            alerts.length === 0 ? <Empty title="Nothing has fired yet" /> : <Past alerts={alerts} cursor={cursor} />
          }
        </Loaded>
      </Card>
    </>
  );
}

function Past({ alerts, cursor: first }: { alerts: readonly Alert[]; cursor: string | null }): JSX.Element {
  const [more, setMore] = useState<{ alerts: Alert[]; cursor: string | null }>();
  const deed = useDeed();
  const cursor = more === undefined ? first : more.cursor;
  const load = (): void => {
    void deed.run(async () => {
      const page = await send(api.alerts(`status=resolved&limit=${String(LIMIT)}&cursor=${encodeURIComponent(cursor ?? '')}`));
      setMore({ alerts: [...(more?.alerts ?? []), ...page.alerts], cursor: page.next_cursor });
    });
  };
  return (
    <>
      <div class="scroll" tabIndex={0} role="region" aria-label="Past alerts, table">
        <table class="wide stacks">
          <caption class="hidden">Past alerts, newest first</caption>
          <thead>
            <tr>
              <th scope="col">Severity</th>
              <th scope="col">What</th>
              <th scope="col">Began</th>
              <th scope="col">Lasted</th>
              <th scope="col" class="number">
                Refusals
              </th>
            </tr>
          </thead>
          <tbody>
            {[...alerts, ...(more?.alerts ?? [])].map((alert) => (
              <PastLine key={alert.id} alert={alert} />
            ))}
          </tbody>
        </table>
      </div>
      {cursor !== null && <More deed={deed} onMore={load} />}
    </>
  );
}

function PastLine({ alert }: { alert: Alert }): JSX.Element {
  const { severity, id, rule, started_at: start, resolved_at: end, total } = alert;
  return (
    <tr>
      <td>
        <Severity severity={severity} />
      </td>
      <td class="full">
        <Link href={`/alerts/${id}`}>{titleOf(alert)}</Link>
        <br />
        <span class="quiet-text">{rule.name}</span>
      </td>
      <td class="nowrap" title={start} data-label="Began">
        {timeText(start, Date.now())}
      </td>
      <td class="nowrap" data-label="Lasted">
        {end === null ? '–' : secondsText((Date.parse(end) - Date.parse(start)) / 1_000)}
      </td>
      <td class="number" data-label="Refusals">
        {countText(total)}
      </td>
    </tr>
  );
}
