import { answerOf } from '../../log/answer-of.js';
import type { EventLog } from '../../log/event-log.js';
import { equal, holds, rejects } from '../assert.js';
import { contents, entries, entry, type TestWithLog } from './runner.js';

/** After how many milliseconds what is followed counts as lost. */
const PATIENCE = 4000;

/** Reading, trimming, and being told of what is new. */
export function describeReading(test: TestWithLog): void {
  test('what is read is what was appended, in order, whatever the page', async (log) => {
    const positions = [...(await log.append(entries(4))), ...(await log.append([entry('e')]))];
    const all = [0, 1, 2, 3, 'e'].map((value, i) => [value, positions[i]]);

    for (const page of [1, 2, 3, 5, 100]) equal(await contents(log, 0, page), all, `read in pages of ${page}`);
    equal(await contents(log, positions[1]), all.slice(2), 'read from the middle of a batch');
    equal(await log.read(log.last, 10), [], 'read from the end');
    equal(await log.read(log.last + 5, 10), [], 'read beyond the end');
    equal((await log.read(0, Infinity)).length, 5, 'read without a limit');
  });

  test('fewer entries than were asked for are the last ones, however many there are', async (log) => {
    const positions = await log.append(entries(2500));

    for (const limit of [2499, 2500, Infinity]) {
      const read = await log.read(0, limit);
      equal(read.length, Math.min(limit, 2500), `how many are read with the limit ${limit}`);
      equal(read[read.length - 1]?.[1], positions[read.length - 1], 'the last one of them');
    }
  });

  test('an entry comes back whole: everything that JSON can say, and bytes', async (log) => {
    const value = {
      text: 'é \u0000 \u2028 "\\" 😀 \ud800',
      numbers: [0, -1, 1.5, 1e300, Number.MAX_SAFE_INTEGER],
      nested: { list: [[], {}, [null]], yes: true, no: null, '': 'empty', $bytes: 'a name like any other' },
    };
    const whole = {
      messages: [
        { value, to: ['a', 'b'] },
        { value: new Uint8Array([0, 1, 127, 128, 255]), to: '*' as const },
        { value: { bytes: new Uint8Array(0), more: [new Uint8Array([7])] }, to: [] },
      ],
      id: 'some id',
      at: 1_700_000_000_000,
      meta: { schema: 3 },
    };
    const ts = await log.append([entry('before'), whole, entry('behind')]);

    equal(await log.read(ts[0]!, 1), [[whole, ts[1]]], 'the entry');
  });

  test('law 40: trim forgets entries, not positions', async (log) => {
    const positions = await log.append(entries(5));
    await log.trim(positions[2]!);

    equal([log.trimmed, log.last], [positions[2], positions[4]], 'trimmed and last');
    equal(await log.head(), { trimmed: positions[2], last: positions[4] }, 'head()');
    equal(
      await contents(log),
      [3, 4].map((value) => [value, positions[value]]),
      'what is left, read from 0',
    );

    await log.trim(log.last);
    equal(await contents(log), [], 'what is left');
    const [next] = await log.append([entry('next')]);
    holds(next! > positions[4]!, `position ${next} was given out already`);
    equal(await contents(log), [['next', next]], 'what it has then');
  });

  test('trim stops at the end, and never goes back', async (log) => {
    const [first, second] = await log.append(entries(2));
    await log.trim(second! + 100);
    await log.trim(first!);

    equal([log.trimmed, log.last], [second, second], 'trimmed and last');
  });

  test('law 42: an id is remembered after its entry was trimmed', async (log) => {
    const first = await log.append([entry('a')], { ids: ['id'] });
    await log.trim(log.last);

    equal(await log.append([entry('a')], { ids: ['id'] }), first, 'the position');
    equal(await contents(log), [], 'what it has');
  });

  test('law 53: who reads while others append finds no position at or below the last one read', async (log) => {
    const reader = follow(log, 60);
    for (let i = 0; i < 20; i++) await Promise.all([log.append(entries(1)), log.append(entries(2))]);

    const read = await reader;
    equal(
      read,
      [...read].sort((a, b) => a - b),
      'the positions, as they were read',
    );
    equal(new Set(read).size, 60, 'how many were read');
  });

  test('watch tells the last position after it can be read, until it is stopped', async (log) => {
    if (log.watch === undefined) return;
    const told: number[] = [];
    const read: Promise<number | undefined>[] = [];
    const stop = log.watch((last) => {
      told.push(last);
      read.push(
        log.read(Math.max(0, last - 1), 1).then(
          ([first]) => first?.[1],
          () => undefined,
        ),
      );
    });
    const positions = [...(await log.append(entries(3))), ...(await log.append(entries(1)))];
    await turns();
    equal(told[told.length - 1], positions[3], 'the last position told');
    equal(await Promise.all(read), told, 'what can be read when it is told');

    stop();
    const before = told.length;
    await log.append(entries(1));
    await turns();
    equal(told.length, before, 'how often it was told');
  });

  test('follow brings what comes after a position, and what is appended then, in order, each once', async (log) => {
    if (log.follow === undefined) return;
    const before = await log.append(entries(3));
    const stop = new AbortController();
    const followed = until('last', log.follow(before[0]!, { signal: stop.signal }));
    const appended = turns().then(() => log.append([entry('next'), entry('last')]));

    const [brought, after] = await Promise.all([within(followed, 'what it brings'), appended]);
    const expected = [1, 2, 'next', 'last'].map((value, i) => [value, [...before, ...after][i + 1]]);
    equal(brought, expected, 'what it brings');
    stop.abort();
  });

  test('follow ends when it is told to', async (log) => {
    if (log.follow === undefined) return;
    await log.append(entries(1));
    const stop = new AbortController();
    const ended = until('nothing', log.follow(log.last, { signal: stop.signal })).catch(() => []);
    await turns();
    stop.abort();

    equal(await within(ended, 'its end'), [], 'what it brings');
  });

  test('arguments of the wrong kind are refused', async (log) => {
    for (const wrong of [-1, 0.5, NaN, '0', undefined, null]) {
      const ts = wrong as number;
      await rejects(log.read(ts, 1), 'InvalidArgumentError', `read(${String(wrong)}, 1)`);
      await rejects(log.read(0, ts), 'InvalidArgumentError', `read(0, ${String(wrong)})`);
      await rejects(log.trim(ts), 'InvalidArgumentError', `trim(${String(wrong)})`);
    }
    await rejects(log.read(0, 0), 'InvalidArgumentError', 'read(0, 0)');
  });
}

/** Reads on and on, until it has so many. */
async function follow(log: EventLog, count: number): Promise<number[]> {
  const read: number[] = [];
  while (read.length < count) {
    for (const [, ts] of await log.read(read[read.length - 1] ?? 0, 4)) read.push(ts);
    await turns();
  }
  return read;
}

/** What is followed, up to a value or to the end, as pairs of value and position. */
async function until(
  value: unknown,
  followed: ReturnType<NonNullable<EventLog['follow']>>,
): Promise<[value: unknown, ts: number][]> {
  const found: [unknown, number][] = [];
  for await (const [brought, ts] of followed) {
    if (brought === null) continue;
    found.push([brought.messages[0]?.value, ts]);
    if (brought.messages[0]?.value === value) break;
  }
  return found;
}

/** So that a log that brings nothing fails with a reason, whatever the runner does with a test that hangs. */
function within<T>(promise: Promise<T>, what: string): Promise<T> {
  return answerOf(promise, PATIENCE, () => new Error(`${what}: nothing has come within ${PATIENCE} ms`));
}

function turns(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}
