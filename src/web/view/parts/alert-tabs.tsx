/** The pages about alerts, side by side. */
import type { JSX } from 'preact';
import { Link } from '../place.js';

const TABS = [
  ['alerts', 'Alerts'],
  ['alerts/rules', 'Rules'],
  ['alerts/endpoints', 'Endpoints'],
  ['alerts/silences', 'Silences'],
] as const;

export function AlertTabs({ title, current }: { title: string; current: (typeof TABS)[number][0] }): JSX.Element {
  return (
    <div class="toolbar">
      <h1>{title}</h1>
      <nav class="tabs" aria-label="About alerts">
        <ul>
          {TABS.map(([path, text]) => (
            <li key={path}>
              <Link href={`/${path}`} isCurrent={path === current}>
                {text}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
    </div>
  );
}
