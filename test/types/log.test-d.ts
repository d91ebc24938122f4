import { ALL, type ClockedReceiver, type DispatcherView, type Projection } from 'rxjs-clocked-dispatch';
import {
  memoryLog,
  openDispatcher,
  type DurableDispatcher,
  type DurableSender,
  type LogReceiver,
  type Position,
  type ProjectionProgress,
} from 'rxjs-clocked-dispatch/log';
import type { Observable, Observer } from 'rxjs';
import { describe, expectTypeOf, test } from 'vitest';

interface Order {
  readonly id: number;
  readonly rush: boolean;
}
declare const orders: DurableDispatcher<Order>;

describe('a dispatcher with a log', () => {
  test('can be used by `await using`', () => {
    expectTypeOf(orders[Symbol.asyncDispose]).toEqualTypeOf<() => Promise<void>>();
  });

  test('is opened with options that are known', () => {
    expectTypeOf(openDispatcher<Order>(memoryLog())).toEqualTypeOf<Promise<DurableDispatcher<Order>>>();
    expectTypeOf(orders).toExtend<DispatcherView<Order>>();
    void openDispatcher(memoryLog(), { ticks: 'each', page: 10, names: ['board'] });
    // @ts-expect-error -- no such option
    void openDispatcher(memoryLog(), { pages: 10 });
    // @ts-expect-error -- a log is needed
    void openDispatcher({});
  });

  test('receivers carry its values, their names and their positions', () => {
    const receiver = orders.receiver('board', { from: 0, addressedTo: ALL });
    expectTypeOf(receiver).toEqualTypeOf<LogReceiver<Order, 'board'>>();
    expectTypeOf(receiver).toExtend<ClockedReceiver<Order, 'board'>>();
    expectTypeOf(receiver.position).toEqualTypeOf<Position>();
    orders.receiver('later', { from: receiver.position });
    // @ts-expect-error -- no position
    orders.receiver('later', { from: '0' });
  });

  test('channels are a sender and a receiver', () => {
    expectTypeOf(orders.channel('desk', 'board')).toEqualTypeOf<
      readonly [sender: DurableSender<Order>, receiver: LogReceiver<Order, 'board'>]
    >();
  });

  test('senders take its values, by a route that may look at them, and are observers', () => {
    const sender = orders.sender('desk', ({ rush }) => (rush ? ['board', 'alerts'] : 'board'));
    expectTypeOf(sender).toEqualTypeOf<DurableSender<Order>>();
    expectTypeOf(sender).toExtend<Observer<Order>>();
    void sender.send({ id: 1, rush: true }, { id: 'i', meta: { schema: 2 } });
    // @ts-expect-error -- no order
    void sender.send('an order');
    // @ts-expect-error -- ids are strings
    void sender.send({ id: 1, rush: true }, { id: 1 });
  });

  test('a projection infers its state, and knows the values', () => {
    const rush = orders.projection('rush', {
      initial: [] as readonly number[],
      apply: (ids, { id, rush }) => (rush ? [...ids, id] : ids),
    });
    expectTypeOf(rush).toExtend<Projection<readonly number[]>>();
    expectTypeOf(rush.ready).toEqualTypeOf<Promise<void>>();
    expectTypeOf(rush.progress$).toEqualTypeOf<Observable<ProjectionProgress>>();
  });
});
