import { format } from 'node:util';
import { runInThisContext } from 'node:vm';
import { transform } from 'esbuild';
import type { Block } from './blocks.js';

/** What a block may import. The package's own names lead to its source, as everywhere in the tests. */
const MODULES: Record<string, () => Promise<unknown>> = {
  rxjs: () => import('rxjs'),
  'rxjs/testing': () => import('rxjs/testing'),
  'rxjs-clocked-dispatch': () => import('rxjs-clocked-dispatch'),
  'rxjs-clocked-dispatch/log': () => import('rxjs-clocked-dispatch/log'),
  'rxjs-clocked-dispatch/level': () => import('rxjs-clocked-dispatch/level'),
  'rxjs-clocked-dispatch/indexeddb': () => import('rxjs-clocked-dispatch/indexeddb'),
  'rxjs-clocked-dispatch/port': () => import('rxjs-clocked-dispatch/port'),
  'rxjs-clocked-dispatch/testing': () => import('rxjs-clocked-dispatch/testing'),
  'classic-level': () => import('classic-level'),
  'node:assert/strict': () => import('node:assert/strict'),
  'node:events': () => import('node:events'),
  'node:fs': () => import('node:fs'),
  'node:net': () => import('node:net'),
  'node:os': () => import('node:os'),
  'node:path': () => import('node:path'),
  'node:readline': () => import('node:readline'),
  'node:v8': () => import('node:v8'),
  'node:worker_threads': () => import('node:worker_threads'),
};

type Run = ($import: (name: string) => Promise<unknown>, console: { log(...args: unknown[]): void }) => Promise<void>;

/** How long to wait for output that comes after the last statement. */
const PATIENCE = 2000;

/** Runs a block as a module of its own, and resolves with what it has printed. */
export async function run(block: Block): Promise<string> {
  let printed = '';
  const log = (...args: unknown[]): void => {
    printed += `${format(...args)}\n`;
  };
  const script = runInThisContext(await toFunction(block), { filename: block.file }) as Run;
  await script(load, { log }).catch((error: unknown) => {
    // An error that the page announces.
    if (!announced(error, block)) throw error;
    log(error.name, error.code);
  });
  // What timers and promises still have to bring; then a little more, to see what shouldn't come.
  const until = Date.now() + PATIENCE;
  while (printed.length < (block.output ?? '').length && Date.now() < until) await pause(1);
  await pause(0);
  return printed;
}

/** Whether the output of a block ends with the name and the code of the error that ends the block. */
function announced(error: unknown, { output = '' }: Block): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && output.endsWith(`${error.name} ${String(error.code)}\n`);
}

/** An async function, so that a block may have `await` at its top, as a module can. */
async function toFunction({ code }: Block): Promise<string> {
  const { code: javascript } = await transform(code, { loader: 'ts', target: 'node20' });
  const body = javascript.replace(
    /^import (?:\{(.*?)\}|\* as (\w+)|(\w+)) from "(.*?)";$/gms,
    (_, names?: string, all?: string, byDefault?: string, from?: string) => {
      const target = names === undefined ? (all ?? `{ default: ${byDefault} }`) : `{${names.replaceAll(' as ', ': ')}}`;
      return `const ${target} = await $import("${from}");`;
    },
  );
  // The inner block lets it have names of its own, whatever the function's parameters are called.
  return `(async ($import, console) => {{\n${body}\n}})`;
}

function load(name: string): Promise<unknown> {
  const module = MODULES[name];
  if (module === undefined)
    throw new Error(`'${name}' can't be imported here: add it to MODULES, or mark the block no-run`);
  return module();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
