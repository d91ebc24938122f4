import { fc } from '../../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import { Backlog } from '../../../src/dispatch/orders/backlog.js';
import type { HeldMessage } from '../../../src/dispatch/orders/order.js';
import { Tournament } from '../../../src/dispatch/structures/tournament.js';
import type { WatermarkInput } from '../../../src/dispatch/orders/watermark-input.js';
import { WatermarkOrder } from '../../../src/dispatch/orders/watermark-order.js';

type Order = WatermarkOrder<string, string>;
type Input = WatermarkInput<string, string>;

function join(order: Order, options: { strict?: boolean; disorder?: number; like?: Input } = {}): Input {
  return order.join({}, { usual: 'r', strict: false, disorder: 0, ...options });
}

/** Brings a message, as far as it is not refused. */
function bring(order: Order, input: Input, ts: number): string {
  const refusal = order.judge(input, ts);
  if (refusal === undefined) order.insert(input, [`${ts}`, ts], 'r');
  return refusal ?? 'ok';
}

function tick(order: Order, input: Input, ts: number): string {
  const refusal = order.judgeTick(input, ts);
  if (refusal === undefined) order.reach(input, ts);
  return refusal ?? 'ok';
}

function takeAll(order: Order): number[] {
  const taken: number[] = [];
  for (let item = order.take(); item !== undefined; item = order.take()) taken.push(item[1]);
  return taken;
}

describe('the order by watermark, by example', () => {
  test('law 8: what was settled stays settled, also when a source joins that may repeat', () => {
    const order: Order = new WatermarkOrder();
    tick(order, join(order, { strict: true }), 5);
    takeAll(order);
    expect([order.clock, order.settled]).toEqual([5, 5]);
    const later = join(order);
    expect([bring(order, later, 5), bring(order, later, 6)]).toEqual(['late', 'ok']);
    expect(order.settled).toBe(5);
  });

  test('law 6: strict with disorder refuses what came already, and takes what may still come', () => {
    const order: Order = new WatermarkOrder();
    const watch = join(order, { strict: true, disorder: 5 });
    const answers = [10, 12, 11, 12, 10, 20, 15, 12, 30].map((ts) => bring(order, watch, ts));
    expect(answers).toEqual(['ok', 'ok', 'ok', 'duplicate', 'duplicate', 'ok', 'ok', 'duplicate', 'ok']);
    expect(takeAll(order)).toEqual([10, 11, 12, 15, 20]);
    expect([order.strict, order.unique, order.settled]).toEqual([true, true, 24]);
    expect(bring(order, watch, 24)).toBe('late');
    expect(bring(order, watch, 25)).toBe('ok');
  });

  test('law 6: where a strict source has brought the end of its window, that is over', () => {
    const order: Order = new WatermarkOrder();
    const source = join(order, { strict: true, disorder: 2 });
    for (const ts of [1, 2, 3]) bring(order, source, ts);
    expect(takeAll(order)).toEqual([1]);
    expect(order.settled).toBe(1);
  });

  test('law 12: one message that is far ahead is refused; after three in a row the time is believed', () => {
    const order: Order = new WatermarkOrder({ maxLead: 1000 });
    const device = join(order);
    const feed = [1000, 2000, 86_402_000, 3000, 86_403_000, 86_404_000, 86_405_000, 86_406_000, 4000];
    const answers = feed.map((ts) => {
      const answer = bring(order, device, ts);
      takeAll(order);
      return answer;
    });
    expect(answers).toEqual(['ok', 'ok', 'ahead', 'ok', 'ahead', 'ahead', 'ok', 'ok', 'late']);
  });

  test('law 12: a lead is counted from the least of the others, for ticks, too', () => {
    const order: Order = new WatermarkOrder({ maxLead: 5 });
    const [a, b, c] = [join(order), join(order), join(order)];
    for (const each of [a, b, c]) tick(order, each, 0);
    takeAll(order);
    expect([tick(order, a, 5), tick(order, a, 6)]).toEqual(['ok', 'ahead']);
    tick(order, b, 4);
    expect(bring(order, c, 9)).toBe('ok');
    expect(bring(order, c, 10)).toBe('ahead');
  });

  test.each([false, true])('law 17: a call that waits is not made late by what its source says since', (strict) => {
    const order: Order = new WatermarkOrder();
    const source = join(order, { strict });
    bring(order, source, 1);
    takeAll(order);
    order.hold(source, 2);
    expect([tick(order, source, 2), tick(order, source, 3)]).toEqual(['ok', 'ok']);
    bring(order, source, 4);
    expect(takeAll(order)).toEqual([]);
    expect(order.settled).toBe(strict ? 1 : order.clock - 1);

    expect(bring(order, source, 2)).toBe('ok');
    order.hold(source, undefined);
    expect(takeAll(order)).toEqual([2, 4]);
  });

  test('law 17: each call that gets in moves the promise to its own message', () => {
    const order: Order = new WatermarkOrder();
    const source = join(order);
    order.hold(source, 2);
    tick(order, source, 10);
    expect(source.promise).toBe(-Infinity);
    bring(order, source, 2);
    order.hold(source, 4);
    expect(source.promise).toBe(2);
    bring(order, source, 4);
    order.hold(source, undefined);
    expect(source.promise).toBe(10);
    expect(takeAll(order)).toEqual([2, 4]);
  });

  test('law 9: with no source nothing is released; what is held when the last leaves goes out in order', () => {
    const order: Order = new WatermarkOrder();
    const [a, b] = [join(order), join(order)];
    for (const ts of [3, 5]) bring(order, a, ts);
    order.leave(a);
    expect(takeAll(order)).toEqual([]);
    bring(order, b, 4);
    order.leave(b);
    expect(takeAll(order)).toEqual([3, 4, 5]);
    expect([order.clock, order.settled]).toEqual([5, 4]);
    expect(bring(order, join(order), 5)).toBe('ok');
  });

  test('law 11: when all are idle, what is held goes out, and everything up to the clock is settled', () => {
    const order: Order = new WatermarkOrder();
    const [a, b] = [join(order), join(order)];
    bring(order, a, 7);
    for (const each of [a, b]) order.setSilent(each, true);
    expect(takeAll(order)).toEqual([7]);
    order.setSilent(b, false);
    expect([order.settled, b.promise, bring(order, b, 7), bring(order, b, 8)]).toEqual([7, 7, 'late', 'ok']);
  });

  test('a seed is where the clock begins, and nothing at it or below is taken', () => {
    const order: Order = new WatermarkOrder({ seed: 0 });
    const source = join(order);
    expect([order.clock, order.start, order.settled]).toEqual([0, 0, 0]);
    expect([-1, 0, 1].map((ts) => bring(order, source, ts))).toEqual(['late', 'late', 'ok']);
  });

  test('timestamps from one end of the safe integers to the other', () => {
    const order: Order = new WatermarkOrder();
    const source = join(order, { disorder: 5 });
    const ends = [Number.MIN_SAFE_INTEGER, Number.MIN_SAFE_INTEGER + 1, 0, Number.MAX_SAFE_INTEGER];
    expect(ends.map((ts) => bring(order, source, ts))).toEqual(['ok', 'ok', 'ok', 'ok']);
    order.leave(source);
    expect(takeAll(order)).toEqual(ends);
  });

  test('sources that come and go keep the order of joining', () => {
    const order: Order = new WatermarkOrder();
    const first = join(order);
    for (let i = 0; i < 1000; i++) order.leave(join(order));
    const second = join(order);
    order.insert(second, ['second', 1], 'r');
    order.insert(first, ['first', 1], 'r');
    expect([order.take(), order.take()]).toEqual([
      ['first', 1],
      ['second', 1],
    ]);
  });
});

