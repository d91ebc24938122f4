import { VirtualTimeScheduler } from 'rxjs';
import { afterClose } from './checks/after-close.js';
import { afterOperation } from './checks/after-operation.js';
import { atRest } from './checks/at-rest.js';
import { Choices } from './choices.js';
import { Generator } from './generate.js';
import type { Drop, Library, ModeName } from './library.js';
import type { Operation, Script, Step, Violation } from './operation.js';
import { perform } from './perform/perform.js';
import { chooseSetup, openDispatcher } from './setup.js';
import type { Setup } from './setup.js';
import { Intended, World } from './world.js';

export interface Outcome {
  readonly script: Script;
  readonly violation: Violation | undefined;
}

export interface RunOptions {
  readonly library: Library;
  /** For builds that lack what came after version 0.1. */
  readonly legacy: boolean;
  /** Told of each step when it begins, with how deep it is. */
  readonly onStep?: ((step: Step, depth: number) => void) | undefined;
}

const DEEPEST = 3;
/** Reasons of drops that are answers to the sender, too. */
const REFUSALS = ['late', 'duplicate', 'ahead'];
/** So many callbacks in one run mean that something goes round in circles. */
const MOST_CALLBACKS = 20_000;

/** Says which operations come. */
interface Source {
  /** The next one at the top; `undefined` at the end. */
  top(world: World): Step | undefined;
  /** What is done inside this callback. */
  inside(label: string): Step | undefined;
}

/** A run of random operations. */
export function runRandom(options: RunOptions, mode: ModeName, seed: number, length: number): Promise<Outcome> {
  const choices = new Choices(seed);
  const setup = chooseSetup(choices, mode, options.legacy);
  return run(options, setup, new RandomSource(choices, length));
}

/** The same run again, or a shortened one. */
export function replay(options: RunOptions, script: Script): Promise<Outcome> {
  return run(options, script.setup, new RecordedSource(script.steps));
}

class RandomSource implements Source {
  readonly #choices: Choices;
  readonly #reactivity: number;
  #left: number;
  #budget: number;
  #settle = false;
  #generator: Generator | undefined;
  readonly #first: ('receiver' | 'sender')[] = ['receiver', 'receiver', 'sender', 'sender'];

  constructor(choices: Choices, length: number) {
    this.#choices = choices;
    this.#left = length;
    this.#budget = length;
    // Some runs without nested calls: what they find is simpler.
    this.#reactivity = choices.pick([0, 0.1, 0.3, 0.5]);
  }

  top(world: World): Step | undefined {
    if (this.#settle) {
      this.#settle = false;
      return { operation: { kind: 'settle' } };
    }
    this.#generator ??= new Generator(world, this.#choices);
    while (this.#left-- > 0) {
      const first = this.#first.shift();
      const operation = first === undefined ? this.#generator.choose(false) : this.#generator.make(first);
      if (operation === undefined) continue;
      this.#settle = this.#choices.chance(0.3);
      return this.#step(operation);
    }
    return undefined;
  }

  inside(label: string): Step | undefined {
    if (this.#budget <= 0 || !this.#choices.chance(this.#reactivity)) return undefined;
    const mayThrow = !label.startsWith('route') && !label.includes('resolved') && !label.includes('abort');
    const operation = this.#generator?.choose(mayThrow);
    if (operation === undefined) return undefined;
    this.#budget--;
    return { inside: label, ...this.#step(operation) };
  }

  #step(operation: Operation): Step {
    return this.#choices.chance(0.5) ? { operation, look: true } : { operation };
  }
}

class RecordedSource implements Source {
  readonly #top: Step[];
  readonly #inside = new Map<string, Step[]>();

  constructor(steps: readonly Step[]) {
    this.#top = steps.filter(({ inside }) => inside === undefined);
    for (const step of steps) {
      if (step.inside === undefined) continue;
      const others = this.#inside.get(step.inside);
      if (others === undefined) this.#inside.set(step.inside, [step]);
      else others.push(step);
    }
  }

  top(): Step | undefined {
    return this.#top.shift();
  }

  inside(label: string): Step | undefined {
    return this.#inside.get(label)?.shift();
  }
}

/** Lets everything that is ready run: microtasks, then one turn of the event loop. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function run({ library, legacy, onStep }: RunOptions, setup: Setup, source: Source): Promise<Outcome> {
  const steps: Step[] = [];
  const scheduler = new VirtualTimeScheduler();
  scheduler.maxFrames = 0;
  const world = new World(library, setup, scheduler, legacy);
  let depth = 0;
  let callbacks = 0;

  const doStep = (step: Step): void => {
    steps.push(step);
    onStep?.(step, depth);
    depth++;
    try {
      perform(world, step.operation);
    } catch (error) {
      if (step.operation.kind === 'throw') throw error;
      world.judge(error, JSON.stringify(step.operation));
    } finally {
      depth--;
    }
    afterOperation(world, step.look === true);
  };
  world.reaction = (label) => {
    if (++callbacks > MOST_CALLBACKS) return world.fail('never ends', `${callbacks} callbacks, the last: ${label}`);
    if (depth > DEEPEST) return;
    const step = source.inside(label);
    if (step !== undefined) doStep(step);
  };
  const unhandled = (error: unknown): void => {
    if (!(error instanceof Intended))
      world.fail('unhandled', error instanceof Error ? (error.stack ?? '') : String(error));
  };
  process.on('unhandledRejection', unhandled);
  process.on('uncaughtException', unhandled);
  try {
    world.dispatcher = openDispatcher(library, setup, scheduler, (drop) => onDrop(world, drop));
    world.followDiverted();
    for (let step; !world.hasFailed() && (step = source.top(world)) !== undefined;) {
      doStep(step);
      if (step.operation.kind !== 'settle') continue;
      await turn();
      atRest(world);
    }
    await turn();
    atRest(world);
    await afterClose(world, turn);
    // RxJS reports what a careless callback throws by a timer.
    if (steps.some(({ operation }) => operation.kind === 'throw'))
      await new Promise((resolve) => setTimeout(resolve, 1));
  } catch (error) {
    world.judge(error, 'closing, or looking at it');
  } finally {
    process.off('unhandledRejection', unhandled);
    process.off('uncaughtException', unhandled);
  }
  return { script: { setup, steps }, violation: world.violation };
}

function onDrop(world: World, { receiver, value, ts, reason }: Drop): void {
  const record = world.receiverNamed(receiver);
  const message = world.messages.get(value);
  if (record === undefined && world.joining?.name === receiver) {
    world.joining.later.push(() => onDrop(world, { receiver, value, ts, reason }));
    return;
  }
  if (record === undefined || message === undefined)
    return world.fail('unknown value', `drop of ${value} at ${receiver}`);
  // What is refused may be reported, too: it was never accepted.
  if (!REFUSALS.includes(reason)) {
    if (message.fate === 'refused') world.fail('refused, but dropped', `${value} at ${receiver} (${reason})`);
    world.stamp(message, ts);
  }
  record.returned.delete(value);
  record.dropped.set(value, (record.dropped.get(value) ?? 0) + 1);
  if (reason === 'overflow' || reason === 'gap') record.failed = true;
  if (reason === 'gap') world.taken.delete(ts);
  world.react(`drop of ${value} at ${receiver}`);
}
