// Makes the pictures of the flight desk that README.md and docs/ show, and does nothing else.
//
//     npm run pictures                   installs, builds and makes them
//     npm run pictures -- --built        makes them of what was built before

import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Locator, type Page } from 'playwright-core';
import { build, install, site } from '../../examples/angular/tools/prepare.js';
import { serve } from '../../examples/angular/tools/serve.js';
import { CHROMIUM, FLAGS } from './chromium.js';
import { Desk, until } from './desk.js';
import { COLOR_SCHEMES, look, pose, SIZES } from './looks.js';

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));

if (!process.argv.includes('--built')) {
  await install();
  await build();
}
const server = await serve(site);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS] });
try {
  for (const size of SIZES) {
    for (const colorScheme of COLOR_SCHEMES) {
      const context = await look(browser, size, colorScheme);
      const desk = new Desk(await context.newPage());
      await desk.open(server.url);
      await pose(desk);
      await desk.page.screenshot({ path: `${docs}assets/flight-desk-${size}-${colorScheme}.png` });
      await context.close();
    }
  }
  await pictureTwoTabs(browser, server.url);
} finally {
  await browser.close();
  await server.close();
}

/** The log of the desk in two tabs of one browser, which have both sent: side by side in one picture. */
async function pictureTwoTabs(browser: Browser, url: string): Promise<void> {
  const context = await look(browser, 'laptop', 'light');
  const logs: { readonly tab: string; readonly page: Page; readonly log: Locator }[] = [];
  for (const tab of ['first', 'second']) {
    const desk = new Desk(await context.newPage());
    await desk.open(url);
    logs.push({ tab, page: desk.page, log: desk.page.locator('desk-log') });
  }
  const send = async (by: number, text: string): Promise<void> => {
    const { log } = logs[by]!;
    await log.getByRole('textbox').fill(text);
    await log.getByRole('textbox').press('Enter');
  };
  await send(0, 'hold BOS');
  await send(1, 'hold ORD');
  for (let i = 1; i <= 2; i++) await Promise.all(logs.map(({ tab }, by) => send(by, `note ${i} of the ${tab} tab`)));
  const pictures: string[] = [];
  for (const { tab, page, log } of logs) {
    await until(async () => (await log.getByText('✓ saved').count()) === 6);
    await page.bringToFront();
    await log.getByRole('textbox').fill(`being written in the ${tab} tab`);
    pictures.push((await log.screenshot()).toString('base64'));
  }
  const frame = await context.newPage();
  await frame.setContent(`
    <style>
      main { display: inline-flex; gap: 24px; padding: 16px; background: #e8ebef; font: 600 15px sans-serif; color: #444 }
      figcaption { padding: 0 0 8px 4px }
      figure { margin: 0 }
      img { zoom: 0.5; display: block }
    </style>
    <main>${pictures
      .map((png, i) => `<figure><figcaption>Tab ${i + 1}</figcaption><img src="data:image/png;base64,${png}"></figure>`)
      .join('')}</main>`);
  await until(() => frame.evaluate(() => [...document.images].every(({ complete }) => complete)));
  await frame.locator('main').screenshot({ path: `${docs}images/two-tabs.png` });
  await context.close();
}
