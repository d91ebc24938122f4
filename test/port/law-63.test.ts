import { fc } from '../support/fast-check.js';
import { ALL, createDispatcher, serialize, watermark } from 'rxjs-clocked-dispatch';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { type AuthorizeRequest, connect, type Line, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { join, open, rawClient } from './support/flaky-line.js';
import { heapUsed } from './support/heap-used.js';
import { settle } from './support/settle.js';

const deep = (levels: number): unknown => JSON.parse(`${'['.repeat(levels)}${']'.repeat(levels)}`);
const hello = ['hello', { version: 1, session: 's' }];
const joined = [hello, ['join', 1, join()]];

/** Frames that end their line, each behind what is well. */
const BAD: readonly (readonly [title: string, ...frames: unknown[]])[] = [
  ['no list', 'hello'],
  ['null', null],
  ['an empty list', []],
  ['an unknown kind', ['shout', 1]],
  ['something before hello', ['credit', 1, 1]],
  ['hello twice', hello, hello],
  ['hello without a session', ['hello', { version: 1 }]],
  ['a session that is too long', ['hello', { version: 1, session: 'x'.repeat(1025) }]],
  ['too many parts', [...hello, 1]],
  ['an id that is no number', hello, ['open', '1', open()]],
  ['an id below 1', hello, ['open', 0, open()]],
  ['an id that is in use', hello, ['open', 1, open()], ['join', 1, join()]],
  ['an id that nobody has given', hello, ['credit', 7, 1]],
  ['options that are none', hello, ['open', 1, null]],
  ['a name that is none', hello, ['open', 1, open({ name: 1 })]],
  ['an empty name', hello, ['open', 1, open({ name: '' })]],
  ['a name that is too long', hello, ['open', 1, open({ name: 'x'.repeat(1025) })]],
  ['no names', hello, ['open', 1, open({ reads: [] })]],
  ['too many names', hello, ['open', 1, open({ reads: Array.from({ length: 1025 }, String) })]],
  ['a position that is no integer', hello, ['open', 1, open({ from: 1.5 })]],
  ['a position beyond safe integers', hello, ['open', 1, open({ from: 2 ** 53 })]],
  ['a credit that is no number', hello, ['open', 1, open({ credit: NaN })]],
  ['a credit below 0', hello, ['open', 1, open({ credit: -1 })]],
  ['a credit of nothing', hello, ['open', 1, open()], ['credit', 1, 0]],
  ['credit for a sender', ...joined, ['credit', 1, 1]],
  ['messages of a receiver', hello, ['open', 1, open()], ['send', 1, 1, ['x']]],
  ['no messages', ...joined, ['send', 1, 1, []]],
  ['too many messages', ...joined, ['send', 1, 1, Array.from({ length: 257 }, String)]],
  ['null as a message', ...joined, ['send', 1, 1, [null]]],
  ['a number that was used', ...joined, ['send', 1, 1, ['x']], ['send', 1, 1, ['x']]],
  ['a number below 1', ...joined, ['send', 1, 0, ['x']]],
  [
    'more without an answer than the window',
    ...joined,
    ...Array.from({ length: 5 }, (_, i) => ['send', 1, 256 * i + 1, Array.from({ length: 256 }, String)]),
  ],
  ['a message that is too deep', ...joined, ['send', 1, 1, [deep(101)]]],
  ['a key of prototypes', ...joined, ['send', 1, 1, [JSON.parse('{"a":[{"__proto__":{"admin":true}}]}')]]],
  ['a token that is too deep', ['hello', { version: 1, session: 's', token: deep(101) }]],
  ['ids of messages that are none', ...joined, ['send', 1, 1, ['x'], [{ id: 5 }]]],
  ['more said of messages than there are', ...joined, ['send', 1, 1, ['x'], [null, null]]],
  ['numbers that do not add up', hello, ['join', 1, join({ next: 5, sent: 3 })]],
];

/** A dispatcher that takes 4 messages, and answers no more then. */
function setup(): ReturnType<typeof serve> {
  const dispatcher = createDispatcher<object>(serialize(), { bound: 4 });
  dispatcher.receiver('desk');
  dispatcher.receiver('full');
  return serve(dispatcher);
}

describe('law 63: every frame is checked, and a bad one ends its own line', () => {
  test.each(BAD)('%s', async (_title, ...frames) => {
    const server = setup();
    const good = rawClient((line) => server.accept(line)).hello({ session: 'good' });
    const bad = rawClient((line) => server.accept(line));
    const fill = frames.map((frame) =>
      Array.isArray(frame) && frame[0] === 'join'
        ? ['join', frame[1] as number, { ...(frame[2] as object), to: ['full'] }]
        : frame,
    );
    bad.say(...fill);
    await settle();
    const [end] = bad.of('end').slice(-1);
    expect(end).toEqual([
      'end',
      0,
      { name: 'ProtocolError', code: 'RCD120', message: expect.stringMatching(/: .+/) as unknown },
    ]);
    expect(bad.closed?.reason).toMatchObject({ code: 'RCD120' });

    good.say(['open', 1, open()], ['ping']);
    await settle();
    expect(good.closed).toBeUndefined();
    expect(good.of('joined')).toHaveLength(1);
    expect(good.of('pong')).toHaveLength(1);
    expect(server.stats()).toMatchObject({ lines: 1, bad: 1 });
    server.close();
  });

  test('another version ends the line with both versions; the client does not try again', async () => {
    const server = setup();
    const client = rawClient((line) => server.accept(line)).hello({ version: 2 });
    await settle();
    expect(client.of('end')).toEqual([
      ['end', 0, expect.objectContaining({ code: 'RCD121', message: expect.stringMatching(/2.*1/) as unknown })],
    ]);
    server.close();

    let dialled = 0;
    const connection = connect(() => {
      dialled++;
      const [mine, theirs] = lineInMemory();
      theirs.onframe = () => theirs.post(['welcome', { version: 7, id: 'x', log: false, clock: 0, window: 1 }]);
      return mine;
    });
    const states: unknown[] = [];
    connection.state$.subscribe(({ state, reason }) =>
      states.push([state, (reason as { code?: string } | undefined)?.code]),
    );
    const receiver = connection.receiver('ui');
    const failed = new Promise((resolve) => receiver.subscribe({ error: resolve }));
    await settle(5);
    expect(states).toEqual([
      ['connecting', undefined],
      ['closed', 'RCD121'],
    ]);
    expect(await failed).toMatchObject({ code: 'RCD121', here: 1, there: 7 });
    expect(dialled).toBe(1);
  });

  test('a client checks the frames of a server, too', async () => {
    const welcome = ['welcome', { version: 1, id: 'x', log: true, clock: 0, window: 8 }];
    const joinedFrame = ['joined', 1, { from: 0, unique: true, strict: true }];
    const bad: readonly (readonly unknown[])[] = [
      [['items', 1, [], [], 0, 0]],
      [welcome, welcome],
      [welcome, ['items', 1, ['a'], [], 1, 1]],
      [welcome, joinedFrame, ['items', 1, ['a', 'b'], [2, 1], 2, 2]],
      [welcome, joinedFrame, ['items', 1, ['a'], [2], 1, 1]],
      [welcome, joinedFrame, ['items', 1, [null], [1], 1, 1]],
      [welcome, ['joined', 2, { last: 1, known: true }]],
      [welcome, joinedFrame, ['items', 1, ['a'], [1.5], 2, 2]],
      [
        welcome,
        joinedFrame,
        ['items', 1, Array.from({ length: 9 }, String), Array.from({ length: 9 }, (_, i) => i + 1), 9, 9],
      ],
      [welcome, joinedFrame, ['items', 1, ['a'], [1], 1, 1], ['items', 1, ['a'], [1], 1, 1]],
      [welcome, ['acks', 1, 1, [1]]],
      [welcome, ['joined', 1, { last: 0, known: true }]],
      [welcome, ['end', 1, { name: 1, message: 'x' }]],
      [welcome, 'nonsense'],
    ];
    for (const frames of bad) {
      let server!: Line;
      const reasons: unknown[] = [];
      const connection = connect(
        () => {
          const [mine, theirs] = lineInMemory();
          server = theirs;
          return mine;
        },
        { retry: 10_000 },
      );
      connection.state$.subscribe(({ reason }) => reasons.push(reason));
      connection.receiver('ui');
      connection.sender('web', 'ui');
      for (const frame of frames) server.post(frame);
      await settle();
      expect(reasons.at(-1), JSON.stringify(frames.at(-1))).toMatchObject({ code: 'RCD120' });
      connection.close();
    }
  });
});

describe('law 63: authorize is asked before anything is done', () => {
  test('for each receiver and each sender, with all their names and the token', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const asked: AuthorizeRequest[] = [];
    const server = serve(dispatcher, {
      authorize: (request) => {
        asked.push(request);
        return request.kind === 'open' ? request.addressedTo !== ALL : request.token === 'secret';
      },
    });
    const dial = (): Line => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    };
    const connection = connect<string>(dial, { token: 'wrong' });
    const errors: unknown[] = [];
    connection
      .receiver('some', { addressedTo: ['a', 'b'] })
      .subscribe({ error: (error: unknown) => errors.push(error) });
    connection.receiver('all', { addressedTo: ALL }).subscribe({ error: (error: unknown) => errors.push(error) });
    const sender = connection.sender('web', ['a', 'b']);
    await expect(sender.send('x')).rejects.toMatchObject({ code: 'RCD124', kind: 'sender', refused: 'web' });
    expect(errors).toMatchObject([{ code: 'RCD124', kind: 'receiver', refused: 'all' }]);
    expect(asked).toEqual([
      { kind: 'open', name: 'some', addressedTo: ['a', 'b'], token: 'wrong' },
      { kind: 'open', name: 'all', addressedTo: ALL, token: 'wrong' },
      { kind: 'join', name: 'web', to: ['a', 'b'], token: 'wrong' },
    ]);
    expect(dispatcher.clock).toBe(0);
    expect(dispatcher.stats().receivers).toHaveLength(1);

    const other = connect<string>(dial, { token: () => 'secret' });
    expect(await other.sender('web', 'a').send('x')).toBe(1);
    connection.close();
    other.close();
    server.close();
  });

  test.each<[string, () => boolean | Promise<boolean>]>([
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['rejects', () => Promise.reject(new Error('no'))],
    ['answers with something else', () => 'yes' as unknown as boolean],
    ['answers later with something else', () => Promise.resolve('yes' as unknown as boolean)],
  ])('what %s has refused', async (_title, authorize) => {
    const dispatcher = createDispatcher<string>(serialize());
    const server = serve(dispatcher, { authorize });
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['open', 1, open()], ['join', 2, join()]);
    await settle();
    expect(client.of('end').map(([, id, error]) => [id, (error as { code: string }).code])).toEqual([
      [1, 'RCD124'],
      [2, 'RCD124'],
    ]);
    expect(dispatcher.stats().receivers).toEqual([]);
    server.close();
  });

  test('what is said while it decides counts, and decisions take effect in order', async () => {
    const dispatcher = createDispatcher<string>(serialize());
    const answers: ((allowed: boolean) => void)[] = [];
    const server = serve(dispatcher, { authorize: () => new Promise((resolve) => answers.push(resolve)) });
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(
      ['open', 1, open({ credit: 0 })],
      ['credit', 1, 2],
      ['open', 2, open({ name: 'log', reads: ['log'] })],
      ['join', 3, join()],
      ['close', 2],
    );
    await settle();
    answers[2]!(true);
    answers[1]!(true);
    await settle();
    expect(client.of('joined')).toEqual([]);
    answers[0]!(true);
    await settle();
    expect(client.of('joined').map(([, id]) => id)).toEqual([1, 3]);
    expect(dispatcher.stats().receivers.map(({ name }) => name)).toEqual(['ui']);
    client.say(['send', 3, 1, ['a', 'b', 'c']]);
    await settle();
    expect(client.of('items').flatMap((frame) => frame[2])).toEqual(['a', 'b']);
    server.close();
  });

  test('who joins again by the key of a sender must be that sender', async () => {
    const dispatcher = await openDispatcher<string>(memoryLog());
    const server = serve(dispatcher);
    for (const [i, other] of [join({ to: ['public'] }), join({ name: 'other' })].entries()) {
      const session = `s${i}`;
      const key = `k${i}`;
      const before = rawClient((line) => server.accept(line)).hello({ session });
      before.say(['join', 1, join({ to: ['secret'], key })], ['send', 1, 1, ['x']]);
      await settle(5);
      const again = rawClient((line) => server.accept(line)).hello({ session });
      again.say(['join', 1, { ...other, key, sent: 1 }], ['send', 1, 2, ['y']]);
      await settle(5);
      expect(again.of('end')).toEqual([['end', 0, expect.objectContaining({ code: 'RCD120' })]]);
    }
    expect(dispatcher.clock, 'what was stored').toBe(2);
    server.close();
  });

  test('senders of a dispatcher that takes stamped messages are refused', async () => {
    const server = serve(createDispatcher<string>(watermark()));
    const client = rawClient((line) => server.accept(line)).hello();
    client.say(['join', 1, join()]);
    await settle();
    expect(client.of('end')).toMatchObject([
      ['end', 1, { code: 'RCD124', message: expect.stringContaining('watermark') as unknown }],
    ]);
    server.close();
  });
});

