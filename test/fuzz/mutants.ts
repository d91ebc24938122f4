import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ModeName } from './library.js';
import { Runner } from './runner.js';
import type { Failure } from './runner.js';

// npm run fuzz:mutants -- [--runs N] [--only NAME] [--root DIRECTORY] [--write]
//
// Puts faults into copies of the built package, one at a time, and says after how many runs the fuzz finds each: a fuzz
// that finds nothing has to show that it would. With --write the table of README.md is written anew.

/** One fault: in this file of `dist/esm`, the first occurrence of a text is replaced. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly search: string;
  readonly replace: string;
  /** Where it can show; all modes by default. */
  readonly modes?: readonly ModeName[];
}

/** So many runs at a time. */
const STEP = 100;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '60000' },
    only: { type: 'string' },
    root: { type: 'string', default: fileURLToPath(new URL('../../', import.meta.url)) },
    write: { type: 'boolean', default: false },
  },
});
const most = Number(values.runs);
const list = JSON.parse(await readFile(new URL('mutants.json', import.meta.url), 'utf8')) as readonly Mutant[];
const chosen = list.filter(({ name }) => values.only === undefined || name.includes(values.only));
const rows: string[] = [];
let unseen = 0;

for (const mutant of chosen) {
  const copy = await mkdtemp(join(tmpdir(), 'mutant-'));
  try {
    await mutate(copy, mutant);
    for (const mode of mutant.modes ?? (['serialize', 'watermark', 'sequence'] as const)) {
      const failure = await first(copy, mode);
      if (failure === undefined) unseen++;
      const found = failure === undefined ? `not in ${most} runs` : `${failure.seed}`;
      rows.push(`| ${mutant.name} | ${mode} | ${found} | ${failure?.violation.kind ?? ''} |`);
      console.log(rows.at(-1));
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
console.log(`${chosen.length} faults, ${unseen} times not found`);
if (values.write) await writeTable();
process.exitCode = unseen > 0 ? 1 : 0;

async function mutate(copy: string, { name, file, search, replace }: Mutant): Promise<void> {
  await cp(join(values.root, 'dist'), join(copy, 'dist'), { recursive: true });
  await cp(join(values.root, 'package.json'), join(copy, 'package.json'));
  await symlink(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(copy, 'node_modules'));
  const path = resolve(copy, 'dist/esm', file);
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Error(`${name}: there is no ${file} in ${dirname(path)}`);
  });
  if (!text.includes(search)) throw new Error(`${name}: ${file} has no ${JSON.stringify(search)} any more`);
  await writeFile(
    path,
    text.replace(search, () => replace),
  );
}

/** What the first run that finds anything finds; seeds are numbered as runs are. */
async function first(lib: string, mode: ModeName): Promise<Failure | undefined> {
  const runner = new Runner({ lib, legacy: false, length: 40 });
  try {
    for (let seed = 1; seed <= most; seed += STEP) {
      const failures: Failure[] = [];
      const count = Math.min(STEP, most + 1 - seed);
      await runner.runs(mode, seed, count, Infinity, (failure) => failures.push(failure));
      if (failures[0] !== undefined) return failures[0];
    }
    return undefined;
  } finally {
    await runner.close();
  }
}

async function writeTable(): Promise<void> {
  const readme = new URL('README.md', import.meta.url);
  const text = await readFile(readme, 'utf8');
  const table = ['| Fault | Mode | Found in run | As |', '| --- | --- | --- | --- |', ...rows].join('\n');
  const [before, , after] = text.split(/<!-- (?:mutants: .*|end of mutants) -->\n/);
  if (after === undefined) throw new Error('README.md has no place for the table any more');
  const begin = `<!-- mutants: written by npm run fuzz:mutants -- --write -->\n`;
  await writeFile(readme, `${before}${begin}\n${table}\n\n<!-- end of mutants -->\n${after}`);
}
