/** What was sent to an endpoint, with what became of it, and a way to send it again. */
import type { JSX } from 'preact';
import { timeText } from '../../model/text.js';
import { api, send, type Deliveries } from '../api.js';
import { useAnswer, useDeed } from '../use-answer.js';
import { Status } from './badges.js';
import { Empty, Loaded } from './states.js';

const EVERY_MS = 5_000;

export function DeliveryLog({ id, name }: { id: string; name: string }): JSX.Element {
  const answer = useAnswer(api.deliveries(id), EVERY_MS);
  return (
    <div class="deliveries">
      <Loaded answer={answer}>
        {({ deliveries }) =>
          deliveries.length === 0 ? (
            <Empty title="Nothing was sent yet" />
          ) : (
            <div class="scroll" tabIndex={0} role="region" aria-label={`Deliveries of ${name}, table`}>
              <table class="wide stacks">
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

type Delivery = Deliveries['deliveries'][number];

function DeliveryLine({ delivery, onSent }: { delivery: Delivery; onSent: () => void }): JSX.Element {
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
      <td class="full">{last === undefined ? 'none yet' : attemptText(last, attempts.length, status === 'waiting')}</td>
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

function attemptText({ reason, status, latency_ms: took }: Delivery['attempts'][number], attempts: number, isWaiting: boolean): string {
  const answer = reason === '' ? `answered ${String(status)}` : reason;
  return `attempt ${String(attempts)}: ${answer}, ${String(took)} ms${isWaiting ? '; it will be tried again' : ''}`;
}
