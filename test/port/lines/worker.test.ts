import { build } from 'esbuild';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import { portLine } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended } from './ended.js';

const folder = mkdtempSync(join(tmpdir(), 'clocked-worker-'));
const script = join(folder, 'relay.mjs');
const workers: Worker[] = [];

beforeAll(async () => {
  await build({
    entryPoints: ['test/port/lines/relay-worker.ts'],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
});
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.terminate()));
  rmSync(folder, { recursive: true });
});

/** A worker whose end of the line leads back here. */
function relay(): { readonly worker: Worker; readonly back: MessagePort } {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(script, { workerData: port1, transferList: [port1] });
  workers.push(worker);
  return { worker, back: port2 as unknown as MessagePort };
}

describeLine(
  'a Worker of node:worker_threads',
  () => {
    const { worker, back } = relay();
    return [portLine(worker), portLine(back)];
  },
  { describe, test },
);

describe('portLine over a Worker', () => {
  test('law 65: a worker that has ended closes the line, with a reason', async () => {
    const { worker } = relay();
    const line = portLine(worker);
    const echoed = new Promise((resolve) => worker.once('online', resolve));
    await echoed;
    void worker.terminate();

    expect(await ended(line)).toMatchObject({ code: 'RCD131', reason: 'the worker has ended with code 1' });
  });

  test('closing the line leaves the worker alone, which can end when nothing else keeps it', async () => {
    const { worker, back } = relay();
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    const line = portLine(worker);
    line.post('frame');
    await new Promise((resolve) => (portLine(back).onframe = resolve));
    line.close();

    expect(await exited).toBe(0);
  });
});
