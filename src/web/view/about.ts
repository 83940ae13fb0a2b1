/** What the service says of itself, asked once for as long as the page is open. */
import { useEffect, useState } from 'preact/hooks';
import { api, send, type About } from './api.js';

let asked: Promise<About> | undefined;

/** @returns undefined until it is known, and where it cannot be had */
export function useAbout(): About | undefined {
  const [about, setAbout] = useState<About>();
  useEffect(() => {
    asked ??= send(api.about());
    asked.then(setAbout, () => {
      // The next one that wants to know asks again.
      asked = undefined;
    });
  }, []);
  return about;
}
