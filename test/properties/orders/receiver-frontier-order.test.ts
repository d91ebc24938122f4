import { fc } from '../../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import type { FrontierInput } from '../../../src/dispatch/orders/frontier-input.js';
import { ReceiverFrontierOrder } from '../../../src/dispatch/orders/receiver-frontier-order.js';
import { ReceiverFrontierModel, type FrontierSource, type Key, type ReceiverModel } from './receiver-frontier-model.js';

type Input = FrontierInput<string, Key>;

const ts = fc.integer({ min: -2, max: 4 });
const who = fc.nat({ max: 3 });
const keys = fc.subarray([0, 1, 2]);
const disorder = fc.constantFrom(0, 0, 0, 2);

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('join'), keys, strict: fc.boolean(), disorder }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('join'), strict: fc.boolean(), disorder }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clone'), who, keys: fc.option(keys, { nil: undefined }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('leave', 'idle', 'idle', 'wake', 'wake', 'strict'), who }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('message'), who, ts, keys: fc.option(keys, { nil: undefined }) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('tick'), who, ts }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hold'), who, ts: fc.option(ts, { nil: undefined }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('take') }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('takeAll') }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open'), key: fc.nat({ max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), key: fc.nat({ max: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('remove'), key: fc.nat({ max: 3 }), count: fc.nat({ max: 3 }) }),
  },
);

interface Step {
  readonly do: string;
  readonly who?: number;
  readonly ts?: number | undefined;
  readonly keys?: number[] | undefined;
  readonly key?: number;
  readonly strict?: boolean;
  readonly disorder?: number;
  readonly count?: number;
}

const options = fc.record({
  seed: fc.option(fc.integer({ min: -3, max: 3 }), { nil: undefined }),
  maxLead: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 3 }),
  resyncAfter: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
});

class Pair {
  readonly order: ReceiverFrontierOrder<string, Key>;
  readonly model: ReceiverFrontierModel;
  readonly inputs = new Map<FrontierSource, Input>();
  readonly out = new Map<string, string[]>();
  /** Who holds each receiver back, and how far it is, as it was asked last. */
  #holders = new Map<ReceiverModel, FrontierSource | undefined>();
  #times = new Map<ReceiverModel, string>();
  /** By number: a receiver that is opened again is another one. */
  readonly #keys: Key[] = [{ name: '0' }, { name: '1' }, { name: '2' }];
  #values = 0;

  constructor({
    seed,
    maxLead,
    resyncAfter,
  }: {
    seed?: number | undefined;
    maxLead?: number | undefined;
    resyncAfter?: number | undefined;
  }) {
    this.order = new ReceiverFrontierOrder({ seed, maxLead, resyncAfter });
    this.model = new ReceiverFrontierModel(seed, maxLead, resyncAfter);
  }

  run(step: Step): void {
    const { order, model } = this;
    if (step.do === 'join') this.#join(step);
    else if (step.do === 'take') this.#take();
    else if (step.do === 'takeAll') this.#takeAll();
    else if (step.do === 'open') this.#open(step.key as number);
    else if (step.do === 'close') {
      const receiver = model.receiver(this.#keys[step.key as number] as Key);
      if (receiver === undefined) return;
      const held = order.close(receiver.key);
      expect(held.map(({ item }) => item[0])).toEqual(model.close(receiver));
      for (const { payload } of held) expect(payload).toEqual([receiver.key]);
    } else if (step.do === 'remove') this.#remove(step.key as number, step.count as number);
    else {
      const source = model.sources[(step.who as number) % model.sources.length];
      if (source !== undefined) this.#runAt(source, this.inputs.get(source) as Input, step);
    }
  }

  #runAt(source: FrontierSource, input: Input, step: Step): void {
    const { order, model } = this;
    const { gone } = source.own;
    if (step.do === 'clone') this.#join({ ...step, strict: source.own.strict, disorder: source.own.disorder }, source);
    else if (gone) return;
    else if (step.do === 'leave') {
      order.leave(input);
      model.leave(source);
    } else if (step.do === 'idle' || step.do === 'wake') {
      order.setSilent(input, step.do === 'idle');
      model.setSilent(source, step.do === 'idle');
    } else if (step.do === 'strict') {
      order.setStrict(input);
      model.setStrict(source);
    } else if (step.do === 'hold') {
      order.hold(input, step.ts);
      model.hold(source, step.ts);
    } else if (step.do === 'tick') {
      const refusal = model.judge(source, step.ts as number, undefined);
      expect(order.judgeTick(input, step.ts as number)).toBe(refusal);
      if (refusal !== undefined) return;
      order.reach(input, step.ts as number);
      model.tick(source, step.ts as number);
    } else this.#message(source, input, step.ts as number, step.keys);
  }

