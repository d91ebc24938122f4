/**
 * Kills a process with a log at random moments, again and again, and checks what it was promised each time: laws 40 to
 * 43 and 45. `npm run test:crash`, with `-- --lives 10` for fewer lives and `-- --seed 7` to repeat a run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';

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

/** What the log has promised so far. */
const promised = { entries: new Map<number, string>(), saved: 0, trimmed: 0, last: 0, id: '' };
const faults: string[] = [];
let opened = 0;

for (let life = 0; life < lives && faults.length === 0; life++) {
  // Some die while they open the log.
  judge(await live(`${life}`, random() < 0.15 ? 60 + random() * 120 : undefined, 20 + random() * 200));
}
const verified = await live('verify');
judge(verified);
verify(verified);

rmSync(root, { recursive: true, force: true });
const { entries, saved, trimmed, last } = promised;
console.log({ seed, lives, opened, acknowledged: entries.size, last, trimmed, saved, faults });
if (faults.length > 0 || opened === 0 || entries.size === 0) process.exitCode = 1;

/** Runs one life, and returns the lines that it wrote whole. */
async function live(life: string, dieAt?: number, dieAfterOpening?: number): Promise<string[]> {
  const process_ = spawn(process.execPath, [child, join(root, 'log'), life, `${seed}`], {
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
  if (errors !== '') faults.push(errors.slice(0, 1000));
  // A line that was cut is no promise.
  return text.split('\n').slice(0, -1);
}

function judge(lines: readonly string[]): void {
  for (const line of lines) {
    const [what, a = '', b = '', c = ''] = line.split(' ');
    if (what === 'open') {
      opened++;
      if (promised.id !== '' && promised.id !== a) faults.push(`another log: ${a} after ${promised.id}`);
      if (Number(c) < promised.last) faults.push(`the log ends at ${c}, after ${promised.last} was acknowledged`);
      if (Number(b) < promised.trimmed) faults.push(`trimmed is ${b}, after ${promised.trimmed}`);
      promised.id = a;
    } else if (what === 'stored') {
      const before = promised.entries.get(Number(a));
      if (before !== undefined && before !== b) faults.push(`position ${a} was given to ${before} and to ${b}`);
      promised.entries.set(Number(a), b);
      promised.last = Math.max(promised.last, Number(a));
    } else if (what === 'saved') promised.saved = Math.max(promised.saved, Number(a));
    else if (what === 'trimmed') promised.trimmed = Number(a);
    else if (what === 'twice') faults.push(`${a} was stored twice`);
  }
}

/** Everything acknowledged that was not trimmed is there, at its position, and positions have no holes. */
function verify(lines: readonly string[]): void {
  const stored = new Map<number, string>();
  const open = lines.find((line) => line.startsWith('open'))?.split(' ') ?? [];
  const ids = new Set<string>();
  let expected = Number(open[2]) + 1;
  for (const line of lines) {
    const [what, ts, id = ''] = line.split(' ');
    if (what === 'checkpoint') {
      const [, , mark, position, inside] = line.split(' ');
      if (mark !== position || position !== inside) faults.push(`the checkpoint is not whole: ${line}`);
      if (Number(mark) < promised.saved) faults.push(`the checkpoint is at ${mark}, after ${promised.saved}`);
    }
    if (what !== 'entry') continue;
    if (Number(ts) !== expected) faults.push(`position ${ts} follows ${expected - 1}`);
    if (ids.has(id)) faults.push(`${id} is stored twice`);
    ids.add(id);
    expected = Number(ts) + 1;
    stored.set(Number(ts), id);
  }
  if (expected - 1 !== Number(open[3])) faults.push(`the log ends at ${expected - 1}, and says ${open[3]}`);
  for (const [ts, id] of promised.entries) {
    if (ts > Number(open[2]) && stored.get(ts) !== id) faults.push(`${id} at ${ts} is lost: ${stored.get(ts)}`);
  }
}
