/** Races the contenders of a row: in turns, each in a process of its own, so that noise hits all alike. */
import { build } from 'esbuild';
import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Entrant } from './measure.js';
import type { Scenario } from './scenario.js';
import type { Answer, Request } from './worker.js';

/** How long and how often to measure. */
export interface Effort {
  /** How often to begin anew, with fresh processes: what the compiler makes of a program differs from run to run. */
  readonly generations: number;
  /** Turns of a contender in a generation, of which the best counts: what disturbs only ever adds. */
  readonly turns: number;
  /** Milliseconds of a turn; the warm-up before the first takes several. */
  readonly turn: number;
  /** Milliseconds of a turn after which a contender is stopped. */
  readonly limit: number;
}

/** A contender of a row: `new` and `old` are two builds of the package. */
export type Name = 'bare' | 'old' | 'new' | 'rxjs';

/** What a contender needed in each generation, in nanoseconds a message, or bytes; or why it did not get to the end. */
export interface Measured {
  readonly scenario: string;
  readonly size: number;
  readonly name: Name;
  readonly samples: number[];
  failure?: string;
}

/** The entries of the builds. */
export interface Builds {
  readonly new: string;
  readonly old?: string | undefined;
}

const bundle = fileURLToPath(new URL(`../node_modules/.cache/bench-worker-${process.pid}.mjs`, import.meta.url));

/** Compiles the worker, which takes everything but the scenarios from where it is installed. */
export async function prepareWorkers(): Promise<void> {
  const entryPoints = [fileURLToPath(new URL('worker.ts', import.meta.url))];
  await build({ entryPoints, outfile: bundle, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  process.on('exit', () => rmSync(bundle, { force: true }));
}

/** Those who take part in a row. */
export function contenders({ name: scenario, contenders }: Scenario, size: number, { old }: Builds): Measured[] {
  const names: readonly Name[] = ['bare', 'old', 'new', 'rxjs'];
  return names
    .filter((name) => (name === 'new' ? true : name === 'old' ? old !== undefined : contenders[name] !== undefined))
    .map((name) => ({ scenario, size, name, samples: [] }));
}

export function entrantOf({ scenario, size, name }: Omit<Measured, 'samples'>, builds: Builds): Entrant {
  const contender = name === 'old' || name === 'new' ? 'package' : name;
  return { scenario, size, contender, entry: (name === 'old' ? builds.old : undefined) ?? builds.new };
}

/** One generation: adds a sample to each contender that is still in the race. */
export async function generation(row: readonly Measured[], effort: Effort, builds: Builds): Promise<void> {
  const racing = row
    .filter(({ failure }) => failure === undefined)
    .map((measured) => ({ measured, child: fork(bundle, { execArgv: ['--expose-gc'] }), best: Infinity }));
  // The first turn warms up.
  for (let turn = 0; turn <= effort.turns; turn++) {
    for (const racer of racing) {
      if (racer.measured.failure !== undefined) continue;
      const request = turn === 0 ? { entrant: entrantOf(racer.measured, builds) } : {};
      const answer = await ask(racer.child, { ...request, milliseconds: effort.turn }, effort.limit);
      if ('failure' in answer) racer.measured.failure = answer.failure;
      else if (turn > 0) racer.best = Math.min(racer.best, answer.answer);
    }
  }
  for (const { measured, child, best } of racing) {
    child.kill('SIGKILL');
    if (measured.failure === undefined) measured.samples.push(best);
  }
}

function ask(child: ChildProcess, request: Request, limit: number): Promise<Answer> {
  return new Promise((resolve) => {
    const began = cpuOf(child);
    const settle = (answer: Answer): void => {
      clearInterval(timer);
      child.removeAllListeners();
      resolve(answer);
    };
    const timer = setInterval(() => {
      if (cpuOf(child) - began >= limit) settle({ failure: `> ${limit / 1000} s` });
    }, 200);
    child.on('message', settle);
    child.on('exit', (code, signal) => settle({ failure: `ended with ${code ?? signal}` }));
    // It may have ended since it was asked last.
    child.on('error', () => settle({ failure: 'ended' }));
    child.send(request);
  });
}

/** Milliseconds that a process has had; where that can't be told, those of the clock on the wall. */
function cpuOf({ pid }: ChildProcess): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return performance.now();
  }
}
