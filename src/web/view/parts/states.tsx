/** What stands where data would: while it comes, when there is none, and when it cannot be had. */
import type { ComponentChildren, JSX } from 'preact';
import type { Answer, Deed } from '../use-answer.js';

interface CardProps {
  title: string;
  actions?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}

/** A titled box; a region that screen readers list. */
export function Card({ title, actions, children, class: extra = '' }: CardProps): JSX.Element {
  return (
    <section class={`card ${extra}`} aria-label={title}>
      <div class="card-head">
        <h2>{title}</h2>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </div>
      {children}
    </section>
  );
}

function Loading({ lines = 4 }: { lines?: number }): JSX.Element {
  return (
    <div class="loading" role="status">
      <span class="hidden">Loading …</span>
      {Array.from({ length: lines }, (_, index) => (
        <span class="bone" key={index} />
      ))}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div>{children}</div>}
    </div>
  );
}

export function Failure({ problem, onRetry }: { problem: string; onRetry?: () => void }): JSX.Element {
  return (
    <div class="failure" role="alert">
      <p>{problem}</p>
      {onRetry !== undefined && (
        <button type="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

interface LoadedProps<Data> {
  answer: Answer<Data>;
  lines?: number;
  children: (data: Data) => ComponentChildren;
}

/** The answer where there is one, with a failure above it that came since; else what is instead. */
export function Loaded<Data>({ answer: { data, problem, reload }, lines, children }: LoadedProps<Data>): JSX.Element {
  return (
    <>
      {problem !== undefined && <Failure problem={problem} onRetry={reload} />}
      {data !== undefined && children(data)}
      {data === undefined && problem === undefined && <Loading {...(lines === undefined ? {} : { lines })} />}
    </>
  );
}

/** What became of a button: nothing yet, done, or why not. */
export function Outcome({ problem, done }: { problem: string | undefined; done?: string }): JSX.Element {
  const text = problem === '' ? (done ?? '') : problem;
  return (
    <span class={problem === undefined || problem === '' ? 'outcome good' : 'outcome bad'} role="status">
      {text}
    </span>
  );
}

/** Below the part of a list that is there. */
export function More({ deed, onMore }: { deed: Deed; onMore: () => void }): JSX.Element {
  return (
    <p class="more">
      <button type="button" onClick={onMore} disabled={deed.isBusy}>
        More
      </button>
      <Outcome problem={deed.problem} />
    </p>
  );
}
