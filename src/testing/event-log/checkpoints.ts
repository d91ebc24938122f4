import { equal, rejects } from '../assert.js';
import { entries, type TestWithLog } from './runner.js';

/** Law 45. */
export function describeCheckpoints(test: TestWithLog): void {
  test('a checkpoint is what was saved last under its name', async (log) => {
    await log.append(entries(9));
    equal(await log.load('sum'), undefined, 'one that was never saved');

    await log.save('sum', { ts: 3, version: 1, state: { n: [1, 2], bytes: new Uint8Array([1]) } });
    await log.save('other "name" é', { ts: 1, version: 1, state: null });
    await log.save('sum', { ts: 5, version: 1, state: 'five' });

    equal(await log.load('sum'), { ts: 5, version: 1, state: 'five' }, 'sum');
    equal(await log.load('other "name" é'), { ts: 1, version: 1, state: null }, 'the other');
    equal(
      await sorted(log.checkpoints()),
      [
        ['other "name" é', 1],
        ['sum', 5],
      ],
      'checkpoints()',
    );
  });

  test('law 45: what is saved is a copy', async (log) => {
    const state = { n: 1 };
    await log.save('sum', { ts: 0, version: 1, state });
    state.n = 2;
    const loaded = await log.load('sum');
    (loaded?.state as { n: number }).n = 3;

    equal(await log.load('sum'), { ts: 0, version: 1, state: { n: 1 } }, 'the checkpoint');
  });

  test('law 45: it never goes backwards, also where two are saved at once', async (log) => {
    await log.append(entries(9));
    await log.save('sum', { ts: 5, version: 1, state: 'five' });
    const behind = { ts: 4, version: 1, state: 'four' };

    await rejects(log.save('sum', behind), 'CheckpointError', 'one that is behind');
    await Promise.allSettled([log.save('sum', { ts: 7, version: 1, state: 'seven' }), log.save('sum', behind)]);
    equal(await log.load('sum'), { ts: 7, version: 1, state: 'seven' }, 'the checkpoint');
  });

  test('law 45: a new version begins anew, and an old one does not replace it', async (log) => {
    await log.append(entries(9));
    await log.save('sum', { ts: 5, version: 1, state: 'old' });
    await log.save('sum', { ts: 2, version: 2, state: 'new' });

    await rejects(log.save('sum', { ts: 9, version: 1, state: 'old' }), 'CheckpointError', 'an old version');
    equal(await log.load('sum'), { ts: 2, version: 2, state: 'new' }, 'the checkpoint');
  });

  test('a forgotten checkpoint is gone, and can be saved anew', async (log) => {
    await log.append(entries(9));
    await log.save('sum', { ts: 5, version: 1, state: 'five' });
    await log.forget('sum');
    await log.forget('never saved');

    equal([await log.load('sum'), await log.checkpoints()], [undefined, []], 'the checkpoint, and all of them');
    await log.save('sum', { ts: 1, version: 1, state: 'one' });
    equal(await log.load('sum'), { ts: 1, version: 1, state: 'one' }, 'the checkpoint');
  });

  test('a checkpoint outlives what was trimmed', async (log) => {
    const positions = await log.append(entries(3));
    await log.save('sum', { ts: positions[1]!, version: 1, state: 1 });
    await log.trim(log.last);

    equal(await sorted(log.checkpoints()), [['sum', positions[1]]], 'checkpoints()');
  });

  test('names and checkpoints of the wrong kind are refused', async (log) => {
    for (const name of [undefined, '', 1] as unknown as string[]) {
      await rejects(log.save(name, { ts: 0, version: 1, state: 0 }), 'InvalidArgumentError', `save(${name})`);
      await rejects(log.load(name), 'InvalidArgumentError', `load(${name})`);
      await rejects(log.forget(name), 'InvalidArgumentError', `forget(${name})`);
    }
    for (const wrong of [undefined, null, {}, { ts: -1, version: 1 }, { ts: 0 }, { ts: 0, version: '1' }]) {
      await rejects(log.save('sum', wrong as never), 'InvalidArgumentError', `save(${JSON.stringify(wrong)})`);
    }
  });

  async function sorted(
    all: Promise<readonly { readonly name: string; readonly ts: number }[]>,
  ): Promise<[string, number][]> {
    return (await all).map(({ name, ts }): [string, number] => [name, ts]).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
