import { parentPort, workerData } from 'node:worker_threads';
import { loadLibrary } from './library.js';
import type { ModeName } from './library.js';
import type { Script, Step, Violation } from './operation.js';
import { print } from './print.js';
import { replay, runRandom } from './run.js';
import { shrink } from './shrink.js';

export interface WorkerOptions {
  readonly lib: string | undefined;
  readonly legacy: boolean;
  readonly length: number;
}

/** What a worker is asked to do. */
export type Task =
  | { readonly task: 'runs'; readonly mode: ModeName; readonly first: number; readonly count: number }
  /** Run this seed, and tell each step before it is done: it will not come to its end. */
  | { readonly task: 'stream'; readonly mode: ModeName; readonly seed: number }
  | { readonly task: 'replay'; readonly script: Script }
  | { readonly task: 'shrink'; readonly script: Script; readonly kind: string };

/** What it says. */
export type Reply =
  | { readonly reply: 'ready' | 'done' }
  /** The fuzz itself can't go on. */
  | { readonly reply: 'broken'; readonly reason: string }
  | { readonly reply: 'begin'; readonly seed: number }
  | { readonly reply: 'step'; readonly step: Step; readonly depth: number }
  | { readonly reply: 'failure'; readonly seed: number; readonly violation: Violation; readonly script: Script }
  | { readonly reply: 'replayed'; readonly violation: Violation | undefined; readonly text: string }
  | { readonly reply: 'shrunk'; readonly script: Script };

const port = parentPort;
if (port === null) throw new Error('this is the worker of cli.ts');
const { lib, legacy, length } = workerData as WorkerOptions;
const library = await loadLibrary(lib);
const options = { library, legacy };
// Most errors here are answers: where they come from costs more than the runs.
Error.stackTraceLimit = 4;
const tell = (reply: Reply): void => port.postMessage(reply);

async function perform(task: Task): Promise<void> {
  switch (task.task) {
    case 'runs':
      for (let seed = task.first; seed < task.first + task.count; seed++) {
        tell({ reply: 'begin', seed });
        const { violation, script } = await runRandom(options, task.mode, seed, length);
        if (violation !== undefined) tell({ reply: 'failure', seed, violation, script });
      }
      return;
    case 'stream': {
      const onStep = (step: Step, depth: number): void => tell({ reply: 'step', step, depth });
      await runRandom({ ...options, onStep }, task.mode, task.seed, length);
      return;
    }
    case 'replay': {
      const steps: (readonly [Step, number])[] = [];
      const onStep = (step: Step, depth: number): void => void steps.push([step, depth]);
      const { violation } = await replay({ ...options, onStep }, task.script);
      tell({ reply: 'replayed', violation, text: print(task.script.setup, steps) });
      return;
    }
    case 'shrink': {
      const failsStill = async (script: Script): Promise<boolean> =>
        (await replay(options, script)).violation?.kind === task.kind;
      tell({ reply: 'shrunk', script: await shrink(task.script, failsStill) });
      return;
    }
  }
}

port.on('message', (task: Task) => {
  void perform(task).then(
    () => tell({ reply: 'done' }),
    (error: unknown) => tell({ reply: 'broken', reason: error instanceof Error ? (error.stack ?? '') : String(error) }),
  );
});
tell({ reply: 'ready' });
