import { combineLatest, concat, forkJoin, NEVER, of, retry, Subject, take, throwError, zip } from 'rxjs';
import type { Observable } from 'rxjs';
import {
  ALL,
  clockedDispatch,
  consume,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type DispatcherOptions,
  type Drop,
  type ForwardingDispatcher,
  type Late,
  type Stats,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { rejection, turn } from '../support/async.js';
import { dispatcherOf, FORWARDING, forwardingOf, MODES, type AnySender, type Mode } from '../support/dispatchers.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll, watch } from '../support/receivers.js';

type Channels = ForwardingDispatcher<string>;

function put(sender: AnySender, value: string, ts: number): void {
  if ('send' in sender) sender.next(value);
  else sender.next([value, ts]);
}

/** A channel in any mode. */
function channelIn(mode: Mode, options?: Parameters<typeof dispatcherOf>[1]) {
  const dispatcher = dispatcherOf(mode, options);
  const [sender, receiver] = (dispatcher as Channels).channel('s', 'r');
  return { dispatcher, sender: sender as AnySender, receiver };
}

function balance({ offered, accepted, refused, late, ahead, duplicates }: Stats): void {
  expect(offered).toBe(accepted + refused + late + ahead + duplicates);
}

describe('law 28: accounts balance', () => {
  const calls = {
    next: (sender: AnySender) => {
      put(sender, 'x', 1);
    },
    try: (sender: AnySender): unknown => ('send' in sender ? sender.trySend('x') : sender.tryForward('x', 1)),
    wait: async (sender: AnySender) => {
      await ('send' in sender ? sender.send('x') : sender.forward('x', 1)).catch(() => undefined);
    },
  };

  for (const mode of MODES)
    for (const [name, call] of Object.entries(calls)) {
      test(`law 28: what is for a receiver that has left is refused, and counted (${mode}, ${name})`, async () => {
        const drops: Drop<string>[] = [];
        const { dispatcher, sender, receiver } = channelIn(mode, { onDrop: (drop) => drops.push(drop) });
        receiver.close();
        await call(sender);
        expect(dispatcher.stats()).toMatchObject({ offered: 1, refused: 1, accepted: 0 });
        expect(drops).toEqual([]);
      });

      test(`law 28: a broadcast to nobody is refused by serialize, and held in the other modes (${mode}, ${name})`, async () => {
        const dispatcher = dispatcherOf(mode);
        await call((dispatcher as Channels).broadcaster('b'));
        const isRefused = mode === 'serialize';
        expect(dispatcher.stats()).toMatchObject({
          offered: 1,
          refused: isRefused ? 1 : 0,
          accepted: isRefused ? 0 : 1,
        });
      });

      test(`law 28: what is sent by one who has left is refused, and counted (${mode}, ${name})`, async () => {
        const { dispatcher, sender } = channelIn(mode);
        sender.complete();
        await call(sender);
        expect(dispatcher.stats()).toMatchObject({ offered: 1, refused: 1 });
      });
    }

  test.for(['dispatcher', 'receiver'] as const)(
    'law 28: what is held for a receiver that leaves is reported and let go (frontier: %s)',
    (frontier) => {
      const drops: string[] = [];
      const dispatcher = createDispatcher<string>(watermark({ frontier }), {
        onDrop: ({ receiver, value, reason }) => drops.push(`${receiver} ${value} ${reason}`),
      });
      const r = dispatcher.receiver('r');
      const o = dispatcher.receiver('o');
      const [a, b] = ['a', 'b'].map((name) => dispatcher.sender(name, ['r', 'o']));
      a?.tryForward('x', 5);
      a?.tryForward('y', 6);
      expect(dispatcher.stats().held).toBe(2);
      r.close();
      expect(drops).toEqual(['r x closed', 'r y closed']);
      b?.next([null, 9]);
      expect(data(pullAll(o))).toEqual(['x', 'y'].slice(0, 1 + Number(a?.tryForward(null, 7).ok)));
      expect(dispatcher.stats().held).toBe(0);
      balance(dispatcher.stats());
    },
  );

  test.for(['dispatcher', 'receiver'] as const)(
    'law 28: a receiver that closes itself as the first of several is told (frontier: %s)',
    (frontier) => {
      const dispatcher = createDispatcher<string>(watermark({ frontier }));
      const [a, receiver] = dispatcher.channel('a', 'r');
      const b = dispatcher.sender('b', 'r');
      for (let ts = 1; ts <= 4; ts++) a.next([`x${ts}`, ts]);
      receiver.subscribe(() => receiver.close());
      b.next([null, 9]);
      expect(dispatcher.stats()).toMatchObject({ held: 0, receivers: [] });
    },
  );

  test('law 28: nothing is kept for sessions that come and go', () => {
    const dispatcher = createDispatcher<object>(watermark(), { bound: 1 });
    dispatcher.channel('silent', 'always');
    for (let i = 1; i <= 20_000; i++) {
      const [sender, receiver] = dispatcher.channel(`s${i}`, `session ${i}`);
      sender.next([{ i }, i]);
      receiver.close();
      sender.complete();
    }
    expect(dispatcher.stats()).toMatchObject({ held: 0, accepted: 20_000 });
    expect(dispatcher.stats().receivers).toHaveLength(1);
    expect(dispatcher.stats().sources).toHaveLength(1);
  });

  test.for(['divert', 'error', 'drop'] as const)(
    'laws 12 and 28: what is late at one of two receivers is told for that one, and counted once (%s)',
    (late) => {
      const drops: string[] = [];
      const diverted: Late<string>[] = [];
      const dispatcher = createDispatcher<string>(watermark({ frontier: 'receiver', late }), {
        onDrop: ({ receiver, value, reason }) => drops.push(`${receiver} ${value} ${reason}`),
      });
      dispatcher.late$.subscribe((message) => diverted.push(message));
      dispatcher.receiver('r1').subscribe();
      const r2 = dispatcher.receiver('r2');
      const all = dispatcher.sender('all', ['r1', 'r2'], { disorder: 5 });
      const peer = dispatcher.sender('peer', 'r2');
      all.next(['a', 20]);
      all.next(['b', 10]);
      peer.next([null, 30]);

      expect(data(pullAll(r2))[0]).toBe('b');
      expect(dispatcher.stats().late).toBe(1);
      balance(dispatcher.stats());
      if (late === 'divert') expect(diverted).toMatchObject([{ value: 'b', receivers: ['r1'] }]);
      else expect(drops).toEqual(['r1 b late']);
    },
  );

  describe.for(FORWARDING)('law 28: a broadcast is for those who are there when it is released (%s)', (mode) => {
    /** A broadcast at 2 is accepted, `meanwhile` happens, and then 1 and 2 are over. */
    function joiner(
      options: DispatcherOptions<string>,
      before: (d: Channels) => unknown,
      after?: (d: Channels) => unknown,
    ) {
      const dispatcher = forwardingOf(mode, options);
      const [b, h] = ['b', 'h'].map((name) => dispatcher.broadcaster(name));
      before(dispatcher);
      b?.next(['x', 2]);
      after?.(dispatcher);
      const late = dispatcher.receiver('late', { bound: 4 });
      h?.tryForward(null, 1);
      h?.tryForward(null, 2);
      balance(dispatcher.stats());
      return data(pullAll(late));
    }

    test('law 28: nobody, somebody, or one that is full was there when it came', () => {
      expect(joiner({}, () => undefined)).toEqual(['x']);
      expect(joiner({}, (d) => d.receiver('early'))).toEqual(['x']);
      expect(
        joiner({ overflow: 'drop-newest' }, (d) => [d.receiver('early'), d.receiver('tiny', { bound: 0 })]),
      ).toEqual(['x']);
    });

    test('law 28: the only one that was there has left', () => {
      let early: ClockedReceiver<string> | undefined;
      const come = (dispatcher: Channels): void => void (early = dispatcher.receiver('early'));
      expect(joiner({}, come, () => early?.close())).toEqual(['x']);
    });

    test('law 28: one that comes later keeps no place, and is bounded all the same', () => {
      const drops: number[] = [];
      const dispatcher = forwardingOf(mode, { overflow: 'drop-newest' });
      const [b, h] = ['b', 'h'].map((name) => dispatcher.broadcaster(name));
      dispatcher.receiver('early');
      for (let ts = 2; ts < 12; ts++) b?.tryForward(`x${ts}`, ts);
      const late = dispatcher.receiver('late', { bound: 1, onDrop: ({ ts }) => drops.push(ts) });
      h?.tryForward(null, 1);
      if (mode === 'watermark') h?.tryForward(null, 20);
      expect(dispatcher.stats().receivers[1]?.queued).toBe(1);
      expect(drops).toHaveLength(9);
      expect(data(pullAll(late))).toEqual(['x2']);
    });
  });

  test.for([10_000, 130_000])('law 29: stats() of %d sources', (n) => {
    const dispatcher = createDispatcher<string>(watermark());
    dispatcher.receiver('r');
    for (let i = 0; i < n; i++) dispatcher.sender(`s${i}`, 'r');
    expect(dispatcher.stats().sources).toHaveLength(n);
  });
});

describe('laws 19, 20, 22: nothing that was accepted is lost between consumers', () => {
  describe.for(MODES)('by %s', (mode) => {
    test('law 22: receiveMany gives what is readable, and then the error', async () => {
      const { sender, receiver } = channelIn(mode);
      for (const ts of [1, 2, 3]) put(sender, `v${ts}`, ts);
      sender.error(new Error('gone'));
      expect(data(await receiver.receiveMany())).toEqual(['v1', 'v2', 'v3']);
      expect(await rejection(receiver.receive())).toEqual(new Error('gone'));
    });

    test('law 22: receiveMany that waits, and one that overflow ends', async () => {
      const waits = channelIn(mode);
      const waiting = waits.receiver.receiveMany();
      put(waits.sender, 'v1', 1);
      waits.sender.error(new Error('gone'));
      expect(data(await waiting)).toEqual(['v1']);

      const full = channelIn(mode, { bound: 2 });
      for (const ts of [1, 2, 3]) put(full.sender, `v${ts}`, ts);
      expect(data(await full.receiver.receiveMany())).toEqual(['v1', 'v2']);
      expect(await rejection(full.receiver.receiveMany())).toMatchObject({ name: 'OverflowError' });
    });

    test('law 20: a subscriber that is closed already takes nothing', () => {
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- the overloads that are meant are not
      for (const combine of [combineLatest, zip, forkJoin] as ((
        inputs: Observable<unknown>[],
      ) => Observable<unknown>)[]) {
        const { sender, receiver, dispatcher } = channelIn(mode);
        put(sender, 'a', 1);
        let failed = false;
        combine([throwError(() => new Error('no config')), receiver]).subscribe({ error: () => (failed = true) });
        put(sender, 'b', 2);
        expect(failed).toBe(true);
        expect(data(watch(receiver).items)).toEqual(['a', 'b']);
        put(sender, 'c', 3);
        expect(dispatcher.stats().receivers[0]).toMatchObject({ queued: 0, delivered: 3 });
      }
    });

    test('law 19: consumers of all kinds, one after the other, get each message once', async () => {
      const { sender, receiver } = channelIn(mode);
      for (let ts = 1; ts <= 12; ts++) put(sender, `v${ts}`, ts);
      const got: unknown[] = [];
      receiver.pipe(take(2)).subscribe(([value]) => got.push(value));
      got.push((await receiver.receive())?.[0]);
      const given = new AbortController();
      got.push(...data(await receiver.receiveMany(2)));
      for await (const [value] of receiver) {
        got.push(value);
        if (got.length === 7) break;
      }
      for await (const { value, ack } of receiver.deliveries()) {
        if (value === 'v9') break;
        got.push(value);
        ack();
      }
      const reader = receiver.iterate()[Symbol.asyncIterator]();
      got.push(((await reader.next()).value as Clocked<string>)[0]);
      await reader.return?.();
      const failing = consume(receiver, (value) => (value === 'v10' ? throwError(() => new Error('away')) : [value]));
      expect(await new Promise((resolve) => failing.subscribe({ error: resolve }))).toEqual(new Error('away'));
      got.push(...data(pullAll(receiver)));
      const pending = receiver.receive({ signal: given.signal });
      given.abort(new Error('given up'));
      expect(await rejection(pending)).toEqual(new Error('given up'));
      put(sender, 'v13', 13);
      got.push(receiver.tryReceive()?.[0]);

      expect(got).toEqual(Array.from({ length: 13 }, (_, i) => `v${i + 1}`));
    });
  });

  test('law 38: consume that fails and is retried does the message again, and all of them are done', async () => {
    for (const concurrency of [1, 3]) {
      const dispatcher = createDispatcher<string>(serialize());
      const [sender, receiver] = dispatcher.channel('s', 'r');
      for (let n = 1; n <= 6; n++) sender.next(`e${n}`);
      sender.complete();
      const done = new Set<string>();
      const clocks: number[] = [];
      let tried = 0;
      const work = async (value: string): Promise<string> => {
        await turn();
        if (value === 'e2' && tried++ === 0) throw new Error('database is away');
        done.add(value);
        return value;
      };
      await new Promise<void>((resolve, reject) => {
        consume(receiver, work, { concurrency })
          .pipe(retry(1))
          .subscribe({ next: ([, ts]) => clocks.push(ts), error: reject, complete: resolve });
      });
      expect([...done].sort()).toEqual(['e1', 'e2', 'e3', 'e4', 'e5', 'e6']);
      expect(clocks).toEqual([...clocks].sort((a, b) => a - b));
      expect(tried).toBe(2);
    }
  });

  test('law 12: late messages of the operator go to onLate', () => {
    const late: Late<string>[] = [];
    const b = new Subject<Clocked<string>>();
    const { watched } = receiversOf<string>(
      of(source('a', concat(of<Clocked<string>[]>(['a5', 5]), NEVER), { to: 'r' }), source('b', b, { to: ALL })).pipe(
        clockedDispatch(watermark({ late: 'divert' }), { receivers: ['r'], onLate: (message) => late.push(message) }),
      ),
    );
    b.next(['b5', 5]);
    b.next(['late', 3]);
    expect(data(watched.r!.items)).toEqual(['a5', 'b5']);
    expect(late).toEqual([{ source: 'b', value: 'late', ts: 3, clock: 5, receivers: ['r'] }]);
  });

  test('law 20: a route to receivers that left long ago is no mistake, and costs no memory', () => {
    const dispatcher = createDispatcher<{ to: string }>(serialize());
    const hub = dispatcher.sender('hub', ({ to }) => to);
    dispatcher.receiver('first').close();
    for (let i = 0; i < 2000; i++) dispatcher.receiver(`session ${i}`).close();
    for (const to of ['first', 'session 0', 'session 1999']) {
      expect(hub.trySend({ to })).toEqual({ ok: false, reason: 'no-receiver' });
    }
  });

  test('law 22: an error does not wait for what others hold behind a gap', () => {
    for (const sourceError of ['error', 'complete'] as const) {
      const dispatcher = createDispatcher<string>(sequence(), { sourceError });
      const [a, receiver] = dispatcher.channel('A', 'book');
      const b = dispatcher.sender('B', 'book');
      const book = watch(receiver);
      a.next(['a1', 1]);
      a.next(['a3', 3]);
      b.error(new Error('line B is down'));
      if (sourceError === 'error') expect(errorOf(book)).toEqual(new Error('line B is down'));
      else {
        a.next(['a2', 2]);
        expect(data(book.items)).toEqual(['a1', 'a2', 'a3']);
      }
    }
  });
});
