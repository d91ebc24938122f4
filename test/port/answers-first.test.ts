import { optimistic, projection } from 'rxjs-clocked-dispatch';
import { type Entry, type EventLog, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { logOver } from '../support/log-over.js';
import { settle } from './support/settle.js';

/** A log in memory whose appends are stored at once, and answered when the test says so. */
class SlowLog {
  readonly inner: EventLog = memoryLog();
  watcher: (last: number) => void = () => undefined;
  push: () => void = () => undefined;
  answer: () => void = () => undefined;
  /** What a read waits for. */
  reading: Promise<void> = Promise.resolve();

  log(own: Partial<EventLog>): EventLog {
    const { inner } = this;
    const append: EventLog['append'] = async (entries, options) => {
      const positions = await inner.append(entries, options);
      this.watcher(inner.last);
      this.push();
      await new Promise<void>((resolve) => (this.answer = resolve));
      return positions;
    };
    const read: EventLog['read'] = async (after, limit) => {
      await this.reading;
      return inner.read(after, limit);
    };
    return logOver(inner, { append, read, ...own });
  }

  watched(): EventLog {
    const watch: EventLog['watch'] = (watcher) => {
      this.watcher = watcher;
      return () => undefined;
    };
    return this.log({ watch });
  }

  pushed(): EventLog {
    const { inner } = this;
    const news = (): Promise<void> => new Promise((resolve) => (this.push = resolve));
    const follow = async function* (after: number): AsyncGenerator<readonly [Entry, number]> {
      for (;;) {
        for (const [entry, ts] of await inner.read(after, 10)) yield [entry, (after = ts)];
        await news();
      }
    };
    return this.log({ follow });
  }
}

/** What a client is shown that sends 'x', while the answer of the log takes its time and when it is there. */
async function shown(slow: SlowLog, log: EventLog, before: () => void | Promise<void>): Promise<readonly string[][]> {
  const server = serve(await openDispatcher<string>(log));
  const connection = connect<string>(() => {
    const [client, end] = lineInMemory();
    server.accept(end);
    return client;
  });
  const apply = (state: string, value: string): string => state + value;
  const view = optimistic(projection(connection.receiver('ui'), { initial: '', apply }), { apply });
  const states: string[] = [];
  view.subscribe(([state]) => state !== null && states.push(state));
  await settle(5);
  let read: () => void = () => undefined;
  slow.reading = new Promise((resolve) => (read = resolve));
  await before();
  await settle();
  const sent = view.send(connection.sender('web', 'ui'), 'x');
  await settle(5);
  read();
  await settle(5);
  const early = [...states];
  slow.answer();
  await sent;
  await settle(5);
  connection.close();
  server.close();
  return [early, states];
}

describe('law 61: answers come before the items that they answer, so that nothing is shown twice', () => {
  test('while a log is read over which nothing is new', async () => {
    const slow = new SlowLog();
    const [early, late] = await shown(slow, slow.watched(), () => slow.watcher(0));
    expect(new Set(early)).toEqual(new Set(['x']));
    expect(new Set(late)).toEqual(new Set(['x']));
  });

  test('while it is read what others have stored', async () => {
    const slow = new SlowLog();
    const [early, late] = await shown(slow, slow.watched(), async () => {
      const [last] = await slow.inner.append([{ messages: [{ value: '"o"', to: ['ui'] }], at: 0 }]);
      slow.watcher(last!);
    });
    expect(new Set(early)).toEqual(new Set(['x', 'ox']));
    expect(new Set(late)).toEqual(new Set(['x', 'ox']));
  });

  test('by a log that pushes before it answers', async () => {
    const slow = new SlowLog();
    const [early, late] = await shown(slow, slow.pushed(), () => undefined);
    expect(new Set(early)).toEqual(new Set(['x']));
    expect(new Set(late)).toEqual(new Set(['x']));
  });
});

test('law 61: a receiver that reads its way to the end of a log is not told what has no answer yet', async () => {
  const slow = new SlowLog();
  const dispatcher = await openDispatcher<string>(slow.log({}));
  const sender = dispatcher.sender('web', 'ui');
  const told: unknown[] = [];
  const answered = (): void => void told.push('answered');
  const first = sender.send('a').then(answered);
  await settle();
  slow.answer();
  await first;
  const second = sender.send('b').then(answered);
  await settle();
  dispatcher.receiver('ui', { from: 0 }).subscribe(([value]) => value !== null && told.push(value));
  await settle();
  expect(told).toEqual(['answered', 'a']);

  slow.answer();
  await second;
  await settle();
  expect([...told].sort()).toEqual(['a', 'answered', 'answered', 'b']);
});
