import { concat, EMPTY, map, NEVER, Observable, of, Subject, take, throwError, timer } from 'rxjs';
import {
  consume,
  createDispatcher,
  serialize,
  watermark,
  type Clocked,
  type ClockedReceiver,
  type ConsumeOptions,
  type Sender,
} from 'rxjs-clocked-dispatch';
import { clocked } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { marbles } from '../marbles/support.js';
import { isPending, turn } from '../support/async.js';
import { pullAll } from '../support/receivers.js';

function channel(options: { bound?: number } = {}): readonly [Sender<string>, ClockedReceiver<string>] {
  return createDispatcher<string>(serialize(), options).channel('s', 'r');
}

/** A channel, and a sender whose messages are ticks to it. */
function channelAndOther(): readonly [Sender<string>, ClockedReceiver<string>, Sender<string>] {
  const dispatcher = createDispatcher<string>(serialize());
  const [sender, receiver] = dispatcher.channel('s', 'r');
  const [other] = dispatcher.channel('o', 'elsewhere');
  return [sender, receiver, other];
}

/** Work that the test finishes, message by message. */
class Desk {
  readonly begun: string[] = [];
  readonly #open = new Map<string, Subject<string>>();

  readonly project = (value: string): Observable<string> => {
    this.begun.push(value);
    const work = new Subject<string>();
    this.#open.set(value, work);
    return new Observable((subscriber) => {
      const subscription = work.subscribe(subscriber);
      return () => {
        subscription.unsubscribe();
        this.#open.delete(value);
      };
    });
  };

