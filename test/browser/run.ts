// Checks the flight desk, and the library's own tests, in a headless Chromium.
//
//     npm run test:browser                   installs, builds and checks
//     npm run test:browser -- --built        checks what was built before

import { chromium } from 'playwright-core';
import { build, install, site } from '../../examples/angular/tools/prepare.js';
import { serve } from '../../examples/angular/tools/serve.js';
import { CHROMIUM, FLAGS } from './chromium.js';
import { checkFlightDesk } from './flight-desk.js';
import { checkIndexedDb } from './indexeddb/check-indexeddb.js';
import { checkLibrary } from './library.js';
import { checkLive } from './live.js';
import { checkNats } from './nats.js';
import { checkPort } from './port/check-port.js';
import { Report } from './report.js';

const LONGEST = 500_000;

if (!process.argv.includes('--built')) {
  await install();
  await build();
}

const report = new Report();
const desk = await serve(site);
const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS] });
const alarm = setTimeout(() => {
  console.log(`FAIL  the checks took longer than ${LONGEST / 1000} s`);
  process.exitCode = 1;
  void browser.close();
}, LONGEST);

try {
  await report.check('chromium starts', async () => {
    const page = await browser.newPage();
    await page.close();
  });
  await checkLibrary(report, browser, desk.url);
  await checkIndexedDb(report, browser, desk.url);
  await checkPort(report, browser);
  await checkNats(report, browser);
  await checkLive(report, browser);
  await checkFlightDesk(report, browser, desk.url);
} catch (error) {
  await report.check('all checks were made', () => {
    throw error;
  });
} finally {
  clearTimeout(alarm);
  await browser.close();
  await desk.close();
}
report.close();
if (report.failed > 0) process.exitCode = 1;
