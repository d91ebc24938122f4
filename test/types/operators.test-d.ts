import { EMPTY, type Observable, of, Subject } from 'rxjs';
import {
  alignLatest,
  clock,
  concatMapValue,
  consume,
  createDispatcher,
  filterValue,
  holdUntil,
  mapValue,
  mergeClocked,
  reorder,
  scanValue,
  serialize,
  stamp,
  tapValue,
  values,
  whenClock,
  type Clocked,
  type ClockedReceiver,
  type PerReceiver,
  type Timestamp,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expectTypeOf, test } from 'vitest';

interface Order {
  readonly id: number;
}
const numbers: Observable<Clocked<number>> = EMPTY;
const orders: Observable<Clocked<Order>> = EMPTY;

describe('single-stream operators infer from what they are piped to', () => {
  test('stamp', () => {
    expectTypeOf(of(1, 2).pipe(stamp())).toEqualTypeOf<Observable<Clocked<number>>>();
    expectTypeOf(of('a', undefined).pipe(stamp({ seed: 1 }))).toEqualTypeOf<Observable<Clocked<string | undefined>>>();
    // @ts-expect-error -- null is no value
    of('a', null).pipe(stamp());
  });

  test('mapValue', () => {
    const result = orders.pipe(
      mapValue((order, ts) => {
        expectTypeOf(order).toEqualTypeOf<Order>();
        expectTypeOf(ts).toEqualTypeOf<Timestamp>();
        return String(order.id);
      }),
    );
    expectTypeOf(result).toEqualTypeOf<Observable<Clocked<string>>>();
    expectTypeOf(numbers.pipe(mapValue((n) => ({ n })))).toEqualTypeOf<Observable<Clocked<{ n: number }>>>();
    expectTypeOf(numbers.pipe(mapValue((n) => (n > 1 ? n : undefined)))).toEqualTypeOf<
      Observable<Clocked<number | undefined>>
    >();
    expectTypeOf(numbers.pipe(mapValue(() => 'text'))).toEqualTypeOf<Observable<Clocked<string>>>();
    // @ts-expect-error -- null is no value
    numbers.pipe(mapValue((n) => (n > 1 ? n : null)));
  });

  test('filterValue', () => {
    expectTypeOf(numbers.pipe(filterValue((n) => n > 1))).toEqualTypeOf<Observable<Clocked<number>>>();
    const mixed: Observable<Clocked<number | string>> = EMPTY;
    const texts = mixed.pipe(filterValue((value): value is string => typeof value === 'string'));
    expectTypeOf(texts).toEqualTypeOf<Observable<Clocked<string>>>();
  });

  test('scanValue', () => {
    const total = orders.pipe(scanValue((sum, order) => sum + order.id, 0));
    expectTypeOf(total).toEqualTypeOf<Observable<Clocked<number>>>();
    const all = orders.pipe(scanValue((list: readonly Order[], order) => [...list, order], []));
    expectTypeOf(all).toEqualTypeOf<Observable<Clocked<readonly Order[]>>>();
    // @ts-expect-error -- null is no value
    orders.pipe(scanValue((_: Order | null, order) => order, null));
  });

  test('tapValue, reorder and holdUntil keep the type', () => {
    expectTypeOf(orders.pipe(tapValue((order) => expectTypeOf(order).toEqualTypeOf<Order>()))).toEqualTypeOf<
      Observable<Clocked<Order>>
    >();
    expectTypeOf(orders.pipe(holdUntil(numbers))).toEqualTypeOf<Observable<Clocked<Order>>>();
    const sorted = orders.pipe(
      reorder({
        disorder: 1,
        late: (message) => {
          expectTypeOf(message.value).toEqualTypeOf<Order>();
        },
      }),
    );
    expectTypeOf(sorted).toEqualTypeOf<Observable<Clocked<Order>>>();
  });

  test('concatMapValue', () => {
    expectTypeOf(orders.pipe(concatMapValue((order) => Promise.resolve(order.id)))).toEqualTypeOf<
      Observable<Clocked<number>>
    >();
    expectTypeOf(numbers.pipe(concatMapValue((n) => [n, n]))).toEqualTypeOf<Observable<Clocked<number>>>();
    expectTypeOf(numbers.pipe(concatMapValue(() => ['text']))).toEqualTypeOf<Observable<Clocked<string>>>();
    // @ts-expect-error -- null is no value
    numbers.pipe(concatMapValue(() => of(null)));
  });

  test('values and clock', () => {
    expectTypeOf(orders.pipe(values())).toEqualTypeOf<Observable<Order>>();
    const optional: Observable<Clocked<Order | undefined>> = EMPTY;
    expectTypeOf(optional.pipe(values())).toEqualTypeOf<Observable<Order | undefined>>();
    expectTypeOf(orders.pipe(clock())).toEqualTypeOf<Observable<Timestamp>>();
  });

  test('receivers are clocked streams', () => {
    const dispatcher = createDispatcher<PerReceiver<{ ui: Order; log: string }>>(serialize());
    expectTypeOf(dispatcher.receiver('ui').pipe(values())).toEqualTypeOf<Observable<Order>>();
  });
});