  /** The messages that are being worked on. */
  get open(): string[] {
    return [...this.#open.keys()];
  }

  bring(value: string, ...results: string[]): void {
    for (const result of results) this.#open.get(value)?.next(result);
  }

  finish(value: string, ...results: string[]): void {
    this.bring(value, ...results);
    this.#open.get(value)?.complete();
  }

  fail(value: string, error: Error): void {
    this.#open.get(value)?.error(error);
  }
}

/** What an Observable brings, with `'|'` or the error at the end. */
function record<T>(source: Observable<T>): { readonly seen: unknown[]; readonly stop: () => void } {
  const seen: unknown[] = [];
  const subscription = source.subscribe({
    next: (item) => seen.push(item),
    error: (error: unknown) => seen.push({ error }),
    complete: () => seen.push('|'),
  });
  return { seen, stop: () => subscription.unsubscribe() };
}

describe('in virtual time', () => {
  /** Each letter is worked on for so many milliseconds. */
  const slowly = (times: Record<string, number>) => (value: string) =>
    timer(times[value] ?? 1).pipe(map(() => value.toUpperCase()));

  test(
    'takes the next message when a place is free, and keeps the order',
    marbles((m) => {
      const [sender, receiver] = channel();
      m.hot('                                         ab-----c-|').subscribe(sender);
      const result = consume(receiver, slowly({ a: 3 }), { concurrency: 2 });

      m.expect(result).toBeObservable(...clocked('- - - (A1 B2) - C3 |'));
    }),
  );

  test(
    'one after the other by default',
    marbles((m) => {
      const [sender, receiver] = channel();
      m.hot('                                         abc|').subscribe(sender);
      const result = consume(receiver, slowly({ a: 3, b: 2 }));

      m.expect(result).toBeObservable(...clocked('- - - A1 - B2 (C3 |)'));
    }),
  );

  test(
    'ticks pass, and follow what was taken before them',
    marbles((m) => {
      const [sender, receiver, other] = channelAndOther();
      m.hot('                                         a---------b|').subscribe(sender);
      m.hot('                                         -xx-----y---').subscribe(other);
      const result = consume(receiver, slowly({ a: 3 }));

      // While `a` is worked on nothing is asked for, so that its ticks are one.
      m.expect(result).toBeObservable(...clocked('- - - (A1 _3) - _4 - - (B5 |)'));
    }),
  );
});

describe('backpressure', () => {
  test('asks for no more than it has workers for: the senders feel it', async () => {
    const desk = new Desk();
    // What is under way keeps its place, until its results are out.
    const [sender, receiver] = channel({ bound: 3 });
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2 }));
    const sent = ['a', 'b', 'c', 'd'].map((value) => sender.send(value));

    expect(desk.begun).toEqual(['a', 'b']);
    expect(await isPending(sent[3]!)).toBe(true);

    desk.finish('b', 'B');
    expect(desk.begun).toEqual(['a', 'b', 'c']);
    expect(await isPending(sent[3]!)).toBe(true);

    desk.finish('a', 'A');
    expect(await sent[3]).toBe(4);
    desk.finish('c', 'C');
    desk.finish('d', 'D');
    expect(seen).toEqual([
      ['A', 1],
      ['B', 2],
      ['C', 3],
      ['D', 4],
    ]);
  });

  test('does not run ahead of a slow message by more than `bound` results: it waits, and nothing fails', () => {
    for (const [concurrency, bound, ahead] of [
      [2, 1, 1],
      [2, 3, 3],
      [4, 2, 2],
      [3, 0, 0],
      [Infinity, 3, 3],
    ] as const) {
      const desk = new Desk();
      const [sender, receiver] = channel();
      const { seen } = record(consume(receiver, desk.project, { concurrency, bound }));
      const messages = ['slow', ...Array.from({ length: 9 }, (_, i) => `m${i}`)];
      for (const value of messages) sender.next(value);
      sender.complete();

      for (let i = 0; i < 9; i++) desk.finish(`m${i}`, `m${i}`);
      expect(desk.begun).toEqual(messages.slice(0, 1 + ahead));
      expect(seen).toEqual([]);

      desk.finish('slow', 'slow');
      for (let i = 0; i < 9; i++) desk.finish(`m${i}`, `m${i}`);
      expect(seen).toEqual([...messages.map((value, i) => [value, i + 1]), '|']);
    }
  });

  test('messages without results take a place as well, behind a slow one', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2, bound: 3 }));
    for (const value of ['slow', 'b', 'c', 'd', 'e', 'f']) sender.next(value);
    for (const value of ['b', 'c', 'd']) desk.finish(value);

    expect(desk.begun).toEqual(['slow', 'b', 'c', 'd']);
    desk.finish('slow', 'SLOW');
    expect(desk.begun).toEqual(['slow', 'b', 'c', 'd', 'e', 'f']);
    expect(seen).toEqual([
      ['SLOW', 1],
      [null, 2],
      [null, 3],
      [null, 4],
    ]);
  });

  test('ticks take no place, however many', () => {
    const desk = new Desk();
    const [sender, receiver, other] = channelAndOther();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 3, bound: 2 }));
    sender.next('a');
    for (let i = 0; i < 1000; i++) other.next('x');
    sender.next('b');
    for (let i = 0; i < 1000; i++) other.next('x');
    sender.next('c');

    expect(desk.begun).toEqual(['a', 'b', 'c']);
    for (const value of ['c', 'b', 'a']) desk.finish(value, value);
    expect(seen).toEqual([
      ['a', 1],
      [null, 1001],
      ['b', 1002],
      [null, 2002],
      ['c', 2003],
    ]);
  });

  test('several results of one message may be too many', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2, bound: 2 }));
    sender.next('a');
    sender.next('b');
    desk.bring('b', 'B', 'B');
    expect(seen).toEqual([]);

    desk.bring('b', 'B');

    expect(seen).toEqual([
      { error: expect.objectContaining({ name: 'OverflowError', receiver: 'r', bound: 2, ts: 2 }) as unknown },
    ]);
    expect(desk.open).toEqual([]);
  });

  test('results that wait count when it asks for more', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    record(consume(receiver, desk.project, { concurrency: 2, bound: 3 }));
    for (const value of ['slow', 'b', 'c']) sender.next(value);
    desk.finish('b', 'B', 'B', 'B');

    expect(desk.begun).toEqual(['slow', 'b']);
  });

  test('bound 0: nothing is begun behind a message that is being worked on', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 8, bound: 0 }));
    sender.next('a');
    sender.next('b');

    expect(desk.begun).toEqual(['a']);
    desk.finish('a', 'A', 'A');
    desk.finish('b', 'B', 'B');
    expect(seen).toEqual([
      ['A', 1],
      ['A', 1],
      ['B', 2],
      ['B', 2],
    ]);
  });

  test('a hand-off receiver takes a message only for a free worker', async () => {
    const desk = new Desk();
    const [sender, receiver] = channel({ bound: 0 });
    expect(sender.trySend('nobody yet')).toMatchObject({ reason: 'full' });
    record(consume(receiver, desk.project));

    expect(sender.trySend('a')).toEqual({ ok: true, ts: 1 });
    expect(sender.trySend('b')).toMatchObject({ reason: 'full' });
    const sent = sender.send('b');
    desk.finish('a');
    expect(await sent).toBe(2);
  });
});