  #message(source: FrontierSource, input: Input, ts: number, given: number[] | undefined): void {
    const { order, model } = this;
    const toAll = source.everybody && given === undefined;
    const mine = model.receiversOf(source).map(({ key }) => key);
    const targets = toAll ? mine : mine.filter((key) => given?.includes(this.#keys.indexOf(key)) !== false);
    if (targets.length === 0 && !toAll) return;

    const refusal = model.judge(source, ts, targets);
    expect(order.judge(input, ts, targets)).toBe(refusal);
    expect(order.lateAt(input, ts, targets)).toEqual(model.lateAt(source, ts, targets));
    if (refusal !== undefined) return;
    const value = `${model.sources.indexOf(source)}/${this.#values++}`;
    order.insert(input, [value, ts], targets, toAll);
    model.insert(source, value, ts, targets, toAll);
  }

  #join(step: Step, like?: FrontierSource): void {
    const keys = step.keys?.map((at) => this.#keys[at] as Key) ?? 'all';
    const source = this.model.join(keys, step.strict === true, step.disorder ?? 0, like);
    const promising = {
      strict: step.strict === true,
      disorder: step.disorder ?? 0,
      like: like && this.inputs.get(like),
    };
    this.inputs.set(source, this.order.join(source, { keys, ...promising }));
  }

  #open(at: number): void {
    if (this.model.receiver(this.#keys[at] as Key) !== undefined) return;
    const key = (this.#keys[at] = { name: `${at}.${this.#values++}` });
    expect(this.order.open(key)).toHaveLength(this.model.open(key));
  }

  /** What is held for one receiver, or for nobody. */
  #remove(at: number, count: number): void {
    const { model } = this;
    const key = this.#keys[at];
    const receiver = key && model.receiver(key);
    if (receiver === undefined && at < 3) return;
    const found = this.order.remove(
      (payload) =>
        (receiver === undefined ? payload.length === 0 : payload.includes(receiver.key)) ? undefined : payload,
      count,
    );
    const values = found.map(({ item }) => item[0] as string);
    if (receiver !== undefined) {
      expect(values).toEqual(model.inOrder(model.heldAt(receiver)).slice(0, count));
      model.drop(receiver, values, false);
    } else {
      const unclaimed = model.sources.flatMap(({ broadcasts }) =>
        [...broadcasts].flatMap(([value, { ts, unclaimed }]) => (unclaimed ? [{ value, ts }] : [])),
      );
      expect(values).toEqual(model.inOrder(unclaimed).slice(0, count));
      for (const { broadcasts } of model.sources) for (const value of values) broadcasts.delete(value);
    }
  }

  /** Whichever receiver it serves, what it takes must be next there. */
  #take(): boolean {
    const { order, model } = this;
    const item = order.take();
    if (item !== undefined) {
      const receiver = model.receiver(order.payload[0] as Key) as ReceiverModel;
      expect(order.payload).toEqual([receiver.key]);
      const expected = model.takeAt(receiver);
      expect(item).toEqual([expected?.value, expected?.ts]);
      this.out.set(receiver.key.name, [...(this.out.get(receiver.key.name) ?? []), item[0] as string]);
    }
    for (const receiver of model.receivers) {
      if (item === undefined) expect(model.hasDue(receiver)).toBe(false);
      // On the way to the message it may have looked at others where nothing is due.
      if (model.hasDue(receiver)) continue;
      const rested =
        order.clockOf(receiver.key) > receiver.model.clock || order.settledOf(receiver.key) > receiver.model.settled;
      if (item === undefined || rested) model.rest(receiver);
    }
    return item !== undefined;
  }

  #takeAll(): void {
    const { order, model } = this;
    while (this.#take());
    const times = new Map(
      model.receivers.map((receiver) => [receiver, `${receiver.model.clock} ${receiver.model.settled}`]),
    );
    const start = `${model.seed} ${model.seed}`;
    const moved = model.receivers.filter((receiver) => times.get(receiver) !== (this.#times.get(receiver) ?? start));
    expect(new Set(order.moved())).toEqual(new Set(moved.map(({ key }) => key)));
    this.#times = times;

    const holders = order.holders();
    for (const receiver of model.receivers) {
      const holder = model.holderAt(receiver);
      if (holder !== undefined && holder !== this.#holders.get(receiver))
        expect(holders).toContain(this.inputs.get(holder));
    }
    this.#holders = new Map(model.receivers.map((receiver) => [receiver, model.holderAt(receiver)]));
    expect(order.holders()).toEqual([]);
    for (const receiver of model.receivers) {
      const holder = model.holderAt(receiver);
      order.look(receiver.key);
      expect(order.holders()).toEqual(holder === undefined ? [] : [this.inputs.get(holder)]);
    }
  }

  check(): void {
    const { order, model } = this;
    const receivers = model.receivers.map(({ key }) => key);
    const sources = [...this.inputs];
    expect({
      state: [order.clock, order.settled, order.held, order.frontier],
      receivers: receivers.map((key) => [
        ...[order.clockOf(key), order.settledOf(key), order.strictOf(key), order.uniqueOf(key), order.heldAt(key)],
      ]),
      dueAt: TIMES.filter((at) => order.dueAt(at)),
      sources: sources.map(([, input]) => [
        ...[input.promise, input.silent, input.gone, input.spoken, input.strict, order.heldOf(input)],
        ...receivers.flatMap((key) => TIMES.map((at) => order.awaitsAt(input, at, key))),
      ]),
    }).toEqual({
      state: [
        model.clock,
        model.seed,
        model.held,
        Math.min(...model.receivers.map((receiver) => receiver.model.frontier)),
      ],
      receivers: model.receivers.map((receiver) => [
        ...[
          receiver.model.clock,
          model.settledAt(receiver),
          receiver.model.strict,
          receiver.model.unique,
          model.heldAt(receiver).length,
        ],
      ]),
      dueAt: TIMES.filter((at) => model.receivers.some(({ due, model }) => due[0]?.ts === at || model.due?.ts === at)),
      sources: sources.map(([source]) => [
        ...[model.promiseOf(source), source.own.silent, source.own.gone, source.own.spoken, source.own.strict],
        ...[
          model.heldOf(source),
          ...model.receivers.flatMap((receiver) => TIMES.map((at) => this.#awaits(source, at, receiver))),
        ],
      ]),
    });
  }

  #awaits(source: FrontierSource, at: number, receiver: ReceiverModel): boolean {
    const part = receiver.sources.get(source);
    return part?.gone === false && receiver.model.awaits(part, at);
  }

  /** What two receivers both got came in the same order at both. */
  checkOneOrder(): void {
    const all = [...this.out.values()];
    for (const a of all) {
      for (const b of all) {
        expect(a.filter((value) => b.includes(value))).toEqual(b.filter((value) => a.includes(value)));
      }
    }
  }
}

const TIMES = Array.from({ length: 14 }, (_, i) => i - 5);

describe('the order with a frontier for each receiver', () => {
  test('does what its model does, and shows all receivers one order', () => {
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 60, size: 'max' }), (given, steps) => {
        const pair = new Pair(given);
        for (const each of [{ do: 'open', key: 0 }, { do: 'open', key: 1 }, ...steps, { do: 'takeAll' }]) {
          pair.run(each);
          pair.check();
        }
        pair.checkOneOrder();
      }),
      { numRuns: 500 },
    );
  });
});
