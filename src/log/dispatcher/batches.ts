/** An iterator that can also give what it has, without a promise for each. */
interface Ready<T> {
  ready?(most: number): readonly T[];
}

/** How many turns of the microtask queue an iterator may take for what it has already: an async generator takes three. */
const TURNS = 4;
const TURN = Promise.resolve();

/** The items of an async iterable, as many together as are there already, at most so many. */
export async function* batches<T>(
  items: AsyncIterable<T>,
  most: number,
): AsyncGenerator<readonly T[], void, undefined> {
  const iterator: AsyncIterator<T> & Ready<T> = items[Symbol.asyncIterator]();
  try {
    let next = iterator.next();
    for (;;) {
      const first = await next;
      if (first.done === true) return;
      const batch = [first.value];
      if (iterator.ready !== undefined) batch.push(...iterator.ready(most - 1));
      next = iterator.next();
      while (iterator.ready === undefined && batch.length < most) {
        const more = await atOnce(next);
        if (more === undefined || more.done === true) break;
        batch.push(more.value);
        next = iterator.next();
      }
      // It may fail while the batch is being used.
      next.catch(() => undefined);
      yield batch;
    }
  } finally {
    // Not awaited: a generator that waits for news would answer with the next of them.
    iterator.return?.().catch(() => undefined);
  }
}

/** What a promise resolves with, if it does so without waiting for anything. */
async function atOnce<T>(promise: Promise<T>): Promise<T | undefined> {
  let result: T | undefined;
  promise.then(
    (value) => (result = value),
    () => undefined,
  );
  for (let turn = 0; turn < TURNS && result === undefined; turn++) await TURN;
  return result;
}
