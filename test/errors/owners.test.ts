import { from, of, type Observable, type OperatorFunction } from 'rxjs';
import {
  alignLatest,
  clock,
  clockedDispatch,
  concatMapValue,
  createDispatcher,
  filterValue,
  holdUntil,
  InvalidMessageError,
  InvalidTimestampError,
  LateMessageError,
  mapValue,
  mergeClocked,
  NullValueError,
  optimistic,
  OverflowError,
  projection,
  reorder,
  scanValue,
  sequence,
  serialize,
  source,
  stamp,
  switchMapValue,
  tapValue,
  values,
  watermark,
  whenClock,
  type Clocked,
} from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { describe, expect, test } from 'vitest';

type Item = Clocked<number>;
const plain = of(1) as unknown as Observable<Item>;
const TUPLE = 'expected a tuple [value, ts], as stamp() makes';

/** The error that a stream ends with. */
function errorOf(stream: Observable<unknown>): Error {
  let seen: unknown;
  stream.subscribe({ error: (error: unknown) => (seen = error) });
  return seen as Error;
}

describe('a function is named as one, and no sender', () => {
  const OPERATORS: Record<string, OperatorFunction<Item, unknown>> = {
    clock: clock(),
    concatMapValue: concatMapValue((value) => of(value)),
    filterValue: filterValue(() => true),
    holdUntil: holdUntil(of<Item>([1, 1])),
    mapValue: mapValue((value) => value),
    'mergeClocked[0]': mergeClocked(of<Item>([1, 1])),
    reorder: reorder(),
    scanValue: scanValue((sum, value) => sum + value, 0),
    switchMapValue: switchMapValue((value) => of(value)),
    tapValue: tapValue(() => undefined),
    values: values(),
  };

  test.for(Object.entries(OPERATORS))('%s over a plain stream', ([name, operator]) => {
    expect(errorOf(plain.pipe(operator)).message).toBe(`${name} was given 1: ${TUPLE}`);
  });

  test('what combines plain streams', async () => {
    expect(errorOf(alignLatest({ left: plain })).message).toBe(`alignLatest[left] was given 1: ${TUPLE}`);
    expect(errorOf(projection(plain, { initial: 0, apply: (_, value) => value })).message).toContain('projection was');
    await expect(whenClock(1, { view: plain }, { strict: true })).rejects.toThrow('whenClock[view] was');
  });

  test('a timestamp, a null, a message too many or too late', async () => {
    const dispatcher = createDispatcher<number>(sequence());
    const twice = from<Item[]>([
      [1, 5],
      [2, 4],
    ]);

    expect(() => dispatcher.skipTo(0.5)).toThrow('skipTo was given the timestamp 0.5: expected a safe integer');
    await expect(whenClock('3' as never, [])).rejects.toThrow("whenClock was given the timestamp '3'");
    expect(errorOf(of<number>(null as never).pipe(stamp())).message).toMatch(
      /^stamp was given the value null: null means a tick/,
    );
    expect(errorOf(twice.pipe(reorder())).message).toMatch(/^reorder brought a message at 4, but 5 was/);
    expect(errorOf(twice.pipe(reorder({ disorder: 3, bound: 0 }))).message).toMatch(/^reorder is full/);
  });

  test('so does an error that is made to compare with', () => {
    expect(new NullValueError('mapValue', 2).message).toContain('mapValue was given the value null at 2');
    expect(new InvalidTimestampError('mergeClocked[1]', 0.5).message).toContain('mergeClocked[1] was');
    expect(new LateMessageError('alignLatest[a]b]', 1, 2).message).toContain('alignLatest[a]b] brought');
  });

  test('senders and receivers stay what they are', () => {
    expect(new InvalidMessageError('mapValues', 1).message).toContain("sender 'mapValues' was given 1");
    expect(new NullValueError('my stamp').message).toContain("sender 'my stamp' was given");
    // No function of these names holds messages.
    for (const name of ['view', 'values', 'projection']) {
      expect(new OverflowError(name, 1, 2).message).toContain(`receiver '${name}' is full`);
    }
  });
});

describe('timestamps of another kind are shown', () => {
  const [feed] = createDispatcher<string>(watermark()).channel('feed', 'view');

  test.for([
    [3n, '3n'],
    [new Date(1000), '1970-01-01T00:00:01.000Z'],
    [new Date(NaN), 'an object'],
    ['3', "'3'"],
  ] as const)('%s', ([ts, shown]) => {
    expect(() => feed.next(['a', ts as never])).toThrow(
      `sender 'feed' was given the timestamp ${shown}: expected a safe`,
    );
  });
});

describe('calls that lack something', () => {
  const untyped = (called: (...args: never) => unknown) => called as (...args: unknown[]) => unknown;

  test('streams given one by one, as combineLatest took them', () => {
    expect(() => untyped(alignLatest)(plain, plain)).toThrow(
      "alignLatest was given an object as 'inputs': expected a list or a record of clocked streams, as in alignLatest([a$, b$])",
    );
  });

  test('a source without a route', () => {
    expect(() => untyped(source)('a', plain)).toThrow("source was given undefined as 'options': expected { to }");
  });

  test('an operator without receivers', () => {
    expect(() => untyped(clockedDispatch)(serialize())).toThrow(
      "clockedDispatch was given undefined as 'options': expected { receivers }",
    );
  });

  test('an optimistic view of a receiver, which has no state', () => {
    const receiver = createDispatcher<number>(serialize()).receiver('view');

    expect(() => untyped(optimistic)(receiver, { apply: () => 0 })).toThrow(
      "optimistic was given an object as 'projection': expected what projection() returned",
    );
  });

  test('a state that is null, of a log', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const options = { initial: null as never, apply: () => 0 };

    expect(() => dispatcher.projection('sum', options)).toThrow('projection was given the value null');
    await dispatcher.close();
  });
});