describe('order', () => {
  test('results of the earliest message go out as they come, those of later ones wait', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 3 }));
    for (const value of ['a', 'b', 'c']) sender.next(value);
    desk.bring('b', 'b1', 'b2');
    desk.bring('a', 'a1');
    expect(seen).toEqual([['a1', 1]]);

    desk.finish('c', 'c1');
    desk.finish('a', 'a2');
    expect(seen).toEqual([
      ['a1', 1],
      ['a2', 1],
      ['b1', 2],
      ['b2', 2],
    ]);

    desk.bring('b', 'b3');
    desk.finish('b');
    expect(seen.slice(4)).toEqual([
      ['b3', 2],
      ['c1', 3],
    ]);
  });

  test('a message without results becomes a tick, at its turn', () => {
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, (value) => (value === 'b' ? EMPTY : of(value))));
    for (const value of ['a', 'b', 'c']) sender.next(value);

    expect(seen).toEqual([
      ['a', 1],
      [null, 2],
      ['c', 3],
    ]);
  });

  test('ticks are told at zero and below as well', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const told: unknown[] = [];
    consume(receiver, (value) => (value === 'nothing' ? [] : [value])).subscribe((item) => told.push(item));
    sender.next(['nothing', -3]);
    sender.next([null, -1]);
    sender.next(['nothing', 0]);

    expect(told).toEqual([
      [null, -3],
      [null, -1],
      [null, 0],
    ]);
  });

  test('the clock never goes back, and no tick repeats a timestamp', () => {
    const dispatcher = createDispatcher<string>(watermark());
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const { seen } = record(consume(receiver, (value) => (value === 'drop' ? EMPTY : of(value)), { concurrency: 2 }));
    for (const item of [
      ['a', 1],
      ['drop', 1],
      ['b', 1],
      ['drop', 2],
      ['drop', 2],
      ['c', 2],
      [null, 4],
    ] as Clocked<string>[]) {
      sender.next(item);
    }

    expect(seen).toEqual([
      ['a', 1],
      ['b', 1],
      [null, 2],
      ['c', 2],
      [null, 4],
    ]);
  });

  test('what it takes comes from several results, a promise, a list, or a value of undefined', async () => {
    const [sender, receiver] = channel();
    const inputs: Record<string, unknown> = { a: Promise.resolve('A'), b: ['B', undefined], c: of('C') };
    const { seen } = record(consume(receiver, (value) => inputs[value] as string[]));
    for (const value of ['a', 'b', 'c']) sender.next(value);
    await turn();

    expect(seen).toEqual([
      ['A', 1],
      ['B', 2],
      [undefined, 2],
      ['C', 3],
    ]);
  });

  test('project is told the timestamp', () => {
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, (value, ts) => of(`${value}@${ts}`)));
    sender.next('a');

    expect(seen).toEqual([['a@1', 1]]);
  });

  test('a consumer that sends from inside its handler gets it later, in order', () => {
    const [sender, receiver] = channel();
    const seen: unknown[] = [];
    consume(receiver, (value) => of(value, `${value}'`)).subscribe(([value, ts]) => {
      seen.push(`${String(value)}${ts}`);
      if (value === 'a') sender.next('b');
    });
    sender.next('a');

    expect(seen).toEqual(['a1', "a'1", 'b2', "b'2"]);
  });

  test('a chain of 100,000 messages that each ask for the next takes no stack', () => {
    const [sender, receiver] = channel();
    let last = 0;
    consume(receiver, (value) => of(Number(value))).subscribe(([n]) => {
      last = n ?? last;
      if (last < 100_000) sender.next(String(last + 1));
    });
    sender.next('1');

    expect(last).toBe(100_000);
  });

  test('nor does a backlog', () => {
    const [sender, receiver] = channel({ bound: Infinity });
    for (let i = 0; i < 100_000; i++) sender.next(String(i));
    let count = 0;
    consume(receiver, (value) => of(value)).subscribe(() => count++);

    expect(count).toBe(100_000);
  });

  test('messages whose work is done inside the handler of an earlier one keep their place', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const seen: unknown[] = [];
    consume(receiver, desk.project, { concurrency: 3 }).subscribe(([value]) => {
      seen.push(value);
      if (value === 'A') {
        desk.finish('c', 'C');
        desk.finish('b', 'B');
        desk.finish('a', 'A2');
      }
    });
    for (const value of ['a', 'b', 'c']) sender.next(value);
    desk.bring('a', 'A');

    expect(seen).toEqual(['A', 'A2', 'B', 'C']);
  });
});

