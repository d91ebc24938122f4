import assert from 'node:assert/strict';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Report } from '../report.js';
import type { Tab } from './page.js';
import { openSite } from './site.js';

const TABS = 3;
const EACH = 200;
const GONE = 'the line is closed: the page or worker at the other side is gone';
/** Nothing is timed: this is for what would hang. */
const WITHIN = 40_000;

/** Lines between pages, workers and frames, and a dispatcher that three tabs share. */
export async function checkPort(report: Report, browser: Browser): Promise<void> {
  const site = await openSite();
  const check = (title: string, body: (open: Open, context: BrowserContext) => Promise<void>): Promise<unknown> =>
    report.check(
      `port: ${title}`,
      async () => {
        const context = await browser.newContext();
        try {
          await body(() => openTab(context, site.url), context);
        } finally {
          await context.close();
        }
      },
      WITHIN,
    );
  await check('a worker answers; when it is terminated, its line closes', checkTerminated);
  await check('a worker that ends itself closes its line', checkEnded);
  await check('a worker whose script is not there closes its line', checkMissing);
  await check('a frame answers; when it is removed, its line closes', checkFrame);
  await check('three tabs share a dispatcher in a SharedWorker: one order, none lost, none twice', checkShared);
  await check('law 65: tabs that are closed or killed are noticed by the SharedWorker', checkGone);
  await site.close();
}

type Open = () => Promise<OpenTab>;
interface OpenTab {
  readonly page: Page;
  call<K extends keyof Tab>(method: K, ...args: Parameters<Tab[K]>): Promise<Awaited<ReturnType<Tab[K]>>>;
}

async function openTab(context: BrowserContext, url: string): Promise<OpenTab> {
  const page = await context.newPage();
  await page.goto(url);
  return {
    page,
    call: (method, ...args) =>
      page.evaluate(
        ([name, given]) => {
          const { tab } = window as unknown as { tab: Record<string, (...args: unknown[]) => unknown> };
          return tab[name as string]!(...(given as unknown[]));
        },
        [method, args],
      ) as never,
  };
}

async function checkTerminated(open: Open): Promise<void> {
  const tab = await open();
  await tab.call('openWorker', '/worker.js');
  assert.deepEqual(await tab.call('echo', ['a', { b: 1 }]), ['a', { b: 1 }]);
  await until(async () => (await tab.call('locks')).waiting === 2, 'both sides watch');
  await tab.call('terminate');
  assert.equal(await tab.call('ended'), GONE);
  await until(async () => (await tab.call('locks')).held === 0, 'no lock is left');
}

async function checkEnded(open: Open): Promise<void> {
  const tab = await open();
  await tab.call('openWorker', '/worker.js');
  await until(async () => (await tab.call('locks')).waiting === 2, 'both sides watch');
  await tab.call('post', 'end');
  assert.equal(await tab.call('ended'), GONE);
}

async function checkMissing(open: Open): Promise<void> {
  const tab = await open();
  await tab.page.route('**/missing.js', (route) => route.fulfill({ status: 404 }));
  await tab.call('openWorker', '/missing.js');
  assert.equal(await tab.call('ended'), 'the line is closed: the script of the worker could not be loaded');
}

async function checkFrame(open: Open): Promise<void> {
  const tab = await open();
  await tab.call('openFrame');
  assert.equal(await tab.call('echo', 'é'), 'é');
  await until(async () => (await tab.call('locks')).waiting === 2, 'both sides watch');
  await tab.call('removeFrame');
  // Newer browsers say it at once, by an event of the port; else its lock does.
  assert.match(await tab.call('ended'), /gone$|the port was closed$/);
}

async function checkShared(open: Open): Promise<void> {
  const tabs = await Promise.all(Array.from({ length: TABS }, open));
  for (const tab of tabs) await tab.call('connect');
  await Promise.all(
    tabs.map((tab, i) => tab.call('send', ...Array.from({ length: EACH }, (_, number) => `${i}.${number}`))),
  );
  for (const { page } of tabs) {
    await page.waitForFunction((all) => (window as unknown as { tab: Tab }).tab.seen().length >= all, TABS * EACH);
  }

  const [first, ...others] = await Promise.all(tabs.map((tab) => tab.call('seen')));
  assert.deepEqual(
    first!.map(([, ts]) => ts),
    Array.from({ length: TABS * EACH }, (_, i) => i + 1),
  );
  for (const seen of others) assert.deepEqual(seen, first);
  const places = new Map(first);
  for (const tab of tabs) {
    for (const [text, ts] of await tab.call('acknowledged')) assert.equal(places.get(text), ts);
  }
}

async function checkGone(open: Open): Promise<void> {
  const [stays, closed, killed, leaves] = await Promise.all([open(), open(), open(), open()]);
  const lines = async (count: number): Promise<void> =>
    until(async () => (await stays.call('lines')).open === count, `${count} lines are open`);
  for (const tab of [stays, closed, killed, leaves]) {
    await tab.call('connect');
    await tab.call('send', 'hello');
  }
  await lines(4);
  await closed.page.close();
  await lines(3);
  await leaves.call('disconnect');
  await lines(2);
  const session = await killed.page.context().newCDPSession(killed.page);
  const crashed = killed.page.waitForEvent('crash');
  void session.send('Page.crash').catch(() => undefined);
  await crashed;
  await lines(1);

  await stays.call('send', 'still here');
  assert.deepEqual(await stays.call('states'), ['connecting', 'open']);
}

async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  const limit = performance.now() + 10_000;
  while (!(await holds())) {
    if (performance.now() > limit) throw new Error(`it did not come to be that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}
