import { do_not_optimize, measure } from 'mitata';
import { load } from './package.js';
import { cpuTime, type Run, type Scenario } from './scenario.js';
import { scenarios } from './scenarios/index.js';

/** One contender of a row. */
export interface Entrant {
  readonly scenario: string;
  readonly size: number;
  readonly contender: keyof Scenario['contenders'];
  /** The build that the contender `package` uses. */
  readonly entry: string;
}

/** An entrant that is ready to run. */
export interface Ready {
  readonly run: Run;
  readonly batch: number;
  readonly measuresItself: boolean;
}

export async function prepare({ scenario: name, size, contender, entry }: Entrant): Promise<Ready> {
  const scenario = scenarios.find((scenario) => scenario.name === name)!;
  // A consumer reads what it gets and keeps it, so that no tuple can be optimised away.
  let sum = 0;
  const consumer = () => (message: readonly [unknown, number]) => {
    sum = (sum + message[1]) | 0;
    do_not_optimize(message);
  };
  const run = scenario.contenders[contender]!({ size, build: await load(entry), consumer });
  return { run, batch: scenario.batch(size), measuresItself: scenario.measuresItself !== undefined };
}

/** Memory is left to the engine: collecting it before each turn would throw compiled code away, too. */
const PLAIN = { batch_threshold: 0, gc: false as const };

/** Nanoseconds a message, or bytes, over batches of so many milliseconds in all. */
export async function turn({ run, batch, measuresItself }: Ready, milliseconds: number): Promise<number> {
  const options = { now: cpuTime, min_cpu_time: milliseconds * 1e6, min_samples: 1, warmup_samples: 0 };
  const once = (): unknown => run(batch);
  const itself = function* (): Generator<() => unknown, void, undefined> {
    yield { manual: once } as never;
  };
  const { avg } = await (measuresItself ? measure(itself, options) : measure(once, { ...options, ...PLAIN }));
  return avg / batch;
}

/** Milliseconds. */
const WARM_UP = { least: 800, most: 3000 };

/** Runs it until two turns in a row are not faster than those before: by then the compiler has done its work. */
export async function warmUp(ready: Ready, milliseconds: number): Promise<number> {
  const began = performance.now();
  let best = Infinity;
  for (let slower = 0, spent = 0; spent < WARM_UP.most && (slower < 2 || spent < WARM_UP.least);) {
    const last = await turn(ready, milliseconds);
    slower = last < 0.97 * best ? 0 : slower + 1;
    best = Math.min(best, last);
    spent = performance.now() - began;
  }
  return best;
}
