/** The form of an endpoint: a new one, whose secret is shown this once, or one that is there. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api, send, type EndpointInput, type Endpoints, type NewEndpoint } from '../api.js';
import { useDeed } from '../use-answer.js';
import { CopyButton } from './copy.js';
import { CheckField, ChoiceField, Form, TextField } from './fields.js';
import { Outcome } from './states.js';

const FORMATS = [
  ['standard', 'Standard Webhooks'],
  ['slack', 'Slack'],
  ['pagerduty', 'PagerDuty'],
  ['alertmanager', 'As Alertmanager sends'],
  ['alertmanager_api', "Alertmanager's own API"],
] as const;

type Endpoint = Endpoints['endpoints'][number];

interface Fields {
  name: string;
  url: string;
  format: (typeof FORMATS)[number][0];
  key: string;
  sendsResolved: boolean;
}

const NO_FIELDS: Fields = { name: '', url: '', format: 'standard', key: '', sendsResolved: true };

export function EndpointForm({ endpoint, onDone }: { endpoint?: Endpoint; onDone: () => void }): JSX.Element {
  const [fields, setFields] = useState(() => (endpoint === undefined ? NO_FIELDS : fieldsOf(endpoint)));
  const [added, setAdded] = useState<NewEndpoint>();
  const deed = useDeed();
  const save = async (): Promise<void> => {
    const input = inputOf(fields);
    const isDone = await deed.run(async () => {
      if (endpoint === undefined) setAdded(await send(api.addEndpoint(input)));
      else await send(api.changeEndpoint(endpoint.id, input));
    });
    if (!isDone) return;
    setFields(NO_FIELDS);
    onDone();
  };
  return (
    <>
      {added !== undefined && <Secret of={added} />}
      <Form
        submit={endpoint === undefined ? 'Add' : 'Save'}
        onSubmit={save}
        isBusy={deed.isBusy}
        end={<Outcome problem={deed.problem} done="Done." />}
      >
        <Inputs fields={fields} onFields={setFields} />
      </Form>
    </>
  );
}

export function Secret({ of: { name, secret } }: { of: NewEndpoint }): JSX.Element {
  return (
    <p class="secret" role="status">
      The secret of {name}, shown this once: <code>{secret}</code> <CopyButton text={() => secret}>Copy</CopyButton>
    </p>
  );
}

/** What is secret is not told again, and must be given again: the integration key, and the path of a Slack address. */
function fieldsOf({ name, url, format, sends_resolved: sendsResolved }: Endpoint): Fields {
  return { name, url: format === 'slack' ? '' : url, format, key: '', sendsResolved };
}

function inputOf({ name, url, format, key, sendsResolved }: Fields): EndpointInput {
  return { name, url, format, routing_key: key === '' ? null : key, sends_resolved: sendsResolved };
}

function Inputs({ fields, onFields }: { fields: Fields; onFields: (fields: Fields) => void }): JSX.Element {
  const set =
    <Name extends keyof Fields>(name: Name) =>
    (value: Fields[Name]): void => {
      onFields({ ...fields, [name]: value });
    };
  return (
    <>
      <TextField label="Name" value={fields.name} isRequired onValue={set('name')} />
      <TextField label="URL" type="url" value={fields.url} isRequired onValue={set('url')} />
      <ChoiceField label="Format" value={fields.format} choices={FORMATS} onValue={set('format')} />
      {fields.format === 'pagerduty' && <TextField label="Integration key" value={fields.key} isRequired onValue={set('key')} />}
      <CheckField label="Tell when it is over, too" isOn={fields.sendsResolved} onValue={set('sendsResolved')} />
    </>
  );
}
