/** Where alerts are sent, a test for each, and what became of every sending. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { timeText, words } from '../../model/text.js';
import { api, send, type Deliveries, type EndpointInput, type Endpoints as List, type NewEndpoint } from '../api.js';
import { AlertTabs } from '../parts/alert-tabs.js';
import { Status } from '../parts/badges.js';
import { CopyButton, CopyCurl } from '../parts/copy.js';
import { ChoiceField, TextField } from '../parts/fields.js';
import { Card, Empty, Loaded, Outcome } from '../parts/states.js';
import { useAnswer, useDeed } from '../use-answer.js';

const EVERY_MS = 5_000;
const FORMATS = [
  ['standard', 'Standard Webhooks'],
  ['slack', 'Slack'],
  ['pagerduty', 'PagerDuty'],
  ['alertmanager', 'As Alertmanager sends'],
  ['alertmanager_api', "Alertmanager's own API"],
] as const;

export function Endpoints(): JSX.Element {
  const answer = useAnswer(api.endpoints());
  return (
    <>
      <AlertTabs title="Endpoints" current="alerts/endpoints" />
      <Card title="Where alerts are sent" actions={<CopyCurl call={answer.call} of="endpoints" />}>
        <Loaded answer={answer}>
          {({ endpoints }) =>
            endpoints.length === 0 ? (
              <Empty title="Nobody is told">Add an endpoint, or run npm run alert:listen to see alerts in a terminal.</Empty>
            ) : (
              <ul class="rules">
                {endpoints.map((endpoint) => (
                  <EndpointLine key={endpoint.id} endpoint={endpoint} onChanged={answer.reload} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Card>
      <AddEndpoint onAdded={answer.reload} />
    </>
  );
}

function EndpointLine({ endpoint, onChanged }: { endpoint: List['endpoints'][number]; onChanged: () => void }): JSX.Element {
  const { id, name, url, format, disabled_reason: reason } = endpoint;
  const [isLogOpen, setLogOpen] = useState(false);
  const deed = useDeed();
  const test = async (): Promise<void> => {
    if (await deed.run(() => send(api.testEndpoint(id)))) setLogOpen(true);
  };
  const drop = async (): Promise<void> => {
    if (confirm(`Delete the endpoint "${name}"?`) && (await deed.run(() => send(api.dropEndpoint(id))))) onChanged();
  };
  return (
    <li class="endpoint">
      <div>
        <b>{name}</b> <span class="badge">{words(format)}</span>
        {reason !== null && <span class="badge severity-error">off: {reason}</span>}
        <p class="quiet-text breaks">{url}</p>
      </div>
      <div class="actions">
        <button type="button" aria-label={`Test ${name}`} disabled={deed.isBusy} onClick={() => void test()}>
          Test
        </button>
        <button
          type="button"
          class="quiet"
          aria-expanded={isLogOpen}
          aria-label={`Deliveries of ${name}`}
          onClick={() => {
            setLogOpen(!isLogOpen);
          }}
        >
          Deliveries
        </button>
        <button type="button" class="quiet" aria-label={`Delete ${name}`} onClick={() => void drop()}>
          Delete
        </button>
        <Outcome problem={deed.problem} done="On its way." />
      </div>
      {isLogOpen && <DeliveryLog id={id} name={name} />}
    </li>
  );
}

function DeliveryLog({ id, name }: { id: string; name: string }): JSX.Element {
  const answer = useAnswer(api.deliveries(id), EVERY_MS);
  return (
    <div class="deliveries">
      <Loaded answer={answer}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <Empty title="Nothing was sent yet" />
          ) : (
            <div class="scroll" tabIndex={0} role="region" aria-label={`Deliveries of ${name}, table`}>
              <table class="wide">
                <caption class="hidden">Deliveries of {name}, newest first</caption>
                <thead>
                  <tr>
                    <th scope="col">Made</th>
                    <th scope="col">What</th>
                    <th scope="col">State</th>
                    <th scope="col">Last attempt</th>
                    <th scope="col">Again</th>
                  </tr>
                </thead>
                <tbody>
                  {deliveries.map((delivery) => (
                    <DeliveryLine key={delivery.id} delivery={delivery} onSent={answer.reload} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </div>
  );
}

function DeliveryLine({ delivery, onSent }: { delivery: Deliveries['deliveries'][number]; onSent: () => void }): JSX.Element {
  const { id, created_at: made, transition, status, attempts } = delivery;
  const deed = useDeed();
  const last = attempts.at(-1);
  const sendAgain = async (): Promise<void> => {
    if (await deed.run(() => send(api.redeliver(id)))) onSent();
  };
  return (
    <tr>
      <td class="nowrap">{timeText(made, Date.now())}</td>
      <td>{transition}</td>
      <td>
        <Status status={status} />
      </td>
      <td>
        {last === undefined
          ? 'none yet'
          : `${String(attempts.length)}. ${words(last.outcome)}${last.status === null ? '' : `, ${String(last.status)}`} in ${String(last.latency_ms)} ms${last.reason === '' ? '' : `: ${last.reason}`}`}
      </td>
      <td>
        <button
          type="button"
          class="quiet"
          aria-label={`Send again: ${transition} of ${made}`}
          disabled={deed.isBusy}
          onClick={() => void sendAgain()}
        >
          Send again
        </button>
      </td>
    </tr>
  );
}

const NO_FIELDS = { name: '', url: '', format: 'standard' as (typeof FORMATS)[number][0], key: '' };
type Fields = typeof NO_FIELDS;

function AddEndpoint({ onAdded }: { onAdded: () => void }): JSX.Element {
  const [fields, setFields] = useState(NO_FIELDS);
  const [added, setAdded] = useState<NewEndpoint>();
  const deed = useDeed();
  const add = async (): Promise<void> => {
    const { name, url, format, key } = fields;
    const input: EndpointInput = { name, url, format, routing_key: key === '' ? null : key };
    const isDone = await deed.run(async () => {
      setAdded(await send(api.addEndpoint(input)));
    });
    if (!isDone) return;
    setFields(NO_FIELDS);
    onAdded();
  };
  return (
    <Card title="Add an endpoint">
      {added !== undefined && (
        <p class="secret" role="status">
          The secret of {added.name}, shown this once: <code>{added.secret}</code> <CopyButton text={() => added.secret}>Copy</CopyButton>
        </p>
      )}
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <Inputs fields={fields} onFields={setFields} />
        <div class="form-end">
          <button type="submit" class="primary" disabled={deed.isBusy}>
            Add
          </button>
          <Outcome problem={deed.problem} done="Added." />
        </div>
      </form>
    </Card>
  );
}

function Inputs({ fields, onFields }: { fields: Fields; onFields: (fields: Fields) => void }): JSX.Element {
  const set =
    <Name extends keyof Fields>(name: Name) =>
    (value: Fields[Name]): void => {
      onFields({ ...fields, [name]: value });
    };
  return (
    <div class="fields">
      <TextField label="Name" value={fields.name} isRequired onValue={set('name')} />
      <TextField label="URL" type="url" value={fields.url} isRequired onValue={set('url')} />
      <ChoiceField label="Format" value={fields.format} choices={FORMATS} onValue={set('format')} />
      {fields.format === 'pagerduty' && <TextField label="Integration key" value={fields.key} isRequired onValue={set('key')} />}
    </div>
  );
}
