import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ModeName } from './library.js';
import { Runner } from './runner.js';

// node --import tsx test/fuzz/mutants.ts [--runs N] [--only NAME]
//
// Puts faults into copies of the built package (`npm run build` first), one at a time, and says in how many runs the
// fuzz finds each: a fuzz that finds nothing has to show that it would.

/** One fault: in this file of `dist/esm`, the first occurrence of a text is replaced. */
interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly search: string;
  readonly replace: string;
  /** Where it can show; all modes by default. */
  readonly modes?: readonly ModeName[];
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '2000' }, only: { type: 'string' } },
});
const root = fileURLToPath(new URL('../../', import.meta.url));
const list = JSON.parse(await readFile(new URL('mutants.json', import.meta.url), 'utf8')) as readonly Mutant[];
const names = list.filter(({ name }) => values.only === undefined || name.includes(values.only));
let unseen = 0;

for (const mutant of names) {
  const copy = await mkdtemp(join(tmpdir(), 'mutant-'));
  try {
    await mutate(copy, mutant);
    const found = await count(copy, mutant.modes ?? ['serialize', 'watermark', 'sequence']);
    if (found.every(({ failures }) => failures === 0)) unseen++;
    const row = found.map(({ mode, failures, kind }) => `${mode} ${failures}${failures > 0 ? ` (${kind})` : ''}`);
    console.log(`${mutant.name}: ${row.join(', ')}, of ${values.runs} runs each`);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
console.log(`${names.length} faults, ${unseen} not found`);
process.exitCode = unseen > 0 ? 1 : 0;

async function mutate(copy: string, { name, file, search, replace }: Mutant): Promise<void> {
  await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
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

async function count(
  lib: string,
  modes: readonly ModeName[],
): Promise<{ readonly mode: ModeName; readonly failures: number; readonly kind: string }[]> {
  const runner = new Runner({ lib, legacy: false, length: 40 });
  const result = [];
  for (const mode of modes) {
    const kinds: string[] = [];
    await runner.runs(mode, 1, Number(values.runs), Infinity, ({ violation }) => kinds.push(violation.kind));
    result.push({ mode, failures: kinds.length, kind: [...new Set(kinds)].slice(0, 4).join(', ') });
  }
  await runner.close();
  return result;
}
