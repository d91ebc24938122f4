import { firstValueFrom, take, toArray } from 'rxjs';
import { createDispatcher, serialize, values as onlyValues } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, lineInMemory, serve, type Line } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { changedLine } from '../support/changed-line.js';
import { until } from './support/settle.js';

/** A line that breaks at a frame with more than so many messages, as one does whose peer takes no longer frames. */
function narrow(line: Line, most: number): Line {
  return changedLine(line, {
    post: (frame) => {
      const [kind, , ...rest] = frame as readonly unknown[];
      const values = kind === 'send' ? rest[1] : kind === 'items' ? rest[0] : [];
      if ((values as readonly unknown[]).length > most) line.close('too long');
      else line.post(frame);
    },
  });
}

const values = Array.from({ length: 300 }, (_, i) => i);

describe.each([1, 7, 100])('by lines that take %d messages a frame, batches become smaller until they pass', (most) => {
  test('law 60: a receiver goes on from its place', async () => {
    const dispatcher = await openDispatcher<number>(memoryLog());
    const sender = dispatcher.sender('s', 'r');
    await Promise.all(values.map((value) => sender.send(value)));
    const server = serve(dispatcher);
    const connection = connect<number>(
      () => {
        const [here, there] = lineInMemory();
        server.accept(narrow(there, most));
        return here;
      },
      { retry: 0, maxRetry: 1 },
    );

    const got = await firstValueFrom(connection.receiver('r', { from: 0 }).pipe(onlyValues(), take(300), toArray()));

    expect(got).toEqual(values);
    connection.close();
    server.close();
    await dispatcher.close();
  });

  test('law 61: what has no answer is sent again', async () => {
    const dispatcher = createDispatcher<number>(serialize());
    const got: number[] = [];
    dispatcher.receiver('r').subscribe(([value]) => {
      if (value !== null) got.push(value);
    });
    dispatcher.broadcaster('stays');
    const server = serve(dispatcher);
    const connection = connect<number>(
      () => {
        const [here, there] = lineInMemory();
        server.accept(there);
        return narrow(here, most);
      },
      { retry: 0, maxRetry: 1 },
    );
    const sender = connection.sender('s', 'r');

    const timestamps = await Promise.all(values.map((value) => sender.send(value)));

    expect(got).toEqual(values);
    expect(timestamps).toEqual(values.map((value) => value + 1));
    connection.close();
    server.close();
  });
});

test('as long as no line breaks, a receiver is granted its whole window', async () => {
  const dispatcher = await openDispatcher<number>(memoryLog());
  const server = serve(dispatcher);
  const credits: unknown[] = [];
  const connection = connect<number>(() => {
    const [here, there] = lineInMemory();
    server.accept(there);
    return changedLine(here, {
      post: (frame) => {
        const [kind, , asked] = frame as readonly [string, number, { readonly credit: number }];
        if (kind === 'open') credits.push(asked.credit);
        here.post(frame);
      },
    });
  });
  connection.receiver('r', { from: 0 }).subscribe();
  await until(() => credits.length > 0);

  expect(credits).toEqual([1024]);
  connection.close();
  server.close();
  await dispatcher.close();
});

test('lines that break while there is nothing to tell leave a receiver its whole window', async () => {
  const dispatcher = await openDispatcher<number>(memoryLog());
  const server = serve(dispatcher);
  let line!: Line;
  const sizes: number[] = [];
  const connection = connect<number>(
    () => {
      const [here, there] = lineInMemory();
      line = here;
      server.accept(
        changedLine(there, {
          post: (frame) => {
            const [kind, , items] = frame as readonly unknown[];
            if (kind === 'items') sizes.push((items as readonly unknown[]).length);
            there.post(frame);
          },
        }),
      );
      return here;
    },
    { retry: 0, maxRetry: 1 },
  );
  connection.receiver('r').subscribe();
  for (let lines = 1; lines <= 9; lines++) {
    await until(() => server.stats().receivers === 1 && connection.stats().lines === lines);
    line.close('broken');
  }
  await until(() => connection.stats().lines === 10);
  const sender = dispatcher.sender('s', 'r');
  await Promise.all(values.map((value) => sender.send(value)));
  await until(() => sizes.reduce((sum, size) => sum + size, 0) === values.length);

  expect(sizes.length).toBeLessThan(10);
  connection.close();
  server.close();
  await dispatcher.close();
});