describe('law 63: a fuzz of frames', () => {
  const word = fc.constantFrom(
    'hello',
    'open',
    'join',
    'send',
    'credit',
    'close',
    'ping',
    'pong',
    'items',
    'welcome',
    '*',
    '',
  );
  const scalar = fc.oneof(
    word,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.string(),
  );
  const key = fc.constantFrom(
    'name',
    'reads',
    'from',
    'of',
    'credit',
    'orNow',
    'to',
    'key',
    'next',
    'sent',
    'since',
    'version',
    'session',
    '__proto__',
    'constructor',
  );
  const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
    anything: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      scalar,
      fc.array(tie('anything'), { maxLength: 6 }),
      fc.array(fc.tuple(key, tie('anything')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  }));
  /** A frame that is well, or nearly. */
  const likely = fc.oneof(
    fc.tuple(
      fc.constant('open'),
      fc.nat(9),
      fc.record({
        name: fc.constant('ui'),
        reads: fc.constant(['ui']),
        from: fc.constantFrom(null, 0, 1),
        of: fc.constant(null),
        credit: fc.nat(9),
        orNow: fc.boolean(),
      }),
    ),
    fc.tuple(
      fc.constant('join'),
      fc.nat(9),
      fc.record({
        name: fc.constant('w'),
        to: fc.constantFrom(['desk'], '*', ['nobody']),
        key: word,
        next: fc.nat(3),
        sent: fc.nat(3),
        since: fc.constant(null),
      }),
    ),
    fc.tuple(fc.constant('send'), fc.nat(9), fc.nat(5), fc.array(anything, { maxLength: 4 })),
    fc.tuple(fc.constantFrom('credit', 'close'), fc.nat(9), fc.nat(9)),
    fc.tuple(fc.constantFrom('close'), fc.nat(9)),
    fc.constantFrom(['ping'], ['pong']),
  );
  /** A likely frame with one part replaced. */
  const mutated = fc.tuple(likely, fc.nat(5), anything).map(([frame, at, part]) => {
    const copy: unknown[] = [...frame];
    if (at < 4) copy[at] = part;
    else if (typeof copy[2] === 'object' && copy[2] !== null)
      copy[2] = { ...copy[2], [at === 4 ? 'name' : 'credit']: part };
    return copy;
  });
  const frames = fc.array(fc.oneof(likely, mutated, anything), { minLength: 1, maxLength: 60, size: 'max' });

  test('100,000 frames: the server lives, memory stays, and each line that is ended is told why', async () => {
    const dispatcher = createDispatcher<object>(serialize(), { bound: 16, overflow: 'drop-oldest' });
    dispatcher.broadcaster('own');
    dispatcher.receiver('desk').subscribe();
    const server = serve(dispatcher, { linger: 1, sessions: 4 });
    let count = 0;
    let closed = 0;
    let lines = 0;
    let before = 0;
    const samples = fc.sample(frames, { numRuns: 3600, seed: 63 });
    for (const sample of samples) {
      const client = rawClient((line) => server.accept(line)).hello({ session: `s${lines++ % 50}` });
      for (const frame of sample) {
        if (client.closed !== undefined) break;
        client.say(frame);
        count++;
      }
      await Promise.resolve();
      await settle(1);
      if (client.closed !== undefined) {
        closed++;
        expect(client.of('end').at(-1)).toEqual(['end', 0, expect.objectContaining({ code: 'RCD120' })]);
      }
      client.line.close();
      // By then everything that is kept once is there.
      if (lines === 900) before = heapUsed();
    }
    await settle(10);
    const left = heapUsed() - before;
    // Used here, the samples are in memory both times.
    expect(lines).toBe(samples.length);
    expect(left, 'bytes that 2,700 lines have left').toBeLessThan(2_000_000);
    expect(count).toBeGreaterThan(100_000);
    expect(closed).toBeGreaterThan(1000);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
    const { lines: open, sessions, bad } = server.stats();
    expect([open, bad]).toEqual([0, closed]);
    expect(sessions).toBeLessThanOrEqual(4);

    // It still serves.
    const connection = connect<object>(() => {
      const [client, end] = lineInMemory();
      server.accept(end);
      return client;
    });
    expect(await connection.sender('web', 'desk').send({ fine: true })).toBe(dispatcher.clock);
    connection.close();
    server.close();
  });
});
