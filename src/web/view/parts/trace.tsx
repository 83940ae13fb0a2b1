/** A trace id: a link into the user's tracing tool where the service knows it, else something to copy. */
import type { JSX } from 'preact';
import { useAbout } from '../about.js';
import { CopyButton } from './copy.js';

export function Trace({ id }: { id: string }): JSX.Element {
  const template = useAbout()?.trace_url ?? undefined;
  return (
    <>
      {template === undefined ? (
        <code>{id}</code>
      ) : (
        <a href={template.replaceAll('{trace_id}', encodeURIComponent(id))} target="_blank" rel="noreferrer">
          <code>{id}</code>
        </a>
      )}{' '}
      <CopyButton text={() => id} label={`Copy the trace id ${id}`}>
        Copy
      </CopyButton>
    </>
  );
}
