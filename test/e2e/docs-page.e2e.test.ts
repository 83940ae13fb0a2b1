import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdirSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';
import { App } from '../support/app.js';

/** Debian's package; others put it elsewhere and say so in CHROMIUM. */
const CHROMIUM = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(CHROMIUM);
if (!hasBrowser && process.env['CI'] !== undefined) throw new Error(`there is no ${CHROMIUM}: in CI the browser tests must run`);

(hasBrowser ? describe : describe.skip)('the documentation in a browser (needs chromium)', () => {
  let app: App;
  let browser: Browser;
  beforeAll(async () => {
    app = await App.start();
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ];
    browser = await chromium.launch({ executablePath: CHROMIUM, args });
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
    await page.goto(app.url);
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
