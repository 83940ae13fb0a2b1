/** The URL as the one place of what is shown: reading it, changing it, and links that keep span and filters. */
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { searchOf, viewOf, type View } from '../model/place.js';

const CHANGED = 'why401:place';

export interface Place {
  /** Without a slash at either end: `signatures/0123…`. */
  path: string;
  view: View;
}

function here(): Place {
  return { path: location.pathname.replace(/^\/|\/$/g, ''), view: viewOf(location.search) };
}

export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const changed = (): void => {
      setPlace(here());
    };
    addEventListener('popstate', changed);
    addEventListener(CHANGED, changed);
    return () => {
      removeEventListener('popstate', changed);
      removeEventListener(CHANGED, changed);
    };
  }, []);
  return place;
}

export function hrefOf(path: string, view: View): string {
  return `/${path}${searchOf({ ...view, picked: undefined })}`;
}

function goTo(href: string): void {
  history.pushState(null, '', href);
  dispatchEvent(new Event(CHANGED));
}

/** The same page, seen otherwise. */
export function show(view: View): void {
  goTo(location.pathname + searchOf(view));
}

interface LinkProps {
  href: string;
  class?: string;
  children: ComponentChildren;
  isCurrent?: boolean;
  label?: string;
}

/** A link within the dashboard; with a modifier key it is the browser's own. */
export function Link({ href, children, isCurrent = false, label, ...rest }: LinkProps): JSX.Element {
  const follow = (event: MouseEvent): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(href);
    scrollTo(0, 0);
    // As a browser does on a new page: the next Tab starts at its contents.
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  return (
    <a href={href} onClick={follow} aria-current={isCurrent ? 'page' : undefined} aria-label={label} {...rest}>
      {children}
    </a>
  );
}
