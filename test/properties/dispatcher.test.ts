import { fc } from '../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import { MODES, type Mode } from '../support/dispatchers.js';
import { expectLawful, expectOnce, expectSameOrder } from '../support/lawful.js';
import { Pair, type Step } from '../support/pair.js';
import { sorted } from '../support/sorted.js';

const RUNS = 300;

const index = fc.nat({ max: 7 });
const tick = fc.boolean();

/** Mostly messages, so that most scripts get somewhere; every step may be left out when a failure is shrunk. */
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('receiver' as const), bound: fc.constantFrom(0, 1, 2, 100) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sender' as const),
      to: fc.array(index, { minLength: 1, maxLength: 2 }),
      strict: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('broadcaster' as const), strict: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('clone', 'toBroadcaster', 'complete', 'complete'), sender: index }),
  },
  {
    weight: 24,
    arbitrary: fc.record({ do: fc.constant('send' as const), sender: index, at: fc.nat({ max: 4 }), tick }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('pull', 'pull', 'drain', 'unsubscribe', 'leave'), receiver: index }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('subscribe' as const),
      receiver: index,
      reply: fc.option(index, { nil: null }),
    }),
  },
);

const start: readonly Step[] = [
  { do: 'receiver', bound: 100 },
  { do: 'receiver', bound: 2 },
  { do: 'sender', to: [0], strict: false },
  { do: 'sender', to: [1], strict: false },
];

const script = fc.array(step, { maxLength: 60, size: 'max' }).map((steps) => [...start, ...steps]);
const seed = fc.constantFrom(0, 0, 7);

function play(mode: Mode, from: number, steps: readonly Step[], closing: boolean): Pair {
  const pair = new Pair(mode, from);
  for (const each of steps) {
    pair.step(each);
    pair.look();
  }
  pair.end(closing);
  return pair;
}

describe.for(MODES)('whatever happens to a dispatcher (%s)', (mode) => {
  test('it does what the model does', () => {
    fc.assert(
      fc.property(seed, script, fc.boolean(), (from, steps, closing) => {
        const { real, ideal } = play(mode, from, steps, closing);
        expect(real).toEqual(ideal);
      }),
      { numRuns: RUNS },
    );
  });

  test('each subscriber sees lawful items, and any two the same order', () => {
    fc.assert(
      fc.property(seed, script, fc.boolean(), (from, steps, closing) => {
        const { seen } = play(mode, from, steps, closing);
        for (const { items } of seen) {
          expectLawful(items, mode !== 'watermark');
          expectOnce(items);
        }
        for (const a of seen) for (const b of seen) expectSameOrder(a.items, b.items);
      }),
      { numRuns: RUNS },
    );
  });

  test('what is told is told to everybody before what comes after it', () => {
    fc.assert(
      fc.property(seed, script, (from, steps) => {
        const { emitted } = play(mode, from, steps, false);
        const times = emitted.map(([, , ts]) => ts);
        expect(times).toEqual(sorted(times));
        // At one timestamp, data first, then the ticks.
        const order = emitted.map(([, value, ts]) => ts * 2 + (value === null ? 1 : 0));
        if (mode !== 'watermark') expect(order).toEqual(sorted(order));
      }),
      { numRuns: RUNS },
    );
  });
});
