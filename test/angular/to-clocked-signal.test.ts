// @vitest-environment jsdom
import '@angular/compiler';
import { AsyncPipe } from '@angular/common';
import { computed, DestroyRef, effect, inject, InjectionToken, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import {
  createDispatcher,
  serialize,
  values,
  watermark,
  type Clocked,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { injectReceiver, provideDispatcher, toClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { describe, expect, it } from 'vitest';
import { childInjector, component, show, textOf, useAngular } from './support.js';

const SHOP = new InjectionToken<SerializingDispatcher<string>>('SHOP');

/** A serializing dispatcher with two channels: what goes to one is a tick to the other. */
function shop() {
  const dispatcher = createDispatcher<string>(serialize());
  const [orders, ordersReceiver] = dispatcher.channel('web', 'orders');
  const [log, logReceiver] = dispatcher.channel('system', 'log');
  return { dispatcher, orders, ordersReceiver, log, logReceiver };
}

describe('toClockedSignal', () => {
  useAngular();

  it('follows the value and the clock of a receiver', () => {
    const { orders, ordersReceiver, log } = shop();
    const { value, clock } = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));
    expect([value(), clock()]).toEqual([undefined, 0]);

    orders.next('tea');
    expect([value(), clock()]).toEqual(['tea', 1]);

    log.next('started');
    expect([value(), clock()]).toEqual(['tea', 2]);
  });

  it('starts with an initial value and with the clock of the receiver', () => {
    const dispatcher = createDispatcher<string>(serialize({ seed: 9 }));
    const { value, clock } = TestBed.runInInjectionContext(() =>
      toClockedSignal(dispatcher.receiver('orders'), { initialValue: null }),
    );
    expect([value(), clock()]).toEqual([null, 9]);
  });

  it('starts with a clock of your own where the stream has none', () => {
    const { clock } = TestBed.runInInjectionContext(() =>
      toClockedSignal(new Subject<Clocked<string>>(), { initialClock: 12 }),
    );
    expect(clock()).toBe(12);
  });

  it('has at once what waited in the channel', () => {
    const { orders, ordersReceiver } = shop();
    orders.next('tea');
    orders.next('cake');

    const { value, clock } = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));

    expect([value(), clock()]).toEqual(['cake', 2]);
  });

  it('notifies readers of the value only when the value has changed', () => {
    const { orders, ordersReceiver, log } = shop();
    const seen: unknown[] = [];
    const clocks: number[] = [];
    TestBed.runInInjectionContext(() => {
      const { value, clock } = toClockedSignal(ordersReceiver);
      effect(() => void seen.push(value()));
      effect(() => void clocks.push(clock()));
    });
    const settle = (): void => TestBed.tick();
    settle();

    orders.next('tea');
    settle();
    log.next('one');
    settle();
    log.next('two');
    settle();
    orders.next('tea');
    settle();
    settle();

    expect(seen).toEqual([undefined, 'tea']);
    expect(clocks).toEqual([0, 1, 2, 3, 4]);
  });

  it('compares values as it is told to', () => {
    const messages = new Subject<Clocked<{ id: number }>>();
    const { value } = TestBed.runInInjectionContext(() =>
      toClockedSignal(messages, { equal: (a, b) => a?.id === b?.id }),
    );
    const first = { id: 1 };

    messages.next([first, 1]);
    messages.next([{ id: 1 }, 2]);

    expect(value()).toBe(first);
  });

  it('throws what a comparison has thrown: it is not current without the value', () => {
    const { orders, ordersReceiver } = shop();
    const equal = (_: unknown, order: unknown): boolean => {
      if (order === 'nothing') throw new Error('no order');
      return false;
    };
    const shown = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver, { equal }));

    for (const order of ['tea', 'nothing', 'cake']) orders.next(order);

    expect(() => shown.value()).toThrow('no order');
    expect(() => shown.isCurrent(2)()).toThrow('no order');
    expect(shown.clock()).toBe(1);
  });

  it('keeps undefined as a value', () => {
    const messages = new Subject<Clocked<string | undefined>>();
    const { value } = TestBed.runInInjectionContext(() => toClockedSignal(messages, { initialValue: 'none yet' }));

    messages.next([undefined, 1]);

    expect(value()).toBeUndefined();
  });

  it('throws the error of the receiver on reading, as toSignal does; the clock tells how far it came', () => {
    const { orders, ordersReceiver } = shop();
    const { value, clock } = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));

    orders.next('tea');
    orders.error(new Error('the web is down'));

    expect(() => value()).toThrow('the web is down');
    expect(clock()).toBe(1);
  });

  it('keeps its last value when the receiver completes', () => {
    const { orders, ordersReceiver } = shop();
    const { value } = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));

    orders.next('tea');
    orders.complete();

    expect(value()).toBe('tea');
  });

  describe('isCurrent', () => {
    it('becomes true when the receiver has seen the timestamp, by a message or by a tick', () => {
      const { orders, ordersReceiver, log } = shop();
      const receiver = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));
      const [one, two] = [receiver.isCurrent(1), receiver.isCurrent(2)];
      expect([one(), two()]).toEqual([false, false]);

      orders.next('tea');
      expect([one(), two()]).toEqual([true, false]);

      log.next('started');
      expect([one(), two()]).toEqual([true, true]);
    });

    it('follows a signal of a timestamp, and is false until there is one', async () => {
      const { ordersReceiver, log } = shop();
      const receiver = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));
      const written = signal<number | undefined>(undefined);
      const saved = receiver.isCurrent(written);
      expect(saved()).toBe(false);

      written.set(await log.send('started'));

      expect(saved()).toBe(true);
      written.set(2);
      expect(saved()).toBe(false);
    });

    it('is false for a receiver that has told nothing yet, whatever the seed', () => {
      const dispatcher = createDispatcher<string>(serialize({ seed: 9 }));
      const orders = TestBed.runInInjectionContext(() => toClockedSignal(dispatcher.receiver('orders')));
      expect(orders.isCurrent(9)()).toBe(false);
    });

    it('where timestamps can repeat, a timestamp is over when the clock is beyond it', () => {
      const dispatcher = createDispatcher<string>(watermark());
      const [probe, readings] = dispatcher.channel('probe', 'readings');
      const receiver = TestBed.runInInjectionContext(() => toClockedSignal(readings));
      const atFive = receiver.isCurrent(5);

      probe.next(['a', 5]);
      expect(atFive()).toBe(false);
      probe.next(['b', 5]);
      expect(atFive()).toBe(false);
      probe.next([null, 6]);
      expect(atFive()).toBe(true);
    });

    it('of a stream that is no receiver, goes by the option', () => {
      const messages = new Subject<Clocked<string>>();
      const [plain, strict] = TestBed.runInInjectionContext(() => [
        toClockedSignal(messages).isCurrent(5),
        toClockedSignal(messages, { strict: true }).isCurrent(5),
      ]);

      messages.next(['a', 5]);

      expect([plain(), strict()]).toEqual([false, true]);
    });

    it('throws when the receiver has failed before, and is true when it had come that far', () => {
      const { orders, ordersReceiver } = shop();
      const receiver = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));

      orders.next('tea');
      orders.error(new Error('the web is down'));

      expect(receiver.isCurrent(1)()).toBe(true);
      expect(() => receiver.isCurrent(2)()).toThrow('the web is down');
    });
  });

  describe('in a view, zoneless and OnPush', () => {
    it('renders again for a value, and not for a tick', async () => {
      const { orders, ordersReceiver, log } = shop();
      let renderings = 0;
      const view = component('{{ rendered() }} {{ orders.value() }}', () => ({
        orders: toClockedSignal(ordersReceiver, { initialValue: 'nothing' }),
        rendered: () => {
          renderings++;
        },
      }));
      const fixture = await show(view);
      expect(textOf(fixture)).toBe('nothing');

      orders.next('tea');
      await fixture.whenStable();
      expect(textOf(fixture)).toBe('tea');
      const before = renderings;

      for (let i = 0; i < 100; i++) log.next('tick');
      await fixture.whenStable();

      expect(renderings).toBe(before);
    });

    it('renders ticks where the clock is shown, and only there', async () => {
      const { ordersReceiver, log } = shop();
      let renderings = 0;
      const orders = TestBed.runInInjectionContext(() => toClockedSignal(ordersReceiver));
      const value = component(
        '{{ rendered() }} {{ orders.value() }}',
        () => ({
          orders,
          rendered: () => {
            renderings++;
          },
        }),
        {
          selector: 'app-value',
        },
      );
      const clock = component('as of {{ orders.clock() }}', () => ({ orders }), { selector: 'app-clock' });
      const fixture = await show(component('<app-value /> <app-clock />', () => ({}), { imports: [value, clock] }));
      const before = renderings;

      log.next('one');
      log.next('two');
      await fixture.whenStable();

      expect(textOf(fixture)).toBe('as of 2');
      expect(renderings).toBe(before);
    });

    it('has a plain form: a receiver in the async pipe', async () => {
      const { orders, ordersReceiver, log } = shop();
      const view = component(
        '{{ orders | async }}, as of {{ (ordersReceiver | async)?.[1] }}',
        () => ({ ordersReceiver, orders: ordersReceiver.pipe(values()) }),
        { imports: [AsyncPipe] },
      );
      const fixture = await show(view);

      orders.next('tea');
      log.next('started');
      await fixture.whenStable();

      expect(textOf(fixture)).toBe('tea, as of 2');
    });
  });

  describe('life', () => {
    it('unsubscribes with the component', async () => {
      const messages = new Subject<Clocked<string>>();
      const fixture = await show(component('', () => ({ orders: toClockedSignal(messages) })));
      expect(messages.observed).toBe(true);

      fixture.destroy();

      expect(messages.observed).toBe(false);
    });

    it('unsubscribes with an explicit injector or DestroyRef', () => {
      const messages = new Subject<Clocked<string>>();
      const [first, second] = [childInjector(), childInjector()];
      toClockedSignal(messages, { injector: first });
      first.destroy();
      expect(messages.observed).toBe(false);

      toClockedSignal(messages, { destroyRef: second.get(DestroyRef) });
      second.destroy();
      expect(messages.observed).toBe(false);
    });

    it('stays until the receiver ends with manualCleanup, and needs no context', () => {
      const messages = new Subject<Clocked<string>>();
      const { value } = toClockedSignal(messages, { manualCleanup: true });

      messages.next(['tea', 1]);
      messages.complete();

      expect(value()).toBe('tea');
    });

    it('leaves nothing behind in its DestroyRef when the receiver ends before', () => {
      const callbacks = new Set<() => void>();
      const destroyRef = {
        destroyed: false,
        onDestroy: (callback: () => void) => {
          callbacks.add(callback);
          return () => callbacks.delete(callback);
        },
      } as unknown as DestroyRef;
      const completes = new Subject<Clocked<string>>();
      const fails = new Subject<Clocked<string>>();
      toClockedSignal(completes, { destroyRef });
      toClockedSignal(fails, { destroyRef });
      expect(callbacks.size).toBe(2);

      completes.complete();
      fails.error(new Error('boo'));

      expect(callbacks.size).toBe(0);
    });

    it('registers nothing for a receiver that has ended already', () => {
      const { orders, ordersReceiver } = shop();
      orders.complete();
      const destroyRef = { onDestroy: () => expect.unreachable() } as unknown as DestroyRef;

      toClockedSignal(ordersReceiver, { destroyRef });
    });

    it('keeps no subscription where its owner is gone already', async () => {
      const messages = new Subject<Clocked<string>>();
      const fixture = await show(component('', () => ({ destroyRef: inject(DestroyRef) })));
      const { destroyRef } = fixture.componentInstance;
      fixture.destroy();

      expect(() => toClockedSignal(messages, { destroyRef })).toThrow(/destroyed/);
      expect(messages.observed).toBe(false);
    });

    it('says what is missing outside an injection context', () => {
      expect(() => toClockedSignal(new Subject<Clocked<string>>())).toThrow(
        /toClockedSignal\(\) can only be used within an injection context/,
      );
    });

    it('refuses to subscribe again with each run of a computed', () => {
      const { ordersReceiver } = shop();
      const wrong = computed(() => toClockedSignal(ordersReceiver, { manualCleanup: true }));
      expect(() => wrong()).toThrow(/toClockedSignal\(\) cannot be called from within a reactive context/);
    });

    it('gives the receiver back its senders with the component', async () => {
      TestBed.configureTestingModule({ providers: [provideDispatcher(SHOP, () => createDispatcher(serialize()))] });
      const list = component('{{ orders.value() }}', () => ({
        orders: toClockedSignal(injectReceiver(SHOP, 'orders')),
      }));
      const fixture = await show(list);
      const sender = TestBed.inject(SHOP).sender('web', 'orders');
      expect(sender.trySend('tea')).toEqual({ ok: true, ts: 1 });

      fixture.destroy();

      expect(sender.trySend('cake')).toEqual({ ok: false, reason: 'no-receiver' });
    });
  });
});