describe('operators on several streams', () => {
  test('mergeClocked emits what any of them does', () => {
    expectTypeOf(orders.pipe(mergeClocked(numbers))).toEqualTypeOf<Observable<Clocked<Order | number>>>();
    const texts: Observable<Clocked<string>> = EMPTY;
    expectTypeOf(orders.pipe(mergeClocked(numbers, texts))).toEqualTypeOf<
      Observable<Clocked<Order | number | string>>
    >();
    expectTypeOf(orders.pipe(mergeClocked([numbers, texts], { bound: 1 }))).toEqualTypeOf<
      Observable<Clocked<Order | number | string>>
    >();
    expectTypeOf(orders.pipe(mergeClocked([orders]))).toEqualTypeOf<Observable<Clocked<Order>>>();
    const many: Observable<Clocked<number>>[] = [];
    expectTypeOf(orders.pipe(mergeClocked(...many))).toEqualTypeOf<Observable<Clocked<Order | number>>>();
    expectTypeOf(orders.pipe(mergeClocked(many))).toEqualTypeOf<Observable<Clocked<Order | number>>>();
    // @ts-expect-error -- no clocked stream
    orders.pipe(mergeClocked(of(1)));
  });

  test('alignLatest emits a tuple for a list, an array for an array, a record for a record', () => {
    expectTypeOf(alignLatest([orders, numbers])).toEqualTypeOf<Observable<Clocked<[Order, number]>>>();
    expectTypeOf(alignLatest({ orders, numbers }, { bound: 1 })).toEqualTypeOf<
      Observable<Clocked<{ orders: Order; numbers: number }>>
    >();
    const many: Observable<Clocked<number>>[] = [];
    expectTypeOf(alignLatest(many)).toEqualTypeOf<Observable<Clocked<number[]>>>();
    const optional: Observable<Clocked<Order | undefined>> = EMPTY;
    expectTypeOf(alignLatest([optional])).toEqualTypeOf<Observable<Clocked<[Order | undefined]>>>();
    const receivers = {} as { ui: ClockedReceiver<Order, 'ui'>; log: ClockedReceiver<string, 'log'> };
    expectTypeOf(alignLatest(receivers)).toEqualTypeOf<Observable<Clocked<{ ui: Order; log: string }>>>();
    // @ts-expect-error -- no clocked stream
    alignLatest([orders, of(1)]);
  });

  test('whenClock takes one, a list or a record, and a timestamp or a promise of one', () => {
    const subject = new Subject<Clocked<string>>();
    expectTypeOf(whenClock(1, orders)).toEqualTypeOf<Promise<Timestamp>>();
    expectTypeOf(whenClock(Promise.resolve(1), [orders, numbers, subject])).toEqualTypeOf<Promise<Timestamp>>();
    expectTypeOf(whenClock(1, { orders, numbers }, { signal: new AbortController().signal, timeout: 1 })).toEqualTypeOf<
      Promise<Timestamp>
    >();
    // @ts-expect-error -- no clocked stream
    void whenClock(1, of(1));
  });
});

describe('testing', () => {
  test('clocked gives what the marble functions take', () => {
    const [marbles, messages] = clocked('a1', { a: 1 });
    expectTypeOf(marbles).toEqualTypeOf<string>();
    expectTypeOf(messages).toEqualTypeOf<Record<string, Clocked<number>>>();
    expectTypeOf(clocked('a1')[1]).toEqualTypeOf<Record<string, Clocked<string>>>();
  });
});

test('work without a result, also asynchronous, is no `null`', () => {
  const receiver = createDispatcher<Order>(serialize()).receiver('orders');

  expectTypeOf(consume(receiver, () => Promise.resolve())).toEqualTypeOf<Observable<Clocked<void>>>();
  // @ts-expect-error -- it would read as a tick
  consume(receiver, () => Promise.resolve(null));
});
