import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import axe from 'axe-core';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { POLICIES } from '../../src/ops/security-headers.js';
import { App } from '../support/app.js';
import { hasBrowser, openBrowser } from '../support/browser.js';
import { until } from '../support/service.js';

const MARKUP = 'Unknown client <img src=x onerror="document.title=1"> tried <b>again</b>';
const DESKTOP = { viewport: { width: 1360, height: 850 } };
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
const SIZES: [string, BrowserContextOptions][] = [
  ['desktop', DESKTOP],
  ['phone', PHONE],
];
const THEMES = ['light', 'dark'] as const;
/** Some twenty pages, each looked at twice, on a machine that has other work too. */
const LOOKS_TIMEOUT_MS = 180_000;
/** What a finger needs (WCAG 2.2, 2.5.8). */
const MIN_TARGET_PX = 24;
const TRACE = '5b8efff798038103d269b633813fc60c';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** As many as a process of the service holds. */
const MAX_STREAMS = 50;
const MAX_COMPRESSED_BYTES = 250_000;

/** An hour of refusals of a few kinds, of which one spikes by a new version. */
function refusals(): object[] {
  const now = Date.now();
  const kinds = [
    {
      service: 'checkout',
      method: 'GET',
      route: '/orders/{id}',
      reason: 'jwt expired',
      www_authenticate: ['Bearer'],
      authorization_scheme: 'Bearer',
    },
    { service: 'accounts', method: 'POST', route: '/login', reason: 'Invalid username or password' },
    { service: 'search', method: 'GET', route: '/search', reason: MARKUP },
  ];
  const usual = Array.from({ length: 55 }, (_, minute) =>
    kinds.flatMap((kind) => {
      const at = { environment: 'prod', time: new Date(now - minute * MINUTE_MS).toISOString() };
      const well = { ...at, service: kind.service, method: kind.method, route: kind.route, status: 200 };
      return [{ ...kind, ...at, status: 401 }, ...Array.from({ length: 9 }, () => well)];
    }),
  ).flat();
  const spike = Array.from({ length: 300 }, (_, index) => ({
    ...{ service: 'checkout', method: 'GET', route: '/orders/{id}', status: 401, reason: 'signature verification failed' },
    resource: { 'service.name': 'checkout', 'service.version': '1.5.0' },
    client_ip: `203.0.${String(index % 200)}.9`,
    trace_id: TRACE,
    time: new Date(now - 10 * MINUTE_MS + index * 1_000).toISOString(),
  }));
  const hostile = {
    service: MARKUP,
    environment: MARKUP,
    method: 'GET',
    route: `/<b>again</b>`,
    status: 401,
    reason: 'No session <b>again</b>',
    error_code: MARKUP,
  };
  // Half an hour ago, in the middle of the chart.
  const planted = Array.from({ length: 9 }, (_, index) => ({ ...hostile, time: new Date(now - (26 + index) * MINUTE_MS).toISOString() }));
  return [...usual, ...spike, ...planted];
}

describe('the files of the dashboard', () => {
  it('are small: less than 250 kB compressed in all', () => {
    const names = readdirSync('dist/web').filter((name) => name.endsWith('.gz'));
    const bytes = names.reduce((sum, name) => sum + readFileSync(`dist/web/${name}`).length, 0);
    expect(names.length).toBeGreaterThanOrEqual(4);
    expect(bytes).toBeLessThan(MAX_COMPRESSED_BYTES);
  });
});

