// The checks of lines alone: `node --import tsx test/browser/port/run.ts`. `npm run test:browser` has them, too.
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from '../chromium.js';
import { Report } from '../report.js';
import { checkPort } from './check-port.js';

const report = new Report();
const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...FLAGS] });
try {
  await checkPort(report, browser);
} finally {
  await browser.close();
}
report.close();
if (report.failed > 0) process.exitCode = 1;