test('a tournament knows the least key of all others', () => {
  const players = fc.array(fc.integer({ min: -3, max: 9 }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(players, fc.nat({ max: 8 }), (keys, at) => {
      const game = new Tournament();
      game.reset(keys.length);
      for (const key of keys) game.update(game.join(), key, false);
      const seat = at % keys.length;
      expect(game.leastBesides(seat)).toBe(Math.min(...keys.filter((_, i) => i !== seat)));
    }),
  );
});

describe('the backlog of one source', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ push: fc.integer({ min: -3, max: 4 }), payload: fc.constantFrom('a', 'ab') }) },
    { weight: 2, arbitrary: fc.constant('shift' as const) },
    { weight: 1, arbitrary: fc.record({ without: fc.constantFrom('a', 'b'), count: fc.nat({ max: 3 }) }) },
  );

  test('gives its messages by timestamp, then by arrival, with what is left of their payloads', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const backlog = new Backlog<number, string>('ab', '');
        /** What was taken out leaves a tick. */
        const next = (): void => {
          while (backlog.peek()?.[0] === null) backlog.shift();
        };
        let model: HeldMessage<number, string>[] = [];
        for (const [i, step] of steps.entries()) {
          if (step === 'shift') {
            const first = model.shift();
            if (first !== undefined) {
              expect(backlog.shift()).toBe(first.item);
              expect(backlog.payload).toBe(first.payload);
            }
          } else if ('push' in step) {
            const message = { item: [i, step.push] as const, payload: step.payload };
            model.push(message);
            model.sort((a, b) => a.item[1] - b.item[1]);
            backlog.push(message.item, message.payload);
          } else {
            const { without, count } = step;
            const rest = (payload: string) => (payload.includes(without) ? payload.replace(without, '') : payload);
            const found = model.filter(({ payload }) => payload.includes(without)).slice(0, count);
            const taken = backlog.find((payload) => (payload === '' ? '' : rest(payload) || undefined), count);
            expect(taken.map(({ item, payload }) => ({ item, payload }))).toEqual(found);
            backlog.reduce(taken);
            model = model
              .map((each) => (found.includes(each) ? { ...each, payload: rest(each.payload) } : each))
              .filter(({ payload }) => payload !== '');
          }
          expect(backlog.messages).toBe(model.length);
          next();
          expect(backlog.peek()).toBe(model[0]?.item);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
