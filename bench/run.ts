/**
 * `npm run bench`: measures the package beside the limit, RxJS by hand and peers; prints the tables, and after a full
 * run writes them to `bench/results/latest.json`, `docs/performance.md` and the plots.
 *
 *     npm run bench -- --only serialize,pull     some scenarios
 *     npm run bench -- --quick                   fewer and shorter rounds
 *     npm run bench -- --together                contenders of a race share a process
 *     npm run bench -- --report                  nothing is measured: the last results are written out once more
 */
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { budgets, bundleSize } from './bundle-size.js';
import { type Effort, prepare, race, type Result, weighed } from './harness.js';
import { weights } from './memory.js';
import { plot } from './plot.js';
import { costTable, report, type Run, summary, targetTable } from './report.js';
import { contendersAt } from './scenario.js';
import { scenarios } from './scenarios/index.js';
import { bytesVerdict, entrantsOf, type Verdict, verdicts } from './verdict.js';

const latest = new URL('results/latest.json', import.meta.url);
const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    together: { type: 'boolean', default: false },
    report: { type: 'boolean', default: false },
  },
});
if (options.report) {
  await publish(JSON.parse(await readFile(latest, 'utf8')) as Run);
  process.exit();
}
const effort: Effort = options.quick
  ? { generations: 1, rounds: 5, turn: 25, warmUp: 150, bytes: true, together: options.together }
  : { generations: 3, rounds: 5, turn: 25, warmUp: 150, bytes: true, together: options.together };
const wanted = options.only?.split(',');
const chosen = scenarios.filter(({ name }) => wanted?.includes(name) ?? true);

const place = {
  node: process.version,
  v8: process.versions.v8,
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  date: new Date().toISOString().slice(0, 10),
  command: ['npm run bench', ...process.argv.slice(2)].join(' '),
};
console.log(`Node ${place.node} (V8 ${place.v8}), ${place.cpu}`);

const entry = await prepare();
const results: Result[] = [];
const growth: Result[] = [];
const all: Verdict[] = [];
for (const scenario of chosen) {
  console.log(`\n${scenario.title}\n`);
  for (const size of scenario.sizes) {
    const entrants = contendersAt(scenario, size).map((contender) => ({ scenario: scenario.name, contender, size }));
    results.push(...(await race(entrants, effort)));
  }
  console.log(costTable(scenario, results));
  for (const target of scenario.targets) {
    if ('sizes' in target) all.push(...verdicts(scenario, target, results));
    else {
      // Sizes are compared in a race of their own: a minute later the machine may be another.
      const sizes = await race(entrantsOf(scenario, target), { ...effort, bytes: false });
      growth.push(...sizes);
      all.push(...verdicts(scenario, target, sizes));
    }
  }
}
if (wanted === undefined) {
  for (const weight of weights) all.push(bytesVerdict(weight.name, weight.most, await weighed(weight)));
  for (const budget of budgets) {
    all.push(bytesVerdict(`gzip: ${budget.name}`, budget.most, await bundleSize(entry, budget)));
  }
}
console.log(`\n${targetTable(all)}`);

const run: Run = { place, results, growth, verdicts: all };
if (wanted === undefined && !options.quick && !options.together) {
  await writeFile(latest, await format(JSON.stringify(run, rounded), { parser: 'json', printWidth: 120 }));
  await publish(run);
}

/** Puts the tables where the docs have left room for them, and draws the plots. */
async function publish(run: Run): Promise<void> {
  await fill(new URL('../docs/performance.md', import.meta.url), report(run));
  await fill(new URL('../README.md', import.meta.url), summary(run));
  await plot(run);
}

async function fill(file: URL, tables: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  const [begin, end] = ['<!-- results: written by npm run bench -->', '<!-- end of results -->'];
  await writeFile(file, `${text.split(begin)[0]!}${begin}\n\n${tables}\n\n${end}${text.split(end)[1]!}`);
}

/** Ten thousandths of a nanosecond are noise. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
}
