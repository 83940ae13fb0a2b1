/** Where alerts are sent, a test for each, and what became of every sending. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { words } from '../../model/text.js';
import { api, send, type Endpoints as List, type NewEndpoint } from '../api.js';
import { AlertTabs } from '../parts/alert-tabs.js';
import { CopyCurl } from '../parts/copy.js';
import { DeliveryLog } from '../parts/delivery-log.js';
import { EndpointForm, Secret } from '../parts/endpoint-form.js';
import { Remove } from '../parts/remove.js';
import { Card, Empty, Loaded, Outcome } from '../parts/states.js';
import { useAnswer, useDeed } from '../use-answer.js';

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
      <Card title="Add an endpoint">
        <EndpointForm onDone={answer.reload} />
      </Card>
    </>
  );
}

function EndpointLine({ endpoint, onChanged }: { endpoint: List['endpoints'][number]; onChanged: () => void }): JSX.Element {
  const { id, name, url, format, disabled_reason: reason } = endpoint;
  const [isLogOpen, setLogOpen] = useState(false);
  const [isEdited, setEdited] = useState(false);
  const [renewed, setRenewed] = useState<NewEndpoint>();
  const deed = useDeed();
  const test = async (): Promise<void> => {
    if (await deed.run(() => send(api.testEndpoint(id)))) setLogOpen(true);
  };
  const rotate = (): void => {
    if (!confirm(`Give "${name}" a new secret? The old one signs beside it for a day.`)) return;
    void deed.run(async () => {
      setRenewed(await send(api.rotateSecret(id)));
    });
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
        <Toggle label={`Deliveries of ${name}`} isOpen={isLogOpen} onOpen={setLogOpen}>
          Deliveries
        </Toggle>
        <Toggle label={`Edit ${name}`} isOpen={isEdited} onOpen={setEdited}>
          Edit
        </Toggle>
        <button type="button" class="quiet" aria-label={`New secret for ${name}`} disabled={deed.isBusy} onClick={rotate}>
          New secret
        </button>
        <Remove label={`Delete ${name}`} question={`Delete the endpoint "${name}"?`} call={api.dropEndpoint(id)} onRemoved={onChanged} />
        <Outcome problem={deed.problem} done="Done." />
      </div>
      {renewed !== undefined && <Secret of={renewed} />}
      {isEdited && (
        <section class="deliveries" aria-label={`Edit ${name}`}>
          <EndpointForm
            endpoint={endpoint}
            onDone={() => {
              setEdited(false);
              onChanged();
            }}
          />
        </section>
      )}
      {isLogOpen && <DeliveryLog id={id} name={name} />}
    </li>
  );
}

interface ToggleProps {
  label: string;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  children: string;
}

function Toggle({ label, isOpen, onOpen, children }: ToggleProps): JSX.Element {
  return (
    <button
      type="button"
      class="quiet"
      aria-expanded={isOpen}
      aria-label={label}
      onClick={() => {
        onOpen(!isOpen);
      }}
    >
      {children}
    </button>
  );
}
