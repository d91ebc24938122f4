import { fc } from '../../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import type { WatermarkInput } from '../../../src/dispatch/orders/watermark-input.js';
import { WatermarkOrder } from '../../../src/dispatch/orders/watermark-order.js';
import { WatermarkModel, withoutLetter, type Source } from './watermark-model.js';

type Input = WatermarkInput<string, string>;

const ts = fc.integer({ min: -4, max: 8 });
const who = fc.nat({ max: 3 });
const letter = fc.constantFrom('a', 'b');
const disorder = fc.constantFrom(0, 0, 0, 1, 3);
const USUAL = 'ab';
/** What stands for a letter where an order is asked for the messages that concern it. */
const KEYS: Record<string, object> = { a: {}, b: {} };

const step = fc.oneof(
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join'), strict: fc.boolean(), disorder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clone'), strict: fc.boolean(), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('leave', 'idle', 'idle', 'wake', 'wake', 'strict'), who }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constant('message'), who, ts, payload: fc.constantFrom('a', 'b', 'ab') }),
  },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('next'), who, by: fc.nat({ max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tick'), who, ts }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold'), who, ts: fc.option(ts, { nil: undefined }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('takeAll') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('evict'), letter }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), letter, count: fc.nat({ max: 3 }) }) },
);

interface Step {
  readonly do: string;
  readonly who?: number;
  readonly ts?: number | undefined;
  readonly by?: number;
  readonly strict?: boolean;
  readonly disorder?: number;
  readonly payload?: string;
  readonly letter?: string;
  readonly count?: number;
}

interface Options {
  readonly seed?: number | undefined;
  readonly maxLead?: number | undefined;
  readonly resyncAfter?: number | undefined;
}

const options = fc.record({
  seed: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
  maxLead: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined, freq: 2 }),
  resyncAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});

/** The order and its model, side by side. */
class Pair {
  readonly order: WatermarkOrder<string, string>;
  readonly model: WatermarkModel;
  readonly inputs = new Map<Source, Input>();
  #values = 0;

  constructor(given: Options) {
    this.order = new WatermarkOrder(given, '');
    this.model = new WatermarkModel(given.seed, given.maxLead, given.resyncAfter);
  }

  run(step: Step): void {
    const { order, model } = this;
    if (step.do === 'join') return this.#join(step.strict === true, step.disorder ?? 0);
    if (step.do === 'take') this.#take();
    if (step.do === 'takeAll') {
      while (this.#take());
      return;
    }
    if (step.do === 'evict') {
      const found = order.evict(withoutLetter(step.letter as string), KEYS[step.letter as string]);
      const [expected] = model.remove(step.letter as string, 1);
      return expect(found && [found.item[0], found.payload]).toEqual(expected);
    }
    if (step.do === 'remove') {
      const found = order.remove(
        withoutLetter(step.letter as string),
        step.count as number,
        this.#key(step.letter as string),
      );
      return expect(found.map(({ item, payload }) => [item[0], payload])).toEqual(
        model.remove(step.letter as string, step.count as number),
      );
    }
    const source = model.sources[(step.who as number) % model.sources.length];
    if (source !== undefined) this.#runAt(source, this.inputs.get(source) as Input, step);
  }

  #runAt(source: Source, input: Input, step: Step): void {
    const { order, model } = this;
    if (step.do === 'clone') this.#join(step.strict === true, source.disorder, source);
    else if (step.do === 'leave') {
      order.leave(input);
      model.leave(source);
    } else if (step.do === 'idle' || step.do === 'wake') {
      order.setSilent(input, step.do === 'idle');
      model.setSilent(source, step.do === 'idle');
    } else if (step.do === 'strict') {
      order.setStrict(input);
      if (!source.gone) source.strict = true;
    } else if (step.do === 'hold') {
      order.hold(input, step.ts);
      model.hold(source, step.ts);
    } else if (source.gone) return;
    else if (step.do === 'tick') {
      const refusal = model.judge(source, step.ts as number, true);
      expect(order.judgeTick(input, step.ts as number)).toBe(refusal);
      if (refusal !== undefined) return;
      order.reach(input, step.ts as number);
      model.tick(source, step.ts as number);
    } else if (step.do === 'message') this.#message(source, input, step.ts as number, step.payload as string);
    else {
      const after = (source.promise === -Infinity ? -4 : source.promise) + (step.by as number);
      const item = [`m${this.#values}`, after] as const;
      const { atRest } = model;
      const answer = order.append(input, item);
      if (answer === 0) return this.#message(source, input, after, USUAL);
      this.#values++;
      expect(model.judge(source, after, false)).toBe(undefined);
      model.insert(source, item[0], after, USUAL);
      if (answer === 1 && atRest) expect(model.atRest).toBe(true);
    }
  }

