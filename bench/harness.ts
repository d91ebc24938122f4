/** Races contenders against each other: in turns, each in a process of its own, so that noise hits all alike. */
import { build } from 'esbuild';
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { Weight } from './memory.js';
import type { Answer, Request } from './worker.js';

/** How long and how often to measure. */
export interface Effort {
  /** How often to begin anew, with fresh processes: what the optimizing compiler makes of a program differs from run to run. */
  readonly generations: number;
  /** Rounds of a generation; in each, every entrant has one turn. */
  readonly rounds: number;
  /** Milliseconds of a turn. */
  readonly turn: number;
  /** Milliseconds before the first round. */
  readonly warmUp: number;
  /** Whether bytes are measured too. */
  readonly bytes: boolean;
  /** Whether all share one process, as they would in an application that uses them all. */
  readonly together?: boolean;
}

/** Who takes part in a race. */
export interface Entrant {
  readonly scenario: string;
  readonly contender: string;
  readonly size: number;
}

/** What an entrant needed. */
export interface Result extends Entrant {
  /** Nanoseconds a message: the median of the rounds. */
  readonly nanoseconds: number;
  /** Nanoseconds a message in each round. */
  readonly rounds: readonly number[];
  /** Bytes allocated for each message. */
  readonly bytes: number | null;
}

const out = new URL('../node_modules/.cache/rxjs-clocked-dispatch-bench/', import.meta.url);

/** Compiles the package as it is published, and the worker; answers where the package is. */
export async function prepare(): Promise<string> {
  const built = process.env.BENCH_PACKAGE ?? compilePackage();
  await build({
    entryPoints: [new URL('worker.ts', import.meta.url).pathname],
    outfile: new URL('worker.mjs', out).pathname,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    plugins: [
      {
        name: 'the package as built',
        setup: (build) => {
          build.onResolve({ filter: /^rxjs-clocked-dispatch$/ }, () => ({
            path: pathToFileURL(built).href,
            external: true,
          }));
          build.onResolve({ filter: /^[^.]/ }, ({ kind }) => (kind === 'entry-point' ? null : { external: true }));
        },
      },
    ],
  });
  return built;
}

/** The JavaScript that `npm run build` makes of src, without checking the types once more. */
function compilePackage(): string {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const outDir = new URL('package/', out).pathname;
  const project = new URL('../tsconfig.esm.json', import.meta.url).pathname;
  const flags = ['--noCheck', '--isolatedDeclarations', 'false', '--declaration', 'false', '--declarationMap', 'false'];
  execFileSync(process.execPath, [tsc, '--project', project, '--outDir', outDir, ...flags], { stdio: 'inherit' });
  return `${outDir}index.js`;
}

/** A process that measures; it is asked one thing at a time. */
export class Worker {
  readonly #child: ChildProcess = fork(new URL('worker.mjs', out).pathname, { execArgv: ['--expose-gc'] });
  #answered: (answer: Answer) => void = () => {};

  constructor() {
    this.#child.on('message', (answer: Answer) => this.#answered(answer));
    this.#child.on('exit', (code) => this.#answered({ failure: `the worker has ended with ${code}` }));
  }

  async ask(request: Request): Promise<number> {
    const answer = await new Promise<Answer>((resolve) => {
      this.#answered = resolve;
      this.#child.send(request);
    });
    if ('failure' in answer) throw new Error(`${JSON.stringify(request)}: ${answer.failure}`);
    return answer.answer;
  }

  end(): void {
    this.#child.kill();
  }
}

/** Measures the entrants in turns, round by round. */
export async function race(entrants: readonly Entrant[], effort: Effort): Promise<Result[]> {
  const measured = entrants.map(() => ({ rounds: [] as number[], bytes: [] as number[] }));
  for (let i = 0; i < effort.generations; i++) {
    // What is allocated differs little from run to run.
    await generation(entrants, { ...effort, bytes: effort.bytes && i === 0 }, measured);
  }
  return entrants.map((entrant, e) => {
    const { rounds, bytes } = measured[e]!;
    return { ...entrant, nanoseconds: median(rounds), rounds, bytes: bytes.length === 0 ? null : median(bytes) };
  });
}

async function generation(
  entrants: readonly Entrant[],
  { rounds, turn, warmUp, bytes, together = false }: Effort,
  measured: readonly { rounds: number[]; bytes: number[] }[],
): Promise<void> {
  const shared = together ? new Worker() : undefined;
  const workers = entrants.map(() => shared ?? new Worker());
  try {
    for (const [e, entrant] of entrants.entries()) await workers[e]!.ask({ do: 'prepare', entrant: e, ...entrant });
    for (const [e, worker] of workers.entries()) await worker.ask({ do: 'round', entrant: e, milliseconds: warmUp });
    for (let i = 0; i < rounds; i++) {
      // Who begins changes from round to round.
      for (let turns = 0; turns < workers.length; turns++) {
        const e = (turns + i) % workers.length;
        measured[e]!.rounds.push(await workers[e]!.ask({ do: 'round', entrant: e, milliseconds: turn }));
      }
    }
    if (!bytes) return;
    for (const [e, worker] of workers.entries()) {
      const allocated = await worker.ask({ do: 'bytes', entrant: e });
      if (allocated >= 0) measured[e]!.bytes.push(allocated);
    }
  } finally {
    for (const worker of workers) worker.end();
  }
}

/** The most that one of them weighs, in bytes. */
export async function weighed({ store, beside, counts }: Weight): Promise<number> {
  const bytes: number[] = [];
  for (const count of counts) {
    const gross = await weigh(store, count);
    bytes.push(beside === undefined ? gross : gross - (await weigh(beside, count)));
  }
  return Math.max(...bytes);
}

async function weigh(store: Weight['store'], count: number): Promise<number> {
  const worker = new Worker();
  try {
    return await worker.ask({ do: 'weigh', store, count });
  } finally {
    worker.end();
  }
}

/** How many times as long as `b` takes `a`: the median of the ratios round by round. */
export function ratio(a: Result, b: Result): number {
  return median(a.rounds.map((nanoseconds, round) => nanoseconds / b.rounds[round]!));
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
