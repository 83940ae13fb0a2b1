import { afterAll, beforeAll, expect, it, describe } from '@jest/globals';
import axe from 'axe-core';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { App } from '../support/app.js';
import { hasBrowser, openBrowser } from '../support/browser.js';
import { until } from '../support/service.js';

const MINUTE_MS = 60_000;

(hasBrowser ? describe : describe.skip)('signing in to the dashboard (needs chromium)', () => {
  let app: App;
  let browser: Browser;
  let key = '';
  beforeAll(async () => {
    mkdirSync('test-results', { recursive: true });
    app = await App.start();
    browser = await openBrowser();
    const event = { service: 'checkout', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
    await app.call('POST', '/v1/events', event);
    await until(
      () => app.total(),
      (total) => total === 1,
    );
  }, 2 * MINUTE_MS);
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  async function onPage(work: (page: Page) => Promise<void>, width = 1360): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height: 844 } });
    const page = await context.newPage();
    try {
      await work(page);
    } finally {
      await context.close();
    }
  }

  it('asks for nothing while no key was made', async () => {
    await onPage(async (page) => {
      await page.goto(app.url);
      await page.getByRole('navigation').waitFor();
      expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
    });
  });

  it('shows a page that asks for a key, lets in who has one, and out again', async () => {
    const made = await app.call<{ id: string; key: string }>('POST', '/v1/keys', { scopes: ['admin'] });
    app.key = made.body.key;
    key = made.body.key;
    const reader = (await app.call<{ id: string; key: string }>('POST', '/v1/keys', { scopes: ['read'] })).body;
    await onPage(async (page) => {
      await page.goto(`${app.url}/signatures?service=checkout`);
      const field = page.getByLabel('Key');
      await field.waitFor();
      expect([await page.title(), await page.getByRole('navigation').count()]).toEqual(['Sign in · why401', 0]);
      // The field has the focus, and Enter sends it.
      await page.keyboard.type('w401_wrong');
      await page.keyboard.press('Enter');
      await page.getByText('the key is unknown, expired or revoked').waitFor();
      await field.fill(reader.key);
      await page.getByRole('button', { name: 'Sign in' }).click();
      // Where they wanted to go.
      await page.getByText('jwt expired').first().waitFor();
      const [cookie] = await page.context().cookies();
      expect(cookie).toMatchObject({ name: 'why401_key', value: reader.key, httpOnly: true, sameSite: 'Strict' });
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.reload();
      await page.getByText('jwt expired').first().waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await field.waitFor();
      expect(await page.context().cookies()).toEqual([]);
      // Whoever is signed out asks for nothing that would be refused.
      const refused: string[] = [];
      page.on('response', (response) => {
        if (response.status() === 401) refused.push(response.url());
      });
      await page.reload();
      await field.waitFor();
      expect(refused).toEqual([]);
    });
  });

  it.each([
    ['desktop', 1360],
    ['phone', 390],
  ])('keeps nobody out and fits its width: %s', async (name, width) => {
    await onPage(async (page) => {
      const look = async (of: string): Promise<void> => {
        await page.screenshot({ path: `test-results/sign-in-${of}-${name}.png` });
        await page.evaluate(axe.source);
        expect(await page.evaluate('axe.run().then(({ violations }) => violations.map(({ id }) => id))')).toEqual([]);
        expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      };
      await page.goto(`${app.url}/signatures`);
      await page.getByLabel('Key').waitFor();
      await look('asks');
      await page.getByLabel('Key').fill(key);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.getByText('jwt expired').first().waitFor();
      await look('in');
    }, width);
  });

  it('changes things for who may, and asks again when the key is revoked', async () => {
    const other = (await app.call<{ id: string; key: string }>('POST', '/v1/keys', { scopes: ['admin'] })).body;
    await onPage(async (page) => {
      await page.goto(`${app.url}/alerts/endpoints`);
      await page.getByLabel('Key').fill(other.key);
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: 'Name' }).fill('On call');
      await page.getByRole('textbox', { name: 'URL' }).fill('http://127.0.0.1:9/hook');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByText('shown this once').waitFor();
      await app.call('DELETE', `/v1/keys/${other.id}`);
      await page.getByLabel('Key').waitFor({ timeout: MINUTE_MS });
    });
    expect(app.output).not.toContain(key.slice(-43));
  });

  it('is told to nobody else: a page of another site changes nothing', async () => {
    const form = `<form method="post" action="${app.url}/v1/alerts/00000000-0000-4000-8000-000000000000/normal"><button>Win</button></form>`;
    const site = createServer((_, response) => response.setHeader('content-type', 'text/html').end(form)).listen(0, '127.0.0.1');
    await once(site, 'listening');
    // The same machine under another name is another site.
    const elsewhere = `http://localhost:${String((site.address() as AddressInfo).port)}/`;
    await onPage(async (page) => {
      await page.goto(app.url);
      await page.getByLabel('Key').fill(key);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      await page.goto(elsewhere);
      const [response] = await Promise.all([page.waitForResponse(/normal/), page.getByRole('button', { name: 'Win' }).click()]);
      expect([401, 403]).toContain(response.status());
    });
    site.close();
  });
});
