import { Worker } from 'node:worker_threads';
import type { ModeName } from './library.js';
import type { Script, Step, Violation } from './operation.js';
import { print } from './print.js';
import { chooseSetup } from './setup.js';
import { Choices } from './choices.js';
import { shrink } from './shrink.js';
import type { Reply, Task, WorkerOptions } from './worker.js';

export interface Failure {
  readonly mode: ModeName;
  readonly seed: number;
  readonly violation: Violation;
  readonly script: Script;
}

/** The shortest script that was found, and what it ends with. */
export interface Shrunk {
  readonly script: Script;
  readonly violation: Violation | undefined;
  readonly text: string;
}

/** A run that says nothing for so long (ms) seems to hang: it takes a few milliseconds otherwise. */
const SILENCE = 1_500;
/** While shrinking, a candidate gets less. */
const PATIENCE = 1_500;
const HANGING_CANDIDATES = 25;
const BATCH = 500;

/** Runs in a worker that is ended when it hangs: an endless loop of the engine can't be left in any other way. */
export class Runner {
  readonly #options: WorkerOptions;
  #worker: Promise<Worker> | undefined;

  constructor(options: WorkerOptions) {
    this.#options = options;
  }

  /** So many runs from this seed on, or until the time (ms since the epoch) is over; returns how many there were. */
  async runs(
    mode: ModeName,
    first: number,
    count: number,
    until: number,
    onFailure: (failure: Failure) => void,
  ): Promise<number> {
    let seed = first;
    while (seed < first + count && Date.now() < until) {
      const batch = Math.min(BATCH, first + count - seed);
      let last = seed;
      const finished = await this.#ask({ task: 'runs', mode, first: seed, count: batch }, SILENCE, (reply) => {
        if (reply.reply === 'begin') last = reply.seed;
        else if (reply.reply === 'failure') onFailure({ mode, ...reply });
      });
      if (finished) seed += batch;
      else {
        const failure = await this.#hang(mode, last);
        if (failure !== undefined) onFailure(failure);
        seed = last + 1;
      }
    }
    return seed - first;
  }

  /** The shortest script found that fails in the same way, as data and as text. */
  async shrink({ script, violation: { kind } }: Failure): Promise<Shrunk> {
    let shrunk = script;
    if (kind === 'hangs') {
      let left = HANGING_CANDIDATES;
      shrunk = await shrink(script, async (candidate) => {
        if (left === 0) return false;
        const hangs = !(await this.#ask({ task: 'replay', script: candidate }, PATIENCE, () => {}));
        if (hangs) left--;
        return hangs;
      });
      return {
        script: shrunk,
        violation: HANGS,
        text: print(
          shrunk.setup,
          shrunk.steps.map((step) => [step, 0]),
        ),
      };
    }
    await this.#ask({ task: 'shrink', script, kind }, 60_000, (reply) => {
      if (reply.reply === 'shrunk') shrunk = reply.script;
    });
    return { script: shrunk, ...(await this.replay(shrunk)) };
  }

  async replay(script: Script): Promise<{ readonly violation: Violation | undefined; readonly text: string }> {
    let result = { violation: HANGS as Violation | undefined, text: '' };
    await this.#ask({ task: 'replay', script }, SILENCE, (reply) => {
      if (reply.reply === 'replayed') result = reply;
    });
    return result;
  }

  async close(): Promise<void> {
    await (await this.#worker)?.terminate();
    this.#worker = undefined;
  }

  async #hang(mode: ModeName, seed: number): Promise<Failure | undefined> {
    const steps: Step[] = [];
    const finished = await this.#ask({ task: 'stream', mode, seed }, 2 * PATIENCE, (reply) => {
      if (reply.reply === 'step') steps.push(reply.step);
    });
    // The machine was busy, that's all.
    if (finished) return undefined;
    const setup = chooseSetup(new Choices(seed), mode, this.#options.legacy);
    return { mode, seed, violation: HANGS, script: { setup, steps } };
  }

  /** False where the worker was silent for too long, or ran out of memory. */
  async #ask(task: Task, silence: number, on: (reply: Reply) => void): Promise<boolean> {
    const worker = await (this.#worker ??= this.#open());
    const finished = await new Promise<boolean>((resolve, reject) => {
      let heard = Date.now();
      const watch = setInterval(() => {
        if (Date.now() - heard > silence) end(false);
      }, 100);
      const listen = (reply: Reply): void => {
        heard = Date.now();
        on(reply);
        if (reply.reply === 'done') end(true);
        if (reply.reply === 'broken') {
          clearInterval(watch);
          reject(new Error(reply.reason));
        }
      };
      const died = (): void => end(false);
      const end = (result: boolean): void => {
        clearInterval(watch);
        worker.off('message', listen).off('error', died);
        resolve(result);
      };
      worker.on('message', listen).on('error', died).postMessage(task);
    });
    if (!finished) await this.close();
    return finished;
  }

  #open(): Promise<Worker> {
    // tsx doesn't follow into workers by itself.
    const main = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
    const code = `import('tsx/esm/api').then(({ register }) => (register(), import(${main})))`;
    const worker = new Worker(code, {
      eval: true,
      workerData: this.#options,
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    return new Promise((resolve, reject) => {
      worker.once('message', () => resolve(worker)).once('error', reject);
    });
  }
}

const HANGS: Violation = { kind: 'hangs', detail: 'the call of the last step never returns' };
