/**
 * `npm run bench`: measures everything, and writes what is published of it.
 *
 *     npm run bench                          # all rows; about half an hour
 *     npm run bench -- --row serialize/10    # one row, or all sizes of a scenario; nothing is published
 *     npm run bench -- --quick               # fewer and shorter turns
 *     npm run bench -- --old DIR --new DIR   # other builds of the package: version 0.1, and what is measured
 *     npm run bench -- --out FILE            # the table goes there
 *     npm run bench -- --old DIR --record    # keeps the figures of 0.1 in bench/results/0.1.json, for when it is not at hand
 *     node --cpu-prof --expose-gc --import tsx bench/run.ts --alone watermark/10/new     # one contender, in this process
 */
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { exactly, type Line, linesOf } from './lines.js';
import { prepare, turn } from './measure.js';
import { contenders, entrantOf, generation, type Measured, type Name, prepareWorkers } from './race.js';
import { report, summary } from './report.js';
import { scenarios } from './scenarios/index.js';

/** What `bench/results/` holds. */
interface Results {
  readonly measured: readonly Measured[];
  readonly gzip: readonly { readonly title: string; readonly most: number; readonly bytes: number | null }[];
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    row: { type: 'string' },
    quick: { type: 'boolean', default: false },
    old: { type: 'string' },
    new: { type: 'string', default: root },
    out: { type: 'string' },
    record: { type: 'boolean', default: false },
    alone: { type: 'string' },
  },
});
const entryOf = (build: string): string => resolve(build, 'dist/esm/index.js');
const builds = { new: entryOf(options.new), old: options.old && entryOf(options.old) };
const RECORDED = 'bench/results/0.1.json';
const effort = options.quick
  ? { generations: 3, turns: 2, turn: 60, limit: 5000 }
  : { generations: 5, turns: 3, turn: 150, limit: 20_000 };
/** RxJS by hand is many times slower: a few generations say that. */
const RXJS_GENERATIONS = 2;

if (options.alone === undefined) await race();
else await alone(options.alone);

async function race(): Promise<void> {
  await prepareWorkers();
  const recorded = JSON.parse(await readFile(resolve(root, RECORDED), 'utf8')) as Results;
  const [wanted, wantedSize] = options.row?.split('/') ?? [];
  const measured: Measured[] = [];
  for (const scenario of scenarios.filter(({ name }) => wanted === undefined || name === wanted)) {
    const sizes = scenario.sizes.filter((size) => wantedSize === undefined || size === Number(wantedSize));
    const rows = sizes.map((size) => contenders(scenario, size, builds));
    for (let g = 0; g < effort.generations; g++) {
      process.stderr.write(`\r${scenario.name}: ${g + 1} of ${effort.generations} `);
      for (const row of rows) {
        await generation(
          row.filter(({ name }) => name !== 'rxjs' || g < RXJS_GENERATIONS),
          effort,
          builds,
        );
      }
    }
    measured.push(...rows.flat());
    console.log(`\n${report(linesOf(scenario, rows.flat(), recorded.measured))}\n`);
  }
  await publish({ measured, gzip: wanted === undefined ? gzip() : [] }, recorded);
}

async function publish(results: Results, recorded: Results): Promise<void> {
  const lines = [
    ...scenarios.flatMap((scenario) => linesOf(scenario, results.measured, recorded.measured)),
    ...results.gzip.map(({ title, most, bytes }): Line => {
      const old = recorded.gzip.find((other) => other.title === title)?.bytes ?? null;
      const outcome = (value: number | null) => (value === null ? 'none' : exactly(value));
      return { title: `gzip: \`import ${title}\``, most, old: outcome(old), now: outcome(bytes), nowToOld: undefined };
    }),
  ];
  const place = `Node ${process.version}, ${cpus()[0]!.model.trim()}, ${new Date().toISOString().slice(0, 10)}`;
  const table = `${place}, by \`npm run bench${options.quick ? ' -- --quick' : ''}\`.\n\n${report(lines)}`;
  console.log(`\n${table}`);
  if (options.out !== undefined) await writeFile(options.out, `${table}\n`);
  if (options.record) {
    const measured = results.measured.filter(({ name }) => name === 'bare' || name === 'old');
    const json = JSON.stringify({ measured, gzip: recorded.gzip }, rounded);
    await writeFile(resolve(root, RECORDED), await format(json, { parser: 'json', printWidth: 120 }));
  }
  if (options.row !== undefined || options.quick || options.out !== undefined) return;
  await fill('docs/performance.md', table);
  await fill('README.md', summary(lines));
}

/** For a profiler to look at. */
async function alone(row: string): Promise<void> {
  const [scenario, size, name] = row.split('/') as [string, string, Name];
  const ready = await prepare(entrantOf({ scenario, size: Number(size), name }, builds));
  for (let i = 0; i < 5; i++) console.log(`${(await turn(ready, 1000)).toFixed(1)} ns`);
  process.exit();
}

function gzip(): Results['gzip'] {
  const script = [`${root}/scripts/size.mjs`, '--json', '--root', options.new];
  return JSON.parse(execFileSync(process.execPath, script, { encoding: 'utf8' })) as Results['gzip'];
}

/** More digits are noise. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(4)) : value;
}

/** Puts a table where a document has left room for it. */
async function fill(document: string, table: string): Promise<void> {
  const text = await readFile(resolve(root, document), 'utf8');
  const [begin, end] = ['<!-- results: written by npm run bench -->', '<!-- end of results -->'];
  await writeFile(
    resolve(root, document),
    `${text.split(begin)[0]!}${begin}\n\n${table}\n\n${end}${text.split(end)[1]!}`,
  );
}
