import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, type ConnectionState, type Line, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { FlakyLine, open, rawClient } from './support/flaky-line.js';
import { settle } from './support/settle.js';
import { VirtualTime } from './support/virtual-time.js';

describe('law 64: a line that says nothing for too long is closed by both sides', () => {
  test('the server pings, and closes with a reason; what was kept is let go (law 65)', async () => {
    const time = new VirtualTime();
    const dispatcher = createDispatcher<string>(serialize());
    const server = serve(dispatcher, { silence: 400, scheduler: time });
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['open', 1, open()]);
    await settle();
    await time.pass(300);
    expect(client.of('ping').length).toBeGreaterThan(0);
    expect(client.closed).toBeUndefined();
    await time.pass(200);
    expect(client.of('end').at(-1)).toEqual(['end', 0, expect.objectContaining({ code: 'RCD126' })]);
    expect(client.closed).toBeDefined();
    expect(server.stats()).toMatchObject({ lines: 0, receivers: 0, sessions: 0 });
    expect(dispatcher.stats().receivers).toEqual([]);
    expect(time.timers, 'timers that outlive their reason').toBe(0);
  });

  test('one that answers stays', async () => {
    const time = new VirtualTime();
    const server = serve(createDispatcher<string>(serialize()), { silence: 400, scheduler: time });
    const connection = connect<string>(
      () => {
        const [client, end] = lineInMemory();
        server.accept(end);
        return client;
      },
      { silence: 1000, scheduler: time },
    );
    await settle();
    for (let i = 0; i < 20; i++) await time.pass(200);
    expect(connection.stats()).toMatchObject({ state: 'open', lines: 1 });
    connection.close();
    await settle();
    server.close();
    expect(time.timers).toBe(0);
  });

  test('the client pings, gives a half-open line up, and dials again', async () => {
    const time = new VirtualTime();
    const lines: FlakyLine[] = [];
    const server = serve(createDispatcher<string>(serialize()), { scheduler: time, silence: Infinity });
    const connection = connect<string>(
      () => {
        const line = new FlakyLine();
        lines.push(line);
        if (lines.length > 1) {
          const [client, end] = lineInMemory();
          server.accept(end);
          return client;
        }
        server.accept(line.server);
        return line.client;
      },
      { silence: 400, retry: 50, scheduler: time },
    );
    const states: ConnectionState[] = [];
    connection.state$.subscribe((state) => states.push(state));
    lines[0]!.deliver();
    lines[0]!.deliver();
    await settle();
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'open']);
    // From now on nothing arrives any more, in either direction.
    await time.pass(600);
    expect(lines[0]!.posted('client')).toContainEqual(['ping']);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open']);
    expect(states[2]!.reason).toMatchObject({ code: 'RCD126', silence: 400 });
    expect(states[2]!.delay).toBeGreaterThanOrEqual(25);
    expect(states[2]!.delay).toBeLessThanOrEqual(50);
    // The server was told nothing: the newer line of the session has taken the place of the old one.
    expect(server.stats()).toMatchObject({ lines: 1, sessions: 1 });
    connection.close();
    await settle();
    server.close();
    expect(time.timers).toBe(0);
  });

  test('a dial that never answers, or a server that never says welcome, is given up', async () => {
    const time = new VirtualTime();
    const late: ((line: Line) => void)[] = [];
    const connection = connect<string>(() => new Promise((resolve) => late.push(resolve)), {
      silence: 400,
      retry: 100,
      scheduler: time,
    });
    const states: ConnectionState[] = [];
    connection.state$.subscribe((state) => states.push(state));
    await time.pass(500);
    expect(states.map(({ state }) => state)).toEqual(['connecting', 'waiting']);
    expect(states[1]!.reason).toMatchObject({ code: 'RCD126' });
    await time.pass(100);
    expect(late).toHaveLength(2);
    const [mine, theirs] = lineInMemory();
    let isClosed = false;
    theirs.onframe = () => undefined;
    theirs.onclose = () => (isClosed = true);
    late[0]!(mine);
    await settle();
    expect(isClosed, 'a line that comes too late').toBe(true);
    connection.close();
    expect(time.timers).toBe(0);
  });

  test('a line that was dialled for long has all its time to answer', async () => {
    const time = new VirtualTime();
    let answer!: (line: Line) => void;
    const connection = connect<string>(() => new Promise((resolve) => (answer = resolve)), {
      silence: 400,
      scheduler: time,
    });
    await time.pass(390);
    const [mine, theirs] = lineInMemory();
    answer(mine);
    await time.pass(390);
    expect(connection.stats().state).toBe('connecting');
    theirs.post(['welcome', { version: 1, id: 'x', log: true, clock: 0, window: 8 }]);
    await settle();
    expect(connection.stats()).toMatchObject({ state: 'open', lines: 1 });
    connection.close();
    expect(time.timers).toBe(0);
  });
});

