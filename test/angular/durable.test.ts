// @vitest-environment jsdom
import 'fake-indexeddb/auto';
import { InjectionToken, Injector, type DestroyableInjector } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { ClosedError, optimistic, whenClock, type Clocked } from 'rxjs-clocked-dispatch';
import {
  injectProjection,
  injectReceiver,
  injectSender,
  provideDispatcher,
  toClockedSignal,
} from 'rxjs-clocked-dispatch/angular';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import {
  LogBusyError,
  LogClosedError,
  memoryLog,
  openDispatcher,
  type DurableDispatcher,
  type EventLog,
} from 'rxjs-clocked-dispatch/log';
import { beforeEach, describe, expect, it } from 'vitest';
import { childInjector, component, show, textOf, useAngular } from './support.js';

const OPEN = new InjectionToken<DurableDispatcher<string>>('OPEN');
const OPENING = new InjectionToken<Promise<DurableDispatcher<string>>>('OPENING');

const list = { initial: [] as readonly string[], apply: (items: readonly string[], item: string) => [...items, item] };

/** A log, and when the dispatcher over it is opened. */
function later() {
  const log = memoryLog();
  let open!: (log: EventLog) => void;
  let fail!: (error: unknown) => void;
  const opened = new Promise<EventLog>((resolve, reject) => {
    open = resolve;
    fail = reject;
  });
  return { log, opened, open: () => open(log), fail: (error: unknown) => fail(error) };
}

/** An injector with a dispatcher that is being opened, for the tests to destroy. */
function opening(
  factory: Parameters<typeof provideDispatcher<Promise<DurableDispatcher<string>>>>[1],
): DestroyableInjector {
  return Injector.create({ providers: [provideDispatcher(OPENING, factory)], parent: TestBed.inject(Injector) });
}

useAngular();

describe('a dispatcher with a log that is open', () => {
  let dispatcher: DurableDispatcher<string>;

  beforeEach(async () => {
    dispatcher = await openDispatcher<string>(memoryLog());
    TestBed.configureTestingModule({ providers: [provideDispatcher(OPEN, () => dispatcher)] });
  });

  it('has senders, receivers from a position, and projections', async () => {
    await dispatcher.sender('earlier', ['orders', 'list']).send('tea');
    const [sender, receiver, projection] = TestBed.runInInjectionContext(() => [
      injectSender(OPEN, 'desk', { to: ['orders', 'list'] }),
      injectReceiver(OPEN, 'orders', { from: 0 }),
      injectProjection(OPEN, 'list', list),
    ]);

    await sender.send('cake', { id: '1' });
    await whenClock(2, projection);

    expect(await receiver.receiveMany()).toEqual([
      ['tea', 1],
      ['cake', 2],
    ]);
    expect([projection.value, projection.clock]).toEqual([['tea', 'cake'], 2]);
  });

  it('closes them with their owner, and frees their names', async () => {
    const injector = childInjector();
    const projection = injectProjection(OPEN, 'list', { ...list, injector });
    const sender = injectSender(OPEN, 'desk', { to: 'list', injector });
    await projection.ready;

    injector.destroy();

    expect([projection.closed, sender.closed, dispatcher.closed]).toEqual([true, true, false]);
    TestBed.runInInjectionContext(() => {
      injectProjection(OPEN, 'list', list);
      injectSender(OPEN, 'desk', { to: 'list' });
    });
  });

  it('refuses an option that there is not, and a token that is none', () => {
    TestBed.runInInjectionContext(() => {
      expect(() => injectProjection(OPEN, 'list', { ...list, unknown: 1 } as never)).toThrow(/unknown/);
      expect(() => injectProjection(undefined as never, 'list', list)).toThrow(/token/);
    });
    expect(() => injectProjection(OPEN, 'list', list)).toThrow(/injectProjection\(\) can only be used within/);
  });
});

