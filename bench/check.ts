/**
 * `npm run bench:check`: fails when a target is missed by far, in less than three minutes.
 *
 * It compares what runs side by side, never with numbers of another day. It forgives two and a half times the target, and measures
 * again what has missed even that, so that a busy machine passes, but not a message that costs several times as much. Where it
 * is growth that is asked about, it forgives what the bare loop grows by as well: that is the machine's memory.
 */
import { fileURLToPath } from 'node:url';
import { judge, type Line, linesOf } from './lines.js';
import { contenders, generation, prepareWorkers } from './race.js';
import { report } from './report.js';
import type { Scenario } from './scenario.js';
import { scenarios } from './scenarios/index.js';

const MARGIN = 2.5;
const TRIES = 4;
const effort = { generations: 1, turns: 2, turn: 40, limit: 15_000 };
const builds = { new: fileURLToPath(new URL('../dist/esm/index.js', import.meta.url)) };

await prepareWorkers();
const all: Line[] = [];
for (const scenario of scenarios) all.push(...(await checked(scenario)));
console.log(report(all));
const failed = all.filter((line) => !passes(line));
for (const { title } of failed) console.error(`missed by more than ${MARGIN} ×: ${title}`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** What the first race says in which all is well, else the last; who came to no end is not asked again. */
async function checked(scenario: Scenario): Promise<Line[]> {
  const { most = {} } = scenario;
  const growth = scenario.growth?.most === undefined ? undefined : scenario.growth;
  const sizes = scenario.sizes.filter((size) => size in most || size === growth?.from || size === growth?.to);
  for (let tries = 1; ; tries++) {
    const rows = sizes.map((size) => contenders(scenario, size, builds).filter(({ name }) => name !== 'rxjs'));
    for (const row of rows) await generation(row, effort, builds);
    const lines = linesOf(scenario, rows.flat()).filter((line) => line.most !== undefined);
    const ended = rows.flat().every(({ failure }) => failure === undefined);
    if (tries === TRIES || !ended || lines.every(passes)) return lines;
  }
}

function passes({ now, most, bareGrowth }: Line): boolean {
  const machine = typeof bareGrowth === 'object' ? Math.max(1, bareGrowth.median) : 1;
  return judge(now, most! * MARGIN * machine) === 'met';
}
