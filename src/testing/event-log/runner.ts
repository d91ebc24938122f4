import type { Entry, EventLog } from '../../log/event-log.js';

/** What the suite needs of a test runner: Vitest, Jest, Mocha (`it` as `test`) and `node:test` all have it. */
export interface Runner {
  /** Groups tests. */
  readonly describe: (name: string, body: () => void) => unknown;
  /** Declares a test. */
  readonly test: (name: string, body: () => Promise<void>) => unknown;
}

/** How the suite gets at a log. */
export interface LogUnderTest {
  /** Opens a log that is new: nothing was appended to it. */
  readonly open: () => EventLog | PromiseLike<EventLog>;
  /** Opens a log again that was closed; left out where a log does not outlive its closing. */
  readonly reopen?: ((closed: EventLog) => EventLog | PromiseLike<EventLog>) | undefined;
}

/** Declares a test that has a new log, which is closed afterwards. */
export type TestWithLog = (name: string, body: (log: EventLog) => Promise<void>) => void;

/** An entry that is told from all others by its value. */
export function entry(value: unknown, to: readonly string[] | '*' = ['a']): Entry {
  return { messages: [{ value, to }], at: 0 };
}

/** Entries with the values 0 to n - 1. */
export function entries(n: number): Entry[] {
  return Array.from({ length: n }, (_, i) => entry(i));
}

/** All that a log has, as pairs of value and position, read in pages. */
export async function contents(log: EventLog, after = 0, page = 3): Promise<[value: unknown, ts: number][]> {
  const found: [unknown, number][] = [];
  let at = after;
  for (;;) {
    const read = await log.read(at, page);
    for (const [{ messages }, ts] of read) found.push([messages[0]?.value, ts]);
    if (read.length < page) return found;
    at = read[read.length - 1]![1];
  }
}
