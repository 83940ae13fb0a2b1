import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { App } from '../support/app.js';
import { hasBrowser, openBrowser } from '../support/browser.js';

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
    expect(errors).toEqual([]);
  });
});
