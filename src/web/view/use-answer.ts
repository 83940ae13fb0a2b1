/**
 * Asks the API and keeps the answer: again when the question changes, and every few seconds or at every new round where
 * that is wanted. While a new answer is awaited the old one stays on the screen; a failure is shown beside it.
 */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { RequestError, send, type Call } from './api.js';

export interface Answer<Data> {
  data: Data | undefined;
  problem: string | undefined;
  /** No answer yet, to this question or any before. */
  isLoading: boolean;
  call: Call<Data>;
  reload: () => void;
}

interface State<Data> {
  data?: Data;
  /** The question that the data answers. */
  path?: string;
  problem?: string;
}

export interface Again {
  /** Another one asks again, once the answer to the one before is there. */
  round?: number;
  /** Not before others have been answered. */
  isHeld?: boolean;
}

/** @param everyMs 0 for once */
export function useAnswer<Data>(call: Call<Data>, everyMs = 0, { round = 0, isHeld = false }: Again = {}): Answer<Data> {
  const [state, setState] = useState<State<Data>>({});
  const [attempt, setAttempt] = useState(0);
  const latest = useRef({ call, round });
  latest.current = { call, round };
  const asking = useRef<{ again: () => void } | undefined>(undefined);
  useEffect(() => {
    if (isHeld) return undefined;
    const gone = new AbortController();
    let timer = 0;
    let isBusy = false;
    const ask = async (): Promise<void> => {
      const asked = latest.current.round;
      isBusy = true;
      clearTimeout(timer);
      // Nobody looks: a page in the background asks nothing, and asks at once when it is looked at again.
      if (document.hidden && everyMs > 0) await untilShown(gone.signal);
      try {
        const data = await send(latest.current.call, gone.signal);
        if (!gone.signal.aborted) setState({ data, path: call.path });
      } catch (error) {
        // The answer to another question must not stand below the failure of this one.
        const problem = problemOf(error);
        if (!gone.signal.aborted) setState((before) => (before.path === call.path ? { ...before, problem } : { problem }));
      }
      isBusy = false;
      if (gone.signal.aborted) return;
      if (latest.current.round !== asked) void ask();
      else if (everyMs > 0) timer = window.setTimeout(() => void ask(), everyMs);
    };
    void ask();
    asking.current = {
      again: () => {
        if (!isBusy) void ask();
      },
    };
    return () => {
      asking.current = undefined;
      gone.abort();
      clearTimeout(timer);
    };
  }, [call.path, everyMs, attempt, isHeld]);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) asking.current?.again();
    isFirst.current = false;
  }, [round]);
  const reload = useCallback(() => {
    setAttempt((one) => one + 1);
  }, []);
  const { data, problem } = state;
  return { data, problem, isLoading: data === undefined && problem === undefined, call, reload };
}

function problemOf(error: unknown): string {
  return error instanceof RequestError ? error.message : `Something went wrong: ${String(error)}`;
}

async function untilShown(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) {
    await new Promise<void>((resolve) => {
      document.addEventListener(
        'visibilitychange',
        () => {
          resolve();
        },
        { once: true, signal },
      );
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    });
  }
}

export interface Deed {
  /** Undefined while nothing was tried; '' when it went well. */
  problem: string | undefined;
  isBusy: boolean;
  /** @returns whether it went well */
  run: (work: () => Promise<unknown>) => Promise<boolean>;
}

/** For buttons: something is done once, and what went wrong is told beside it. */
export function useDeed(): Deed {
  const [state, setState] = useState<{ problem: string | undefined; isBusy: boolean }>({ problem: undefined, isBusy: false });
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setState({ problem: undefined, isBusy: true });
    try {
      await work();
      setState({ problem: '', isBusy: false });
      return true;
    } catch (error) {
      setState({ problem: problemOf(error), isBusy: false });
      return false;
    }
  };
  return { ...state, run };
}
