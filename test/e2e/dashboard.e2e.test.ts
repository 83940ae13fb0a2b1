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
const TRACE = '5b8efff798038103d269b633813fc60c';
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
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
  return [...usual, ...spike];
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

  /** What axe finds, one line each. */
  async function violations(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    const found = await page.evaluate<axe.AxeResults>('axe.run()');
    return found.violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary ?? ''}`));
  }

  const shot = (page: Page, name: string): Promise<unknown> =>
    page.screenshot({ path: `test-results/dashboard-${name}.png`, fullPage: true });

  it('shows the line for a first event, and turns into the overview when it lands', async () => {
    await onPage('/', {}, async (page) => {
      await page.getByRole('heading', { name: 'Nothing was refused yet, or nobody told' }).waitFor();
      const settings = await page.getByLabel('Settings of an exporter').textContent();
      expect(settings).toContain(`${app.otlpUrl}/v1/logs`);
      expect(settings).toContain(app.grpcUrl);
      expect(await page.getByLabel('Line that sends a first event').textContent()).toContain(`curl ${app.url}/v1/events`);
      expect(await violations(page)).toEqual([]);
      await shot(page, 'first-run');
      const sent = await app.post('/v1/events', JSON.stringify(refusals()), { 'content-type': 'application/json' });
      expect(sent.status).toBe(202);
      await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'checkout' }).waitFor();
      // And goes on by itself while the span ends now.
      const more = { service: 'late-comer', route: '/late', status: 401, reason: 'jwt expired' };
      await app.post('/v1/events', JSON.stringify(more), { 'content-type': 'application/json' });
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'late-comer' }).waitFor();
      // Not while it is held still.
      await page.getByRole('button', { name: 'Pause live update' }).click();
      await app.post('/v1/events', JSON.stringify({ ...more, service: 'last-comer' }), { 'content-type': 'application/json' });
      await page.waitForTimeout(4_000);
      expect(await page.getByRole('button', { name: 'last-comer' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Resume live update' }).click();
      await page.getByRole('region', { name: 'Top services' }).getByRole('button', { name: 'last-comer' }).waitFor();
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

  it('goes on more slowly where the service has no room for one more stream', async () => {
    const gone = new AbortController();
    const held = await Promise.all(Array.from({ length: 50 }, () => fetch(`${app.url}/v1/stream`, { signal: gone.signal })));
    expect(held.some(({ status }) => status === 200)).toBe(true);
    const context = await browser.newContext(DESKTOP);
    const page = await context.newPage();
    await page.goto(app.url);
    await page.getByText('every 30 s').waitFor();
    await context.close();
    gone.abort();
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
      const trace = page.getByRole('region', { name: 'Samples' }).getByRole('link', { name: TRACE });
      expect(await trace.getAttribute('href')).toBe(`https://traces.example.com/trace/${TRACE}`);
      expect(await violations(page)).toEqual([]);
      await shot(page, 'signature-facets');
    });
    await onPage('/signatures', PHONE, async (page) => {
      await page.getByRole('link', { name: 'signature verification failed' }).click();
      await page.getByRole('region', { name: 'version', exact: true }).waitFor();
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      await shot(page, 'signature-phone');
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

  const looks: [string, BrowserContextOptions][] = [
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', PHONE],
    ['phone-dark', { ...PHONE, colorScheme: 'dark' }],
  ];
  const pages: [string, string][] = [
    ['overview', '/'],
    ['signatures', '/signatures'],
    ['overview-share', '/?unit=rate'],
    ['taught', '/signatures/taught'],
    ['audit', '/audit'],
    ['alerts', '/alerts'],
    ['rules', '/alerts/rules'],
    ['endpoints', '/alerts/endpoints'],
    ['silences', '/alerts/silences'],
    ['playground', '/playground'],
  ];
  it.each(looks)('keeps nobody out and fits its width: %s', async (look, options) => {
    for (const [name, path] of pages) {
      await onPage(path, options, async (page) => {
        await page.getByRole('heading', { level: 1 }).waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        await shot(page, `${name}-${look}`);
        expect([name, ...(await violations(page))]).toEqual([name]);
        expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      });
    }
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
});
