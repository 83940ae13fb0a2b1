/**
 * Says when something new was counted: by the service's stream of events, and every half minute beside it, since the stream
 * tells of the last two minutes alone. Where the stream is refused (a service holds only so many), the half minute is all
 * there is. A page that nobody looks at holds no stream. Every page that shows counts of a span follows by this.
 */
import { useEffect, useState } from 'preact/hooks';
import { streamQuestionOf, type View } from '../model/place.js';
import { isLive } from '../model/span.js';

export interface Live {
  /**
   * Slow: without a stream. Cut: the service is not reached, and the browser tries again. Over: the span does not end now, and
   * nothing is followed.
   */
  state: Connection | 'paused' | 'over';
  /** Goes up whenever what is shown should be asked for again. */
  round: number;
  setPaused: (isPaused: boolean) => void;
}

type Connection = 'live' | 'slow' | 'cut';

/** Questions are answered in less; more often than that nobody can read it. */
const LEAST_MS = 2_000;
const SLOW_MS = 30_000;

/** What is counted under the view's filters, whatever its span. */
export function useLive(view: Pick<View, 'to' | 'filters'>): Live {
  const question = isLive(view) ? streamQuestionOf(view) : undefined;
  const [round, setRound] = useState(0);
  const [isPaused, setPaused] = useState(false);
  const [connection, setConnection] = useState<Connection>('live');
  useEffect(() => {
    if (question === undefined || isPaused) return undefined;
    const onNews = atMostEvery(LEAST_MS, () => {
      setRound((one) => one + 1);
    });
    return follow(`/v1/stream?${question}`, { onConnection: setConnection, onNews });
  }, [question, isPaused]);
  const hold = (isHeld: boolean): void => {
    setPaused(isHeld);
    // What was missed meanwhile.
    if (!isHeld) setRound((one) => one + 1);
  };
  return { state: question === undefined ? 'over' : isPaused ? 'paused' : connection, round, setPaused: hold };
}

interface Follower {
  onConnection: (connection: Connection) => void;
  onNews: Throttled;
}

/** @returns how to end it */
function follow(url: string, { onConnection, onNews }: Follower): () => void {
  let source: EventSource | undefined;
  let isAgain = false;
  const open = (): void => {
    if (source !== undefined && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(url);
    source.addEventListener('open', () => {
      onConnection('live');
      // What was counted while it was cut off.
      if (isAgain) onNews.call();
      isAgain = true;
    });
    source.addEventListener('counts', onNews.call);
    source.addEventListener('problem', refused);
    // Closed for good: it was refused. Else it was cut off, and the browser opens it again by itself.
    source.addEventListener('error', () => {
      onConnection(source?.readyState === EventSource.CLOSED ? 'slow' : 'cut');
    });
  };
  const refused = (): void => {
    source?.close();
    onConnection('slow');
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
