/** Spans in which alerts of some kind are not sent, and a form for another. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { timeText, words } from '../../model/text.js';
import { api, send, type Silences as List } from '../api.js';
import { AlertTabs } from '../parts/alert-tabs.js';
import { CopyCurl } from '../parts/copy.js';
import { ChoiceField, Form, TextField } from '../parts/fields.js';
import { Remove } from '../parts/remove.js';
import { Card, Empty, Loaded, Outcome } from '../parts/states.js';
import { useAnswer, useDeed } from '../use-answer.js';

const LENGTHS = [
  ['1', 'an hour'],
  ['4', '4 hours'],
  ['24', 'a day'],
  ['168', 'a week'],
] as const;
const HOUR_MS = 3_600_000;

export function Silences(): JSX.Element {
  const answer = useAnswer(api.silences());
  return (
    <>
      <AlertTabs title="Silences" current="alerts/silences" />
      <Card title="Current and coming" actions={<CopyCurl call={answer.call} of="silences" />}>
        <Loaded answer={answer}>
          {({ silences }) =>
            silences.length === 0 ? (
              <Empty title="Nothing is silenced">Every alert is sent.</Empty>
            ) : (
              <ul class="rules">
                {silences.map((silence) => (
                  <SilenceLine key={silence.id} silence={silence} onEnded={answer.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <AddSilence onAdded={answer.reload} />
    </>
  );
}

function SilenceLine({ silence, onEnded }: { silence: List['silences'][number]; onEnded: () => void }): JSX.Element {
  const { id, matchers, starts_at: start, ends_at: end, note } = silence;
  const text = Object.entries(matchers)
    .map(([name, value]) => `${words(name)} ${value}`)
    .join(', ');
  return (
    <li>
      <div>
        <b>{text}</b>
        <p class="quiet-text">
          {timeText(start, Date.now())} – {timeText(end, Date.now())}
          {note !== '' && ` · ${note}`}
        </p>
      </div>
      <div class="actions">
        <Remove label={`End it: silence of ${text}`} text="End it" call={api.dropSilence(id)} onRemoved={onEnded} />
      </div>
    </li>
  );
}

function AddSilence({ onAdded }: { onAdded: () => void }): JSX.Element {
  const [fields, setFields] = useState({ matchers: '', hours: '1' as (typeof LENGTHS)[number][0], note: '' });
  const deed = useDeed();
  const add = async (): Promise<void> => {
    const lines = fields.matchers.split('\n').filter((line) => line.trim() !== '');
    const matchers = Object.fromEntries(
      lines.map((line) => [line.split('=', 1)[0]?.trim() ?? '', line.slice(line.indexOf('=') + 1).trim()]),
    );
    const ends = new Date(Date.now() + Number(fields.hours) * HOUR_MS).toISOString();
    if (await deed.run(() => send(api.addSilence({ matchers, ends_at: ends, note: fields.note })))) {
      setFields({ matchers: '', hours: '1', note: '' });
      onAdded();
    }
  };
  return (
    <Card title="Silence something">
      <Form submit="Silence" onSubmit={add} isBusy={deed.isBusy} end={<Outcome problem={deed.problem} done="Done." />}>
        <TextField
          label="Alerts where all of these fit"
          value={fields.matchers}
          rows={3}
          isRequired
          hint="lines such as service=check*, cause=expired_token, severity=warning or rule=…"
          onValue={(matchers) => {
            setFields({ ...fields, matchers });
          }}
        />
        <ChoiceField
          label="For"
          value={fields.hours}
          choices={LENGTHS}
          onValue={(hours) => {
            setFields({ ...fields, hours });
          }}
        />
        <TextField
          label="Note"
          value={fields.note}
          onValue={(note) => {
            setFields({ ...fields, note });
          }}
        />
      </Form>
    </Card>
  );
}
