/**
 * Says when something new was counted: by the service's stream of events, and every half minute beside it, since the stream
 * tells of the last two minutes alone. Where the stream is refused (a service holds only so many), the half minute is all
 * there is. A page that nobody looks at holds no stream.
 */
import { useEffect, useState } from 'preact/hooks';

export interface Live {
  state: 'live' | 'slow' | 'paused';
  /** Goes up whenever what is shown should be asked for again. */
  round: number;
  setPaused: (isPaused: boolean) => void;
}

/** Questions are answered in less; more often than that nobody can read it. */
const LEAST_MS = 2_000;
const SLOW_MS = 30_000;

/** @param question filters and dimensions of the stream; undefined for a span that does not end now */
export function useLive(question: string | undefined): Live {
  const [round, setRound] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    if (question === undefined || isPaused) return undefined;
    const onNews = atMostEvery(LEAST_MS, () => {
      setRound((one) => one + 1);
    });
    return follow(`/v1/stream?${question}`, { onRefused: setRefused, onNews });
  }, [question, isPaused]);
  const hold = (isHeld: boolean): void => {
    setPaused(isHeld);
    // What was missed meanwhile.
    if (!isHeld) setRound((one) => one + 1);
  };
  return { state: isPaused ? 'paused' : isRefused ? 'slow' : 'live', round, setPaused: hold };
}

interface Follower {
  onRefused: (isRefused: boolean) => void;
  onNews: Throttled;
}

/** @returns how to end it */
function follow(url: string, { onRefused, onNews }: Follower): () => void {
  let source: EventSource | undefined;
  let isAgain = false;
  const open = (): void => {
    if (source !== undefined && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(url);
    source.addEventListener('open', () => {
      onRefused(false);
      // What was counted while it was cut off.
      if (isAgain) onNews.call();
      isAgain = true;
    });
    source.addEventListener('counts', onNews.call);
    source.addEventListener('problem', refused);
    // Closed for good: it was refused. Else it was cut off, and the browser opens it again by itself.
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) onRefused(true);
    });
  };
  const refused = (): void => {
    source?.close();
    onRefused(true);
  };
  const look = (): void => {
    if (document.hidden) {
      source?.close();
      return;
    }
    open();
    onNews.call();
  };
  if (!document.hidden) open();
  const slowly = setInterval(look, SLOW_MS);
  document.addEventListener('visibilitychange', look);
  return () => {
    source?.close();
    clearInterval(slowly);
    document.removeEventListener('visibilitychange', look);
    onNews.end();
  };
}

interface Throttled {
  call: () => void;
  end: () => void;
}

/** At once, and then not before the time is up; what comes in between is done then. */
function atMostEvery(ms: number, work: () => void): Throttled {
  let timer: number | undefined;
  let isAwaited = false;
  const call = (): void => {
    if (timer !== undefined) {
      isAwaited = true;
      return;
    }
    work();
    timer = window.setTimeout(() => {
      timer = undefined;
      if (!isAwaited) return;
      isAwaited = false;
      call();
    }, ms);
  };
  return {
    call,
    end: () => {
      clearTimeout(timer);
    },
  };
}