(hasBrowser ? describe : describe.skip)('the dashboard in a browser (needs chromium)', () => {
  let app: App;
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync('test-results', { recursive: true });
    app = await App.start({ WHY401_TRACE_URL: 'https://traces.example.com/trace/{trace_id}' });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  /** Runs the work on a page and expects it to have asked nobody else, thrown nothing and broken no policy. */
  async function onPage(path: string, options: BrowserContextOptions, work: (page: Page) => Promise<void>): Promise<void> {
    const context = await browser.newContext({ ...DESKTOP, ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url) && !request.url().startsWith('blob:')) problems.push(`asked ${request.url()}`);
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    await page.goto(app.url + path);
    await work(page);
    await context.close();
    expect(problems).toEqual([]);
  }

  /** What axe finds, one line each; links too near to each other for a finger are among it. */
  async function violations(page: Page): Promise<string[]> {
    if (await page.evaluate<boolean>('globalThis.axe === undefined')) await page.evaluate(axe.source);
    const found = await page.evaluate<axe.AxeResults>(
      'axe.run({ resultTypes: ["violations"], rules: { "target-size": { enabled: true } } })',
    );
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  }

  const shot = (page: Page, name: string): Promise<unknown> =>
    page.screenshot({ path: `test-results/dashboard-${name}.png`, fullPage: true });

  /** What keeps somebody out or does not fit, in both themes; a picture of each is left in test-results. */
  async function faultsOf(page: Page, name: string): Promise<string[]> {
    const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    const low = await page.evaluate<string[]>(`
      [...document.querySelectorAll('button, select, summary, input:not([type=checkbox], [type=radio])')]
        .map((one) => [one.getBoundingClientRect().height, one.outerHTML])
        .filter(([height]) => height > 0 && height < ${String(MIN_TARGET_PX)})
        .map(([height, html]) => height + ' px high: ' + html)`);
    const faults = [...(tooWide > 0 ? [`${String(tooWide)} px too wide`] : []), ...low].map((one) => `${name}: ${one}`);
    for (const colorScheme of THEMES) {
      await page.emulateMedia({ colorScheme });
      await shot(page, `${name}-${colorScheme}`);
      faults.push(...(await violations(page)).map((one) => `${name}, ${colorScheme}: ${one}`));
    }
    return faults;
  }

  it.each(SIZES)('tells what to do before anything was counted: %s', async (size, options) => {
    await onPage('/', options, async (page) => {
      await page.getByRole('heading', { name: 'Nothing was refused yet, or nobody told' }).waitFor();
      expect(await faultsOf(page, `first-run-${size}`)).toEqual([]);
    });
  });

  it('shows the line for a first event, and turns into the overview when it lands', async () => {
    await onPage('/', {}, async (page) => {
      await page.getByRole('heading', { name: 'Nothing was refused yet, or nobody told' }).waitFor();
      const settings = await page.getByLabel('Settings of an exporter').textContent();
      expect(settings).toContain(`${app.otlpUrl}/v1/logs`);
      expect(settings).toContain(app.grpcUrl);
      expect(await page.getByLabel('Line that sends a first event').textContent()).toContain(`curl ${app.url}/v1/events`);
      const sent = await app.post('/v1/events', JSON.stringify(refusals()), { 'content-type': 'application/json' });
      expect(sent.status).toBe(202);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'checkout' }).waitFor();
      // And goes on by itself while the span ends now.
      const more = { service: 'late-comer', route: '/late', status: 401, reason: 'jwt expired' };
      await app.post('/v1/events', JSON.stringify(more), { 'content-type': 'application/json' });
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'late-comer' }).waitFor();
    });
  });

  it('tells the share of all requests, who is affected, and both against the span before', async () => {
    await onPage('/', {}, async (page) => {
      const tile = (name: string, figures: RegExp): Promise<void> =>
        page
          .locator('.tile')
          .filter({ has: page.getByText(name, { exact: true }) })
          .filter({ hasText: figures })
          .waitFor();
      await tile('Share of all requests', /\d+ %\s*nothing known of before/);
      await tile('Clients affected', /(19\d|20\d)\s*users unknown/);
      await tile('Refusals', /none before/);
      await page.getByRole('button', { name: 'Share' }).click();
      await page.getByRole('heading', { name: 'Share of all requests over time' }).waitFor();
      await page.getByRole('list', { name: 'Share by cause' }).getByText('%').first().waitFor();
      expect(page.url()).toBe(`${app.url}/?unit=rate`);
      await page.getByText('Figures as a table').click();
      expect(await page.getByRole('table', { name: /Share of all requests over time by cause/ }).innerText()).toContain('%');
      await shot(page, 'share');
      expect(await violations(page)).toEqual([]);
    });
    await onPage('/?unit=rate&service=late-comer', {}, async (page) => {
      await page.getByText('How many requests there were is not known').waitFor();
      await page.locator('.tile').filter({ hasText: 'Clients affected' }).getByText('unknown', { exact: true }).waitFor();
      await shot(page, 'share-unknown');
      expect(await violations(page)).toEqual([]);
    });
  });

  it('follows what is counted on every page that counts, but not while it is paused or hidden', async () => {
    const context = await browser.newContext(DESKTOP);
    const open = async (path: string): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(app.url + path);
      await page.getByText('live', { exact: true }).waitFor();
      await page.getByText('late-comer').first().waitFor();
      return page;
    };
    const { signatures } = (await app.get<{ signatures: { id: string }[] }>('/v1/signatures?service=late-comer')).body;
    const [list, one] = await Promise.all([open('/signatures'), open(`/signatures/${signatures[0]?.id ?? ''}`)]);
    const paused = await Promise.all([open('/'), open('/signatures')]);
    const hidden = await open('/signatures');
    for (const page of paused) await page.getByRole('button', { name: 'Pause live update' }).click();
    const hide = (isHidden: boolean): Promise<void> =>
      hidden.evaluate(`
        Object.defineProperty(document, 'hidden', { value: ${String(isHidden)}, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));`);
    await hide(true);
    const asked: string[] = [];
    for (const page of [...paused, hidden]) page.on('request', (request) => asked.push(request.url()));
    const late = { service: 'late-comer', route: '/late', status: 401, reason: 'jwt expired' };
    const events = [late, { ...late, service: 'last-comer' }];
    await app.post('/v1/events', JSON.stringify(events), { 'content-type': 'application/json' });
    await list.getByText('last-comer').waitFor();
    await one.getByRole('region', { name: 'In short' }).getByText('Count in the span2').waitFor();
    // Longer than what comes in is held back.
    await list.waitForTimeout(3_000);
    // Whether something fires is asked on every page.
    expect(asked.filter((url) => !url.includes('/v1/alerts?status=firing'))).toEqual([]);
    await Promise.all([hide(false), ...paused.map((page) => page.getByRole('button', { name: 'Resume live update' }).click())]);
    await Promise.all([hidden, ...paused].map((page) => page.getByText('last-comer').first().waitFor()));
    await context.close();
  });

  it('goes on more slowly where the service has no room for one more stream', async () => {
    const gone = new AbortController();
    let held = 0;
    const stream = (signal: AbortSignal): Promise<Response> => fetch(`${app.url}/v1/stream`, { signal });
    // Those of pages before are still leaving.
    await until(
      async () => {
        const more = await Promise.all(Array.from({ length: MAX_STREAMS - held }, () => stream(gone.signal)));
        held += more.filter(({ ok }) => ok).length;
        return held;
      },
      (all) => all === MAX_STREAMS,
    );
    const context = await browser.newContext(DESKTOP);
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByText('every 30 s').waitFor();
    await context.close();
    gone.abort();
    const again = new AbortController();
    await until(
      () => stream(again.signal),
      ({ ok }) => ok,
    );
    again.abort();
  });

  it('has a first view, whose time is printed', async () => {
    const times: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      await onPage('/', {}, async (page) => {
        await page.locator('.u-over').waitFor();
        await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'checkout' }).waitFor();
        const asked = await page.evaluate<[string, number, number][]>(
          'performance.getEntriesByType("resource").map((one) => [one.name, Math.round(one.startTime), Math.round(one.responseEnd)])',
        );
        times.push(await page.evaluate<number>('performance.now()'));
        if (run === 4) process.stdout.write(`${asked.map(([name, ...at]) => `${at.join('-')} ms ${name}`).join('\n')}\n`);
      });
    }
    process.stdout.write(`first view of the overview: ${times.map((one) => Math.round(one)).join(', ')} ms\n`);
    expect(times).toHaveLength(5);
  });

  it('sends its pages under a policy that lets nothing else in, compressed, and asks for assets once', async () => {
    const { status, headers, body } = await app.get<string>('/signatures?service=x');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toBe(POLICIES.dashboard);
    const asset = /\/assets\/app-\w+\.js/.exec(body)?.[0] ?? '';
    const script = await fetch(app.url + asset, { headers: { 'accept-encoding': 'gzip' } });
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(script.headers.get('cache-control')).toContain('immutable');
    const again = await fetch(app.url + asset, {
      headers: { 'accept-encoding': 'gzip', 'if-none-match': script.headers.get('etag') ?? '' },
    });
    expect(again.status).toBe(304);
    expect((await app.get('/assets/nothing.js')).status).toBe(404);
    expect((await app.get('/nothing')).status).toBe(404);
    expect((await app.post('/', '', {})).status).toBe(405);
  });

  it('filters by a click, keeps it in the URL, and goes back', async () => {
    await onPage('/', {}, async (page) => {
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'accounts' }).click();
      await page.getByRole('button', { name: 'Remove the filter service is accounts' }).waitFor();
      expect(page.url()).toBe(`${app.url}/?service=accounts`);
      await page.getByLabel('Stack the chart by').selectOption('route');
      await page.getByRole('list', { name: 'Total by route' }).getByText('/login').waitFor();
      expect(page.url()).toBe(`${app.url}/?by=route&service=accounts`);
      await page.reload();
      await page.getByRole('list', { name: 'Total by route' }).getByText('/login').waitFor();
      await page.goBack();
      await page.goBack();
      await page.getByRole('list', { name: 'Total by cause' }).getByText('invalid signature').waitFor();
    });
  });

  it('copies a question as it is asked', async () => {
    await onPage('/?from=-6h&service=checkout', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
      await page.getByRole('button', { name: 'Copy as curl: refusals over time' }).click();
      await page.getByText('Copied').waitFor();
      const copied = await page.evaluate('navigator.clipboard.readText()');
      expect(copied).toBe(`curl '${app.url}/v1/trends?from=-6h&to=now&service=checkout&by=cause&limit=9'`);
    });
  });

  it('tells what changed in a span that is drawn over the chart', async () => {
    await onPage('/', {}, async (page) => {
      const box = await page.locator('.u-over').boundingBox();
      if (box === null) throw new Error('there is no chart');
      await page.mouse.move(box.x + box.width * 0.8, box.y + 80);
      await page.locator('.tip').waitFor();
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.96, box.y + 80, { steps: 4 });
      await page.mouse.up();
      const panel = page.getByRole('region', { name: 'What changed' });
      await panel.getByText('1.5.0').waitFor();
      expect(page.url()).toMatch(/picked=\d+-\d+/);
      await shot(page, 'what-changed');
      expect(await violations(page)).toEqual([]);
      await panel.getByRole('button', { name: 'Zoom in' }).click();
      await page.getByLabel('From: a time, or a span back such as -90m').waitFor();
    });
  });

  it('takes a finger that moves sideways over the chart for a span, and one that moves up for the page', async () => {
    await onPage('/', PHONE, async (page) => {
      const client = await page.context().newCDPSession(page);
      const touch = (type: string, ...points: { x: number; y: number }[]): Promise<unknown> =>
        client.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints: points });
      const drag = async (dx: number, dy: number): Promise<void> => {
        const box = await page.locator('.u-over').boundingBox();
        if (box === null) throw new Error('there is no chart');
        const [x, y] = [box.x + box.width * 0.3, box.y + box.height * 0.7];
        await touch('touchStart', { x, y });
        for (let step = 1; step <= 8; step += 1) await touch('touchMove', { x: x + (dx * step) / 8, y: y + (dy * step) / 8 });
        await touch('touchEnd');
      };
      await page.locator('.u-over').waitFor();
      await drag(3, -200);
      await until(
        () => page.evaluate<number>('scrollY'),
        (scrolled) => scrolled > 50,
      );
      expect(page.url()).not.toContain('picked');
      await drag(120, 6);
      await page.getByRole('region', { name: 'What changed' }).waitFor();
      expect(page.url()).toMatch(/picked=\d+-\d+/);
    });
  });

  it('has a span picked by keyboard alone', async () => {
    await onPage('/', {}, async (page) => {
      await page.getByRole('button', { name: 'What changed?' }).press('Enter');
      const panel = page.getByRole('region', { name: 'What changed' });
      const from = panel.getByLabel('From (UTC)');
      const [start, end] = [15, 5].map((minutes) => new Date(Date.now() - minutes * MINUTE_MS).toISOString().slice(0, 15) + '0:00');
      await from.fill(end ?? '');
      await panel.getByLabel('to', { exact: true }).fill(start ?? '');
      await from.press('Enter');
      await panel.getByText('The end must come after the beginning.').waitFor();
      await from.fill(start ?? '');
      await panel.getByLabel('to', { exact: true }).fill(end ?? '');
      await from.press('Enter');
      await page.waitForURL(`**/?picked=${String(Date.parse(`${start ?? ''}Z`))}-${String(Date.parse(`${end ?? ''}Z`))}`);
      await panel.getByText(/refusals where .* were to be expected/).waitFor();
    });
  });

  it('is used by keyboard: past the navigation, to a table of the chart', async () => {
    await onPage('/', {}, async (page) => {
      await page.getByText('Figures as a table').waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      expect(await page.evaluate('document.activeElement.id')).toBe('main');
      for (let step = 0; step < 40; step += 1) {
        await page.keyboard.press('Tab');
        if ((await page.evaluate('document.activeElement.textContent')) === 'Figures as a table') break;
      }
      await page.keyboard.press('Enter');
      await page.getByRole('table', { name: /Refusals over time by cause/ }).waitFor();
    });
  });

  it('shows text from the outside as text, and lets a cause be taught', async () => {
    await onPage('/signatures', {}, async (page) => {
      await page.getByRole('link', { name: /Unknown client <img/ }).click();
      await page.getByText('Unknown client <img src=x').first().waitFor();
      expect(await page.locator('main img, main b:text-is("again")').count()).toBe(0);
      await page.getByLabel('Teach a cause').selectOption('account_locked');
      await page.getByRole('button', { name: 'Teach' }).click();
      await page.getByText('Done. All of its history changed with it.').waitFor();
      await page.getByText('as taught').waitFor();
      await shot(page, 'signature');
      expect(await violations(page)).toEqual([]);
    });
  });

  it('marks what is new and what came back', async () => {
    const gone = { service: 'reports', route: '/reports', status: 401, reason: 'No API key found in request' };
    const send = async (ago: number): Promise<void> => {
      const event = { ...gone, time: new Date(Date.now() - ago).toISOString() };
      await app.post('/v1/events', JSON.stringify(event), { 'content-type': 'application/json' });
    };
    await send(3 * DAY_MS);
    await until(
      async () => (await app.get<{ total: number }>('/v1/trends?from=-7d&service=reports')).body.total,
      (total) => total === 1,
    );
    await send(0);
    await onPage('/signatures', {}, async (page) => {
      const row = (text: string): Locator => page.getByRole('row').filter({ hasText: text });
      await row('No API key found').getByText('came back after 3 d').waitFor();
      await row('signature verification failed').getByText('new').waitFor();
    });
  });

  it('shows what a signature comes with, and leads to its trace', async () => {
    await onPage('/signatures', {}, async (page) => {
      await page.getByRole('link', { name: 'signature verification failed' }).click();
      await page.getByRole('region', { name: 'version', exact: true }).getByText('1.5.0').waitFor();
      const sample = page.getByRole('region', { name: 'Sample: the newest occurrence' });
      await sample.getByText('One sample is kept of each signature').waitFor();
      expect((await sample.getByRole('definition').allTextContents()).slice(1, 7)).toEqual([
        ...['checkout · GET /orders/{id}', '401', 'signature verification failed', 'none was seen', 'none was seen', 'not known'],
      ]);
      expect(await sample.getByRole('link', { name: TRACE }).getAttribute('href')).toBe(`https://traces.example.com/trace/${TRACE}`);
    });
  });

  it('teaches a rule after a look at what it would change, and takes it back', async () => {
    await onPage('/signatures', {}, async (page) => {
      await page.getByRole('link', { name: 'Invalid username or password' }).click();
      await page.getByLabel('Teach a cause').selectOption('account_locked');
      await page.getByLabel('A rule').check();
      expect(await page.getByRole('button', { name: 'Save the rule' }).isDisabled()).toBe(true);
      await page.getByLabel('Reason').fill('(?i)^invalid username');
      await page.getByRole('button', { name: 'Preview' }).click();
      const preview = page.getByRole('region', { name: 'What the rule would change' });
      await preview.getByText('1 signature would become “account locked”').waitFor();
      await preview.getByRole('link', { name: 'Invalid username or password' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'teach-rule');
      await page.getByRole('button', { name: 'Save the rule' }).click();
      await page.getByText('Saved. History is judged again by it.').waitFor();
      await page.getByRole('link', { name: 'All rules' }).click();
      await page.getByText('(?i)^invalid username').waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'taught');
      page.on('dialog', (dialog) => void dialog.accept());
      await page.getByRole('button', { name: 'Delete the rule for account locked' }).click();
      await page.getByText('No rule was taught').waitFor();
    });
  });

  it('lists findings and exports them', async () => {
    await onPage('/audit', {}, async (page) => {
      await page.getByRole('heading', { name: 'bearer error missing' }).waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export CSV' }).click()]);
      const table = readFileSync(await download.path(), 'utf8');
      expect(table.split('\r\n')[0]).toBe('finding,severity,count,service,route,detail,fix,reference');
      expect(table).toContain('bearer_error_missing,medium,');
    });
  });

  it('adds a rule after a look at it, an endpoint with a test, and a silence', async () => {
    await onPage('/alerts/rules', {}, async (page) => {
      await page.getByRole('button', { name: 'New rule' }).click();
      await page.getByLabel('Name').fill('Many in checkout');
      await page.getByLabel('Type').selectOption('threshold');
      await page.getByLabel('Refusals', { exact: true }).fill('50');
      await page.getByLabel('Only where').fill('service=checkout');
      await page.getByRole('button', { name: 'Preview' }).click();
      const preview = page.getByRole('region', { name: 'Preview' });
      await preview.getByRole('heading', { name: /In the last 7 days: \d alert/ }).waitFor();
      await preview.locator('canvas').waitFor();
      await preview.getByText('▼ marks where it would have fired.').waitFor();
      expect(await violations(page)).toEqual([]);
      await shot(page, 'rule');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByText('Many in checkout').waitFor();
      await page.getByRole('link', { name: 'Endpoints' }).click();
      await page.getByLabel('Name').fill('on call');
      await page.getByLabel('URL', { exact: true }).fill(`${app.url}/nothing-here`);
      await page.getByRole('button', { name: 'Add' }).click();
      await page.getByText(/shown this once/).waitFor();
      await page.getByRole('button', { name: 'Test on call' }).click();
      await page.getByRole('table', { name: 'Deliveries of on call, newest first' }).getByText('test', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Edit on call' }).click();
      const form = page.getByRole('region', { name: 'Edit on call' });
      expect(await form.getByLabel('URL', { exact: true }).inputValue()).toBe(`${app.url}/nothing-here`);
      await form.getByLabel('Name').fill('night duty');
      await shot(page, 'endpoint-edited');
      expect(await violations(page)).toEqual([]);
      await form.getByRole('button', { name: 'Save' }).click();
      page.on('dialog', (dialog) => void dialog.accept());
      await page.getByRole('button', { name: 'New secret for night duty' }).click();
      await page.getByText('The secret of night duty, shown this once').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole('link', { name: 'Silences' }).click();
      await page.getByLabel('Alerts where all of these fit').fill('service=check*');
      await page.getByRole('button', { name: 'Silence', exact: true }).click();
      await page.getByText('service check*').waitFor();
      expect(await violations(page)).toEqual([]);
    });
  });

  it('shows an alert that fires, and acknowledges it', async () => {
    const now = Array.from({ length: 80 }, () => ({ service: 'checkout', route: '/orders', status: 401, reason: 'jwt expired' }));
    await app.post('/v1/events', JSON.stringify(now), { 'content-type': 'application/json' });
    await onPage('/alerts', {}, async (page) => {
      const open = page.getByRole('region', { name: 'Open' });
      const row = open.getByRole('listitem').filter({ hasText: 'Many in checkout' }).first();
      await row.getByRole('link').click();
      await page.getByLabel('Note').fill('at it');
      await page.getByRole('button', { name: 'Acknowledge' }).click();
      await page.getByText(/Acknowledged .*: at it/).waitFor();
      await shot(page, 'alert');
      expect(await violations(page)).toEqual([]);
      // A threshold has no level that is normal.
      expect(await page.getByRole('button', { name: 'This is normal' }).count()).toBe(0);
    });
  });

  it('judges what is pasted', async () => {
    await onPage('/playground', {}, async (page) => {
      await page.getByLabel('What is to be judged').fill('IDX10223: Lifetime validation failed. The token is expired.');
      await page.getByRole('button', { name: 'Judge' }).click();
      await page.getByRole('region', { name: 'Verdict' }).getByText('expired token').waitFor();
      await page.getByRole('button', { name: 'A header' }).click();
      await page.getByRole('region', { name: 'Challenge' }).getByText('digest').waitFor();
      await shot(page, 'playground');
    });
  });

  it('says what the service has against a question', async () => {
    const context = await browser.newContext(DESKTOP);
    const page = await context.newPage();
    await page.goto(`${app.url}/?from=soon`);
    await page
      .getByRole('alert')
      .getByText(/from must be RFC 3339/)
      .first()
      .waitFor();
    await shot(page, 'failure');
    await page.goto(`${app.url}/signatures/0123456789abcdef`);
    await page.getByText('there is no signature 0123456789abcdef').waitFor();
    await page.goto(`${app.url}/signatures`);
    await page.getByRole('link', { name: 'signature verification failed' }).click();
    await page.getByLabel('A rule').check();
    await page.getByLabel('Reason').fill('(');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/template is no RE2 pattern/).waitFor();
    await context.close();
  });

  it('switches the theme and remembers it', async () => {
    await onPage('/', { colorScheme: 'light' }, async (page) => {
      const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
      const before = await ground();
      await page.getByLabel('Theme').selectOption('dark');
      expect(await ground()).not.toBe(before);
      const dark = await ground();
      await page.reload();
      expect(await ground()).toBe(dark);
    });
  });

  const nothing = '?service=nothing-here';
  /** Paths, and what is done there before it is looked at. */
  const pages: [string, () => Promise<string> | string, ((page: Page) => Promise<void>)?][] = [
    ['overview', () => '/?by=service', pointAtChart],
    ['overview-share', () => '/?unit=rate'],
    [
      'overview-day',
      () => '/?from=-24h&by=service&cause=!unknown&service=!nothing*',
      (page) => page.getByRole('button', { name: '+ Filter' }).click(),
    ],
    ['what-changed', () => '/', (page) => page.getByRole('button', { name: 'What changed?' }).click()],
    ['overview-empty', () => `/${nothing}`],
    ['signatures', () => '/signatures'],
    ['signatures-empty', () => `/signatures${nothing}`],
    ['signature', async () => `/signatures/${await idOf('search')}`],
    ['signature-rule', async () => `/signatures/${await idOf('checkout&cause=invalid_signature')}`, previewTaught],
    ['taught', () => '/signatures/taught'],
    ['audit', () => '/audit'],
    ['audit-empty', () => `/audit${nothing}`],
    ['alerts', () => '/alerts'],
    ['alert', async () => `/alerts/${await alertOf('search')}`],
    ['rules', () => '/alerts/rules'],
    ['rule', () => '/alerts/rules', previewRule],
    ['endpoints', () => '/alerts/endpoints', (page) => page.getByRole('button', { name: 'Deliveries of night duty' }).click()],
    ['silences', () => '/alerts/silences'],
    ['playground', () => '/playground', (page) => page.getByRole('button', { name: 'An answer' }).click()],
  ];
  async function idOf(service: string): Promise<string> {
    const { signatures } = (await app.get<{ signatures: { id: string }[] }>(`/v1/signatures?service=${service}`)).body;
    return signatures[0]?.id ?? '';
  }
  async function pointAtChart(page: Page): Promise<void> {
    await page.locator('.u-over').hover();
    await page.locator('.tip').getByText('<b>again</b>').waitFor();
  }
  /** Of the service whose reasons have markup in them. */
  async function alertOf(service: string, cause?: string): Promise<string> {
    const look = async (): Promise<string> => {
      const { alerts } = (await app.get<{ alerts: { id: string; group: Record<string, string> }[] }>('/v1/alerts')).body;
      return alerts.find(({ group }) => group['service'] === service && (cause === undefined || group['cause'] === cause))?.id ?? '';
    };
    return until(look, (id) => id !== '');
  }
  async function previewTaught(page: Page): Promise<void> {
    await page.getByLabel('A rule').check();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('region', { name: 'What the rule would change' }).waitFor();
  }
  async function previewRule(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'Edit Many in checkout' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('region', { name: 'Preview' }).locator('canvas').waitFor();
  }

  const answered = (page: Page): Promise<number> =>
    until(
      () => page.locator('.loading').count(),
      (waiting) => waiting === 0,
    );

  it('takes names and notes with markup in them, which the pages below must show as text', async () => {
    const match = { template: `^${MARKUP.slice(0, 24)}` };
    expect((await app.call('POST', '/v1/rules', { cause: 'account_locked', match, note: MARKUP })).status).toBe(201);
    const ends = new Date(Date.now() + DAY_MS).toISOString();
    const silence = { matchers: { service: 'nobody', route: MARKUP }, ends_at: ends, note: MARKUP };
    expect((await app.call('POST', '/v1/silences', silence)).status).toBe(201);
    const rule = { name: MARKUP, is_enabled: false, settings: { type: 'spike', severity: 'info' } };
    expect((await app.call('POST', '/v1/alert-rules', rule)).status).toBe(201);
    // Whether few refusals a minute are a spike depends on when in a minute they came.
    const any = {
      type: 'threshold',
      group_by: ['service'],
      filter: { service: ['search', 'accounts'] },
      count: 1,
      window: '1d',
      severity: 'info',
    };
    expect((await app.call('POST', '/v1/alert-rules', { name: 'Any', is_enabled: true, settings: any })).status).toBe(201);
    // Only spikes have a level that is normal, and this one is there for sure.
    expect((await app.call('POST', `/v1/alerts/${await alertOf('checkout', 'invalid_signature')}/normal`)).status).toBe(202);
    const endpoint = { name: MARKUP, url: `${app.url}/nothing-here`, format: 'standard' };
    expect((await app.call('POST', '/v1/endpoints', endpoint)).status).toBe(201);
  });

  it.each(SIZES)(
    'keeps nobody out and fits its width: %s',
    async (size, options) => {
      await onPage('/', options, async (page) => {
        const faults: string[] = [];
        for (const [name, path, act] of pages) {
          await page.goto(app.url + (await path()));
          await page.getByRole('heading', { level: 1 }).waitFor();
          await answered(page);
          await act?.(page);
          await answered(page);
          faults.push(...(await faultsOf(page, `${name}-${size}`)));
          expect([name, await page.locator('img, b:text-is("again")').count()]).toEqual([name, 0]);
          expect(await page.title()).toMatch(/· why401$/);
        }
        expect(faults).toEqual([]);
      });
    },
    LOOKS_TIMEOUT_MS,
  );

  it.each(SIZES)('shows that it waits for an answer: %s', async (size, options) => {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    await page.route('**/v1/**', () => undefined);
    await page.goto(app.url);
    await page.locator('.loading').first().waitFor();
    expect(await faultsOf(page, `loading-${size}`)).toEqual([]);
    await context.close();
  });

  it('says that the service is not reached, and keeps what it had', async () => {
    const opened = await Promise.all(
      SIZES.map(async ([size, options]) => {
        const page = await (await browser.newContext(options)).newPage();
        await page.goto(app.url);
        await page.locator('.u-over').waitFor();
        await answered(page);
        return { size, page };
      }),
    );
    await app.signal('SIGTERM');
    for (const { size, page } of opened) {
      await page.getByRole('alert').first().waitFor();
      await page.getByText('not reached, trying again').waitFor();
      expect(await page.locator('.u-over').count()).toBe(1);
      expect(await faultsOf(page, `stopped-${size}`)).toEqual([]);
      await page.getByRole('link', { name: 'Signatures' }).click();
      await page.getByRole('region', { name: 'Ways of being refused' }).getByRole('alert').waitFor();
      expect(await faultsOf(page, `stopped-signatures-${size}`)).toEqual([]);
      await page.context().close();
    }
  });
});
