/** What is around every page: a way past the navigation, the navigation with the number of open alerts, the theme. */
import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from './api.js';
import { hrefOf, Link, type Place } from './place.js';
import { SignedIn } from './session.js';
import { chooseTheme, storedTheme, THEMES, type Theme } from './theme.js';
import { useAnswer } from './use-answer.js';

const PAGES = [
  ['', 'Overview'],
  ['signatures', 'Signatures'],
  ['audit', 'Audit'],
  ['alerts', 'Alerts'],
  ['playground', 'Playground'],
] as const;
const ALERTS_EVERY_MS = 15_000;
const MOST_COUNTED = 100;

export function Frame({ place, children }: { place: Place; children: ComponentChildren }): JSX.Element {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the contents
      </a>
      <header class="top">
        <Link href={hrefOf('', place.view)} class="brand" label="why401, overview">
          <Logo />
          <span>why401</span>
        </Link>
        <Navigation place={place} />
        <div class="top-end">
          <a href="/docs" class="quiet-link">
            API
          </a>
          <ThemeSwitch />
          <SignedIn />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function Navigation({ place: { path, view } }: { place: Place }): JSX.Element {
  const { data } = useAnswer(api.alerts(`status=firing&limit=${String(MOST_COUNTED)}`), ALERTS_EVERY_MS);
  const open = data?.alerts.length ?? 0;
  const current = path.split('/')[0];
  return (
    <nav aria-label="Pages">
      <ul>
        {PAGES.map(([to, text]) => (
          <li key={to}>
            <Link href={hrefOf(to, view)} isCurrent={current === to}>
              {text}
              {to === 'alerts' && open > 0 && (
                <span class="count">
                  {open === MOST_COUNTED ? `${String(open)}+` : open}
                  <span class="hidden"> firing</span>
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Logo(): JSX.Element {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
      <rect width="32" height="32" rx="7" class="logo-ground" />
      <path d="M6 24h4v-7H6zm8 0h4V8h-4zm8 0h4V13h-4z" class="logo-bars" />
    </svg>
  );
}

function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(storedTheme);
  return (
    <label class="theme">
      <span class="hidden">Theme</span>
      <select
        value={theme}
        onChange={(event) => {
          const chosen = THEMES.find((one) => one === event.currentTarget.value) ?? 'system';
          setTheme(chosen);
          chooseTheme(chosen);
        }}
      >
        {THEMES.map((one) => (
          <option value={one} key={one}>
            {one === 'system' ? 'System theme' : one === 'light' ? 'Light' : 'Dark'}
          </option>
        ))}
      </select>
    </label>
  );
}
