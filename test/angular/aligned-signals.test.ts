// @vitest-environment jsdom
import { effect } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { createDispatcher, serialize, type Clocked, type PerReceiver } from 'rxjs-clocked-dispatch';
import { alignedSignals, toClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { describe, expect, it } from 'vitest';
import { childInjector, component, show, textOf, useAngular } from './support.js';

/** One message to two views: each has its own half of the truth for a moment. */
function accounts() {
  const dispatcher = createDispatcher<PerReceiver<{ giro: number; savings: number }>>(serialize());
  const giro = dispatcher.receiver('giro');
  const savings = dispatcher.receiver('savings');
  const moves = dispatcher.sender<'giro' | 'savings', number>('moves', ['giro', 'savings']);
  const fees = dispatcher.sender('fees', 'giro');
  return { giro, savings, moves, fees };
}

describe('alignedSignals', () => {
  useAngular();

  it('changes all at once: nobody ever reads half of a change', () => {
    const { giro, savings, moves } = accounts();
    const sums: (number | undefined)[] = [];
    const { value, clock, signals } = TestBed.runInInjectionContext(() => alignedSignals({ giro, savings }));
    expect(value()).toBeUndefined();
    giro.subscribe(() => sums.push(signals.giro() === signals.savings() ? 0 : 1));
    savings.subscribe(() => sums.push(signals.giro() === signals.savings() ? 0 : 1));

    moves.next(10);
    moves.next(20);

    expect(value()).toEqual({ giro: 20, savings: 20 });
    expect([signals.giro(), signals.savings(), clock()]).toEqual([20, 20, 2]);
    expect(sums).toEqual([0, 0, 0, 0]);
  });

  it('is undefined until each has had a value, and knows the time before', () => {
    const { giro, savings, moves, fees } = accounts();
    const { signals, clock } = TestBed.runInInjectionContext(() => alignedSignals({ giro, savings }));

    fees.next(-1);
    expect([signals.giro(), signals.savings(), clock()]).toEqual([undefined, undefined, 1]);

    moves.next(10);
    expect([signals.giro(), signals.savings(), clock()]).toEqual([10, 10, 2]);
  });

  it('starts with how far all of the receivers are', () => {
    const dispatcher = createDispatcher<number>(serialize({ seed: -10 }));
    const [sender, giro] = dispatcher.channel('moves', 'giro');
    const savings = dispatcher.receiver('savings');
    const { clock } = TestBed.runInInjectionContext(() => alignedSignals({ giro, savings }));

    expect(clock()).toBe(-10);
    sender.next(1);
    expect(clock()).toBe(-9);
  });

  it('notifies readers of one value only when that one has changed', () => {
    const { giro, savings, moves, fees } = accounts();
    const seen: unknown[] = [];
    const whole: unknown[] = [];
    TestBed.runInInjectionContext(() => {
      const { value, signals } = alignedSignals({ giro, savings });
      effect(() => void seen.push(signals.savings()));
      effect(() => void whole.push(value()));
    });
    TestBed.tick();

    moves.next(10);
    TestBed.tick();
    fees.next(9);
    TestBed.tick();
    fees.next(9);
    TestBed.tick();

    expect(seen).toEqual([undefined, 10]);
    expect(whole).toEqual([undefined, { giro: 10, savings: 10 }, { giro: 9, savings: 10 }]);
  });

  it('renders in a view', async () => {
    const { giro, savings, moves } = accounts();
    const view = component('{{ all.signals.giro() }} + {{ all.signals.savings() }}, as of {{ all.clock() }}', () => ({
      all: alignedSignals({ giro, savings }),
    }));
    const fixture = await show(view);

    moves.next(5);
    await fixture.whenStable();

    expect(textOf(fixture)).toBe('5 + 5, as of 1');
  });

  it('is current when all are', () => {
    const { giro, savings, moves } = accounts();
    const all = TestBed.runInInjectionContext(() => alignedSignals({ giro, savings }));
    expect(all.isCurrent(1)()).toBe(false);

    moves.next(5);

    expect(all.isCurrent(1)()).toBe(true);
    expect(all.isCurrent(2)()).toBe(false);
  });

  it('goes by the option where streams are no receivers', () => {
    const [a, b] = [new Subject<Clocked<number>>(), new Subject<Clocked<number>>()];
    const [plain, strict] = TestBed.runInInjectionContext(() => [
      alignedSignals({ a, b }).isCurrent(1),
      alignedSignals({ a, b }, { strict: true }).isCurrent(1),
    ]);

    a.next([1, 1]);
    b.next([2, 1]);

    expect([plain(), strict()]).toEqual([false, true]);
  });

  it('throws the error of any of them on reading', () => {
    const [a, b] = [new Subject<Clocked<number>>(), new Subject<Clocked<number>>()];
    const { value, signals } = TestBed.runInInjectionContext(() => alignedSignals({ a, b }));

    a.error(new Error('a is lost'));
    b.next([1, 1]);

    expect(() => value()).toThrow('a is lost');
    expect(() => signals.b()).toThrow('a is lost');
  });

  it('errors when more waits than its bound', () => {
    const [a, b] = [new Subject<Clocked<number>>(), new Subject<Clocked<number>>()];
    const { value } = TestBed.runInInjectionContext(() => alignedSignals({ a, b }, { bound: 1 }));

    a.next([1, 1]);
    a.next([2, 2]);
    a.next([3, 3]);

    expect(() => value()).toThrow(/bound/);
  });

  it('unsubscribes from all with its injector, and names itself in errors', () => {
    const [a, b] = [new Subject<Clocked<number>>(), new Subject<Clocked<number>>()];
    const injector = childInjector();
    alignedSignals({ a, b }, { injector });

    injector.destroy();

    expect([a.observed, b.observed]).toEqual([false, false]);
    expect(() => alignedSignals({ a, b })).toThrow(/alignedSignals\(\) can only be used within an injection context/);
  });

  it('shares receivers with others', () => {
    const { giro, savings, moves } = accounts();
    TestBed.runInInjectionContext(() => {
      const alone = toClockedSignal(giro);
      const { signals } = alignedSignals({ giro, savings });

      moves.next(3);

      expect([alone.value(), signals.giro()]).toEqual([3, 3]);
    });
  });
});
