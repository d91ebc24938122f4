import type { InjectionToken, Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import {
  ALL,
  createDispatcher,
  optimistic,
  sequence,
  serialize,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type Forwarder,
  type ForwardingDispatcher,
  type PerReceiver,
  type Projection,
  type Sender,
  type SerializingDispatcher,
  type Source,
  type Timestamp,
} from 'rxjs-clocked-dispatch';
import type {
  DurableDispatcher,
  DurableProjection,
  DurableSender,
  EventLog,
  LogReceiver,
} from 'rxjs-clocked-dispatch/log';
import { openDispatcher } from 'rxjs-clocked-dispatch/log';
import {
  alignedSignals,
  injectProjection,
  injectReceiver,
  injectSender,
  provideDispatcher,
  signalSource,
  toClockedSignal,
  type ClockedSignal,
} from 'rxjs-clocked-dispatch/angular';
import { describe, expectTypeOf, it } from 'vitest';

interface Order {
  readonly rush: boolean;
}

declare const ORDERS: InjectionToken<SerializingDispatcher<Order>>;
declare const READINGS: InjectionToken<ForwardingDispatcher<number>>;
declare const SHOP: InjectionToken<SerializingDispatcher<PerReceiver<{ orders: Order; log: string }>>>;
declare const GRID: InjectionToken<ForwardingDispatcher<PerReceiver<{ load: number; alarms: string }>>>;
declare const orders: ClockedReceiver<Order, 'orders'>;
declare const COMMANDS: InjectionToken<DurableDispatcher<Order>>;
declare const OPENING: InjectionToken<Promise<DurableDispatcher<Order>>>;
declare const log: EventLog;
declare const counted: Projection<number>;
declare const log$: Observable<Clocked<string>>;

describe('provideDispatcher', () => {
  it('takes the options that belong to the token', () => {
    provideDispatcher(ORDERS, () => createDispatcher(serialize(), { bound: 8 }));
    provideDispatcher(ORDERS, () => createDispatcher<Order>(serialize()));
    provideDispatcher(READINGS, () => createDispatcher(watermark({ late: 'drop' })));
    provideDispatcher(READINGS, () => createDispatcher<number>(sequence({ window: 8 })));
    // @ts-expect-error -- a serializing dispatcher is no forwarding one
    provideDispatcher(ORDERS, () => createDispatcher(watermark()));
    // @ts-expect-error -- `late` belongs to the forwarding modes
    provideDispatcher(ORDERS, () => createDispatcher(serialize(), { late: 'drop' }));
    // @ts-expect-error -- another type of value
    provideDispatcher(READINGS, () => createDispatcher<string>(sequence()));
  });
});

describe('a dispatcher with a log', () => {
  it('is provided open, or as a promise', () => {
    provideDispatcher(OPENING, () => openDispatcher(log));
    provideDispatcher(OPENING, async (onCleanup) => {
      onCleanup(() => log.close());
      return openDispatcher(log);
    });
    // @ts-expect-error -- the token is that of one that is open
    provideDispatcher(COMMANDS, async () => openDispatcher<Order>(log));
    // @ts-expect-error -- another type of value
    provideDispatcher(OPENING, () => openDispatcher<string>(log));
    // @ts-expect-error -- one in memory is there at once
    provideDispatcher(ORDERS, () => Promise.resolve(createDispatcher<Order>(serialize())));
  });

  it('has receivers that know their position, and senders', () => {
    expectTypeOf(injectReceiver(COMMANDS, 'orders', { from: 0 })).toEqualTypeOf<LogReceiver<Order, 'orders'>>();
    expectTypeOf(injectReceiver(OPENING, 'orders')).toEqualTypeOf<never>();
    expectTypeOf(injectSender(COMMANDS, 'desk', { to: 'orders' })).toEqualTypeOf<DurableSender<Order>>();
    expectTypeOf(injectSender(OPENING, 'desk', { to: ({ rush }) => (rush ? 'a' : 'b') })).toEqualTypeOf<
      DurableSender<Order>
    >();
    // @ts-expect-error -- a log has no `bound` of a sender
    injectSender(OPENING, 'desk', { to: 'orders', strict: true });
  });

  it('has projections of its values', () => {
    const apply = (count: number, order: Order): number => count + Number(order.rush);
    expectTypeOf(injectProjection(OPENING, 'rush', { initial: 0, apply })).toEqualTypeOf<DurableProjection<number>>();
    injectProjection(COMMANDS, 'rush', { initial: 0, apply: (count, { rush }) => (rush ? count + 1 : count) });
    // @ts-expect-error -- another type of value
    injectProjection(COMMANDS, 'rush', { initial: 0, apply: (count: number, order: string) => count + order.length });
  });
});

describe('injectReceiver', () => {
  it('has the type of the dispatcher, and its own name', () => {
    expectTypeOf(injectReceiver(ORDERS, 'orders')).toEqualTypeOf<ClockedReceiver<Order, 'orders'>>();
    expectTypeOf(injectReceiver(READINGS, 'chart')).toEqualTypeOf<ClockedReceiver<number, 'chart'>>();
  });

  it('has the type that a map gives to the name', () => {
    expectTypeOf(injectReceiver(SHOP, 'orders')).toEqualTypeOf<ClockedReceiver<Order, 'orders'>>();
    expectTypeOf(injectReceiver(SHOP, 'log')).toEqualTypeOf<ClockedReceiver<string, 'log'>>();
    expectTypeOf(injectReceiver(GRID, 'alarms')).toEqualTypeOf<ClockedReceiver<string, 'alarms'>>();
  });
});

describe('injectSender', () => {
  it('is a sender or a forwarder, as the dispatcher is', () => {
    expectTypeOf(injectSender(ORDERS, 'desk', { to: 'orders' })).toEqualTypeOf<Sender<Order>>();
    expectTypeOf(injectSender(READINGS, 'probe', { to: ALL, strict: true })).toEqualTypeOf<Forwarder<number>>();
    // @ts-expect-error -- `strict` is for the forwarding modes
    injectSender(ORDERS, 'desk', { to: 'orders', strict: true });
  });

  it('has the type that a map gives to the route', () => {
    expectTypeOf(injectSender(SHOP, 'system', { to: 'log' })).toEqualTypeOf<Sender<string>>();
    expectTypeOf(injectSender(GRID, 'meter', { to: 'load' })).toEqualTypeOf<Forwarder<number>>();
  });

  it('routes by the value', () => {
    injectSender(ORDERS, 'desk', { to: (order) => (order.rush ? ['orders', 'alerts'] : 'orders') });
  });
});

describe('toClockedSignal', () => {
  it('may be undefined before the first value', () => {
    expectTypeOf(toClockedSignal(orders)).toEqualTypeOf<ClockedSignal<Order | undefined>>();
    expectTypeOf(toClockedSignal(orders, { strict: true })).toEqualTypeOf<ClockedSignal<Order | undefined>>();
  });

  it('is never undefined with an initial value', () => {
    expectTypeOf(toClockedSignal(log$, { initialValue: '' }).value).toEqualTypeOf<Signal<string>>();
    expectTypeOf(toClockedSignal(log$, { initialValue: null }).value).toEqualTypeOf<Signal<string | null>>();
    expectTypeOf(toClockedSignal(orders, { initialValue: 0 }).value).toEqualTypeOf<Signal<Order | 0>>();
  });

  it('of a projection has a state from the beginning on', () => {
    expectTypeOf(toClockedSignal(counted)).toEqualTypeOf<ClockedSignal<number>>();
    expectTypeOf(toClockedSignal(counted, { initialClock: 0 })).toEqualTypeOf<ClockedSignal<number>>();
    expectTypeOf(toClockedSignal(counted, { initialValue: null }).value).toEqualTypeOf<Signal<number | null>>();
    expectTypeOf(toClockedSignal(optimistic(counted, { apply: (n, by: number) => n + by }))).toEqualTypeOf<
      ClockedSignal<number>
    >();
  });

  it('has a clock, and asks for a timestamp or a signal of one', () => {
    const receiver = toClockedSignal(orders);
    expectTypeOf(receiver.clock).toEqualTypeOf<Signal<Timestamp>>();
    expectTypeOf(receiver.isCurrent(1)).toEqualTypeOf<Signal<boolean>>();
    receiver.isCurrent(null as unknown as Signal<Timestamp | undefined>);
  });
});

describe('alignedSignals', () => {
  it('has a signal for each, and one for all', () => {
    const all = alignedSignals({ orders, log: log$ });
    expectTypeOf(all.signals.orders).toEqualTypeOf<Signal<Order | undefined>>();
    expectTypeOf(all.signals.log).toEqualTypeOf<Signal<string | undefined>>();
    expectTypeOf(all.value).toEqualTypeOf<Signal<{ orders: Order; log: string } | undefined>>();
  });
});

describe('signalSource', () => {
  it('is a source of the values and the receivers', () => {
    const query = null as unknown as Signal<string>;
    expectTypeOf(signalSource('query', query, { to: 'results' })).toEqualTypeOf<Source<string, 'results'>>();
    signalSource('query', query, { to: (text) => (text.length > 2 ? 'results' : 'hints') });
  });
});
