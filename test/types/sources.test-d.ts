import { BehaviorSubject, EMPTY, from, interval, map, of, type Observable } from 'rxjs';
import * as clocked from 'rxjs-clocked-dispatch';
import { ALL, clockedDispatch, sequence, serialize, source, watermark } from 'rxjs-clocked-dispatch';
import type { Clocked, ClockedReceiver, Mode, Route, Source } from 'rxjs-clocked-dispatch';
import { describe, expectTypeOf, test } from 'vitest';

interface Order {
  readonly id: number;
  readonly rush: boolean;
}
const orders$: Observable<Order> = EMPTY;
const stamped$: Observable<Clocked<Order>> = EMPTY;

describe('what a source carries', () => {
  test('literals widen, as in RxJS', () => {
    expectTypeOf(source('a', [1, 2, 3], { to: 'r' })).toEqualTypeOf<Source<number, 'r'>>();
    expectTypeOf(source('a', of(1, 2), { to: 'r' })).toEqualTypeOf<Source<number, 'r'>>();
    expectTypeOf(source('a', [{ x: 1 }], { to: 'r' })).toEqualTypeOf<Source<{ x: number }, 'r'>>();
    expectTypeOf(source('a', new BehaviorSubject(0), { to: ALL })).toEqualTypeOf<Source<number, never>>();
  });

  test('of whatever can be an input', () => {
    const strings = null as unknown as ReadableStream<string>;
    expectTypeOf(source('a', strings, { to: 'r' })).toEqualTypeOf<Source<string, 'r'>>();
    expectTypeOf(source('a', Promise.resolve('x'), { to: 'r' })).toEqualTypeOf<Source<string, 'r'>>();
    expectTypeOf(source('a', new Map([['tea', 3]]), { to: 'r' })).toEqualTypeOf<Source<[string, number], 'r'>>();
    expectTypeOf(source('a', 'text', { to: 'r' })).toEqualTypeOf<Source<string, 'r'>>();
    // @ts-expect-error -- no input
    source('a', 7, { to: 'r' });
    // @ts-expect-error -- no input
    source('a', {}, { to: 'r' });
  });

  test('an array literal is a tuple where it can be one, without as const', () => {
    const pairs = of(source('a', of(['a', 1]), { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] }));
    expectTypeOf(pairs).toEqualTypeOf<Observable<ClockedReceiver<string, 'r'>>>();
    const listed = source(
      'a',
      [
        ['x', 1],
        ['y', 2],
        [null, 3],
      ],
      { to: 'r' },
    );
    const list = of(listed).pipe(clockedDispatch(watermark(), { receivers: ['r'] }));
    expectTypeOf(list).toEqualTypeOf<Observable<ClockedReceiver<'x' | 'y', 'r'>>>();
  });
});

describe('what a route is a function of', () => {
  test('the item', () => {
    source('a', orders$, {
      to: (order) => {
        expectTypeOf(order).toEqualTypeOf<Order>();
        return order.rush ? ['orders', 'alerts'] : 'orders';
      },
    });
  });

  test('a pair, where it is one', () => {
    source('a', new Map([['tea', 3]]), {
      to: (entry) => {
        expectTypeOf(entry).toEqualTypeOf<[string, number]>();
        return 'r';
      },
    });
  });

  test('the value, where the item is stamped and may be a tick', () => {
    source('a', stamped$, {
      to: (order) => {
        expectTypeOf(order).toEqualTypeOf<Order>();
        return 'r';
      },
    });
  });

  test('or what it says itself', () => {
    const stamped: [string, number][] = [['x', 1]];
    source('a', stamped, { to: (value: string) => value });
  });

  test('and its names are known where its parameter has a type, or is left out', () => {
    const said = source('a', orders$, { to: (order: Order) => (order.rush ? ['orders', 'alerts'] : 'orders') });
    expectTypeOf(said).toEqualTypeOf<Source<Order, 'orders' | 'alerts'>>();
    expectTypeOf(source('a', orders$, { to: () => ['orders', 'alerts'] })).toEqualTypeOf<
      Source<Order, 'orders' | 'alerts'>
    >();
    const route: Route<'orders'> = orders$ === EMPTY ? ALL : 'orders';
    expectTypeOf(source('a', orders$, { to: route })).toEqualTypeOf<Source<Order, 'orders'>>();
  });
});

