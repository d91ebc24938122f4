/**
 * `npm run bench:port`: what a line costs, against the bare transport (bare): messages of a worker by `postMessage` one by one,
 * frames of 256 as JSON over a WebSocket, and round trips of 256 messages. Ratios above 1: cheaper than bare.
 *
 *     npm run bench:port                     # all rows; a minute
 *     npm run bench:port -- --row 'port, 256 sends'
 *     npm run bench:port -- --check          # short, for CI: fails where a ratio is below 0.4 of its target
 *
 * Both sides of a contender are threads of this process, so that the processor's time is that of both. All contenders are
 * warmed up by turns that don't count, then take turns; each ratio is one of neighbours, and what is printed is the median.
 */
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { median } from '../lines.js';
import { cpuTime } from '../scenario.js';
import { type Contender, SCRIPT } from './contenders.js';
import { type Row, rows } from './rows.js';

/** Messages a second, and nanoseconds of all processors for each. */
interface Cost {
  readonly rate: number;
  readonly cpu: number;
}

const { values: options } = parseArgs({
  options: { row: { type: 'string' }, check: { type: 'boolean', default: false } },
});
const effort = options.check ? { warmUp: 2, rounds: 3, tries: 3 } : { warmUp: 4, rounds: 9, tries: 1 };
/** What a check forgives: another machine, or a busy one. */
const MARGIN = 2.5;

await build({
  entryPoints: ['bench/port/worker.ts'],
  outfile: SCRIPT,
  bundle: true,
  format: 'esm',
  platform: 'node',
  external: ['ws', 'rxjs'],
  logLevel: 'error',
});
try {
  for (const row of rows.filter(({ name }) => options.row === undefined || options.row === name)) {
    if (await passes(row)) continue;
    console.error(`missed by more than ${MARGIN} ×: ${row.name}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(SCRIPT, { force: true });
}

async function passes(row: Row): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    const ratio = report(row, await turns(row));
    if (!options.check || ratio * MARGIN >= (row.least ?? 0)) return true;
    if (tries === effort.tries) return false;
    console.log(`${row.name}: once more`);
  }
}

async function turns({ bare, ours, count }: Row): Promise<[bare: Cost, ours: Cost][]> {
  const both: readonly [Contender, Contender] = [await bare(), await ours()];
  const costs: [Cost, Cost][] = [];
  for (let i = 0; i < effort.warmUp + effort.rounds; i++) {
    costs.push([await turn(both[0], count), await turn(both[1], count)]);
  }
  for (const contender of both) await contender.close();
  return costs.slice(effort.warmUp);
}

async function turn(contender: Contender, count: number): Promise<Cost> {
  const [began, cpu] = [performance.now(), cpuTime()];
  const messages = await contender.run(count);
  return { rate: (messages / (performance.now() - began)) * 1000, cpu: (cpuTime() - cpu) / messages };
}

/** Prints a row, and answers with its ratio. */
function report({ name, least }: Row, costs: readonly (readonly [bare: Cost, ours: Cost])[]): number {
  const of = (value: (bare: Cost, ours: Cost) => number): number => median(costs.map(([b, o]) => value(b, o)));
  const ratio = of((b, o) => o.rate / b.rate);
  const thousands = (value: number): string => Math.round(value).toLocaleString('en');
  console.log(
    [
      name.padEnd(20),
      `${thousands(of((b) => b.rate))} and ${thousands(of((_, o) => o.rate))} a second, ratio ${ratio.toFixed(2)} ${least === undefined ? '' : `(target ${least})`}`,
      `${thousands(of((b) => b.cpu))} and ${thousands(of((_, o) => o.cpu))} ns of both processors, ratio ${of((b, o) => b.cpu / o.cpu).toFixed(2)}`,
    ].join('   '),
  );
  return ratio;
}
