import { memoryLog } from 'rxjs-clocked-dispatch/log';
import { describeEventLog } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { unhandledIn } from '../support/unhandled.js';

describeEventLog('memoryLog()', () => memoryLog(), { describe, test });

describe('memoryLog()', () => {
  test('keeps any value, as it is', async () => {
    const log = memoryLog<unknown>();
    const value = new Map([[1, new Date()]]);
    await log.append([value]);

    expect((await log.read(0, 1))[0]?.[0]).toBe(value);
  });

  test('law 42: beyond the last `dedupe` ids, what is sent again is stored anew', async () => {
    const log = memoryLog<string>({ dedupe: 2 });
    await log.append(['a', 'b', 'c'], { ids: ['1', '2', '3'] });

    await expect(log.append(['b', 'c'], { ids: ['2', '3'] })).resolves.toEqual([2, 3]);
    await expect(log.append(['a'], { ids: ['1'] })).resolves.toEqual([4]);
    // Which has pushed out the second.
    await expect(log.append(['b', 'c'], { ids: ['2', '3'] })).resolves.toEqual([5, 3]);
  });

  test('without ids to remember, all is stored', async () => {
    const log = memoryLog<string>({ dedupe: 0 });
    await log.append(['a'], { ids: ['1'] });

    await expect(log.append(['a'], { ids: ['1'] })).resolves.toEqual([2]);
  });

  test('options are checked', () => {
    expect(() => memoryLog({ dedupe: -1 })).toThrow("option 'dedupe' of memoryLog is -1");
    expect(() => memoryLog({ dedupe: Infinity })).toThrow("option 'dedupe' of memoryLog is Infinity");
    expect(() => memoryLog({ dedup: 1 } as never)).toThrow("did you mean 'dedupe'?");
  });

  test('a watcher that throws keeps nobody else from being told, nor the entry from being stored', async () => {
    const log = memoryLog<string>();
    const told: number[] = [];
    log.watch?.(() => {
      throw new Error('a watcher that throws');
    });
    log.watch?.((last) => told.push(last));

    const errors = await unhandledIn(async () => {
      await expect(log.append(['a'])).resolves.toEqual([1]);
    });

    expect(told).toEqual([1]);
    expect(errors).toEqual([new Error('a watcher that throws')]);
  });
});
