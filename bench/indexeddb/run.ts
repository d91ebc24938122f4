// The log in Chromium, beside what IndexedDB takes by itself; medians, and medians of the ratios of neighbours.
//
//     node --import tsx bench/indexeddb/run.ts [rounds]
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Measure } from './page.js';

const ROUNDS = Number(process.argv[2] ?? 40);
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-component-update', '--disable-sync'];

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('page.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
});
const server = createServer((_, response) =>
  response.setHeader('content-type', 'text/html').end('<title>bench</title>'),
);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
// On the disk: a profile in memory has nothing to wait for.
const profile = await mkdtemp(join(tmpdir(), 'clocked-bench-'));
const context = await chromium.launchPersistentContext(profile, { executablePath: CHROMIUM, args: FLAGS });
try {
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await page.addScriptTag({ content: outputFiles[0]!.text });
  for (const durability of ['strict', 'relaxed'] as const) {
    const times = await page.evaluate(
      ([how, rounds]) => (window as unknown as { measure: Measure }).measure.send(how, rounds),
      [durability, ROUNDS] as const,
    );
    print(`1,000 at once, ${durability}`, ['bare packed transaction', 'group commit', 'send()'], times);
  }
  const times = await page.evaluate(
    (rounds) => (window as unknown as { measure: Measure }).measure.open(100_000, rounds),
    ROUNDS,
  );
  print('opening', ['a database with a checkpoint alone', 'a log of 100,000 entries, and its checkpoint'], times);
} finally {
  await context.close();
  server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 3 });
}

function print(title: string, contenders: readonly string[], times: readonly (readonly number[])[]): void {
  // The first rounds are for warming up.
  const warm = times.slice(Math.floor(times.length / 4));
  console.log(title);
  console.table(
    contenders.map((what, i) => ({
      what,
      ms: median(warm.map((row) => row[i]!)).toFixed(2),
      'times the first': median(warm.map((row) => row[i]! / row[0]!)).toFixed(2),
    })),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