  #message(source: Source, input: Input, ts: number, payload: string): void {
    const refusal = this.model.judge(source, ts, false);
    expect(this.order.judge(input, ts)).toBe(refusal);
    if (refusal !== undefined) return;
    const value = `m${this.#values++}`;
    this.order.insert(input, [value, ts], payload);
    this.model.insert(source, value, ts, payload);
  }

  #join(strict: boolean, disorder: number, like?: Source): void {
    const source = this.model.join(strict, disorder, like);
    // Of some it is not known whom they write to.
    const keys = this.inputs.size % 3 === 2 ? undefined : Object.values(KEYS);
    const joining = { usual: USUAL, keys, strict, disorder, like: like && this.inputs.get(like) };
    this.inputs.set(source, this.order.join(source, joining));
  }

  /** Sometimes all are asked. */
  #key(letter: string): object | undefined {
    return this.#values % 2 === 0 ? KEYS[letter] : undefined;
  }

  /** The next message; what was taken out has left a tick, which is passed over. */
  #take(): boolean {
    let expected = this.model.take();
    while (expected?.value === null) expected = this.model.take();
    let item = this.order.take();
    while (item?.[0] === null) item = this.order.take();
    expect(item).toEqual(expected && [expected.value, expected.ts]);
    if (expected !== undefined) expect(this.order.payload).toBe(this.model.payload);
    return expected !== undefined;
  }

  check(): void {
    const { order, model } = this;
    const dueAt = TIMES.filter((at) => order.dueAt(at));
    const of = ({ clock, settled, frontier, strict, unique }: WatermarkModel | typeof order): unknown[] => [
      ...[clock, settled, frontier, strict, unique],
    ];
    const see = ({ promise, silent, gone, spoken, strict, disorder }: Source | Input): unknown[] => [
      ...[promise, silent, gone, spoken, strict, disorder],
    ];
    const sources = [...this.inputs];
    expect({
      state: [...of(order), order.held, order.payload],
      dueAt,
      sources: sources.map(([, input]) => [
        ...see(input),
        order.heldOf(input),
        ...TIMES.map((at) => order.awaits(input, at)),
      ]),
    }).toEqual({
      state: [...of(model), model.held.filter(({ value }) => value !== null).length, model.payload],
      dueAt: TIMES.filter((at) => model.due?.ts === at),
      sources: sources.map(([source]) => [
        ...see(source),
        model.heldOf(source),
        ...TIMES.map((at) => model.awaits(source, at)),
      ]),
    });
    // By identity: two sources may look the same.
    expect(order.holder?.owner).toBe(model.holder);
    expect(order.holders()).toEqual(order.holder === undefined ? [] : [order.holder]);
  }
}

const TIMES = Array.from({ length: 24 }, (_, i) => i - 8);

describe('the order by watermark', () => {
  test('does what its model does', () => {
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 60, size: 'max' }), (given, steps) => {
        const pair = new Pair(given);
        for (const each of steps) {
          pair.run(each);
          pair.check();
        }
      }),
      { numRuns: 500 },
    );
  });
});
