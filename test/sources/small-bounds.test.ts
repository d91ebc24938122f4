import { from } from 'rxjs';
import { clockedDispatch, sequence, serialize, source, watermark, type Clocked } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { turn } from '../support/async.js';

/** Every n-th message of 30, each for one or two of the receivers. */
function* every(n: number, first: number): Generator<Clocked<number>> {
  for (let ts = first; ts <= 30; ts += n) yield [ts, ts];
}

async function* later(items: Iterable<Clocked<number>>): AsyncGenerator<Clocked<number>> {
  for (const item of items) {
    await turn();
    yield item;
  }
}

const MODES = {
  sequence: sequence({ gap: 'error' }),
  'sequence in a window of 2': sequence({ gap: 'error', window: 2 }),
  watermark: watermark(),
  'watermark for each receiver': watermark({ frontier: 'receiver' }),
} as const;

const ROUTES = {
  one: () => 'a' as const,
  both: () => ['a', 'b'] as const,
  either: (value: number) => (value % 3 === 0 ? 'a' : 'b'),
} as const;

const EXPECTED = Array.from({ length: 30 }, (_, i) => i + 1);

/** Dispatches to two receivers that are read by loops, one of them slowly; everything that arrives, sorted. */
async function arrivedOf(
  mode: keyof typeof MODES,
  bound: number,
  sources: number,
  route: keyof typeof ROUTES,
  kind: string,
) {
  const arrived: number[] = [];
  const loops: Promise<void>[] = [];
  const inputs = Array.from({ length: sources }, (_, i) => {
    const items = every(sources, i + 1);
    const input = kind === 'at once' || (kind === 'mixed' && i % 2 === 0) ? items : later(items);
    return source(`s${i}`, input, { to: ROUTES[route] });
  });
  const subscription = from(inputs)
    .pipe(clockedDispatch(MODES[mode], { receivers: ['a', 'b'], bound }))
    .subscribe((receiver) => {
      loops.push(
        (async () => {
          for await (const [value] of receiver) {
            if (value !== null) arrived.push(value);
            if (receiver.name === 'b') for (let i = 0; i < 3; i++) await turn();
          }
        })(),
      );
    });
  const all = Promise.all(loops).then(() => true);
  let done = false;
  for (let turns = 0; !done && turns < 2000; turns++) done = await Promise.race([all, turn().then(() => false)]);
  subscription.unsubscribe();
  return { done, arrived: arrived.sort((a, b) => a - b) };
}

describe.for(Object.keys(MODES) as (keyof typeof MODES)[])('inputs that can wait, by %s', (mode) => {
  test.for([0, 1, 2, 3, 8])(
    'laws 15 and 18: a bound of %d makes them wait for room, but never for each other',
    { timeout: 60_000 },
    async (bound) => {
      for (const route of Object.keys(ROUTES) as (keyof typeof ROUTES)[])
        for (const sources of [1, 2, 5])
          for (const kind of ['at once', 'later', 'mixed']) {
            const { done, arrived } = await arrivedOf(mode, bound, sources, route, kind);
            const label = `${sources} sources to ${route}, ${kind}`;
            const expected = route === 'both' ? EXPECTED.flatMap((n) => [n, n]) : EXPECTED;
            expect({ label, done, arrived }).toEqual({ label, done: true, arrived: expected });
          }
    },
  );
});

test('law 18: by serialize, too', async () => {
  const arrived: number[] = [];
  const inputs = Array.from({ length: 5 }, (_, i) =>
    source(`s${i}`, i % 2 === 0 ? every(5, i + 1) : later(every(5, i + 1)), { to: 'a' }),
  );
  await new Promise<void>((resolve) => {
    from(inputs)
      .pipe(clockedDispatch(serialize(), { receivers: ['a'], bound: 1 }))
      .subscribe((receiver) => {
        void (async () => {
          for await (const [message] of receiver) if (message !== null) arrived.push(message[1]);
          resolve();
        })();
      });
  });
  expect(arrived.sort((a, b) => a - b)).toEqual(EXPECTED);
});
