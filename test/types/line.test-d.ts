import {
  ALL,
  type ClockedReceiver,
  optimistic,
  projection,
  type SerializingDispatcher,
  type Timestamp,
  values,
  whenClock,
} from 'rxjs-clocked-dispatch';
import type { DurableDispatcher, DurableSender, Position } from 'rxjs-clocked-dispatch/log';
import { connect, type ConnectionState, type Line, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import type { Observable } from 'rxjs';
import { describe, expectTypeOf, test } from 'vitest';

interface Order {
  readonly id: number;
}

declare const durable: DurableDispatcher<Order>;
declare const inMemory: SerializingDispatcher<Order>;

describe('serve', () => {
  test('takes dispatchers of all kinds, and questions that are answered later', () => {
    serve(durable, { authorize: ({ kind, name, token }) => kind === 'open' && name !== '' && token === 1 }).accept(
      lineInMemory()[1],
    );
    serve(inMemory, { authorize: () => Promise.resolve(true), window: 8, sessions: 2, silence: 1000 }).close();
    // @ts-expect-error -- an option that does not exist
    serve(inMemory, { windw: 8 });
    // @ts-expect-error -- no dispatcher
    serve(lineInMemory());
  });
});

describe('connect', () => {
  const connection = connect<Order>(() => lineInMemory()[0], { token: 'secret', session: 's', retry: 1, maxRetry: 2 });

  test('dials at once, or later', () => {
    connect(() => Promise.resolve<Line>(lineInMemory()[0]));
    // @ts-expect-error -- a line is not a way to open one
    connect(lineInMemory()[0]);
  });

  test('receivers have the type of local ones', () => {
    const receiver = connection.receiver('orders', { from: 0, addressedTo: ['a', 'b'], bound: 8 });
    expectTypeOf(receiver).toExtend<ClockedReceiver<Order, 'orders'>>();
    expectTypeOf(receiver.position).toEqualTypeOf<Position | undefined>();
    expectTypeOf(receiver.pipe(values())).toEqualTypeOf<Observable<Order>>();
    connection.receiver('all', { addressedTo: ALL, from: { log: 'x', ts: 3 }, onGone: 'now' });
    // @ts-expect-error -- one of two words
    connection.receiver('orders', { onGone: 'never' });
  });

  test('senders are those of a dispatcher with a log', () => {
    const sender = connection.sender('desk', ['orders', 'log']);
    expectTypeOf(sender).toEqualTypeOf<DurableSender<Order>>();
    expectTypeOf(sender.send({ id: 1 }, { id: 'one' })).toEqualTypeOf<Promise<Timestamp>>();
    connection.sender('desk', ALL);
    // @ts-expect-error -- a function can't cross a line
    connection.sender('desk', (order: Order) => String(order.id));
    // @ts-expect-error -- no order
    void sender.send('tea');
  });

  test('whenClock, projection and optimistic take them', () => {
    const receiver = connection.receiver('orders');
    const sender = connection.sender('desk', 'orders');
    const count = projection(receiver, { initial: 0, apply: (all) => all + 1 });
    const view = optimistic(count, { apply: (all, _order: Order) => all + 1 });
    expectTypeOf(view.send(sender, { id: 1 })).toEqualTypeOf<Promise<Timestamp>>();
    expectTypeOf(view.send(sender, { id: 1 }, { id: 'one', meta: { schema: 2 } })).toEqualTypeOf<Promise<Timestamp>>();
    // @ts-expect-error -- no object
    void view.send(sender, { id: 1 }, { meta: 2 });
    expectTypeOf(whenClock(sender.send({ id: 1 }), receiver)).toEqualTypeOf<Promise<Timestamp>>();
  });

  test('its state can be watched', () => {
    expectTypeOf(connection.state$).toEqualTypeOf<Observable<ConnectionState>>();
    expectTypeOf<ConnectionState['state']>().toEqualTypeOf<'connecting' | 'open' | 'waiting' | 'closed'>();
  });
});
