import { memoryLog, type AppendOptions, type Checkpoint, type Entry, type EventLog } from 'rxjs-clocked-dispatch/log';
import { describeEventLog } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { turn } from '../support/async.js';
import { FlakyLog } from '../log/dispatcher/flaky-log.js';

/** What is left of a log when it is closed, and a log that has it open. */
interface Kept {
  readonly disk: EventLog;
  /** How often it was opened before. */
  readonly opened: number;
}

/** A log in memory that outlives its closing. */
function openKept({ disk }: Kept): EventLog {
  let closed: Error | undefined;
  const call =
    <A extends readonly unknown[], R>(work: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      if (closed !== undefined) throw closed;
      return work(...args);
    };
  return {
    id: disk.id,
    dense: true,
    atomic: true,
    get last() {
      return disk.last;
    },
    get trimmed() {
      return disk.trimmed;
    },
    head: call(() => disk.head()),
    append: call((entries: readonly Entry[], options?: AppendOptions) => disk.append(entries, options)),
    read: call((after: number, limit: number) => disk.read(after, limit)),
    watch: (listener) => disk.watch!(listener),
    trim: call((upTo: number) => disk.trim(upTo)),
    load: call((name: string) => disk.load(name)),
    save: call((name: string, checkpoint: Checkpoint) => disk.save(name, checkpoint)),
    checkpoints: call(() => disk.checkpoints()),
    forget: call((name: string) => disk.forget(name)),
    close: () => {
      closed ??= Object.assign(new Error('closed'), { name: 'LogClosedError' });
      return Promise.resolve();
    },
  };
}

type Fault = (log: EventLog, kept: Kept) => Partial<EventLog>;

/** The tests that fail with a log that has a fault. */
async function failures(fault: Fault): Promise<string[]> {
  const kept = new WeakMap<EventLog, Kept>();
  const open = (from: Kept): EventLog => {
    const sound = openKept(from);
    const log = Object.create(sound, Object.getOwnPropertyDescriptors(fault(sound, from))) as EventLog;
    kept.set(log, from);
    return log;
  };
  const failed: string[] = [];
  const tests: [string, () => Promise<void>][] = [];
  describeEventLog('a log', () => open({ disk: memoryLog(), opened: 0 }), {
    describe: (_name, body) => body(),
    test: (name, body) => tests.push([name, body]),
    reopen: (closed) => {
      const { disk, opened } = kept.get(closed)!;
      return open({ disk, opened: opened + 1 });
    },
  });
  await Promise.all(tests.map(([name, body]) => body().catch(() => failed.push(name))));
  return failed;
}

/** Follows as a log of the tests does. */
const following: Fault = (_log, { disk }) => ({ follow: new FlakyLog(undefined, disk).pushing().follow! });

describe('describeEventLog finds a log that', () => {
  test.each<[string, Fault]>([
    ['is right', () => ({})],
    ['is right, and pushes', following],
  ])('%s: nothing', async (_what, sound) => {
    expect(await failures(sound)).toEqual([]);
  });

  test.each<[string, Fault, string]>([
    [
      'reads pages of its own length',
      (log) => ({ read: (after, limit) => log.read(after, Math.min(limit, 1000)) }),
      'fewer entries than were asked for are the last ones, however many there are',
    ],
    [
      'says what is new before it is there',
      (log) => {
        const listeners = new Set<(last: number) => void>();
        return {
          watch: (listener) => {
            listeners.add(listener);
            return () => listeners.delete(listener);
          },
          append: async (entries, options) => {
            const last = log.last + entries.length;
            await turn();
            for (const listener of listeners) listener(last);
            await turn();
            return log.append(entries, options);
          },
        };
      },
      'watch tells the last position after it can be read, until it is stopped',
    ],
    [
      'lets an append with a known id past its fence',
      (log) => {
        const known = new Set<string | undefined>();
        return {
          append: async (entries, { ids = [], expected, ...rest } = {}) => {
            const isKnown = ids.some((id) => id !== undefined && known.has(id));
            const positions = await log.append(entries, {
              ...rest,
              ids: entries.map((_, i) => ids[i]),
              expected: isKnown ? undefined : expected,
            });
            for (const id of ids) known.add(id);
            return positions;
          },
        };
      },
      'laws 42 and 44: a part that was stored before opens no fence for the rest',
    ],
    [
      'takes calls while it is being closed',
      (log, { disk }) => {
        let isClosed = false;
        return {
          read: (after, limit) => (isClosed ? log : disk).read(after, limit),
          close: async () => {
            await turn();
            isClosed = true;
            await log.close();
          },
        };
      },
      'what is called after close is refused, also while it is being closed',
    ],
    [
      'forgets that it was trimmed in part',
      (log, { disk }) => {
        let trimmed = disk.trimmed;
        return {
          get trimmed() {
            return trimmed;
          },
          head: async () => ({ ...(await log.head()), trimmed }),
          read: (after, limit) => log.read(Math.max(after, trimmed), limit),
          trim: async (upTo) => {
            await log.trim(upTo < log.last ? 0 : upTo);
            trimmed = Math.max(trimmed, Math.min(upTo, log.last));
          },
        };
      },
      'law 40: what was trimmed and forgotten is gone when the log is opened again',
    ],
    [
      'remembers a checkpoint that was forgotten',
      (log) => {
        const forgotten = new Set<string>();
        return {
          load: async (name) => {
            const saved = await log.load(name);
            return forgotten.has(name) ? undefined : saved;
          },
          checkpoints: async () => (await log.checkpoints()).filter(({ name }) => !forgotten.has(name)),
          save: async (name, checkpoint) => {
            if (forgotten.delete(name)) await log.forget(name);
            await log.save(name, checkpoint);
          },
          forget: async (name) => {
            if ((await log.load(name)) !== undefined) forgotten.add(name);
          },
        };
      },
      'law 40: what was trimmed and forgotten is gone when the log is opened again',
    ],
    [
      'knows only the newest id when it is opened again',
      (log, { opened }) => ({
        append: (entries, { ids, ...rest } = {}) =>
          log.append(entries, {
            ...rest,
            ids: opened > 0 && ids !== undefined ? ids.map((id, i) => (i < ids.length - 1 ? undefined : id)) : ids,
          }),
      }),
      'law 40: a log that was trimmed whole goes on behind its last position',
    ],
    [
      'repeats the entry that it was to follow after',
      (log, kept) => ({ follow: (after, options) => following(log, kept).follow!(Math.max(0, after - 1), options) }),
      'follow brings what comes after a position, and what is appended then, in order, each once',
    ],
    [
      'follows what is there, and nothing that is appended then',
      (log) => ({
        follow: async function* (after) {
          yield* await log.read(after, Infinity);
        },
      }),
      'follow brings what comes after a position, and what is appended then, in order, each once',
    ],
    [
      'follows what is appended only',
      (log, kept) => ({ follow: (_after, options) => following(log, kept).follow!(log.last, options) }),
      'follow brings what comes after a position, and what is appended then, in order, each once',
    ],
    [
      'does not stop following',
      (log, kept) => ({ follow: (after) => following(log, kept).follow!(after) }),
      'follow ends when it is told to',
    ],
  ])('%s', async (_what, fault, title) => {
    expect(await failures(fault)).toContain(title);
  });
});
