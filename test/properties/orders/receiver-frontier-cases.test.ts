import { describe, expect, test } from 'vitest';
import type { FrontierInput } from '../../../src/dispatch/orders/frontier-input.js';
import { ReceiverFrontierOrder } from '../../../src/dispatch/orders/receiver-frontier-order.js';

interface Key {
  readonly name: string;
}
type Order = ReceiverFrontierOrder<string, Key>;
type Input = FrontierInput<string, Key>;

function receivers(order: Order, ...names: string[]): Key[] {
  const keys = names.map((name) => ({ name }));
  for (const key of keys) order.open(key);
  return keys;
}

function join(
  order: Order,
  keys: readonly Key[] | 'all',
  options: { disorder?: number; like?: Input; strict?: boolean } = {},
): Input {
  return order.join({}, { keys, strict: false, disorder: 0, ...options });
}

function bring(order: Order, input: Input, value: string, ts: number, keys: readonly Key[]): string {
  const refusal = order.judge(input, ts, keys);
  if (refusal === undefined) order.insert(input, [value, ts], keys);
  return refusal ?? 'ok';
}

function takeAll(order: Order): string[] {
  const taken: string[] = [];
  for (let item = order.take(); item !== undefined; item = order.take()) {
    taken.push(`${order.payload.map(({ name }) => name).join()}:${item[0]}@${item[1]}`);
  }
  return taken;
}

const at = (taken: string[], name: string): string[] => taken.filter((each) => each.startsWith(`${name}:`));

describe('the order with a frontier for each receiver, by example', () => {
  test('law 1: messages with one timestamp come in one order, whoever gets them first', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1, r2] = receivers(order, 'r1', 'r2') as [Key, Key];
    const b = join(order, [r1, r2]);
    const a = join(order, [r1, r2]);
    const slow = join(order, [r1]);
    order.reach(slow, 3);
    order.reach(b, 5);
    bring(order, a, 'x', 5, [r1, r2]);
    const taken = takeAll(order);
    bring(order, b, 'y', 5, [r1, r2]);
    taken.push(...takeAll(order));
    order.reach(slow, 5);
    taken.push(...takeAll(order));
    expect(at(taken, 'r2')).toEqual(['r2:x@5', 'r2:y@5']);
    expect(at(taken, 'r1')).toEqual(['r1:x@5', 'r1:y@5']);
  });

  test('a message is late where it is late at all of its receivers; it is told at which it is', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1, r2] = receivers(order, 'r1', 'r2') as [Key, Key];
    const all = join(order, [r1, r2], { disorder: 5 });
    join(order, [r2]);
    bring(order, all, 'a', 20, [r1, r2]);
    takeAll(order);
    expect([order.clockOf(r1), order.clockOf(r2)]).toEqual([15, -Infinity]);
    expect(order.lateAt(all, 10, [r1, r2])).toEqual([r1]);
    expect(order.judge(all, 10, [r1])).toBe('late');
    expect(bring(order, all, 'b', 10, [r1, r2])).toBe('ok');
    expect([order.heldAt(r1), order.heldAt(r2)]).toEqual([1, 2]);
  });

  test('law 8: a broadcaster made of a sender inherits its promise, at every receiver', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1, r2] = receivers(order, 'r1', 'r2') as [Key, Key];
    const s = join(order, [r1]);
    const p = join(order, [r2]);
    order.reach(s, 10);
    bring(order, p, 'y', 5, [r2]);
    takeAll(order);
    const all = join(order, 'all', { like: s });
    expect(all.promise).toBe(10);
    bring(order, p, 'z', 8, [r2]);
    expect(takeAll(order)).toEqual(['r2:z@8']);
  });

  test('a receiver that comes later begins at its own clock', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1] = receivers(order, 'r1') as [Key];
    bring(order, join(order, [r1]), 'a', 1002, [r1]);
    takeAll(order);
    const [r2] = receivers(order, 'r2') as [Key];
    const b = join(order, [r2]);
    expect([order.clock, order.clockOf(r2)]).toEqual([1002, -Infinity]);
    expect([990, 991, 1010].map((ts) => bring(order, b, 'b', ts, [r2]))).toEqual(['ok', 'ok', 'ok']);
    expect(takeAll(order)).toEqual(['r2:b@990', 'r2:b@991', 'r2:b@1010']);
  });

  test('what is for everybody is held until it goes out, for those who come before that', () => {
    const order: Order = new ReceiverFrontierOrder();
    const all = join(order, 'all', { strict: true });
    bring(order, all, 'x', 1, []);
    order.leave(all);
    expect([order.held, takeAll(order)]).toEqual([1, []]);
    const r1 = { name: 'r1' };
    const r2 = { name: 'r2' };
    expect([order.open(r1).length, order.open(r2).length, order.held]).toEqual([1, 1, 2]);
    expect(order.uniqueOf(r1)).toBe(false);
    expect(takeAll(order)).toEqual(['r1:x@1', 'r2:x@1']);
    expect([order.open({ name: 'r3' }).length, order.held]).toEqual([0, 0]);
  });

  test('the messages of a timestamp are settled when the last of them is out', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r] = receivers(order, 'r') as [Key];
    const [a, b] = [join(order, [r], { strict: true }), join(order, [r], { strict: true })];
    bring(order, a, 'a', 5, [r]);
    bring(order, b, 'b', 5, [r]);
    order.take();
    expect([order.clockOf(r), order.settledOf(r), order.dueAt(5, r)]).toEqual([5, 4, true]);
    order.take();
    expect([order.settledOf(r), order.dueAt(5, r)]).toEqual([5, false]);
  });

  test('a receiver that goes frees what was held there, and nothing else', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1, r2] = receivers(order, 'r1', 'r2') as [Key, Key];
    const a = join(order, [r1, r2]);
    const peer = join(order, [r1, r2]);
    bring(order, a, 'x', 5, [r1, r2]);
    bring(order, a, 'y', 6, [r1]);
    expect(order.heldOf(a)).toBe(3);
    expect(order.close(r1)).toEqual([
      { item: ['x', 5], payload: [r1] },
      { item: ['y', 6], payload: [r1] },
    ]);
    expect([order.held, order.heldOf(a)]).toEqual([1, 1]);
    order.reach(peer, 9);
    expect(takeAll(order)).toEqual(['r2:x@5']);
  });

  test('what is for everybody and is gone at all who were there is for those who come', () => {
    const order: Order = new ReceiverFrontierOrder();
    const [r1] = receivers(order, 'r1') as [Key];
    const [all, peer] = [join(order, 'all'), join(order, 'all')];
    bring(order, all, 'x', 1, [r1]);
    expect(order.close(r1)).toHaveLength(1);
    expect([order.open({ name: 'r2' }).length, order.held, order.messages]).toEqual([1, 1, 1]);
    order.reach(peer, 1);
    expect(takeAll(order)).toEqual(['r2:x@1']);
  });

  test('law 17: what a source says while its call waits counts at a receiver that comes meanwhile, too', () => {
    const order: Order = new ReceiverFrontierOrder();
    const all = join(order, 'all');
    order.reach(all, 1);
    order.hold(all, 2);
    order.reach(all, 9);
    const [r] = receivers(order, 'r') as [Key];
    expect([takeAll(order), order.clockOf(r)]).toEqual([[], 1]);
    order.hold(all, undefined);
    expect([takeAll(order), order.clockOf(r)]).toEqual([[], 9]);
  });
});