describe('a dispatcher with a log that is being opened', () => {
  it('shows the initial state, then what the log has, then what is sent', async () => {
    const { log, opened, open } = later();
    await (await openDispatcher<string>(log)).sender('earlier', 'list').send('tea');
    TestBed.configureTestingModule({
      providers: [provideDispatcher(OPENING, async () => openDispatcher(await opened))],
    });
    const view = component('{{ shown.value().length }} as of {{ shown.clock() }}', () => {
      const projection = injectProjection(OPENING, 'list', list);
      const sender = injectSender(OPENING, 'desk', { to: 'list' });
      return { projection, sender, shown: toClockedSignal(projection, { initialClock: 0 }) };
    });
    const fixture = await show(view);
    expect(textOf(fixture)).toBe('0 as of 0');

    open();
    await fixture.componentInstance.projection.ready;
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('1 as of 1');

    await whenClock(fixture.componentInstance.sender.send('cake'), fixture.componentInstance.projection);
    await fixture.whenStable();
    expect(textOf(fixture)).toBe('2 as of 2');
  });

  it('keeps what is sent before it is open, in order, and what is sent in between behind that', async () => {
    const { log, opened, open } = later();
    const injector = opening(async () => openDispatcher(await opened));
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    const sent = [sender.send('a'), sender.send('b')];
    sender.next('c');

    open();
    const dispatcher = await injector.get(OPENING);
    sent.push(sender.send('d'));

    expect(await Promise.all(sent)).toEqual([1, 2, 4]);
    expect((await log.read(0, 9)).length).toBe(4);
    expect(await sender.send('e')).toBe(5);
    expect(dispatcher.stats().stored).toBe(5);
  });

  it('refuses more than 1024 calls before it is open', async () => {
    const { opened, open } = later();
    const injector = opening(async () => openDispatcher(await opened));
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    const sent = Array.from({ length: 1024 }, () => sender.send('a'));

    await expect(sender.send('b')).rejects.toThrow(LogBusyError);
    sender.next('c');
    expect(sender.failure).toBeInstanceOf(LogBusyError);
    open();

    expect((await Promise.all(sent)).at(-1)).toBe(1024);
    await expect(sender.send('d')).rejects.toThrow(ClosedError);
  });

  it('lets whenClock, optimistic and for await take the projection before it is there', async () => {
    const { opened, open } = later();
    const injector = opening(async () => openDispatcher(await opened));
    const projection = injectProjection(OPENING, 'list', { ...list, injector });
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    const view = optimistic(projection, { apply: (items, item: string) => [...items, `${item} …`] });
    const told: unknown[] = [];
    view.subscribe((item) => told.push(item));
    const reached = whenClock(1, projection);
    const states = projection[Symbol.asyncIterator]();
    const state = states.next();

    const sent = view.send(sender, 'tea', { id: 'one' });
    expect(view.value).toEqual(['tea …']);
    open();

    expect(await sent).toBe(1);
    expect(await reached).toBe(1);
    expect(await state).toMatchObject({ done: false });
    expect(view.value).toEqual(['tea']);
    expect(await view.send(sender, 'tea', { id: 'one' })).toBe(1);
    expect(view.value).toEqual(['tea']);
    expect(told.at(-1)).toEqual([['tea'], 1]);
  });

  it('fails everywhere with what it could not be opened for, and cleans up', async () => {
    const { opened, fail } = later();
    const log = memoryLog();
    const injector = opening(async (onCleanup) => {
      onCleanup(() => log.close());
      return openDispatcher(await opened);
    });
    const projection = injectProjection(OPENING, 'list', { ...list, injector });
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    const shown = toClockedSignal(projection, { injector });
    const sent = sender.send('a');
    const waiting = whenClock(1, projection);

    fail(new Error('no room'));

    await expect(sent).rejects.toThrow('no room');
    await expect(waiting).rejects.toThrow(/'list' failed/);
    await expect(projection.ready).rejects.toThrow('no room');
    await expect(sender.send('b')).rejects.toThrow('no room');
    await expect(log.head()).rejects.toThrow(LogClosedError);
    expect(() => shown.value()).toThrow('no room');
    expect([projection.closed, sender.closed, (sender.failure as Error).message]).toEqual([true, true, 'no room']);
  });

  it('gives the names of who left before it was open to who came after', async () => {
    const { log, opened, open } = later();
    const injector = opening(async () => openDispatcher(await opened));
    const inject = () => {
      const owner = Injector.create({ providers: [], parent: injector });
      const projection = injectProjection(OPENING, 'list', { ...list, injector: owner });
      return { owner, projection, sender: injectSender(OPENING, 'desk', { to: 'list', injector: owner }) };
    };
    const first = inject();
    const sent = first.sender.send('tea');
    first.owner.destroy();
    inject().owner.destroy();
    const last = inject();

    open();

    expect([await sent, await last.sender.send('cake')]).toEqual([1, 2]);
    await whenClock(2, last.projection);
    expect(last.projection.closed).toBe(false);
    expect((await log.read(0, 9)).length).toBe(2);
  });

  it('lets go of who waits for a projection that is closed before it is open', async () => {
    const injector = opening(() => new Promise(() => undefined));
    const projection = injectProjection(OPENING, 'list', { ...list, injector });
    const saved = projection.save();
    let ended = false;
    projection.progress$.subscribe({ complete: () => (ended = true) });

    projection.close();

    await expect(projection.ready).rejects.toThrow(ClosedError);
    await expect(saved).rejects.toThrow(ClosedError);
    expect(ended).toBe(true);
  });

  it('takes back what is aborted before it is open, and stores the rest', async () => {
    const { log, opened, open } = later();
    const injector = opening(async () => openDispatcher(await opened));
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    const aborting = new AbortController();
    const sent = [
      sender.send('a', { signal: aborting.signal }),
      sender.send('b', { signal: new AbortController().signal }),
    ];

    aborting.abort(new Error('not now'));
    await expect(sent[0]).rejects.toThrow('not now');
    await expect(sender.send('c', { signal: aborting.signal })).rejects.toThrow('not now');
    await expect(sender.send('c', { id: '' })).rejects.toThrow(/id/);
    open();

    expect(await sent[1]).toBe(1);
    expect((await log.read(0, 9)).length).toBe(1);
  });

  it('refuses at once what is sent after complete()', async () => {
    const injector = opening(() => new Promise(() => undefined));
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });

    sender.complete();

    await expect(sender.send('a')).rejects.toThrow(ClosedError);
  });

  it('has no receivers yet, and says what there is', () => {
    const injector = opening(async () => openDispatcher<string>(memoryLog()));

    expect(() => injectReceiver(OPENING as never, 'orders', { injector } as never)).toThrow(/injectProjection/);
  });
});

