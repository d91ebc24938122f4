import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { CHROMIUM, FLAGS } from '../chromium.js';
import type { Report } from '../report.js';
import { checkKills } from './check-kills.js';
import { openTab, type OpenTab } from './tabs.js';

/** Nothing is timed: this is for what would hang. */
const WITHIN = 60_000;

/** The log in the browser: several tabs, and what a browser does to them. */
export async function checkIndexedDb(report: Report, browser: Browser, url: string): Promise<void> {
  const check = (title: string, body: (context: BrowserContext, url: string) => Promise<void>): Promise<unknown> =>
    report.check(`indexeddb: ${title}`, () => inContext(browser, (context) => body(context, url)), WITHIN);

  await check('three tabs append and read, one is killed: one order, none lost, none twice', checkTabs);
  await check('a throttled tab reads behind the others, and misses nothing', checkThrottled);
  await check('a frozen tab reads on from where it was', checkFrozen);
  await check('a connection that was closed is opened again', checkClosed);
  await check('a newer page is not blocked, and the older one says so', checkUpgrade);
  await check('a log that the browser deletes says so', checkEvicted);
  await report.check('indexeddb: the quota is told, and it goes on with room', () => checkQuota(url), WITHIN);
  await report.check('indexeddb: the browser is killed: what was acknowledged is there', () => checkKills(url), WITHIN);
}

async function inContext(browser: Browser, body: (context: BrowserContext) => Promise<void>): Promise<void> {
  const context = await browser.newContext();
  try {
    await body(context);
  } finally {
    await context.close();
  }
}

async function checkTabs(context: BrowserContext, url: string): Promise<void> {
  const open = (): Promise<OpenTab> => openTab(context, url, 'tabs');
  const [one, two, victim, reader] = await Promise.all([open(), open(), open(), open()]);
  for (const tab of [reader, one]) await tab.call('follow');
  for (const [i, tab] of [one, two, victim].entries()) await tab.call('write', `tab${i}`, 4);
  await pause(500);
  await victim.kill();
  await pause(500);
  for (const tab of [one, two]) await tab.call('stop');
  await settled(one, two);

  const all = await one.call('all');
  assert.deepEqual(
    all.map(([, ts]) => ts),
    all.map((_, i) => i + 1),
    'positions are consecutive',
  );
  assert.equal(new Set(all.map(([id]) => id)).size, all.length, 'none twice');
  for (const tab of [one, two, victim]) {
    assert.ok(tab.acknowledged.size > 20, `only ${tab.acknowledged.size} were acknowledged`);
    for (const [id, ts] of tab.acknowledged) assert.equal(all[ts - 1]?.[0], id, `what is at ${ts}`);
  }
  for (const tab of [reader, one]) {
    await tab.hasSeen(all.length);
    assert.deepEqual((await tab.call('seen')).seen, all, 'what a tab has read');
  }
  const delays = (await reader.call('seen')).delays.sort((a, b) => a - b);
  const at = (part: number): string => delays[Math.floor((delays.length - 1) * part)]!.toFixed(1);
  console.log(`      ${all.length} entries; from send to another tab: ${at(0.5)} ms, 99 %: ${at(0.99)} ms`);
}

/** Until nothing is acknowledged any more. */
async function settled(...tabs: OpenTab[]): Promise<void> {
  const count = (): number => tabs.reduce((sum, { acknowledged }) => sum + acknowledged.size, 0);
  for (let before = -1; before !== count();) {
    before = count();
    await pause(200);
  }
}

/** One that is hidden, and has a twentieth of the processor, beside two that write. */
async function checkThrottled(context: BrowserContext, url: string): Promise<void> {
  const open = (): Promise<OpenTab> => openTab(context, url, 'throttled');
  const [slow, one, two] = await Promise.all([open(), open(), open()]);
  await slow.call('follow');
  await slow.throttle(20);
  await two.page.bringToFront();
  for (const [i, tab] of [slow, one, two].entries()) await tab.call('write', `tab${i}`, 4);
  await pause(1000);
  for (const tab of [one, two, slow]) await tab.call('stop');
  await settled(one, two, slow);
  await slow.throttle(1);

  const all = await one.call('all');
  assert.equal(new Set(all.map(([id]) => id)).size, all.length, 'none twice');
  for (const tab of [slow, one, two]) {
    for (const [id, ts] of tab.acknowledged) assert.equal(all[ts - 1]?.[0], id, `what is at ${ts}`);
  }
  await slow.hasSeen(all.length);
  assert.deepEqual((await slow.call('seen')).seen, all);
}

async function checkFrozen(context: BrowserContext, url: string): Promise<void> {
  const [writer, reader] = await Promise.all([openTab(context, url, 'frozen'), openTab(context, url, 'frozen')]);
  await reader.call('follow');
  await writer.call('append', 'a');
  await reader.hasSeen(1);
  await reader.freeze('frozen');
  for (let i = 0; i < 50; i++) await writer.call('append', `${i}`);
  await reader.freeze('active');
  await reader.hasSeen(51);

  assert.deepEqual((await reader.call('seen')).seen, await writer.call('all'));
}

async function checkClosed(context: BrowserContext, url: string): Promise<void> {
  const tab = await openTab(context, url, 'closed');
  assert.deepEqual(await tab.call('append', 'a'), { value: [1] });
  await tab.call('closeConnections');
  assert.deepEqual(await tab.call('append', 'a', 'b'), { value: [1, 2] });
  await tab.call('closeConnections');
  assert.deepEqual(await tab.call('all'), [
    ['a', 1],
    ['b', 2],
  ]);
}

async function checkUpgrade(context: BrowserContext, url: string): Promise<void> {
  const [older, newer] = await Promise.all([openTab(context, url, 'old'), openTab(context, url, 'new')]);
  await older.call('append', 'a');
  await newer.call('upgrade', 'old');

  assert.deepEqual(await older.call('append', 'b'), { error: 'LogOutdatedError', stored: 'nothing' });
  assert.deepEqual(await older.call('lost'), ['LogOutdatedError']);
}

/** With a profile on the disk: one in memory has no quota. */
async function checkQuota(url: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'clocked-chromium-'));
  try {
    const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: [...FLAGS] });
    await fillUp(context, url).finally(() => context.close());
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function fillUp(context: BrowserContext, url: string): Promise<void> {
  const session = await context.newCDPSession(await context.newPage());
  const origin = new URL(url).origin;
  // Before anything is stored: Chromium remembers for a while how much room there is.
  await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 20e6 });
  const tab = await openTab(context, url, 'full');
  let stored = 0;
  let answer = await tab.call('appendLoad', '0', 4e6);
  for (; 'value' in answer && stored < 100; answer = await tab.call('appendLoad', `${stored}`, 4e6)) stored++;

  assert.deepEqual(answer, { error: 'LogFullError', stored: 'nothing' });
  assert.equal((await tab.call('all')).length, stored);
  await session.send('Storage.overrideQuotaForOrigin', { origin });
  assert.deepEqual(await tab.call('append', 'with room'), { value: [stored + 1] });
}

async function checkEvicted(context: BrowserContext, url: string): Promise<void> {
  const tab = await openTab(context, url, 'evicted');
  await tab.call('append', 'a');
  const session = await context.newCDPSession(tab.page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'indexeddb' });

  assert.deepEqual(await tab.call('append', 'b'), { error: 'LogLostError', stored: 'nothing' });
  assert.deepEqual(await tab.call('lost'), ['LogLostError']);
}
