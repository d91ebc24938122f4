import { describe, expect, test } from 'vitest';
import { loadLibrary } from './library.js';
import type { Library, ModeName } from './library.js';
import { print } from './print.js';
import { replay, runRandom } from './run.js';
import { shrink } from './shrink.js';

const RUNS = 300;
const library = await loadLibrary();

describe('whatever is called from wherever, the laws hold', () => {
  test.each<ModeName>(['serialize', 'watermark', 'sequence'])('%s', async (mode) => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const { violation, script } = await runRandom({ library, legacy: false }, mode, seed, 40);
      if (violation === undefined) continue;
      const steps = script.steps.map((step) => [step, step.inside === undefined ? 0 : 1] as const);
      expect.fail(
        `seed ${seed}: ${violation.kind}: ${violation.detail}\n${print(script.setup, steps)}\n` +
          `shorter: npm run fuzz -- --mode ${mode} --seed ${seed} --runs 1`,
      );
    }
  });
});

describe('the fuzz itself', () => {
  /** A package in which the third message that is sent by `trySend` gets the timestamp of the second. */
  const faulty: Library = {
    ...library,
    createDispatcher: (mode, options) => {
      const dispatcher = library.createDispatcher(mode, options);
      const open = dispatcher.sender.bind(dispatcher);
      let sent = 0;
      dispatcher.sender = (name, to) => {
        const sender = open(name, to);
        const trySend = sender.trySend.bind(sender);
        sender.trySend = (value) => {
          const answer = trySend(value);
          return answer.ok && ++sent === 3 ? { ...answer, ts: (answer.ts as number) - 1 } : answer;
        };
        return sender;
      };
      return dispatcher;
    },
  };
  const options = { library: faulty, legacy: true };

  const firstFailure = async (): Promise<Awaited<ReturnType<typeof runRandom>>> => {
    for (let seed = 1; seed < 200; seed++) {
      const outcome = await runRandom(options, 'serialize', seed, 40);
      if (outcome.violation?.kind === 'two timestamps') return outcome;
    }
    return expect.fail('not found');
  };

  test('finds a fault, and the same seed gives the same script', async () => {
    const [one, other] = [await firstFailure(), await firstFailure()];
    expect(one).toEqual(other);
  });

  test('a recorded script fails again in the same way', async () => {
    const { script, violation } = await firstFailure();
    expect((await replay(options, script)).violation).toEqual(violation);
  });

  test('a script is shrunk until no step can be left out', async () => {
    const { script, violation } = await firstFailure();
    const fails = async (candidate: typeof script): Promise<boolean> =>
      (await replay(options, candidate)).violation?.kind === violation?.kind;
    const { steps, setup } = await shrink(script, fails);
    expect(steps.length).toBeLessThan(script.steps.length);
    expect(await fails({ setup, steps })).toBe(true);
    for (const step of steps)
      expect(await fails({ setup, steps: steps.filter((other) => other !== step) })).toBe(false);
  });
});
