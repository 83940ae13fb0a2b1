/** Starts the dashboard: the frame with its navigation, and the page that the path names. */
import { render, type JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { Frame } from './frame.js';
import { AlertPage } from './pages/alert.js';
import { Alerts } from './pages/alerts.js';
import { Audit } from './pages/audit.js';
import { Endpoints } from './pages/endpoints.js';
import { Overview } from './pages/overview.js';
import { Playground } from './pages/playground.js';
import { Rules } from './pages/rules.js';
import { SignaturePage } from './pages/signature.js';
import { Signatures } from './pages/signatures.js';
import { Silences } from './pages/silences.js';
import { Taught } from './pages/taught.js';
import { usePlace, type Place } from './place.js';
import { SignIn, useSignedIn } from './session.js';

function Dashboard(): JSX.Element | null {
  const [state, onSignedIn] = useSignedIn();
  if (state === 'not known') return null;
  return state === 'out' ? <SignIn onSignedIn={onSignedIn} /> : <Pages />;
}

function Pages(): JSX.Element {
  const place = usePlace();
  const { title, page } = pageOf(place);
  useEffect(() => {
    document.title = `${title} · why401`;
  }, [title]);
  return <Frame place={place}>{page}</Frame>;
}

function pageOf({ path, view }: Place): { title: string; page: JSX.Element } {
  const [first = '', second] = path.split('/');
  switch (first) {
    case 'signatures':
      if (second === 'taught') return { title: 'Rules that were taught', page: <Taught view={view} /> };
      return second === undefined
        ? { title: 'Signatures', page: <Signatures view={view} /> }
        : { title: 'Signature', page: <SignaturePage key={second} id={second} view={view} /> };
    case 'audit':
      return { title: 'Audit', page: <Audit view={view} /> };
    case 'playground':
      return { title: 'Playground', page: <Playground /> };
    case 'alerts':
      return alertPageOf(second);
    default:
      return { title: 'Overview', page: <Overview view={view} /> };
  }
}

function alertPageOf(second: string | undefined): { title: string; page: JSX.Element } {
  switch (second) {
    case undefined:
      return { title: 'Alerts', page: <Alerts /> };
    case 'rules':
      return { title: 'Alert rules', page: <Rules /> };
    case 'endpoints':
      return { title: 'Endpoints', page: <Endpoints /> };
    case 'silences':
      return { title: 'Silences', page: <Silences /> };
    default:
      return { title: 'Alert', page: <AlertPage key={second} id={second} /> };
  }
}

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(<Dashboard />, root);
}
