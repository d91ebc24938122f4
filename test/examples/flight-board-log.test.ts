import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'flight-board-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the demo with a log; `signal` ends it as soon as it has begun. */
function start(argv: readonly string[], signal?: NodeJS.Signals): Promise<Ended> {
  const demo = spawn(process.execPath, ['--import', 'tsx', 'examples/flight-board/main.ts', ...argv]);
  let [stdout, stderr] = ['', ''];
  demo.stderr.on('data', (data: Buffer) => (stderr += data.toString()));
  demo.stdout.on('data', (data: Buffer) => {
    if (stdout === '' && signal !== undefined) demo.kill(signal);
    stdout += data.toString();
  });
  return new Promise((resolve) => demo.on('close', (status) => resolve({ status, stdout, stderr })));
}

describe('npm start -- --log', { timeout: 60_000 }, () => {
  const log = ['--log', join(root, 'log'), '--limit', '6000'];

  it('resumes after Ctrl-C and after kill -9, says so, and stores each report once', async () => {
    const first = await start(log, 'SIGINT');
    expect(first).toMatchObject({ status: 0 });
    expect(first.stdout).toContain('A new log');
    expect(first.stdout).toContain('Stopped: start it again');

    const second = await start(log, 'SIGKILL');
    expect(second.stdout).toContain('Run 2: the last one was stopped');

    const third = await start(log);
    expect(third.stdout).toMatch(/Run 3: the last one was killed; goes on after [\d,]+ of 6,000 reports/);
    expect(third.stdout).toContain('6,000 of 6,000 reports; the log ends at 6,005');
    const counts = [...third.stdout.matchAll(/ ([\d,]+)$/gm)].map(([, count]) => Number(count!.replace(',', '')));
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(6000);

    const refolded = await start([...log, '--refold']);
    expect(refolded.stderr).toContain('100 %  6,005 of 6,005 entries');
    expect(refolded.stdout.split('\n').slice(2).join().replace('6,007', '6,005')).toBe(
      third.stdout.split('\n').slice(2).join(),
    );
  });

  it('refuses the log of other flights, and what it can not open, in one line', async () => {
    const other = await start(['--log', join(root, 'log'), '--limit', '50']);
    expect(other).toMatchObject({ status: 1 });
    expect(other.stderr).toContain('the log is that of 6000 flights');
    const none = await start(['--log', process.execPath, '--limit', '50']);
    expect(none.stderr).toMatch(/^flight-board: the log can't use/);
  });
});
