import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { Report } from './report.js';

/** The two pages of examples/live, as their users meet them, while the server is killed and started again. */
export async function checkLive(report: Report, browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'clocked-live-'));
  let server = await start(folder, 0);
  const context = await browser.newContext({ viewport: { width: 720, height: 720 } });
  const [desk, kitchen] = [await context.newPage(), await context.newPage()];
  const errors: string[] = [];
  for (const page of [desk, kitchen]) page.on('pageerror', ({ message }) => errors.push(message));
  try {
    await report.check('live: an order goes to the kitchen, and is ready', async () => {
      await desk.goto(`${server.url}desk.html`);
      await kitchen.goto(`${server.url}kitchen.html`);
      await order(desk, 'Flat white');
      await kitchen.getByRole('button', { name: 'Flat white is ready' }).click();
      await has(desk, ['#1Flat whiteready']);
      await has(kitchen, []);
    });

    await report.check(
      'live: with the server killed, orders are on their way, and the pages say that they try',
      async () => {
        await server.kill();
        await order(desk, 'Tea');
        await order(desk, 'Cake');
        await has(desk, ['…Cakeon its way', '…Teaon its way', '#1Flat whiteready']);
        for (const page of [desk, kitchen]) {
          await page.locator('#state:not([data-state=open])').waitFor();
        }
      },
    );

    await report.check('live: with the server back, they arrive, each once and in order', async () => {
      server = await start(folder, server.port);
      await has(kitchen, ['#4CakeReady', '#3TeaReady']);
      await has(desk, ['#4Cakein the kitchen', '#3Teain the kitchen', '#1Flat whiteready']);
      await kitchen.getByRole('button', { name: 'Tea is ready' }).click();
      await has(desk, ['#4Cakein the kitchen', '#3Teaready', '#1Flat whiteready']);
      await desk.locator('#clock', { hasText: '#5' }).waitFor();
    });

    await report.check('live: a page that is loaded again has all of it, and nothing went wrong', async () => {
      await desk.reload();
      await has(desk, ['#4Cakein the kitchen', '#3Teaready', '#1Flat whiteready']);
      assert.deepEqual(errors, []);
    });
  } finally {
    await context.close();
    await server.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function order(page: Page, what: string): Promise<void> {
  await page.getByRole('textbox').fill(what);
  await page.getByRole('textbox').press('Enter');
}

async function has(page: Page, texts: readonly string[]): Promise<void> {
  const read = (): Promise<string[]> => page.locator('#orders li').allTextContents();
  const limit = performance.now() + 10_000;
  while ((await read()).join('|') !== texts.join('|')) {
    if (performance.now() > limit) assert.deepEqual(await read(), texts);
    await page.waitForTimeout(50);
  }
}

interface Server {
  readonly url: string;
  readonly port: number;
  kill(): Promise<unknown>;
}

function start(folder: string, port: number): Promise<Server> {
  const args = ['--import', 'tsx', 'examples/live/main.ts', '--port', `${port}`, '--log', join(folder, 'log')];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    void exited.then((code) => reject(new Error(`the server has ended with ${String(code)}`)));
    child.stdout!.on('data', (data: Buffer) => {
      const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(data.toString())?.[0];
      if (url === undefined) return;
      const kill = (): Promise<unknown> => (child.kill('SIGKILL'), exited);
      resolve({ url, port: Number(new URL(url).port), kill });
    });
  });
}
