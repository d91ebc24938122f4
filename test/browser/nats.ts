import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { jetstreamManager } from '@nats-io/jetstream';
import type { Browser } from 'playwright-core';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog } from 'rxjs-clocked-dispatch/nats';
import { NatsServer, WITH_WEB_SOCKETS } from '../nats/server.js';
import { bundle } from './bundle.js';
import type { Report } from './report.js';

const STREAM = 'pages';
/** Nothing is timed: this is for what would hang. */
const WITHIN = 40_000;

/** A page and a process at one stream: by WebSocket, and by TCP. */
export async function checkNats(report: Report, browser: Browser): Promise<void> {
  await report.check(
    'nats: a page writes to a stream, and reads what a process answers',
    () => exchange(browser),
    WITHIN,
  );
}

async function exchange(browser: Browser): Promise<void> {
  const server = await NatsServer.start(WITH_WEB_SOCKETS);
  const page = await browser.newPage();
  try {
    const connection = await server.connect();
    await (await jetstreamManager(connection)).streams.add({ name: STREAM, subjects: [STREAM] });
    const log = await openJetStreamLog(connection, { stream: STREAM, subjects: STREAM });
    const dispatcher = await openDispatcher<string>(log);
    const sender = dispatcher.sender('process', 'a');
    dispatcher.receiver('a').subscribe(([value]) => {
      if (value === 'from the page') sender.next('from the process');
    });
    const call = `page.exchange(${JSON.stringify(server.webSocket)}, ${JSON.stringify(STREAM)})`;
    assert.deepEqual(await page.evaluate(`${await script()}; ${call}`), [
      ['from the page', 1],
      ['from the process', 2],
    ]);
    await dispatcher.close();
  } finally {
    await page.close();
    await server.stop();
  }
}

async function script(): Promise<string> {
  const program = fileURLToPath(new URL('nats-page.ts', import.meta.url));
  return (await bundle({ entryPoints: [program], globalName: 'page' }))[0]!.text;
}
