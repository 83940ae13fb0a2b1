import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { App } from '../support/app.js';
import { hasBrowser, openBrowser } from '../support/browser.js';
import { until } from '../support/service.js';

(hasBrowser ? describe : describe.skip)('the documentation in a browser (needs chromium)', () => {
  let app: App;
  let browser: Browser;
  beforeAll(async () => {
    app = await App.start();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await app.stop();
  });

  it('lists the endpoints, tries one out, and asks nobody else for anything', async () => {
    const page = await browser.newPage();
    const violations = watchPolicy(page);
    const elsewhere: string[] = [];
    const errors: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(app.url) && !request.url().startsWith('data:')) elsewhere.push(request.url());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(`${app.url}/docs`);
    await page.getByText('/v1/trends', { exact: true }).click();
    await page.getByRole('button', { name: 'Try it out' }).click();
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.getByText('"step_seconds": 300').first().waitFor();
    mkdirSync('test-results', { recursive: true });
    await page.screenshot({ path: 'test-results/docs.png', fullPage: true });
    expect(page.url()).toContain(`${app.url}/docs`);
    expect(elsewhere).toEqual([]);
    expect([errors, violations]).toEqual([[], []]);
  });

  it('and every page of the dashboard keep to their policies, which run no script that stands in a page', async () => {
    const json = { 'content-type': 'application/json' };
    const event = { service: 'checkout', environment: 'prod', method: 'GET', route: '/orders/{id}', status: 401, reason: 'jwt expired' };
    await app.post('/v1/events', JSON.stringify([event]), json);
    await until(
      () => app.total(),
      (total) => total === 1,
    );
    const [signature] = (await app.get<{ signatures: { id: string }[] }>('/v1/signatures')).body.signatures;
    for (const path of [
      '/',
      '/signatures',
      `/signatures/${signature?.id ?? ''}`,
      '/audit',
      '/alerts',
      '/alerts/rules',
      '/playground',
      '/docs',
    ]) {
      const page = await browser.newPage();
      const violations = watchPolicy(page);
      await page.goto(app.url + path);
      await page
        .getByRole(path === '/docs' ? 'heading' : 'navigation')
        .first()
        .waitFor();
      // Streams keep a page from ever being idle; what it loads at first is there by then.
      await page.waitForLoadState('load');
      expect([path, violations]).toEqual([path, []]);
      await page.evaluate(`document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = true' }))`);
      expect(await page.evaluate('window.ran')).toBeUndefined();
      await until(
        () => violations.length,
        (count) => count === 1,
      );
      await page.close();
    }
  });

  it('is shown in no frame', async () => {
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (message.text().includes('frame-ancestors')) refused.push(message.text());
    });
    await page.setContent(['/', '/docs', '/v1/causes'].map((path) => `<iframe src="${app.url}${path}"></iframe>`).join(''));
    await until(
      () => refused.length,
      (count) => count === 3,
    );
  });
});

/** @returns what the browser refuses, as it tells it on its console */
function watchPolicy(page: Page): string[] {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Permissions-Policy|Cross-Origin/.test(message.text())) violations.push(message.text());
  });
  return violations;
}