describe('the end of the injector', () => {
  it('stores what was sent, saves the projections, closes the dispatcher, then the log', async () => {
    const log = await openIndexedDbLog('ending');
    const injector = opening(async (onCleanup) => {
      onCleanup(() => log.close());
      return openDispatcher(log);
    });
    const projection = injectProjection(OPENING, 'list', { ...list, injector });
    const sender = injectSender(OPENING, 'desk', { to: 'list', injector });
    await whenClock(sender.send('tea'), projection);
    const sent = sender.send('cake');

    injector.destroy();

    expect(await sent).toBe(2);
    await injectedEnd(log);
    const again = await openIndexedDbLog('ending');
    expect(await again.load('list')).toEqual({ ts: 1, version: 1, state: ['tea'] });
    await again.close();
  });

  it('closes at once what is opened only after it', async () => {
    const { log, opened, open } = later();
    const injector = opening(async (onCleanup) => {
      const own = await opened;
      onCleanup(() => own.close());
      return openDispatcher(own);
    });
    const dispatcher = injector.get(OPENING);
    const projection = injectProjection(OPENING, 'list', { ...list, injector });
    const told: Clocked<readonly string[]>[] = [];
    let ended = false;
    projection.subscribe({ next: (item) => told.push(item), complete: () => (ended = true) });

    injector.destroy();
    expect([projection.closed, ended]).toEqual([true, true]);
    open();

    await injectedEnd(log);
    expect((await dispatcher).closed).toBe(true);
    expect(told).toEqual([]);
    await expect(projection.ready).rejects.toThrow(ClosedError);
  });
});

/** Until the log is closed. */
async function injectedEnd(log: EventLog): Promise<void> {
  await expect
    .poll(() =>
      log.head().then(
        () => 'open',
        (error: unknown) => (error as Error).name,
      ),
    )
    .toBe('LogClosedError');
}
