/**
 * Signing in and out. Where keys are asked and none holds, any answer says so (401), and this page stands in place of all
 * others until one does; the cookie that holds it is none of this page's business.
 */
import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api, send, SIGNED_OUT } from './api.js';
import { Outcome } from './parts/states.js';
import { useAnswer, useDeed } from './use-answer.js';

/**
 * `yes` or `no` in this browser, once there was something to sign in to. Until then pages are shown at once and ask nothing about
 * it; and whoever is signed out is not shown pages whose questions would all be refused. The key itself is in the cookie alone.
 */
const SIGNED_IN = 'why401.signed-in';

function signedInBefore(): string | null {
  try {
    return localStorage.getItem(SIGNED_IN);
  } catch {
    // A browser that keeps nothing keeps no cookie either.
    return null;
  }
}

function note(isSignedIn: boolean): void {
  try {
    localStorage.setItem(SIGNED_IN, isSignedIn ? 'yes' : 'no');
  } catch {
    // Only the button to sign out is missing then.
  }
}

type State = 'in' | 'out' | 'not known';

/** @returns whether somebody has to sign in, and what to call when they have */
export function useSignedIn(): [state: State, onSignedIn: () => void] {
  const [state, setState] = useState<State>(() => (signedInBefore() === 'no' ? 'not known' : 'in'));
  useEffect(() => {
    const onSignedOut = (): void => {
      note(false);
      setState('out');
    };
    window.addEventListener(SIGNED_OUT, onSignedOut);
    if (state === 'not known')
      send(api.session()).then(
        ({ keys_asked: isAsked, project }) => {
          setState(isAsked && project === null ? 'out' : 'in');
        },
        // The pages say what is wrong.
        () => {
          setState('in');
        },
      );
    return () => {
      window.removeEventListener(SIGNED_OUT, onSignedOut);
    };
  }, []);
  return [
    state,
    () => {
      note(true);
      setState('in');
    },
  ];
}

export function SignIn({ onSignedIn }: { onSignedIn: () => void }): JSX.Element {
  const [key, setKey] = useState('');
  const deed = useDeed();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = 'Sign in · why401';
    field.current?.focus();
  }, []);
  const signIn = async (): Promise<void> => {
    if (await deed.run(() => send(api.signIn(key)))) onSignedIn();
    else field.current?.select();
  };
  return (
    <main id="main" class="sign-in">
      <h1>Sign in to why401</h1>
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <label class="field">
          <span class="field-label">Key</span>
          <input
            ref={field}
            type="password"
            autocomplete="current-password"
            required
            value={key}
            onInput={(event) => {
              setKey(event.currentTarget.value);
            }}
          />
          <span class="hint">
            One that may read. <code>npm run key -- create --scope read</code> makes one where the service runs.
          </span>
        </label>
        <div class="form-end">
          <button type="submit" class="primary" disabled={deed.isBusy}>
            Sign in
          </button>
          <Outcome problem={deed.problem} done="" />
        </div>
      </form>
    </main>
  );
}

/** Whose data this is, and the way out; nothing where no key is asked. */
export function SignedIn(): JSX.Element | null {
  const { data } = useAnswer(api.session(), 0, { isHeld: signedInBefore() !== 'yes' });
  const deed = useDeed();
  if (data?.keys_asked !== true || data.project === null) return null;
  const signOut = async (): Promise<void> => {
    if (await deed.run(() => send(api.signOut()))) window.dispatchEvent(new Event(SIGNED_OUT));
  };
  return (
    <button
      type="button"
      title={`Signed in to ${data.project}: ${data.scopes.join(', ')}`}
      disabled={deed.isBusy}
      onClick={() => void signOut()}
    >
      Sign out
    </button>
  );
}
