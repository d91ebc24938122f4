import { equal, holds, rejects } from '../assert.js';
import { contents, entries, entry, type TestWithLog } from './runner.js';

/** Laws 40 to 44 and 53, as far as they concern `append`. */
export function describeAppend(test: TestWithLog): void {
  test('a new log is empty', async (log) => {
    equal([log.last, log.trimmed], [0, 0], 'last and trimmed');
    equal(await log.head(), { trimmed: 0, last: 0 }, 'head()');
    equal(await log.read(0, 10), [], 'what it has');
  });

  test('law 41: a batch gets one position for each entry, ascending, in a dense log consecutive', async (log) => {
    const first = await log.append(entries(3));
    const second = await log.append(entries(2));
    const all = [...first, ...second];

    equal([first.length, second.length], [3, 2], 'how many positions');
    all.forEach((ts, i) => {
      holds(Number.isSafeInteger(ts) && ts > (all[i - 1] ?? 0), `positions must ascend: ${all.join(', ')}`);
    });
    if (log.dense) equal(all, [1, 2, 3, 4, 5], 'positions of a dense log');
    equal(log.last, all[4], 'last');
  });

  test('law 41: batches appended at once are not mixed, and get their positions in the order of the calls', async (log) => {
    const answers = await Promise.all([log.append(entries(2)), log.append(entries(3)), log.append([entry('last')])]);
    const positions = answers.flat();

    equal(
      await contents(log),
      [0, 1, 0, 1, 2, 'last'].map((value, i) => [value, positions[i]]),
      'what the log has',
    );
  });

  test('nothing appended stores nothing', async (log) => {
    equal(await log.append([]), [], 'the answer');
    equal(log.last, 0, 'last');
  });

  test('the array that was appended may be used again at once', async (log) => {
    const batch = entries(2);
    const stored = log.append(batch);
    batch.length = 0;
    await stored;

    equal((await contents(log)).length, 2, 'how many entries are stored');
  });

  test('law 42: what is sent again with its id gets its first position, and is stored once', async (log) => {
    const [first] = await log.append([entry('a')], { ids: ['id'] });
    const [again] = await log.append([entry('another')], { ids: ['id'] });

    equal(again, first, 'the position of the second');
    equal(await contents(log), [['a', first]], 'what is stored');
  });

  test('law 42: within one batch, too, and between two that are appended at once', async (log) => {
    const ids = ['x', 'y', 'x', undefined, undefined];
    const [one, two] = await Promise.all([log.append(entries(5), { ids }), log.append([entry('y')], { ids: ['y'] })]);

    equal(one[2], one[0], 'the position of the repeated id');
    equal(two, [one[1]], 'the position of the id in the second batch');
    equal(
      (await contents(log)).map(([value]) => value),
      [0, 1, 3, 4],
      'what is stored',
    );
  });

  test('law 42: any string is an id, whatever objects inherit', async (log) => {
    const ids = ['', '__proto__', 'constructor', 'toString'];
    const first = await log.append(entries(4), { ids });

    equal(await log.append(entries(4), { ids }), first, 'the positions of the second time');
    equal((await contents(log)).length, 4, 'how many entries are stored');
  });

  test('law 44: expected lets in whoever knows the end, and refuses who is behind with both values', async (log) => {
    const [first] = await log.append([entry('a')], { expected: 0 });
    const error = await rejects(log.append([entry('b')], { expected: 0 }), 'LogFencedError', 'one that is behind');

    equal({ ...pick(error) }, { expected: 0, actual: first, stored: 'nothing' }, 'what the error says');
    equal(await contents(log), [['a', first]], 'what is stored');
    await log.append([entry('c')], { expected: first });
    equal((await contents(log)).length, 2, 'how many entries are stored');
  });

  test('law 44: of two that expect the same end at once, one is refused', async (log) => {
    const outcomes = await Promise.allSettled([
      log.append(entries(2), { expected: 0 }),
      log.append(entries(2), { expected: 0 }),
    ]);

    equal(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected'], 'the outcomes');
    equal((await contents(log)).length, 2, 'how many entries are stored');
  });

  test('laws 42 and 44: what was stored is answered, also behind the fence that let it in', async (log) => {
    const first = await log.append(entries(2), { expected: 0, ids: ['x', 'y'] });

    equal(await log.append(entries(2), { expected: 0, ids: ['x', 'y'] }), first, 'the answer to the second');
  });

  test('laws 42 and 44: a part that was stored before opens no fence for the rest', async (log) => {
    const first = await log.append(entries(2), { ids: ['x', 'y'] });
    const both = log.append([entry('y'), entry('z')], { expected: first[0]!, ids: ['y', 'z'] });

    await rejects(both, 'LogFencedError', 'one that is behind');
    equal((await contents(log)).length, 2, 'how many entries are stored');
  });

  test('arguments of the wrong kind are refused, and nothing is stored', async (log) => {
    const wrong: readonly (readonly unknown[])[] = [
      [undefined],
      ['entries'],
      [entries(1), null],
      [entries(1), { expected: -1 }],
      [entries(1), { expected: 0.5 }],
      [entries(1), { expected: '0' }],
      [entries(1), { ids: [] }],
      [entries(1), { ids: 'i' }],
      [entries(1), { ids: [1] }],
    ];
    for (const given of wrong) {
      await rejects(
        (log.append as (...args: readonly unknown[]) => Promise<unknown>).apply(log, given as unknown[]),
        'InvalidArgumentError',
        `append(${JSON.stringify(given)})`,
      );
    }
    equal(await contents(log), [], 'what is stored');
  });

  function pick(error: Error): Record<string, unknown> {
    const { expected, actual, stored } = error as Error & Record<string, unknown>;
    return { expected, actual, stored };
  }
}
