// @vitest-environment jsdom
import { createEnvironmentInjector, EnvironmentInjector, inject, InjectionToken, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  createDispatcher,
  serialize,
  watermark,
  type ForwardingDispatcher,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { provideDispatcher } from 'rxjs-clocked-dispatch/angular';
import { describe, expect, it } from 'vitest';
import { component, show, useAngular } from './support.js';

const ORDERS = new InjectionToken<SerializingDispatcher<string>>('ORDERS');
const READINGS = new InjectionToken<ForwardingDispatcher<number>>('READINGS');
const SEED = new InjectionToken<number>('SEED');

describe('provideDispatcher', () => {
  useAngular();

  it('makes a dispatcher of the options, one for each injector', () => {
    TestBed.configureTestingModule({
      providers: [provideDispatcher(ORDERS, () => createDispatcher(serialize({ seed: 7 })))],
    });

    const dispatcher = TestBed.inject(ORDERS);

    expect(dispatcher.mode).toBe('serialize');
    expect(dispatcher.clock).toBe(7);
    expect(TestBed.inject(ORDERS)).toBe(dispatcher);
  });

  it('makes forwarding dispatchers as well', () => {
    TestBed.configureTestingModule({ providers: [provideDispatcher(READINGS, () => createDispatcher(watermark()))] });

    expect(TestBed.inject(READINGS).mode).toBe('watermark');
  });

  it('calls a factory in the injection context', () => {
    const make = (): SerializingDispatcher<string> => createDispatcher(serialize({ seed: inject(SEED) }));
    TestBed.configureTestingModule({ providers: [{ provide: SEED, useValue: 41 }, provideDispatcher(ORDERS, make)] });

    expect(TestBed.inject(ORDERS).clock).toBe(41);
  });

  it('closes the dispatcher when its injector is destroyed', () => {
    const injector = createEnvironmentInjector(
      [provideDispatcher(ORDERS, () => createDispatcher(serialize()))],
      TestBed.inject(EnvironmentInjector),
    );
    const dispatcher = injector.get(ORDERS);

    injector.destroy();

    expect(dispatcher.closed).toBe(true);
  });

  it("closes a component's dispatcher with the component, after what it holds has gone out", async () => {
    const shown = signal(true);
    const heard: unknown[] = [];
    const Child = component(
      '',
      () => {
        const dispatcher = inject(ORDERS);
        const [sender, receiver] = dispatcher.channel('desk', 'orders');
        sender.next('a');
        receiver.subscribe({ next: (message) => heard.push(message), complete: () => heard.push('complete') });
        return { dispatcher };
      },
      { selector: 'app-child', providers: [provideDispatcher(ORDERS, () => createDispatcher(serialize()))] },
    );
    const fixture = await show(component('@if (shown()) { <app-child /> }', () => ({ shown }), { imports: [Child] }));
    expect(heard).toEqual([['a', 1]]);

    shown.set(false);
    await fixture.whenStable();

    expect(heard).toEqual([['a', 1], 'complete']);
  });
});
