/** Whether the page follows what is counted, and the way to hold it still. */
import type { JSX } from 'preact';
import type { Live } from '../use-live.js';

const STATES = { live: 'live', slow: 'every 30 s', cut: 'not reached, trying again', paused: 'paused' } as const;

export function LiveSwitch({ live: { state, setPaused } }: { live: Live }): JSX.Element | null {
  if (state === 'over') return null;
  const isPaused = state === 'paused';
  return (
    <span class="live-switch">
      <span
        class={`note live-${state}`}
        role="status"
        title={state === 'slow' ? 'The service has no room for one more stream of events' : undefined}
      >
        {STATES[state]}
      </span>
      <button
        type="button"
        class="quiet"
        aria-label={isPaused ? 'Resume live update' : 'Pause live update'}
        onClick={() => {
          setPaused(!isPaused);
        }}
      >
        {isPaused ? 'Resume' : 'Pause'}
      </button>
    </span>
  );
}
