import { equal, holds, rejects } from '../assert.js';
import { contents, entries, entry, type LogUnderTest, type Runner, type TestWithLog } from './runner.js';

/** Identity, closing, and what has to be there after it. */
export function describeLife(withLog: TestWithLog, { open, reopen }: LogUnderTest, test: Runner['test']): void {
  test('two logs have two ids', async () => {
    const [a, b] = [await open(), await open()];
    try {
      holds(typeof a.id === 'string' && a.id !== '' && a.id !== b.id, `their ids are '${a.id}' and '${b.id}'`);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
  });

  withLog('a closed log refuses every call, and may be closed again', async (log) => {
    await log.close();
    await log.close();

    const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
      ['head', () => log.head()],
      ['append', () => log.append(entries(1))],
      ['read', () => log.read(0, 1)],
      ['trim', () => log.trim(0)],
      ['load', () => log.load('a')],
      ['save', () => log.save('a', { ts: 0, version: 1, state: 0 })],
      ['checkpoints', () => log.checkpoints()],
      ['forget', () => log.forget('a')],
    ];
    for (const [name, call] of calls) await rejects(call(), 'LogClosedError', `${name} on a closed log`);
  });

  withLog('what is called after close is refused, also while it is being closed', async (log) => {
    const stored = log.append(entries(2));
    const closing = log.close();
    const calls = { head: log.head(), read: log.read(0, 1), load: log.load('a'), append: log.append(entries(1)) };
    await Promise.allSettled([stored, closing, ...Object.values(calls)]);
    for (const [name, call] of Object.entries(calls)) await rejects(call, 'LogClosedError', name);

    equal((await stored).length, 2, 'how many positions what was called before is answered with');
  });

  if (reopen === undefined) return;

  withLog('law 40: what was stored is there when the log is opened again', async (log) => {
    const positions = [...(await log.append(entries(3))), ...(await log.append([entry('d')], { ids: ['id'] }))];
    await log.save('sum', { ts: positions[2]!, version: 2, state: { n: 3 } });
    await log.close();

    const again = await reopen(log);
    try {
      equal(again.id, log.id, 'its id');
      equal(await again.head(), { trimmed: 0, last: positions[3] }, 'head()');
      equal(
        await contents(again),
        [0, 1, 2, 'd'].map((value, i) => [value, positions[i]]),
        'what it has',
      );
      equal(await again.load('sum'), { ts: positions[2], version: 2, state: { n: 3 } }, 'the checkpoint');
      equal(await again.append([entry('d')], { ids: ['id'] }), [positions[3]], 'what is sent again with its id');
      await rejects(
        again.save('sum', { ts: 1, version: 2, state: 0 }),
        'CheckpointError',
        'a checkpoint that is behind',
      );
    } finally {
      await again.close();
    }
  });

  withLog('law 40: a log that was trimmed whole goes on behind its last position', async (log) => {
    const positions = await log.append(entries(2), { ids: ['x', 'y'] });
    const last = positions[1]!;
    await log.trim(last);
    await log.close();

    const again = await reopen(log);
    try {
      equal(await again.head(), { trimmed: last, last }, 'head()');
      equal(await again.append(entries(2), { ids: ['x', 'y'] }), positions, 'what is sent again with its ids');
      const [next] = await again.append([entry('next')]);
      holds(next! > last, `position ${next} was given out already`);
    } finally {
      await again.close();
    }
  });

  withLog('law 40: what was trimmed and forgotten is gone when the log is opened again', async (log) => {
    const positions = await log.append(entries(3));
    await log.save('sum', { ts: positions[1]!, version: 1, state: 1 });
    await log.trim(positions[1]!);
    await log.forget('sum');
    await log.close();

    const again = await reopen(log);
    try {
      equal(await again.head(), { trimmed: positions[1], last: positions[2] }, 'head()');
      equal(await contents(again), [[2, positions[2]]], 'what it has');
      equal([await again.load('sum'), await again.checkpoints()], [undefined, []], 'the checkpoint, and all of them');
    } finally {
      await again.close();
    }
  });

  withLog('law 40: an append that was under way when the log was closed is stored', async (log) => {
    const stored = log.append(entries(2));
    await log.close();
    const positions = await stored;

    const again = await reopen(log);
    try {
      equal(
        await contents(again),
        [0, 1].map((value) => [value, positions[value]]),
        'what it has',
      );
    } finally {
      await again.close();
    }
  });
}
