/**
 * `npm run bench:port`: what a line costs, against the bare transport (bare): messages of a worker by `postMessage` one by one,
 * frames of 256 as JSON over a WebSocket, and round trips of 256 messages. Ratios above 1: cheaper than bare.
 *
 *     npm run bench:port                     # all rows; a minute
 *     npm run bench:port -- --row 'port, 256 sends'
 *     npm run bench:port -- --check          # short, for CI: fails where a ratio is below 0.4 of its target; a thousand
 *                                            # receivers for a second, whose memory and delay are reported
 *
 * Both sides of a contender are threads of this process, so that the processor's time is that of both. All contenders are
 * warmed up by turns that don't count, then take turns; each ratio is one of neighbours, and what is printed is the median.
 */
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { costOf, passes, type Cost, type Pair } from '../cost.js';
import { type Contender, SCRIPT } from './contenders.js';
import { type Row, rows } from './rows.js';

const { values: options } = parseArgs({
  options: { row: { type: 'string' }, check: { type: 'boolean', default: false } },
});
const effort = options.check ? { warmUp: 2, rounds: 3, tries: 3 } : { warmUp: 4, rounds: 9, tries: 1 };
/** What a check forgives: another machine, or a busy one. */
const MARGIN = 2.5;
const judging = { judged: 'rate', margin: options.check ? MARGIN : Infinity, tries: effort.tries } as const;

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
    if (await passes(row, turns, judging)) continue;
    console.error(`missed by more than ${MARGIN} ×: ${row.name}`);
    process.exitCode = 1;
  }
} finally {
  rmSync(SCRIPT, { force: true });
}

if (options.check && options.row === undefined) {
  const script = ['--expose-gc', '--import', 'tsx', 'bench/port/receivers.ts', '--seconds', '1'];
  execFileSync(process.execPath, script, { stdio: 'inherit' });
}

async function turns({ bare, ours, count }: Row): Promise<Pair[]> {
  const both: readonly [Contender, Contender] = [await bare(), await ours()];
  const costs: Pair[] = [];
  for (let i = 0; i < effort.warmUp + effort.rounds; i++) {
    costs.push([await turn(both[0], count), await turn(both[1], count)]);
  }
  for (const contender of both) await contender.close();
  return costs.slice(effort.warmUp);
}

function turn(contender: Contender, count: number): Promise<Cost> {
  return costOf(() => contender.run(count));
}
