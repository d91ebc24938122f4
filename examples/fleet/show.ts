import { chromium, type Page } from 'playwright-core';
import { DESKS } from './stock.js';

/** Opens the page in Chromium until it is closed; without a display, prints what it shows when each desk has written. */
export async function show(url: string, until: Promise<unknown>): Promise<void> {
  const headless = process.platform === 'linux' && process.env.DISPLAY === undefined;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-component-update', '--disable-sync'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(url);
    if (headless) console.log(await seen(page));
    else await Promise.race([until, page.waitForEvent('close', { timeout: 0 })]);
  } finally {
    await browser.close();
  }
}

/** What the page shows when it has movements of all desks, and one of its own. */
async function seen(page: Page): Promise<string> {
  for (const desk of DESKS) await page.getByText(`${desk}, its`).first().waitFor();
  await page.click('#take');
  await page.getByText('and shown').waitFor();
  return page.innerText('body');
}
