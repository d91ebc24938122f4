import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { ModeName } from './library.js';
import type { Script } from './operation.js';
import { encode } from './print.js';
import { Runner } from './runner.js';
import type { Failure } from './runner.js';

// npm run fuzz -- [--runs N] [--mode M] [--seed S] [--ops N] [--seconds S] [--lib PATH] [--engine old] [--script FILE]

const MODES: readonly ModeName[] = ['serialize', 'watermark', 'sequence'];
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    mode: { type: 'string' },
    seed: { type: 'string', default: '1' },
    ops: { type: 'string', default: '40' },
    seconds: { type: 'string' },
    /** Another build of the package: its folder, or a module. */
    lib: { type: 'string' },
    /** `old`: without the checks of what version 0.1 doesn't show. */
    engine: { type: 'string', default: 'new' },
    /** How many failures of each kind are shrunk. */
    show: { type: 'string', default: '1' },
    /** Replays a script that was printed. */
    script: { type: 'string' },
  },
});
const modes = MODES.filter((mode) => values.mode === undefined || mode === values.mode);
if (modes.length === 0) throw new Error(`--mode is ${String(values.mode)}: expected one of ${MODES.join(', ')}`);
const runner = new Runner({ lib: values.lib, legacy: values.engine === 'old', length: Number(values.ops) });
let failed = false;

if (values.script !== undefined) {
  const { violation, text } = await runner.replay(JSON.parse(readFileSync(values.script, 'utf8')) as Script);
  failed = violation !== undefined;
  console.log(`${text}\n${violation === undefined ? 'nothing wrong' : `${violation.kind}: ${violation.detail}`}`);
} else for (const mode of modes) failed = (await fuzz(mode)) || failed;
await runner.close();
process.exitCode = failed ? 1 : 0;

async function fuzz(mode: ModeName): Promise<boolean> {
  const begin = Date.now();
  const until = values.seconds === undefined ? Infinity : begin + Number(values.seconds) * 1000;
  const byKind = new Map<string, Failure[]>();
  const count = values.seconds === undefined ? Number(values.runs) : Infinity;
  const runs = await runner.runs(mode, Number(values.seed), count, until, (failure) => {
    const { kind } = failure.violation;
    byKind.set(kind, [...(byKind.get(kind) ?? []), failure]);
  });
  const seconds = ((Date.now() - begin) / 1000).toFixed(1);
  const failures = [...byKind.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(`${mode}: ${runs} runs from seed ${values.seed} in ${seconds} s, ${failures} violations`);
  for (const [kind, all] of [...byKind].sort(([, a], [, b]) => b.length - a.length)) {
    console.log(
      `\n${mode}: ${kind}, in ${all.length} runs (seeds ${all
        .slice(0, 8)
        .map(({ seed }) => seed)
        .join(', ')})`,
    );
    for (const failure of all.slice(0, Number(values.show))) await report(failure);
  }
  return failures > 0;
}

async function report(failure: Failure): Promise<void> {
  const { mode, seed, violation } = failure;
  const { script, text, violation: ends } = await runner.shrink(failure);
  console.log(
    `\n${mode}, seed ${seed}: ${violation.kind}: ${violation.detail}\nshrunk: ${ends?.detail ?? 'fails no more'}\n${text}\n  --script: ${encode(script)}`,
  );
}