describe('clockedDispatch', () => {
  test('has the values of all sources, and the names of its receivers', () => {
    const list = [
      source('a', of(1), { to: 'r' }),
      source('b', of('x'), { to: ['r', 'q'] }),
      source('c', of(true), { to: ALL }),
    ];
    expectTypeOf(from(list).pipe(clockedDispatch(serialize(), { receivers: ['r', 'q'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<number | string | boolean, 'r' | 'q'>>
    >();
    const mapped = from([1, 2]).pipe(map((i) => source(`s${i}`, interval(1), { to: i > 1 ? 'r' : 'q' })));
    expectTypeOf(
      mapped.pipe(clockedDispatch(serialize(), { receivers: ['r', { name: 'q', bound: 1 }] })),
    ).toEqualTypeOf<Observable<ClockedReceiver<number, 'r' | 'q'>>>();
    const pairs = of(source('a', of<[string, number]>(['x', 1]), { to: 'r' }));
    expectTypeOf(pairs.pipe(clockedDispatch(serialize(), { receivers: ['r'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<[string, number], 'r'>>
    >();
  });

  test('knows its receivers', () => {
    // @ts-expect-error -- no receiver of that name
    of(source('a', orders$, { to: 'typo' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] }));
    // @ts-expect-error -- no receiver of that name
    of(source('a', orders$, { to: ['r', 'typo'] })).pipe(clockedDispatch(serialize(), { receivers: ['r'] }));
    // @ts-expect-error -- no receiver of that name
    of(source('a', orders$, { to: () => 'typo' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] }));
  });

  test('takes what its mode takes', () => {
    of(source('a', stamped$, { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] }));
    // @ts-expect-error -- no timestamps
    of(source('a', orders$, { to: 'r' })).pipe(clockedDispatch(watermark(), { receivers: ['r'] }));
    // @ts-expect-error -- null is a tick
    of(source('a', of('a', null), { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r'] }));
  });

  test('takes a mode that is decided at run time, and types that are said', () => {
    const rush: boolean = orders$ === EMPTY;
    const stamped = of(source('a', stamped$, { to: 'r' }));
    const either: Mode = rush ? serialize() : sequence();
    expectTypeOf(stamped.pipe(clockedDispatch(rush ? watermark() : sequence(), { receivers: ['r'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<Order, 'r'>>
    >();
    // What is serialized are the pairs, what is forwarded their values: only the caller knows.
    expectTypeOf(stamped.pipe(clockedDispatch(either, { receivers: ['r'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<unknown, 'r'>>
    >();
    expectTypeOf(stamped.pipe(clockedDispatch<Order, 'r'>(either, { receivers: ['r'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<Order, 'r'>>
    >();
    const routed = of(source('a', orders$, { to: ({ rush }) => (rush ? 'r' : 'q') }));
    expectTypeOf(routed.pipe(clockedDispatch<Order, 'r' | 'q'>(serialize(), { receivers: ['r', 'q'] }))).toEqualTypeOf<
      Observable<ClockedReceiver<Order, 'r' | 'q'>>
    >();
    // @ts-expect-error -- no receiver of that name
    of(source('a', stamped$, { to: 'typo' })).pipe(clockedDispatch(either, { receivers: ['r'] }));
  });

  test('types onDrop', () => {
    of(source('a', of(1), { to: 'r' })).pipe(
      clockedDispatch(serialize(), {
        receivers: [{ name: 'r', onDrop: ({ value }) => expectTypeOf(value).toEqualTypeOf<number>() }],
        onDrop: ({ value }) => expectTypeOf(value).toEqualTypeOf<number>(),
      }),
    );
  });

  test('works in a function that doesn’t know its type yet, and by a namespace', () => {
    const pipeline = <T extends object>(values: Observable<T>) =>
      of(clocked.source('a', values, { to: 'r' })).pipe(
        clocked.clockedDispatch(clocked.serialize(), { receivers: ['r'] }),
      );
    expectTypeOf(pipeline(of({ z: 1 }))).toEqualTypeOf<Observable<ClockedReceiver<{ z: number }, 'r'>>>();
  });
});
