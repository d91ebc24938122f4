import { NEVER, type Observable, Subject, type Subscription } from 'rxjs';
import {
  alignLatest,
  type Clocked,
  createDispatcher,
  InvalidArgumentError,
  InvalidOptionError,
  mapValue,
  optimistic,
  type OptimisticSender,
  type OptimisticView,
  projection,
  type Projection,
  serialize,
  UnknownOptionError,
  whenClock,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../support.js';

const append = (state: string, value: string): string => state + value;

function views(receiver: Observable<Clocked<string>>): [Projection<string>, OptimisticView<string, string>] {
  const base = projection(receiver, { initial: '', apply: append });
  return [base, optimistic(base, { apply: append })];
}

/** A sender whose calls the test settles; it tells the timestamp before anybody is told the message. */
class Desk implements OptimisticSender<string> {
  readonly #calls: { told: (ts: number) => void; resolve: (ts: number) => void; reject: (reason: unknown) => void }[] =
    [];

  send(_: string, options?: object): Promise<number> {
    const told = (options as { onTimestamp: (ts: number) => void }).onTimestamp;
    return new Promise((resolve, reject) => this.#calls.push({ told, resolve, reject }));
  }

  accept(call: number, ts: number): void {
    this.#calls[call]!.told(ts);
    this.#calls[call]!.resolve(ts);
  }

  refuse(call: number, reason: unknown): void {
    this.#calls[call]!.reject(reason);
  }
}

describe('optimistic', () => {
  test(
    'shows what is under way at once, and the real message in its place: never both, never neither',
    marbles((m) => {
      const sends = m.hot<string>('                -  b  -   c   -     -    -     ');
      const accepted = m.hot<readonly [number, number]>('             -  -  -   -   b     -    c     ', {
        b: [0, 3],
        c: [1, 5],
      });
      const receiver = m.hot(...clocked('  a1 -  _2  -   b3    d4   c5   |'));
      const expected = '                   a1 ab1 _2  abc2 abc3 abdc4 abdc5 |';

      const desk = new Desk();
      const [, view] = views(receiver);
      sends.subscribe((value) => void view.send(desk, value));
      accepted.subscribe(([call, ts]) => desk.accept(call, ts));
      m.expect(view).toBeObservable(...clocked(expected));
    }),
  );

  test('takes back what is refused, among several that are under way', async () => {
    const receiver = new Subject<Clocked<string>>();
    const [, view] = views(receiver);
    const desk = new Desk();
    const seen: unknown[] = [];
    view.subscribe((item) => seen.push(item));
    receiver.next(['a', 1]);
    const sends = ['b', 'c', 'd'].map((value) => view.send(desk, value));
    expect([view.value, view.pending]).toEqual(['abcd', ['b', 'c', 'd']]);

    desk.refuse(1, new RangeError('no c'));
    await expect(sends[1]).rejects.toThrow(new RangeError('no c'));
    desk.accept(2, 2);
    receiver.next(['d', 2]);
    expect([view.value, view.pending]).toEqual(['adb', ['b']]);
    desk.accept(0, 3);
    receiver.next(['b', 3]);
    expect([view.value, view.pending]).toEqual(['adb', []]);
    await expect(Promise.all([sends[0], sends[2]])).resolves.toEqual([3, 2]);
    expect(seen).toEqual([
      ['a', 1],
      ['ab', 1],
      ['abc', 1],
      ['abcd', 1],
      ['abd', 1],
      ['adb', 2],
      ['adb', 3],
    ]);
  });

  test('keeps what is sent again with its id, until the last of these calls is refused', async () => {
    const [, view] = views(NEVER);
    const desk = new Desk();
    const send = (): Promise<number> => view.send(desk, 'b', { id: 'x' });
    const [first, second, third] = [send(), send(), send()];
    desk.refuse(0, new RangeError('no'));
    await expect(first).rejects.toThrow(RangeError);
    expect(view.pending).toEqual(['b']);
    desk.refuse(2, new RangeError('no'));
    await expect(third).rejects.toThrow(RangeError);
    expect(view.pending).toEqual(['b']);
    desk.refuse(1, new RangeError('no'));
    await expect(second).rejects.toThrow(RangeError);
    expect(view.pending).toEqual([]);
  });

  test('whoever is told first, of the view or of the projection, sees each message once', async () => {
    const receiver = new Subject<Clocked<string>>();
    const [base, view] = views(receiver);
    const seen: string[] = [];
    base.subscribe(() => seen.push(view.value));
    view.subscribe(([value]) => value !== null && seen.push(value));
    const desk = new Desk();
    const sent = view.send(desk, 'a');
    desk.accept(0, 1);
    receiver.next(['a', 1]);
    await sent;
    expect(new Set(seen)).toEqual(new Set(['a']));
  });

  test('keeps it until the projection is there, though the sender knows already', async () => {
    const receiver = new Subject<Clocked<string>>();
    const [, view] = views(receiver);
    await expect(view.send({ send: () => Promise.resolve(7) }, 'a')).resolves.toBe(7);
    expect([view.value, view.pending]).toEqual(['a', ['a']]);
    receiver.next([null, 6]);
    expect(view.pending).toEqual(['a']);
    // A tick at its timestamp: the message went elsewhere, or was dropped.
    const seen: unknown[] = [];
    view.subscribe((item) => seen.push(item));
    receiver.next([null, 7]);
    expect([view.value, view.pending]).toEqual(['', []]);
    expect(seen).toEqual([
      ['a', 6],
      ['', 7],
    ]);
  });

  test('sends by a dispatcher, and is current when it is', async () => {
    const dispatcher = createDispatcher<string>(serialize({ seed: 10 }));
    const [send, receiver] = dispatcher.channel('web', 'view');
    const [, view] = views(receiver);
    const seen: unknown[] = [];
    view.subscribe((item) => seen.push(item));
    const visible = whenClock(view.send(send, 'a'), view);
    await expect(visible).resolves.toBe(11);
    expect([view.value, view.pending, view.clock, view.settled]).toEqual(['a', [], 11, 11]);
    expect(seen[0]).toEqual(['a', 10]);
    send.complete();
    await expect(view.send(send, 'b')).rejects.toMatchObject({ name: 'ClosedError' });
    expect([view.value, view.closed]).toEqual(['a', true]);
  });

  test('shows at once through operators, and aligned with others', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [send, receiver] = dispatcher.channel('web', 'view');
    const [, other] = dispatcher.channel('desk', 'other');
    const [, view] = views(receiver);
    const seen: unknown[] = [];
    const upper = view.pipe(mapValue((value) => value.toUpperCase()));
    alignLatest({ upper, other: projection(other, { initial: 0, apply: () => 0 }).pipe(mapValue((n) => n)) }).subscribe(
      (item) => seen.push(item),
    );
    alignLatest([upper]).subscribe((item) => seen.push(item));
    send.next('a');
    void view.send(new Desk(), 'b');
    expect(seen).toEqual([
      [['A'], 1],
      [null, 1],
      [['AB'], 1],
    ]);
  });

  test('a change that can not be applied sends nothing; one that can no longer be ends the view', async () => {
    const receiver = new Subject<Clocked<string>>();
    const base = projection(receiver, { initial: '', apply: append });
    const view = optimistic(base, {
      apply: (state: string, value: string) => {
        if (state.endsWith(value)) throw new RangeError(`${value} twice`);
        return state + value;
      },
    });
    const seen: unknown[] = [];
    view.subscribe({ error: (error: unknown) => seen.push(error) });
    receiver.next(['a', 1]);
    await expect(view.send(new Desk(), 'a')).rejects.toThrow(new RangeError('a twice'));
    await expect(view.send({} as never, 'b')).rejects.toThrow(InvalidArgumentError);
    expect(view.pending).toEqual([]);
    void view.send(new Desk(), 'b').catch(() => undefined);
    receiver.next(['b', 2]);
    expect(seen).toEqual([new RangeError('b twice')]);
  });

  test('tells who comes later the state as it stands, and ends with its projection or alone', async () => {
    const receiver = new Subject<Clocked<string>>();
    const [base, view] = views(receiver);
    view.connect();
    receiver.next(['a', 1]);
    void view.send(new Desk(), 'b');
    const seen: unknown[] = [];
    view.subscribe({ next: (item) => seen.push(item), complete: () => seen.push('|') });
    const iterated = view[Symbol.asyncIterator]().next();
    await expect(iterated).resolves.toEqual({ done: false, value: ['ab', 1] });
    view.close();
    expect([view.closed, base.closed, receiver.observed]).toEqual([true, false, true]);
    expect(seen).toEqual([['ab', 1], '|']);

    const other = optimistic(base, { apply: append });
    other.subscribe({ complete: () => seen.push('other |') });
    receiver.complete();
    expect(seen.at(-1)).toBe('other |');
  });

  test('tells who comes later what it brings about as it is told the state', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    const [, view] = views(receiver);
    view.connect();
    send.next('a');
    const late: unknown[] = [];
    view.subscribe((item) => {
      if (late.push(item) === 1) send.next('b');
    });
    expect(late).toEqual([
      ['a', 1],
      ['ab', 2],
    ]);
  });

  test('who subscribes as the first is told gets each state once, and so does the first', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    const [base, view] = views(receiver);
    base.connect();
    send.next('a');
    const first: unknown[] = [];
    const second: unknown[] = [];
    view.subscribe((item) => {
      // eslint-disable-next-line rxjs-x/no-nested-subscribe -- that is what is tested
      if (first.push(item) === 1) view.subscribe((told) => second.push(told));
    });
    send.next('b');
    expect(first).toEqual([
      ['a', 1],
      ['ab', 2],
    ]);
    expect(second).toEqual(first);
  });

  test('one that is closed as the first is told leaves its projection', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    const [base, view] = views(receiver);
    base.connect();
    send.next('a');
    const subscriptions: Subscription[] = [];
    const subscribe = Reflect.get(base, 'subscribe') as (observer: object) => Subscription;
    Reflect.set(base, 'subscribe', (observer: object) => {
      const subscription = subscribe.call(base, observer);
      subscriptions.push(subscription);
      return subscription;
    });
    view.subscribe(() => view.close());
    expect(view.closed).toBe(true);
    expect(subscriptions.map(({ closed }) => closed)).toEqual([true]);
  });

  test('what a handler sends as it is shown something is told in order, to who joins then, too', () => {
    const [send, receiver] = createDispatcher<string>(serialize()).channel('web', 'view');
    const [, view] = views(receiver);
    send.next('a');
    const first: Clocked<string>[] = [];
    const late: Clocked<string>[] = [];
    view.subscribe((item) => {
      if (first.push(item) !== 2) return;
      send.next('b');
      send.next('c');
      // eslint-disable-next-line rxjs-x/no-nested-subscribe -- that is what is tested
      view.subscribe((told) => late.push(told));
    });
    void view.send(new Desk(), 'z');
    expect(first).toEqual([
      ['a', 1],
      ['az', 1],
      ['abcz', 3],
    ]);
    expect(late.map(([, ts]) => ts)).toEqual([3, 3]);
  });

  test('what a handler sends before the end is shown before the end', () => {
    const dispatcher = createDispatcher<string>(serialize());
    const [send, receiver] = dispatcher.channel('web', 'view');
    const [, view] = views(receiver);
    send.next('a');
    const seen: unknown[] = [];
    view.subscribe({
      next: (item) => {
        if (seen.push(item) !== 2) return;
        send.next('b');
        dispatcher.close();
      },
      complete: () => seen.push('|'),
    });
    void view.send(new Desk(), 'z');
    expect(seen).toEqual([['a', 1], ['az', 1], ['abz', 2], '|']);
  });

  test('refuses what is no projection, and options that are none', () => {
    const [base] = views(NEVER);
    for (const given of [undefined, {}, NEVER]) {
      expect(() => optimistic(given as never, { apply: append })).toThrow(InvalidArgumentError);
    }
    expect(() => optimistic(base, {} as never)).toThrow(InvalidOptionError);
    expect(() => optimistic(base, { apply: append, initial: '' } as never)).toThrow(UnknownOptionError);
  });
});
