import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import type { EventLog } from 'rxjs-clocked-dispatch/log';
import { beforeAll, describe, expect, test } from 'vitest';
import { newFolder } from './folder.js';

/** A log of 60 batches, of which the first half is in LevelDB's tables, and the second in its write-ahead log. */
const original = newFolder();
let all: (readonly [value: unknown, ts: number])[];
let id: string;

beforeAll(async () => {
  const first = await openLevelLog<unknown>(original);
  await fill(first, 0);
  await first.save('sum', { ts: 40, version: 1, state: 'x'.repeat(2000) });
  await first.close();
  const second = await openLevelLog<unknown>(original);
  await fill(second, 30);
  all = [...(await second.read(0, Infinity))];
  id = second.id;
  // Copied while it is open, as the end of its process would leave it.
  cpSync(original, join(original, '../', `${name()}-open`), { recursive: true });
  await second.close();
});

const name = (): string => original.slice(original.lastIndexOf('/') + 1);
const asLeft = (): string => `${original}-open`;

async function fill(log: EventLog<unknown>, from: number): Promise<void> {
  for (let batch = from; batch < from + 30; batch++) {
    const entries = Array.from({ length: 1 + (batch % 4) }, (_, i) => ({ batch, i, pad: `${batch}`.repeat(200) }));
    await log.append(entries, { ids: entries.map(({ i }) => `${batch}.${i}`) });
  }
}

type Injury = (file: Buffer, at: number) => Buffer;

const flipped: Injury = (file, at) => {
  file[at]! ^= 0x55;
  return file;
};
const cut: Injury = (file, at) => file.subarray(0, at);
const zeroed: Injury = (file, at) => file.fill(0, at, Math.min(at + 512, file.length));

/** Every file that holds something, at so many places. */
function* places(count: number): Generator<readonly [file: string, at: number]> {
  for (const file of readdirSync(asLeft()).filter((file) => !/^LOCK$|^LOG/.test(file))) {
    const { size } = statSync(join(asLeft(), file));
    for (let i = 0; i < count; i++) yield [file, Math.floor((size * (i + 0.5)) / count)];
  }
}

function injured(injury: Injury, file: string, at: number): string {
  const folder = join(newFolder(), 'log');
  mkdirSync(folder);
  cpSync(asLeft(), folder, { recursive: true });
  rmSync(join(folder, 'LOCK'), { force: true });
  writeFileSync(join(folder, file), injury(readFileSync(join(folder, file)), at));
  return folder;
}

/** What can be told of a log: everything that was stored, or an error that says what is missing. */
async function read(folder: string): Promise<unknown> {
  try {
    const log = await openLevelLog<unknown>(folder);
    try {
      const entries = await log.read(0, Infinity);
      const checkpoint = await log.load('sum');
      return { entries, checkpoint };
    } finally {
      await log.close();
    }
  } catch (error) {
    return error;
  }
}

describe('a damaged file', () => {
  test.each([
    ['flipped bytes', flipped, 24],
    ['a file that was cut', cut, 12],
    ['zeroed bytes', zeroed, 12],
  ])(
    '%s: all is there, or an error says what is not',
    async (_what, injury, count) => {
      const told = { whole: 0, LogDamagedError: 0, CheckpointDamagedError: 0 };
      for (const [file, at] of places(count)) {
        const result = await read(injured(injury, file, at));
        if (result instanceof Error) {
          expect(['LogDamagedError', 'CheckpointDamagedError'], `${file} at ${at}: ${String(result)}`).toContain(
            result.name,
          );
          told[result.name as keyof typeof told]++;
        } else {
          expect(result, `${file} at ${at}`).toEqual({
            entries: all,
            checkpoint: { ts: 40, version: 1, state: expect.any(String) as string },
          });
          told.whole++;
        }
      }
      // Otherwise the places would show nothing.
      expect(told.LogDamagedError).toBeGreaterThan(count);
    },
    60_000,
  );

  test.each([
    ['flipped bytes', flipped],
    ['a file that was cut', cut],
    ['zeroed bytes', zeroed],
  ])(
    "%s: repair: 'truncate' keeps what comes before, and the log goes on under another id",
    async (_what, injury) => {
      for (const [file, at] of places(6)) {
        const folder = injured(injury, file, at);
        const log = await openLevelLog<unknown>(folder, { repair: 'truncate' });
        const left = await log.read(0, Infinity);
        expect(left, `${file} at ${at}`).toEqual(all.slice(0, left.length));
        expect(log.last).toBe(left.length);
        if (left.length < all.length) expect(log.id, `${file} at ${at}`).not.toBe(id);
        for (const { ts } of await log.checkpoints()) expect(ts).toBeLessThanOrEqual(log.last);
        await expect(log.append(['next'])).resolves.toEqual([left.length + 1]);
        await log.close();
        expect(await read(folder)).toMatchObject({ entries: [...left, ['next', left.length + 1]] });
      }
    },
    60_000,
  );

  test('the error says what is missing, and what comes before can be kept', async () => {
    const [log] = readdirSync(asLeft()).filter((file) => file.endsWith('.log'));
    const { size } = statSync(join(asLeft(), log!));
    const folder = injured(flipped, log!, Math.floor(size / 2));
    const { from, to } = (await read(folder)) as { from: number; to: number };
    const repaired = await openLevelLog<unknown>(folder, { repair: 'truncate' });

    expect(from).toBeLessThan(to);
    expect(await repaired.read(0, Infinity)).toEqual(all.slice(0, from - 1));
    await repaired.close();
  });

  test('a lost file is told', async () => {
    for (const file of readdirSync(asLeft()).filter((file) => !/^LOCK$|^LOG|^HEAD$/.test(file))) {
      const folder = injured((bytes) => bytes, file, 0);
      rmSync(join(folder, file));
      expect(await read(folder), file).toMatchObject({ name: 'LogDamagedError' });
      expect(existsSync(folder)).toBe(true);
    }
  });

  test('an end that was cut off is known by the mark beside it', async () => {
    const folder = join(newFolder(), 'log');
    const log = await openLevelLog<number>(folder);
    await log.append([1, 2, 3]);
    cpSync(folder, `${folder}-before`, { recursive: true });
    await log.append([4, 5]);
    await log.close();
    // The data of before, and the mark of after.
    cpSync(join(folder, 'HEAD'), join(`${folder}-before`, 'HEAD'));
    rmSync(join(`${folder}-before`, 'LOCK'));

    await expect(openLevelLog(`${folder}-before`)).rejects.toMatchObject({ name: 'LogDamagedError', from: 4, to: 5 });
  });
});
