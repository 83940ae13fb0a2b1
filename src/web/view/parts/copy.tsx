/** Buttons that put a text into the clipboard, and files made on the spot. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { curlOf, type Call } from '../api.js';

const SHOWN_MS = 2_000;

export function CopyButton({ text, children, label }: { text: () => string; children: string; label?: string }): JSX.Element {
  const [outcome, setOutcome] = useState('');
  const copy = (): void => {
    void write(text()).then((isDone) => {
      setOutcome(isDone ? 'Copied' : 'Not allowed');
      setTimeout(() => {
        setOutcome('');
      }, SHOWN_MS);
    });
  };
  return (
    <button type="button" class="quiet" onClick={copy} aria-label={label}>
      <span aria-live="polite">{outcome === '' ? children : outcome}</span>
    </button>
  );
}

/** @param of what the call answers, so that buttons on one page can be told apart */
export function CopyCurl({ call, of }: { call: Call<unknown>; of: string }): JSX.Element {
  return (
    <CopyButton text={() => curlOf(call)} label={`Copy as curl: ${of}`}>
      Copy as curl
    </CopyButton>
  );
}

/** Browsers give the clipboard to secure origins only; over plain HTTP from elsewhere the old way still works. */
async function write(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way on an origin that is not secure
  const isDone = document.execCommand('copy');
  field.remove();
  return isDone;
}

export function saveFile(name: string, type: string, contents: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([contents], { type }));
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, SHOWN_MS);
}
