/**
 * Kills a process with a dispatcher over a log at random moments, again and again, and checks what it was promised each
 * time: laws 40 to 43, 45 to 47, 50 and 51. `npm run test:crash`, with `-- --lives 10` for fewer lives and `-- --seed 7` to
 * repeat a run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { Promises } from './promises.js';

const { values } = parseArgs({ options: { lives: { type: 'string' }, seed: { type: 'string' } } });
const lives = Number(values.lives ?? 100);
const seed = Number(values.seed ?? Date.now() % 100_000);
const root = mkdtempSync(join(tmpdir(), 'clocked-crash-'));
const child = join(process.cwd(), 'node_modules/.cache/crash-child.mjs');
buildSync({
  entryPoints: ['test/crash/child.ts'],
  outfile: child,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
});

let state = seed + 1;
const random = (): number => (state = Math.imul(state, 48_271) >>> 0) / 2 ** 32;

const promises = new Promises();
for (let life = 0; life < lives && promises.faults.length === 0; life++) {
  // Some die while they open the log.
  promises.judge(await live(`${life}`, random() < 0.15 ? 60 + random() * 120 : undefined, 20 + random() * 200));
}
promises.verify(await live('verify'));

rmSync(root, { recursive: true, force: true });
const { opened, acknowledged, last, trimmed, folds, faults } = promises;
console.log({ seed, lives, opened, acknowledged, last, trimmed, folds, faults: faults.slice(0, 20) });
if (faults.length > 0 || opened === 0 || acknowledged === 0 || folds === 0) process.exitCode = 1;

/** Runs one life, and returns the lines that it wrote whole. */
async function live(life: string, dieAt?: number, dieAfterOpening?: number): Promise<string[]> {
  const process_ = spawn(process.execPath, [child, join(root, 'log'), life, `${seed}`, `${promises.audited}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const die = (): void => void process_.kill('SIGKILL');
  const timers = dieAt === undefined ? [] : [setTimeout(die, dieAt)];
  let text = '';
  let errors = '';
  process_.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  process_.stdout.on('data', (data: Buffer) => {
    if (text === '' && dieAfterOpening !== undefined) timers.push(setTimeout(die, dieAfterOpening));
    text += data.toString();
  });
  await new Promise((resolve) => process_.on('close', resolve));
  timers.forEach(clearTimeout);
  if (errors !== '') promises.faults.push(errors.slice(0, 1000));
  // A line that was cut is no promise.
  return text.split('\n').slice(0, -1);
}