describe('ends', () => {
  const broken = new Error('broken');

  test('completes when the receiver has and all work is done', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2 }));
    sender.next('a');
    sender.complete();
    expect(seen).toEqual([]);

    desk.finish('a', 'A');
    expect(seen).toEqual([['A', 1], '|']);
  });

  test('completes at once where there is nothing to do', () => {
    const [sender, receiver] = channel();
    sender.complete();

    expect(record(consume(receiver, () => NEVER)).seen).toEqual(['|']);
  });

  test('the error of the receiver comes after the results of what was taken before', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2 }));
    sender.next('a');
    sender.error(broken);
    expect(seen).toEqual([]);

    desk.finish('a', 'A');
    expect(seen).toEqual([['A', 1], { error: broken }]);
  });

  test('and at once where there is nothing to do', () => {
    const [sender, receiver] = channel();
    sender.error(broken);

    expect(record(consume(receiver, () => NEVER)).seen).toEqual([{ error: broken }]);
  });

  test('what project throws is an error of the result; the receiver stays open, with what was under way and the rest', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const project = (value: string) => {
      if (value === 'b') throw broken;
      return desk.project(value);
    };
    const { seen } = record(consume(receiver, project, { concurrency: 2 }));
    for (const value of ['a', 'b', 'c']) sender.next(value);

    expect(seen).toEqual([{ error: broken }]);
    expect(desk.open).toEqual([]);
    expect(pullAll(receiver)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  test('so is what it returns when that is no input, or fails', () => {
    for (const project of [
      () => 7 as unknown as string[],
      () => throwError(() => broken),
      () =>
        concat(
          EMPTY,
          throwError(() => broken),
        ),
    ]) {
      const [sender, receiver] = channel();
      const { seen } = record(consume(receiver, project));
      sender.next('a');

      expect(seen).toEqual([{ error: expect.any(Error) as unknown }]);
    }
  });

  test('a result of null is refused: it would be a tick', () => {
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, () => of(null as unknown as string)));
    sender.next('a');

    expect(seen).toEqual([
      { error: expect.objectContaining({ name: 'NullValueError', sender: 'consume', ts: 1 }) as unknown },
    ]);
  });

  test('work that fails takes the other work down', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, desk.project, { concurrency: 2 }));
    sender.next('a');
    sender.next('b');
    desk.fail('b', broken);

    expect(seen).toEqual([{ error: broken }]);
    expect(desk.open).toEqual([]);
  });

  test('unsubscribing stops the work and leaves the receiver open, with all that it holds', () => {
    const desk = new Desk();
    const [sender, receiver] = channel();
    const { seen, stop } = record(consume(receiver, desk.project));
    for (const value of ['a', 'b']) sender.next(value);

    stop();
    sender.next('c');

    expect(desk.open).toEqual([]);
    expect(seen).toEqual([]);
    expect(receiver.closed).toBe(false);
    expect(pullAll(receiver)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  test('unsubscribing while it waits takes nothing afterwards', () => {
    const [sender, receiver] = channel();
    const { stop } = record(consume(receiver, (value) => of(value)));
    stop();
    sender.next('a');

    expect(pullAll(receiver)).toEqual([['a', 1]]);
  });

  test('take(n) takes n, and what comes next stays', () => {
    const [sender, receiver] = channel();
    for (const value of ['a', 'b', 'c']) sender.next(value);
    const { seen } = record(consume(receiver, (value) => of(value)).pipe(take(2)));

    expect(seen).toEqual([['a', 1], ['b', 2], '|']);
    expect(pullAll(receiver)).toEqual([['c', 3]]);
  });

  test('take(n) takes no more when the messages come one by one', () => {
    const [sender, receiver] = channel();
    const { seen } = record(consume(receiver, (value) => of(value)).pipe(take(2)));
    for (const value of ['a', 'b', 'c']) sender.next(value);

    expect(seen).toEqual([['a', 1], ['b', 2], '|']);
    expect(pullAll(receiver)).toEqual([['c', 3]]);
  });

  test('who leaves on a result is done with its message, also after the next result of it', () => {
    const [sender, receiver] = channel();
    for (const value of ['a', 'b']) sender.next(value);
    const results = new Subject<string>();
    const seen: unknown[] = [];
    const subscription = consume(receiver, () => results).subscribe((item) => {
      if (seen.push(item) > 1) return;
      results.next('y');
      subscription.unsubscribe();
    });
    results.next('x');

    expect(seen).toEqual([
      ['x', 1],
      ['y', 1],
    ]);
    expect(pullAll(receiver)).toEqual([['b', 2]]);
  });

  test('another consumer goes on where the last one stopped', () => {
    const [sender, receiver] = channel();
    const result = consume(receiver, (value) => of(value)).pipe(take(1));
    for (const value of ['a', 'b']) sender.next(value);

    expect(record(result).seen).toEqual([['a', 1], '|']);
    expect(record(result).seen).toEqual([['b', 2], '|']);
  });

  test('also one that begins inside the handler of the error', () => {
    const [sender, receiver] = channel();
    for (const value of ['a', 'b', 'c', 'd']) sender.next(value);
    const got: unknown[] = [];
    const again = (item: unknown): void => void got.push(item);
    const fails = (value: string): Observable<string> =>
      value === 'b' ? throwError(() => new Error('b fails')) : NEVER;

    consume(receiver, fails, { concurrency: 2 }).subscribe({
      error: (error: unknown) => {
        got.push((error as Error).message);
        // eslint-disable-next-line rxjs-x/no-nested-subscribe -- that it may is what is tested
        receiver.subscribe(again);
      },
    });

    expect(got).toEqual(['b fails', ['a', 1], ['b', 2], ['c', 3], ['d', 4]]);
  });

  test('two consumers share the work: each message goes to one of them', () => {
    const [first, second] = [new Desk(), new Desk()];
    const [sender, receiver] = channel();
    record(consume(receiver, first.project));
    record(consume(receiver, second.project));
    for (const value of ['a', 'b', 'c']) sender.next(value);
    second.finish('b');

    expect([first.begun, second.begun]).toEqual([['a'], ['b', 'c']]);
  });
});

test.for([
  [{ concurrency: 0 }, 'concurrency'],
  [{ concurrency: 1.5 }, 'concurrency'],
  [{ concurrency: NaN }, 'concurrency'],
  [{ bound: -1 }, 'bound'],
  [{ bound: 0.5 }, 'bound'],
] as [ConsumeOptions, string][])('%o is refused at once', ([options, option]) => {
  const [, receiver] = channel();

  expect(() => consume(receiver, () => EMPTY, options)).toThrow(
    expect.objectContaining({ name: 'InvalidOptionError', option }),
  );
});