describe('law 64: reconnecting backs off with jitter, and can be watched', () => {
  test.each([
    ['nothing', undefined],
    ['a text', 'ws://127.0.0.1'],
    ['what can only post', { post: () => undefined }],
    ['nothing, later', Promise.resolve(undefined)],
  ])('a dial that answers with %s is told so, and tried again', async (_title, answer) => {
    const time = new VirtualTime();
    const connection = connect<string>(() => answer as never, { retry: 100, scheduler: time });
    const reasons: unknown[] = [];
    connection.state$.subscribe(({ state, reason }) => {
      if (state === 'waiting') reasons.push(reason);
    });
    await settle();
    await time.pass(100);
    expect(reasons).toMatchObject([
      { name: 'InvalidArgumentError', parameter: 'dial' },
      { name: 'InvalidArgumentError', parameter: 'dial' },
    ]);
    connection.close();
    expect(time.timers).toBe(0);
  });

  test('a dial that answers with no line once it is over harms nobody', async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', keep);
    let answer!: (line: never) => void;
    const connection = connect<string>(() => new Promise<never>((resolve) => (answer = resolve)));
    connection.close();
    answer(undefined as never);
    await settle(5);
    process.off('unhandledRejection', keep);
    expect(unhandled).toEqual([]);
  });

  test('pauses grow to the longest, and no two clients wait alike', async () => {
    const time = new VirtualTime();
    const delaysOf = async (): Promise<number[]> => {
      const delays: number[] = [];
      const connection = connect<string>(() => Promise.reject(new Error('no way')), {
        retry: 100,
        maxRetry: 1000,
        scheduler: time,
      });
      connection.state$.subscribe(({ delay, reason }) => {
        if (delay === undefined) return;
        delays.push(delay);
        expect(reason).toEqual(new Error('no way'));
      });
      await time.pass(5000);
      connection.close();
      return delays;
    };
    const delays = await delaysOf();
    const full = [100, 200, 400, 800, 1000, 1000];
    full.forEach((most, i) => {
      expect(delays[i]).toBeGreaterThanOrEqual(most / 2);
      expect(delays[i]).toBeLessThanOrEqual(most);
    });
    expect(await delaysOf()).not.toEqual(delays);
    expect(time.timers).toBe(0);
  });

  test('a line that stays open sets the pause back, one that breaks at once does not', async () => {
    const time = new VirtualTime();
    let line!: FlakyLine;
    const server = serve(createDispatcher<string>(serialize()), { scheduler: time });
    const connection = connect<string>(
      () => {
        line = new FlakyLine();
        server.accept(line.server);
        return line.client;
      },
      { retry: 100, maxRetry: 100_000, scheduler: time },
    );
    const delays: number[] = [];
    connection.state$.subscribe(({ delay }) => {
      if (delay !== undefined) delays.push(delay);
    });
    const breakAfter = async (ms: number): Promise<void> => {
      line.deliver();
      line.deliver();
      await time.pass(ms);
      line.break();
      await settle();
      await time.pass(Math.ceil(delays.at(-1)!));
    };
    await breakAfter(0);
    await breakAfter(0);
    await breakAfter(0);
    expect(delays[2]).toBeGreaterThanOrEqual(200);
    await breakAfter(1000);
    expect(delays[3]).toBeLessThanOrEqual(100);
    connection.close();
    server.close();
    await settle();
    expect(time.timers).toBe(0);
  });

  test('never from open to open; closed is the last, and ends it', async () => {
    const server = serve(createDispatcher<string>(serialize()));
    const dial = (): Line => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    };
    const first = connect<string>(dial, { session: 'same', retry: 0, maxRetry: 100_000 });
    const states: string[] = [];
    let isComplete = false;
    first.state$.subscribe({ next: ({ state }) => states.push(state), complete: () => (isComplete = true) });
    await settle();
    const second = connect<string>(dial, { session: 'same' });
    await settle();
    expect(states.slice(0, 3)).toEqual(['connecting', 'open', 'waiting']);
    first.close();
    expect(states.at(-1)).toBe('closed');
    expect(isComplete).toBe(true);
    for (let i = 1; i < states.length; i++) expect(states[i]).not.toBe(states[i - 1]);
    const late: string[] = [];
    first.state$.subscribe(({ state }) => late.push(state));
    expect(late).toEqual(['closed']);
    second.close();
    server.close();
  });
});
