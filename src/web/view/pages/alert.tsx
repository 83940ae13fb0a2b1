/** One alert: what rises, who is hit, what changed, what to do; and what somebody says about it. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { DIMENSIONS, searchOf } from '../../model/place.js';
import { agoText, countText, partText, shareText, timeText, valueText, words } from '../../model/text.js';
import { api, send, type Alert, type AlertDetails } from '../api.js';
import { titleOf } from '../parts/alert-lines.js';
import { Severity, ShareBar, Status } from '../parts/badges.js';
import { CopyCurl } from '../parts/copy.js';
import { AdviceLists, FindingLines } from '../parts/judgement.js';
import { Card, Empty, Loaded, Outcome } from '../parts/states.js';
import { Trace } from '../parts/trace.js';
import { Link } from '../place.js';
import { useAnswer, useDeed } from '../use-answer.js';

const EVERY_MS = 5_000;
const AROUND_MS = 3_600_000;

export function AlertPage({ id }: { id: string }): JSX.Element {
  const answer = useAnswer(api.alert(id), EVERY_MS);
  return (
    <>
      <p class="crumbs">
        <Link href="/alerts">← All alerts</Link>
      </p>
      <Loaded answer={answer} lines={12}>
        {(alert) => (
          <>
            <Head alert={alert} />
            <Deeds alert={alert} onDone={answer.reload} />
            <div class="columns two">
              <Card title="What changed" actions={<CopyCurl call={answer.call} of="this alert" />}>
                <Changes changes={alert.details.what_changed ?? []} />
              </Card>
              <Card title="What to do">
                <AdviceLists advice={alert.details.advice ?? {}} />
              </Card>
              <Card title="Seen in it">
                <Samples samples={alert.details.samples ?? []} />
              </Card>
              <Card title="What is wrong with the answers themselves">
                <FindingLines findings={alert.details.findings ?? []} />
              </Card>
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Head({ alert }: { alert: Alert }): JSX.Element {
  const { severity, status, details, reason, started_at: start, resolved_at: end, observed, expected, peak, total, rule } = alert;
  const now = Date.now();
  const clients = details.distinct_clients ?? 0;
  const facts: [string, string][] = [
    ['Began', `${timeText(start, now)}, ${agoText(start, now)}`],
    ...(end === null ? [] : [['Over', timeText(end, now)] as [string, string]]),
    ['Observed', countText(observed)],
    ...(expected === null ? [] : [['Expected', countText(expected)] as [string, string]]),
    ['Most in a minute', countText(peak)],
    ['Refusals in all', countText(total)],
    // Nothing is known of clients where no record named one.
    ...(clients > 0 ? [['Clients affected', countText(clients)] as [string, string]] : []),
    ['Rule', rule.name],
  ];
  return (
    <section class="card signature-head" aria-label="In short">
      <h1>{titleOf(alert)}</h1>
      <p>
        <Severity severity={severity} /> <Status status={status} /> {details.summary ?? reason}
      </p>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p>
        <Link href={`/${searchAround(alert)}`}>Show it in the overview</Link>
      </p>
    </section>
  );
}

/** An hour before and after, with the group as filters. */
function searchAround({ group, started_at: start, resolved_at: end }: Alert): string {
  const names: readonly string[] = DIMENSIONS;
  const filters = Object.entries(group)
    .filter(([dimension]) => names.includes(dimension))
    .map(([dimension, value]) => ({ dimension, value }));
  const from = new Date(Date.parse(start) - AROUND_MS).toISOString();
  const to = end === null ? 'now' : new Date(Date.parse(end) + AROUND_MS).toISOString();
  return searchOf({ from, to, by: 'cause', unit: 'count', filters });
}

function Deeds({ alert, onDone }: { alert: Alert; onDone: () => void }): JSX.Element | null {
  const [note, setNote] = useState('');
  const deed = useDeed();
  if (alert.status === 'resolved') return null;
  const run = async (work: () => Promise<unknown>): Promise<void> => {
    if (await deed.run(work)) onDone();
  };
  return (
    <section class="card deeds" aria-label="Say something about it">
      {alert.acknowledged_at === null ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void run(() => send(api.acknowledge(alert.id, note)));
          }}
        >
          <input
            aria-label="Note"
            placeholder="Note, such as who is at it"
            value={note}
            maxLength={500}
            onInput={(event) => {
              setNote(event.currentTarget.value);
            }}
          />
          <button type="submit" class="primary" disabled={deed.isBusy}>
            Acknowledge
          </button>
        </form>
      ) : (
        <p>
          Acknowledged {timeText(alert.acknowledged_at, Date.now())}
          {alert.acknowledged_note !== null && alert.acknowledged_note !== '' && `: ${alert.acknowledged_note}`}
        </p>
      )}
      {/* Other rules expect nothing that could be normal. */}
      {alert.rule.type === 'spike' && (
        <p>
          <button type="button" disabled={deed.isBusy} onClick={() => void run(() => send(api.acceptAsNormal(alert.id)))}>
            This is normal
          </button>{' '}
          <span class="quiet-text">ends it; as many are expected from now on</span>
        </p>
      )}
      <Outcome problem={deed.problem} done="Done." />
    </section>
  );
}

function Changes({ changes }: { changes: NonNullable<AlertDetails['what_changed']> }): JSX.Element {
  if (changes.length === 0) return <Empty title="Nothing stands out">Everything grew alike.</Empty>;
  return (
    <ol class="changes">
      {changes.map(({ dimension, value, share_before: before, share_now: now, explains }) => (
        <li key={dimension + value}>
          <div class="change-head">
            <span>
              <span class="quiet-text">{words(dimension)}</span> <b>{valueText(dimension, value)}</b>
            </span>
          </div>
          <ShareBar share={Math.min(explains, 1)} />
          <span class="quiet-text">
            explains {partText(explains)} of the difference: from {shareText(before)} to {shareText(now)} of all
          </span>
        </li>
      ))}
    </ol>
  );
}

function Samples({ samples }: { samples: NonNullable<AlertDetails['samples']> }): JSX.Element {
  if (samples.length === 0) return <Empty title="No sample" />;
  return (
    <ul class="plain-list">
      {samples.map(({ service, method, route, status, template, trace_id: trace }) => (
        <li key={service + method + route + template}>
          <p class="template small">{template === '' ? 'no reason was given' : template}</p>
          <p class="quiet-text">
            {service} · {method} {route} · {status}
            {trace !== undefined && (
              <>
                {' '}
                · trace <Trace id={trace} />
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  );
}
