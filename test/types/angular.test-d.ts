import type { InjectionToken, Signal } from '@angular/core';
import type { Observable } from 'rxjs';
import {
  ALL,
  createDispatcher,
  sequence,
  serialize,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type Forwarder,
  type ForwardingDispatcher,
  type PerReceiver,
  type Sender,
  type SerializingDispatcher,
  type Source,
  type Timestamp,
} from 'rxjs-clocked-dispatch';
import {
  alignedSignals,
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
