// @vitest-environment jsdom
import { DestroyRef, inject, InjectionToken, Injector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import {
  ALL,
  createDispatcher,
  serialize,
  watermark,
  type ForwardingDispatcher,
  type SerializingDispatcher,
} from 'rxjs-clocked-dispatch';
import { injectReceiver, injectSender, provideDispatcher } from 'rxjs-clocked-dispatch/angular';
import { beforeEach, describe, expect, it } from 'vitest';
import { childInjector, component, show, useAngular } from './support.js';

const ORDERS = new InjectionToken<SerializingDispatcher<string>>('ORDERS');
const READINGS = new InjectionToken<ForwardingDispatcher<number>>('READINGS');

describe('injectSender and injectReceiver', () => {
  useAngular();

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [
        provideDispatcher(ORDERS, () => createDispatcher(serialize())),
        provideDispatcher(READINGS, () => createDispatcher(watermark())),
      ],
    });
  });

  it('connect two components that only know a token', async () => {
    const heard: unknown[] = [];
    const list = component('', () => ({
      subscription: injectReceiver(ORDERS, 'orders').subscribe((m) => heard.push(m)),
    }));
    const form = component('', () => ({ sender: injectSender(ORDERS, 'form', { to: 'orders' }) }));
    await show(list);
    const { componentInstance } = await show(form);

    await componentInstance.sender.send('tea');

    expect(heard).toEqual([['tea', 1]]);
  });

  it('hand their options on to the dispatcher', () => {
    TestBed.runInInjectionContext(() => {
      const drops: unknown[] = [];
      injectReceiver(ORDERS, 'orders', { bound: 1, overflow: 'drop-newest', onDrop: ({ value }) => drops.push(value) });
      const sender = injectSender(ORDERS, 'form', { to: ALL });

      sender.next('tea');
      sender.next('cake');

      expect(drops).toEqual(['cake']);
    });
  });

  it('make forwarders of a forwarding dispatcher', () => {
    TestBed.runInInjectionContext(() => {
      const receiver = injectReceiver(READINGS, 'chart');
      const sender = injectSender(READINGS, 'probe', { to: 'chart', strict: true });

      expect(sender.tryForward(20.5, 3)).toEqual({ ok: true });
      expect(receiver.tryReceive()).toEqual([20.5, 3]);
      expect(sender.tryForward(20.6, 3)).toEqual({ ok: false, reason: 'duplicate' });
    });
  });

  it('leave with the component', async () => {
    const list = component('', () => ({ receiver: injectReceiver(ORDERS, 'orders') }));
    const form = component('', () => ({ sender: injectSender(ORDERS, 'form', { to: 'orders' }) }));
    const shownList = await show(list);
    const shownForm = await show(form);
    const { receiver } = shownList.componentInstance;
    const { sender } = shownForm.componentInstance;

    shownForm.destroy();
    expect(sender.closed).toBe(true);
    shownList.destroy();
    expect(receiver.closed).toBe(true);

    // Both names are free again.
    await show(list);
    await show(form);
  });

  it('work outside an injection context with an injector, and leave with it', () => {
    const injector = childInjector();

    const receiver = injectReceiver(ORDERS, 'orders', { injector });
    const sender = injectSender(ORDERS, 'form', { to: 'orders', injector });
    injector.destroy();

    expect(sender.closed).toBe(true);
    expect(receiver.closed).toBe(true);
  });

  it('leave with an explicit DestroyRef', () => {
    const owner = childInjector();
    const destroyRef = owner.get(DestroyRef);
    const injector = TestBed.inject(Injector);

    const receiver = injectReceiver(ORDERS, 'orders', { injector, destroyRef });
    const sender = TestBed.runInInjectionContext(() => injectSender(ORDERS, 'form', { to: 'orders', destroyRef }));
    owner.destroy();

    expect(sender.closed).toBe(true);
    expect(receiver.closed).toBe(true);
    expect(TestBed.inject(ORDERS).closed).toBe(false);
  });

  it('leave nothing behind where their owner is gone already', async () => {
    const fixture = await show(component('', () => ({ destroyRef: inject(DestroyRef) })));
    const { destroyRef } = fixture.componentInstance;
    const injector = TestBed.inject(Injector);
    fixture.destroy();

    expect(() => injectReceiver(ORDERS, 'orders', { injector, destroyRef })).toThrow(/destroyed/);
    expect(() => injectSender(ORDERS, 'form', { to: ALL, injector, destroyRef })).toThrow(/destroyed/);

    const { receivers, sources } = TestBed.inject(ORDERS).stats();
    expect([receivers, sources]).toEqual([[], []]);
  });

  it('say what is missing outside an injection context', () => {
    expect(() => injectReceiver(ORDERS, 'orders')).toThrow(
      /injectReceiver\(\) can only be used within an injection context/,
    );
    expect(() => injectSender(ORDERS, 'form', { to: 'orders' })).toThrow(/injectSender\(\) can only be used within/);
  });
});
