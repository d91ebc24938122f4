import { fc } from '../../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import type { HeldMessage, Without } from '../../../src/dispatch/orders/order.js';
import { SequenceOrder } from '../../../src/dispatch/orders/sequence-order.js';
import { NOBODY, SequenceModel } from './sequence-model.js';
import type { Names } from './sequence-model.js';

const RUNS = 1000;
const END = Number.MAX_SAFE_INTEGER;
const USUAL: readonly Names[] = [['a'], ['b'], ['a', 'b']];
const UNUSUAL: Names = ['a', 'c'];

/** Timestamps are drawn relative to the clock (to 10, before anything has begun). */
const near = fc.integer({ min: -4, max: 12 });
const source = fc.nat({ max: 2 });
const name = fc.constantFrom('a', 'b', 'c');

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('append' as const), source, at: near }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('insert' as const), source, at: near, usual: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reach' as const), source, at: near }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fill' as const), at: near, length: fc.integer({ min: -1, max: 9 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('fillFar' as const), length: fc.integer({ min: 20, max: 60 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expect' as const), at: fc.integer({ min: -4, max: 30 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drain' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('pass' as const), at: fc.integer({ min: 0, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skip' as const), at: near }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('skipBefore' as const), at: near }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('giveUp' as const), at: near }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('giveUpGap' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('evict' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('remove' as const), name, count: fc.integer({ min: 0, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const plan = fc.record({
  seed: fc.constantFrom<number | 'first'>('first', 0, -5, -1, 7, 2 ** 31 - 3, -(2 ** 31) - 2, END - 6, -END),
  window: fc.constantFrom(1, 2, 5, 16),
  steps: fc.array(step, { maxLength: 60, size: 'max' }),
});

/** The order and the model, side by side: each step is done to both, and everything that can be asked is compared. */
class Pair {
  readonly model: SequenceModel;
  readonly order: SequenceOrder<string, Names>;
  readonly inputs;
  time = 100;

  constructor(seed: number | 'first', window: number) {
    this.model = new SequenceModel(seed, window);
    this.order = new SequenceOrder({ seed, window, nothing: NOBODY, now: () => this.time });
    this.inputs = USUAL.map((usual) => this.order.join({ usual }, { usual }));
  }

  run(action: Step): void {
    const { model, order } = this;
    this.time++;
    switch (action.do) {
      case 'append':
        return this.append(action.source, this.ts(action.at));
      case 'insert':
        return this.insert(action.source, this.ts(action.at), action.usual);
      case 'reach':
        return this.reach(action.source, this.ts(action.at));
      case 'fill':
        return this.fill(this.ts(action.at), this.ts(action.at + action.length));
      case 'fillFar':
        return this.fill(this.ts(1), this.ts(action.length));
      case 'expect':
        order.expect(this.ts(action.at));
        if (model.begun) model.known.push({ ts: this.ts(action.at), at: this.time });
        return;
      case 'drain':
        while (this.take());
        return;
      case 'take':
        this.take();
        return;
      case 'pass':
        while (this.take());
        return this.pass(action.at);
      case 'skip':
        return expect(order.skip(this.ts(action.at))).toEqual(held(model.skip(this.ts(action.at))));
      case 'skipBefore':
        return this.skipBefore(this.ts(action.at));
      case 'giveUp':
        return this.giveUp(this.ts(action.at));
      case 'giveUpGap':
        return order.gap === undefined ? undefined : this.giveUp(order.gap.to);
      case 'evict':
        return expect(order.evict(without(action.name))).toEqual(held(model.remove(action.name, 1))[0]);
      case 'remove':
        return expect(order.remove(without(action.name), action.count)).toEqual(
          held(model.remove(action.name, action.count)),
        );
      case 'clear':
        return expect(order.clear()).toEqual(held(model.clear()));
    }
  }

  compare(): void {
    const { model, order } = this;
    const near = Array.from({ length: model.window + 8 }, (_, at) => this.ts(at - 5));
    const sources = this.inputs.map((input, at) => ({
      input,
      messages: model.messages.filter((m) => m.source === at),
    }));
    expect({
      clocks: [order.clock, order.settled, order.start],
      held: [order.held, ...sources.map(({ input }) => order.heldOf(input))],
      payload: order.payload,
      skipped: order.skipped,
      gaps: order.gaps(),
      gap: order.gap,
      stuck: order.stuck,
      since: order.stuck && order.since(),
      judged: near.map((ts) => order.judge(this.inputs[0]!, ts)),
      awaited: near.map((ts) => order.awaits(this.inputs[0]!, ts)),
    }).toEqual({
      clocks: [model.clock, model.clock, model.start],
      held: [model.messages.length, ...sources.map(({ messages }) => messages.length)],
      payload: model.payload,
      skipped: model.skipped,
      gaps: model.gaps,
      gap: model.gap,
      stuck: model.gap !== undefined,
      since: model.gap !== undefined && model.since,
      judged: near.map((ts) => model.judge(ts)),
      awaited: near.map((ts) => ts === model.clock + 1),
    });
  }

  private ts(at: number): number {
    return Math.max(-END, Math.min(END, (this.model.begun ? this.model.clock : 10) + at));
  }

  private append(source: number, ts: number): void {
    const { model, order } = this;
    const item = [`${source}@${ts}`, ts] as const;
    const answer = order.append(this.inputs[source]!, item);
    if (!model.begun || model.judge(ts) !== undefined) return expect(answer).toBe(0);
    expect(answer).toBe(ts === model.clock + 1 ? 2 : 1);
    model.put(item, USUAL[source]!, source, this.time);
  }

  private insert(source: number, ts: number, usual: boolean): void {
    const payload = usual ? USUAL[source]! : UNUSUAL;
    if (this.order.judge(this.inputs[source]!, ts) !== undefined) return;
    const item = [`${source}@${ts}`, ts] as const;
    this.order.insert(this.inputs[source]!, item, payload);
    this.model.put(item, payload, source, this.time);
  }

  private reach(source: number, ts: number): void {
    if (this.order.judge(this.inputs[source]!, ts) !== undefined) return;
    this.order.reach(this.inputs[source]!, ts);
    this.model.put([null, ts], NOBODY, -1, this.time);
  }

  private fill(from: number, to: number): void {
    expect(this.order.fill(from, to)).toBe(this.model.fill(from, to, this.time));
  }

  private take(): boolean {
    const item = this.order.take();
    expect(item).toEqual(this.model.take());
    expect(this.order.payload).toEqual(this.model.payload);
    return item !== undefined;
  }

  private pass(at: number): void {
    const ts = this.ts(at);
    const next = ts === this.model.clock + 1 && !this.model.there(ts);
    expect(this.order.pass(['passed', ts])).toBe(next);
    if (!next) return;
    this.model.clock = ts;
    expect(this.order.isEmpty).toBe(this.model.isEmpty);
  }

  private skipBefore(ts: number): void {
    const passed = ts <= this.model.clock;
    expect(this.order.skipBefore(ts)).toEqual(held(this.model.skipBefore(ts)));
    if (!passed) this.insert(0, ts, true);
  }

  private giveUp(to: number): void {
    this.order.giveUp(to);
    this.model.giveUp(to);
  }
}

function held(
  places: readonly { readonly item: HeldMessage<string, Names>['item']; readonly payload: Names }[],
): HeldMessage<string, Names>[] {
  return places.map(({ item, payload }) => ({ item, payload }));
}

function without(name: string): Without<Names> {
  return (payload) => {
    if (!payload.includes(name)) return payload;
    const rest = payload.filter((other) => other !== name);
    return rest.length > 0 ? rest : undefined;
  };
}

describe('the order of a sequence', () => {
  test('laws 13, 14: does what the model does, whatever comes', () => {
    fc.assert(
      fc.property(plan, ({ seed, window, steps }) => {
        const pair = new Pair(seed, window);
        pair.compare();
        for (const action of steps) {
          pair.run(action);
          pair.compare();
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('the order of a sequence, at its limits', () => {
  const orderOf = (seed: number, window = 1024): SequenceOrder<string, Names> =>
    new SequenceOrder({ seed, window, nothing: NOBODY });

  test('law 14: the next number and a fill that adjoins the clock are never beyond the window, however long the fill', () => {
    const order = orderOf(0, 0);
    const input = order.join({}, { usual: ['a'] });
    expect(order.judge(input, 1)).toBeUndefined();
    expect(order.judge(input, 2)).toBe('beyond');
    expect(order.fill(2, 3)).toBe('beyond');
    expect(order.fill(-5, END - 1)).toBeUndefined();
    expect(order.take()).toEqual([null, END - 1]);
    expect(order.append(input, ['last', END])).toBe(2);
    expect(order.take()).toEqual(['last', END]);
    expect([order.take(), order.clock, order.stuck]).toEqual([undefined, END, false]);
    expect([order.append(input, ['no', END + 1]), order.pass(['no', END + 1])]).toEqual([0, false]);
  });

  test('law 14: gaps are as many as the window has room for, and an expected one may be longer', () => {
    const order = orderOf(-10, 8);
    const input = order.join({}, { usual: ['a'] });
    for (const ts of [-8, -6, -4]) expect(order.append(input, [`m${ts}`, ts])).toBe(1);
    order.expect(END);
    expect(order.gaps()).toEqual([
      { from: -9, to: -9 },
      { from: -7, to: -7 },
      { from: -5, to: -5 },
      { from: -3, to: END },
    ]);
    order.giveUp(-9);
    expect([order.judge(input, -9), order.judge(input, -10), order.take(), order.clock]).toEqual([
      'late',
      'duplicate',
      ['m-8', -8],
      -8,
    ]);
  });

  test('timestamps that are no safe integers do not take the short way', () => {
    const order = orderOf(0);
    const input = order.join({}, { usual: ['a'] });
    for (const ts of [0.5, 1.5, NaN, Infinity, -Infinity]) expect(order.append(input, ['odd', ts])).toBe(0);
    expect([order.held, order.clock]).toEqual([0, 0]);
  });
});
