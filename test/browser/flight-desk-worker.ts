import assert from 'node:assert/strict';
import type { Browser, BrowserContext } from 'playwright-core';
import { Desk, until } from './desk.js';
import type { Report } from './report.js';

const SCRIPT = 'desk-worker.js';
/** What a page of the desk must not do by itself. */
const NO_LOG = `indexedDB.open = () => { throw new Error('this page has opened the log itself'); };`;
const NOTHING_KEPT = 'This browser keeps nothing';

/** Where the log is kept: in a SharedWorker, in a Worker where there is none, in the page where there is neither. */
export async function checkDeskWorker(report: Report, browser: Browser, url: string): Promise<void> {
  const check = (title: string, body: (open: Open, context: BrowserContext) => Promise<void>): Promise<unknown> =>
    report.check(title, async () => {
      const context = await browser.newContext();
      const desks: LogDesk[] = [];
      const open = async (script?: string): Promise<LogDesk> => {
        const desk = new LogDesk(await context.newPage());
        desks.push(desk);
        if (script !== undefined) await desk.page.addInitScript(script);
        await desk.open(url);
        return desk;
      };
      try {
        await body(open, context);
        for (const desk of desks) assert.deepEqual(desk.errors, []);
      } finally {
        await context.close();
      }
    });

  await check('one SharedWorker keeps the log for two tabs; one is closed, the other goes on', async (open) => {
    const before = await sharedWorkers(browser);
    const [one, two] = [await open(NO_LOG), await open(NO_LOG)];
    assert.equal((await sharedWorkers(browser)) - before, 1);
    assert.deepEqual([...one.page.workers(), ...two.page.workers()], []);
    await one.saved('hold ORD');
    await two.shows('hold ORD');
    await one.page.close();
    await two.saved('hold SFO');
    assert.match(await two.holds(), /ORD, SFO\s+as of #2/);
    const three = await open(NO_LOG);
    assert.equal(await three.log.getByText('✓ from disk').count(), 2);
    assert.equal((await sharedWorkers(browser)) - before, 1);
  });

  await check('it ends with its last tab, and the next one finds the log', async (open) => {
    const before = await sharedWorkers(browser);
    const one = await open();
    await one.saved('hold ORD');
    await one.page.close();
    await until(async () => (await sharedWorkers(browser)) === before);
    const two = await open();
    assert.match(await two.holds(), /ORD\s+as of #1/);
  });

  await check('without SharedWorker, each tab has a Worker, and the log is the same', async (open) => {
    const before = await sharedWorkers(browser);
    const script = `delete globalThis.SharedWorker; ${NO_LOG}`;
    const [one, two] = [await open(script), await open(script)];
    assert.equal(await sharedWorkers(browser), before);
    for (const { page } of [one, two]) {
      assert.deepEqual(
        page.workers().map((worker) => worker.url().endsWith(SCRIPT)),
        [true],
      );
    }
    await one.saved('hold ORD');
    await two.shows('hold ORD');
    await one.page.close();
    await two.saved('hold SFO');
    assert.match(await two.holds(), /ORD, SFO\s+as of #2/);
  });

  await check('a tab with a Worker and one with the SharedWorker show the same', async (open) => {
    const [shared, own] = [await open(), await open('delete globalThis.SharedWorker;')];
    await own.saved('hold ORD');
    await shared.shows('hold ORD');
    await shared.saved('hold SFO');
    await own.shows('hold SFO');
  });

  await check(
    'without any worker and IndexedDB, the page keeps the log as long as it is open, and says so',
    async (open) => {
      const desk = await open(`
      delete globalThis.SharedWorker;
      delete globalThis.Worker;
      Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    `);
      assert.match(await desk.log.innerText(), new RegExp(NOTHING_KEPT));
      await desk.saved('hold ORD');
      await desk.log.getByRole('button', { name: 'Reload the page' }).click();
      await until(async () => (await desk.log.innerText()).includes('Nothing yet'));
    },
  );

  await check('a worker without IndexedDB says so, too', async (open, context) => {
    await context.route(`**/${SCRIPT}`, async (route) => {
      const response = await route.fetch();
      const body = `Object.defineProperty(globalThis, 'indexedDB', { value: undefined });${await response.text()}`;
      await route.fulfill({ response, body });
    });
    const desk = await open('delete globalThis.SharedWorker;');
    assert.match(await desk.log.innerText(), new RegExp(NOTHING_KEPT));
    await desk.saved('hold ORD');
  });

  await check('a log that was deleted is told to all tabs; a reload begins anew', async (open) => {
    const [one, two] = [await open(), await open()];
    await one.saved('hold ORD');
    await one.page.evaluate(() => void indexedDB.deleteDatabase('flight-desk-log'));
    for (const desk of [one, two]) await desk.log.getByRole('alert').waitFor();
    await one.log.getByRole('button', { name: 'Reload the page' }).click();
    await until(async () => (await one.log.innerText()).includes('Nothing yet'));
    await one.saved('hold SFO');
    assert.match(await one.holds(), /On hold\s+SFO\s+as of #1/);
  });
}

type Open = (script?: string) => Promise<LogDesk>;

/** How many there are in the whole browser. */
async function sharedWorkers(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets');
  await session.detach();
  return targetInfos.filter(({ type, url }) => type === 'shared_worker' && url.endsWith(SCRIPT)).length;
}

/** A page of the desk, by its log. */
class LogDesk extends Desk {
  readonly log = this.page.locator('desk-log');

  /** Sends a command, and waits until it is saved. */
  async saved(text: string): Promise<void> {
    await this.log.getByRole('textbox').fill(text);
    await this.log.getByRole('textbox').press('Enter');
    const line = this.log.getByRole('listitem').filter({ hasText: text });
    await until(async () => (await line.count()) === 1 && (await line.getAttribute('data-state')) === 'saved');
  }

  /** Waits for a command of another tab. */
  shows(text: string): Promise<void> {
    return until(async () => (await this.log.getByRole('listitem').filter({ hasText: text }).count()) === 1);
  }

  holds(): Promise<string> {
    return this.log.getByText('On hold', { exact: true }).locator('..').innerText();
  }
}
