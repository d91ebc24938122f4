import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { CHROMIUM, FLAGS } from '../chromium.js';
import { openTab } from './tabs.js';

const KILLS = 3;

/** The whole browser is killed while it writes, again and again: what a tab was told is stored is there (law 40). */
export async function checkKills(url: string): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'clocked-chromium-'));
  const acknowledged = new Map<string, number>();
  try {
    for (let life = 0; life <= KILLS; life++) {
      const { process, endpoint } = await start(profile);
      try {
        const browser = await chromium.connectOverCDP(endpoint);
        const tab = await openTab(browser.contexts()[0]!, url, 'killed');
        const all = await tab.call('all');
        for (const [id, ts] of acknowledged) assert.equal(all[ts - 1]?.[0], id, `what is at ${ts}, in life ${life}`);
        assert.ok(
          all.every(([, ts], i) => ts === i + 1),
          'positions are consecutive',
        );
        await tab.call('write', `life${life}`, 8);
        await pause(200 + life * 50);
        kill(process);
        await once(process, 'close');
        for (const [id, ts] of tab.acknowledged) acknowledged.set(id, ts);
        await browser.close().catch(() => undefined);
      } finally {
        kill(process);
      }
    }
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
  assert.ok(acknowledged.size > 50, `only ${acknowledged.size} were acknowledged`);
}

/** A browser with a profile on the disk, in a process group of its own. */
async function start(profile: string): Promise<{ process: ChildProcess; endpoint: string }> {
  const args = [...FLAGS, `--user-data-dir=${profile}`, '--remote-debugging-port=0', 'about:blank'];
  const process = spawn(CHROMIUM, args, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    // It goes on to be read: a browser that can't write waits.
    process.stderr.on('data', (text) => {
      said += String(text);
      const found = /ws:\/\/\S+/.exec(said)?.[0];
      if (found !== undefined) resolve(found);
    });
    process.once('exit', () => reject(new Error(`Chromium has not started: ${said}`)));
  });
  return { process, endpoint };
}

function kill({ pid }: ChildProcess): void {
  try {
    // The group: a browser is many processes.
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}
