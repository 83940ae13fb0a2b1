/** A button that removes something for good: it asks first where that cannot be undone, and says beside it what went wrong. */
import type { JSX } from 'preact';
import { send, type Call } from '../api.js';
import { useDeed } from '../use-answer.js';
import { Outcome } from './states.js';

interface RemoveProps {
  /** For screen readers, which do not see what stands beside it. */
  label: string;
  text?: string;
  /** Asked before it is done. */
  question?: string;
  call: Call<undefined>;
  onRemoved: () => void;
}

export function Remove({ label, text = 'Delete', question, call, onRemoved }: RemoveProps): JSX.Element {
  const deed = useDeed();
  const remove = async (): Promise<void> => {
    if (question !== undefined && !confirm(question)) return;
    if (await deed.run(() => send(call))) onRemoved();
  };
  return (
    <>
      <button type="button" class="quiet" aria-label={label} disabled={deed.isBusy} onClick={() => void remove()}>
        {text}
      </button>
      <Outcome problem={deed.problem} />
    </>
  );
}
