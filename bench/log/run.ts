/**
 * `npm run bench:log`: what a log costs, against the least that its store takes (bare): appends behind group commit and
 * `send` of a dispatcher, 1,000 at once, and reading all of it. Ratios above 1: cheaper than bare.
 *
 *     npm run bench:log                      # all rows; two minutes
 *     npm run bench:log -- --row 'send, fsync' --seconds 2
 *     npm run bench:log -- --check           # short, for CI: fails where a ratio is below half of its target
 *
 * A suite of its own, beside the scenarios of `npm run bench`: those run batches that have ended when consumers have had
 * them, in the processor's time alone, with version 0.1 beside. Here 0.1 has no log to compare with, stores are opened and
 * closed, a thousand calls are always under way, so that the batches are those of the group commit, and what waits for
 * the disk is told in time on the wall, too. Contenders take turns, and each ratio is one of neighbours; what is printed
 * is the median, and what is judged the ratio of the processor's time.
 */
import { parseArgs } from 'node:util';
import { passes, type Pair } from '../cost.js';
import { close, rows, type Row } from './rows.js';

const { values: options } = parseArgs({
  options: {
    row: { type: 'string' },
    seconds: { type: 'string', default: '0.5' },
    check: { type: 'boolean', default: false },
  },
});
const effort = options.check
  ? { rounds: 3, milliseconds: 200, tries: 3 }
  : { rounds: 9, milliseconds: Number(options.seconds) * 1000, tries: 1 };
/** What a check forgives: another machine, or a busy one. */
const MARGIN = 2;
const judging = { judged: 'cpu', margin: options.check ? MARGIN : Infinity, tries: effort.tries } as const;

for (const row of rows.filter(({ name }) => options.row === undefined || options.row === name)) {
  if (await passes(row, turns, judging)) continue;
  console.error(`missed by more than ${MARGIN} ×: ${row.name}`);
  process.exitCode = 1;
}
await close();

async function turns({ bare, ours }: Row): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let i = 0; i < effort.rounds; i++)
    pairs.push([await bare(effort.milliseconds), await ours(effort.milliseconds)]);
  return pairs;
}
