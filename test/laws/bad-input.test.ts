import { concat, EMPTY, NEVER, of, throwError, type Observable } from 'rxjs';
import {
  ALL,
  clockedDispatch,
  createDispatcher,
  sequence,
  serialize,
  source,
  watermark,
  type Mode,
} from 'rxjs-clocked-dispatch';
import * as errors from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { rejection } from '../support/async.js';
import { FORWARDING, forwardingOf, MODE, MODES } from '../support/dispatchers.js';
import { receiversOf } from '../support/operator.js';
import { data, errorOf, pullAll, stamped, watch } from '../support/receivers.js';

const serializing = () => createDispatcher<string>(serialize());
const watermarked = () => createDispatcher<string>(watermark());

/** What a call throws. */
function thrownBy(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

describe('names', () => {
  test.for([
    ['a receiver', (d) => d.receiver('taken'), 'receiver'],
    ['the receiver of a channel', (d) => d.channel('new', 'taken'), 'receiver'],
    ['the sender of a channel', (d) => d.channel('sender', 'new'), 'sender'],
    ['a sender', (d) => d.sender('sender', 'taken'), 'sender'],
    ['a broadcaster', (d) => d.broadcaster('sender'), 'sender'],
    ['a clone', (d) => d.broadcaster('b').clone('sender'), 'sender'],
    ['a sender that becomes a broadcaster', (d) => d.broadcaster('b').toBroadcaster('sender'), 'sender'],
  ] as [string, (dispatcher: ReturnType<typeof serializing>) => unknown, 'sender' | 'receiver'][])(
    'a name that is taken: %s',
    ([, clash, kind]) => {
      const dispatcher = serializing();
      const [sender, receiver] = dispatcher.channel('sender', 'taken');
      const before = dispatcher.stats();

      const error = thrownBy(() => clash(dispatcher));

      const duplicate = kind === 'sender' ? 'sender' : 'taken';
      expect(error).toMatchObject({ name: 'DuplicateNameError', kind, duplicate });
      expect(error.message).toContain(`'${duplicate}'`);
      expect(dispatcher.stats().receivers).toEqual(before.receivers);
      expect(sender.trySend('a')).toEqual({ ok: true, ts: 1 });
      expect(pullAll(receiver)).toEqual([['a', 1]]);
    },
  );

  test('a name may be used again once its owner has left', () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('sender', 'receiver');
    sender.complete();
    expect(receiver.closed).toBe(true);

    const [again, reborn] = dispatcher.channel('sender', 'receiver');
    again.next('a');

    expect(pullAll(reborn)).toEqual([['a', 1]]);
    expect(pullAll(receiver)).toEqual([]);
  });

  test('a receiver that nobody bears is named, and so are those that exist', () => {
    const dispatcher = serializing();
    dispatcher.receiver('orders');
    dispatcher.receiver('alerts');

    for (const to of ['order', ['orders', 'order']]) {
      const error = thrownBy(() => dispatcher.sender('web', to));
      expect(error).toMatchObject({ name: 'UnknownReceiverError', sender: 'web', receiver: 'order' });
      expect(error).toMatchObject({ existing: ['orders', 'alerts'] });
      expect(error.message).toMatch(/'web'.*'order'.*'orders'.*'alerts'/);
    }
    expect(thrownBy(() => serializing().sender('web', 'order')).message).toMatch(/'web'.*'order'.*none/);
    expect(dispatcher.stats().sources).toEqual([]);
  });

  test('in the operator it is an error of the result', () => {
    const duplicate = of(source('a', NEVER, { to: 'r' }), source('a', NEVER, { to: 'r' }));
    const unknown = of(source('a', NEVER, { to: 'q' as 'r' }));

    for (const [sources, name] of [
      [duplicate, 'DuplicateNameError'],
      [unknown, 'UnknownReceiverError'],
    ] as const) {
      const { end } = receiversOf(sources.pipe(clockedDispatch(serialize(), { receivers: ['r'] })));
      expect(end()).toMatchObject({ error: { name } });
    }
    const twice = of(source('a', of('a'), { to: 'r' })).pipe(clockedDispatch(serialize(), { receivers: ['r', 'r'] }));
    expect(receiversOf(twice).end()).toMatchObject({ error: { name: 'DuplicateNameError' } });
  });
});

describe('routes', () => {
  const broken = new Error('no route');

  test.for([
    [
      'throws',
      () => {
        throw broken;
      },
      { message: 'no route' },
    ],
    ['returns nothing', () => undefined, { name: 'InvalidRouteError', sender: 's', returned: undefined }],
    ['returns a number', () => 7, { name: 'InvalidRouteError', returned: 7 }],
    ['returns a list with a hole', () => [undefined], { name: 'InvalidRouteError' }],
    ['names nobody', () => 'nobody', { name: 'UnknownReceiverError', receiver: 'nobody', existing: ['r'] }],
  ] as [string, () => never, object][])('a router that %s', async ([, route, expected]) => {
    const dispatcher = serializing();
    const receiver = dispatcher.receiver('r');
    const sender = dispatcher.sender('s', (value: string) => (value === 'bad' ? route() : 'r'));

    expect(thrownBy(() => sender.trySend('bad'))).toMatchObject(expected);
    expect(await rejection(sender.send('bad'))).toMatchObject(expected);
    expect(dispatcher.clock).toBe(0);
    expect(sender.trySend('good')).toEqual({ ok: true, ts: 1 });
    expect(pullAll(receiver)).toEqual([['good', 1]]);
  });

  test.for([
    [
      'throws',
      () => {
        throw broken;
      },
      broken,
    ],
    ['returns nothing', () => undefined, expect.objectContaining({ name: 'InvalidRouteError' })],
  ] as [string, () => never, unknown][])(
    'in the operator, a router that %s is an error of its source',
    ([, route, error]) => {
      const { watched, end } = receiversOf(
        of(
          source('bad', of('b1', 'b2', 'b3'), { to: (value: string) => (value === 'b2' ? route() : ('r' as const)) }),
          source('good', of('g1', 'g2'), { to: ALL }),
        ).pipe(clockedDispatch(serialize(), { receivers: ['r', 'other'] })),
      );

      expect(watched.r?.seen).toEqual([['b1', 1], { error }]);
      expect(end()).toBe('|');
    },
  );

  test('a route to one who has left is no mistake', () => {
    const dispatcher = serializing();
    const [, leaving] = dispatcher.channel('x', 'leaving');
    const receiver = dispatcher.receiver('r');
    const sender = dispatcher.sender('s', (value: string) => (value === 'old' ? 'leaving' : ['leaving', 'r']));
    leaving.close();

    expect(sender.trySend('old')).toEqual({ ok: false, reason: 'no-receiver' });
    expect(sender.trySend('both')).toEqual({ ok: true, ts: 2 });
    expect(data(pullAll(receiver))).toEqual(['both']);
  });

  test('one who is named twice gets one message', () => {
    const dispatcher = serializing();
    const receiver = dispatcher.receiver('r');
    dispatcher.sender('s', ['r', 'r']).next('a');
    dispatcher.sender('t', () => ['r', 'r'] as const).next('b');

    expect(pullAll(receiver)).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });

  test('a list of nobody is told, and still counts', () => {
    const dispatcher = serializing();
    const receiver = dispatcher.receiver('r');
    expect(dispatcher.sender('s', []).trySend('a')).toEqual({ ok: false, reason: 'no-receiver' });
    expect(pullAll(receiver)).toEqual([[null, 1]]);
  });
});

describe('null', () => {
  test('is refused by senders: next and trySend throw, send rejects', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const watched = watch(receiver);

    for (const call of [() => sender.next(null as never), () => sender.trySend(null as never)]) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ name: 'NullValueError', sender: 's' });
      expect(error.message).toMatch(/'s'.*null/);
    }
    expect(await rejection(sender.send(null as never))).toMatchObject({ name: 'NullValueError' });
    sender.next('a');

    expect(watched.seen).toEqual([['a', 1]]);
  });

  test('in the operator it is an error of its source', () => {
    const { watched } = receiversOf(
      of(source('bad', of('b1', null as never, 'b3'), { to: 'r' }), source('good', of('g1'), { to: 'other' })).pipe(
        clockedDispatch(serialize(), { receivers: ['r', 'other'] }),
      ),
    );

    expect(data(watched.r?.seen ?? [])).toEqual(['b1']);
    expect(watched.r?.seen.at(-1)).toMatchObject({ error: { name: 'NullValueError', sender: 'bad' } });
    expect(data(watched.other?.seen ?? [])).toEqual(['g1']);
    expect(watched.other?.seen.at(-1)).toBe('|');
  });
});

describe.for(FORWARDING)('timestamps (%s)', (mode) => {
  const BAD = [NaN, 1.5, 2 ** 53, Infinity, -Infinity, '5', undefined, null, 3n] as unknown[];

  test.for(BAD.map((ts) => [String(ts), ts] as const))('%s is refused', async ([shown, ts]) => {
    const dispatcher = forwardingOf(mode);
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const watched = watch(receiver);

    for (const value of ['v', null]) {
      for (const call of [() => sender.next([value, ts as number]), () => sender.tryForward(value, ts as number)]) {
        const error = thrownBy(call);
        expect(error).toMatchObject({ name: 'InvalidTimestampError', sender: 's', ts });
        expect(error.message).toContain("'s'");
        expect(error.message).toContain(shown);
      }
      expect(await rejection(sender.forward(value, ts as number))).toMatchObject({ name: 'InvalidTimestampError', ts });
    }
    expect(dispatcher.clock).toBe(mode === 'watermark' ? -Infinity : 0);
    sender.next(['good', 1]);

    expect(watched.seen).toEqual([['good', 1]]);
  });

  test('0 and negative ones are timestamps', () => {
    const [sender, receiver] = forwardingOf(mode, { seed: -3 }).channel('s', 'r');

    for (const ts of [-2, -1, 0, 1]) expect(sender.tryForward(`v${ts}`, ts)).toEqual({ ok: true });

    expect(pullAll(receiver)).toEqual([-2, -1, 0, 1].map((ts) => [`v${ts}`, ts]));
  });

  test('what is no tuple is refused', () => {
    const [sender, receiver] = forwardingOf(mode).channel('s', 'r');
    const watched = watch(receiver);

    for (const given of ['v', 7, undefined, null, { 0: 'v', 1: 1 }]) {
      const error = thrownBy(() => sender.next(given as never));
      expect(error).toMatchObject({ name: 'InvalidMessageError', sender: 's', given });
      expect(error.message).toContain("'s'");
    }
    for (const given of [[], ['v']]) expect(thrownBy(() => sender.next(given as never)).message).toContain("'s'");
    sender.next(['good', 1]);

    expect(watched.seen).toEqual([['good', 1]]);
  });

  test('in the operator a bad timestamp is an error of its source', () => {
    const bad = stamped(['b1', 1], ['b?', NaN], ['b3', 3]);
    const good = concat(stamped(['g2', 2]), NEVER);
    const { watched, stop } = receiversOf(
      of(source('bad', bad, { to: 'r' }), source('good', good, { to: 'other' })).pipe(
        clockedDispatch(MODE[mode], { receivers: ['r', 'other'] }),
      ),
    );

    expect(data(watched.r?.seen ?? [])).toEqual(['b1']);
    expect(watched.r?.seen.at(-1)).toMatchObject({ error: { name: 'InvalidTimestampError', sender: 'bad', ts: NaN } });
    expect(data(watched.other?.seen ?? [])).toEqual(['g2']);
    stop();
  });

  test('the greatest safe integer is a timestamp', () => {
    const seed = Number.MAX_SAFE_INTEGER - 1;
    const [sender, receiver] = forwardingOf(mode, { seed }).channel('s', 'r');

    expect(sender.tryForward('last', seed + 1)).toEqual({ ok: true });
    expect(pullAll(receiver)).toEqual([['last', Number.MAX_SAFE_INTEGER]]);
  });
});

describe('options', () => {
  const bad: [option: string, value: unknown, make: (value: never) => unknown][] = [
    ...[-1, 1.5, NaN, -Infinity, '8'].flatMap((value): typeof bad => [
      ['bound', value, (bound) => createDispatcher(serialize(), { bound })],
      ['maxWaiting', value, (maxWaiting) => createDispatcher(serialize(), { maxWaiting })],
      ['maxHeld', value, (maxHeld) => createDispatcher(watermark(), { maxHeld })],
      ['window', value, (window) => createDispatcher(sequence({ window }))],
    ]),
    ...[1.5, NaN, -Infinity, Infinity, 2 ** 53, '8'].flatMap((value): typeof bad => [
      ['seed', value, (seed) => createDispatcher(serialize({ seed }))],
      ['seed', value, (seed) => createDispatcher(watermark({ seed }))],
      ['seed', value, (seed) => createDispatcher(sequence({ seed }))],
    ]),
    ['seed', 'first', (seed) => createDispatcher(watermark({ seed }))],
    ['window', 0, (window) => createDispatcher(sequence({ window }))],
    ['overflow', 'wait', (overflow) => createDispatcher(serialize(), { overflow })],
    ['late', 'later', (late) => createDispatcher(watermark({ late }))],
    ['gap', 'skip', (gap) => createDispatcher(sequence({ gap }))],
    ['gap.skipAfter', NaN, (skipAfter) => createDispatcher(sequence({ gap: { skipAfter } }))],
    ['gap.skipAfter', -1, (skipAfter) => createDispatcher(sequence({ gap: { skipAfter } }))],
    ['idleAfter', -5, (idleAfter) => createDispatcher(watermark({ idleAfter }))],
    ['frontier', 'sender', (frontier) => createDispatcher(watermark({ frontier }))],
    ['sourceError', 'ignore', (sourceError) => createDispatcher(serialize(), { sourceError })],
    ['ticks', 'never', (ticks) => createDispatcher(serialize(), { ticks })],
  ];

  test.for(bad)('%s: %o', ([option, value, make]) => {
    const error = thrownBy(() => make(value as never));

    expect(error).toMatchObject({ name: 'InvalidOptionError', option, value });
    expect(error.message).toContain(`'${option}'`);
    expect(error.message).toContain(typeof value === 'string' ? `'${value}'` : String(value));
  });

  test.for([
    ['late', () => createDispatcher(serialize({ late: 'drop' } as object))],
    ['window', () => createDispatcher(watermark({ window: 8 } as object))],
    ['idleAfter', () => createDispatcher(sequence({ idleAfter: 8 } as object))],
    ['seed', () => createDispatcher(serialize(), { seed: 8 } as object)],
    ['receivers', () => createDispatcher(serialize(), { receivers: ['r'] } as object)],
    ['boundd', () => createDispatcher(serialize(), { boundd: 8 } as object)],
  ] as [string, () => unknown][])('an unknown or misplaced one is named: %s', ([option, make]) => {
    const error = thrownBy(make);

    expect(error).toMatchObject({ name: 'UnknownOptionError', option });
    expect(error.message).toContain(`'${option}'`);
  });

  test.for(['serialize', { mode: 'serialize', bound: 8 }, { name: 'forward' }, {}, null, undefined, 7])(
    'what is no mode is refused with an example of one: %o',
    (given) => {
      const error = thrownBy(() => createDispatcher(given as never));

      expect(error).toMatchObject({ name: 'InvalidModeError', given });
      expect(error.message).toContain('serialize()');
    },
  );

  test('those of a receiver and of a source', () => {
    const dispatcher = watermarked();
    for (const bound of [-1, 0.5, NaN]) {
      expect(thrownBy(() => dispatcher.receiver('r', { bound }))).toMatchObject({ option: 'bound', value: bound });
    }
    expect(thrownBy(() => dispatcher.receiver('r', { overflow: 'x' as 'error' }))).toMatchObject({
      option: 'overflow',
    });
    dispatcher.receiver('r');
    for (const disorder of [-1, 0.5, NaN, Infinity]) {
      const error = thrownBy(() => dispatcher.sender('s', 'r', { disorder }));
      expect(error).toMatchObject({ option: 'disorder', value: disorder });
    }

    expect(dispatcher.stats().receivers.map(({ name }) => name)).toEqual(['r']);
    expect(dispatcher.stats().sources).toEqual([]);
    dispatcher.sender('s', 'r');
  });

  test('in the operator they are an error of the result', () => {
    const dispatched = of(source('a', of('a'), { to: 'r' })).pipe(
      clockedDispatch(serialize(), { receivers: ['r'], bound: -1 }),
    );
    expect(receiversOf(dispatched).end()).toMatchObject({ error: { name: 'InvalidOptionError', option: 'bound' } });
  });
});

describe('late and repeated messages', () => {
  test('a late one is told with both values', async () => {
    const [sender, receiver] = watermarked().channel('s', 'r');
    sender.next(['a', 10]);

    const error = (await rejection(sender.forward('late', 4))) as Error;

    expect(error).toMatchObject({ name: 'LateMessageError', sender: 's', ts: 4, clock: 10 });
    expect(error.message).toMatch(/'s'.*4.*10/);
    expect(pullAll(receiver)).toEqual([['a', 10]]);
  });

  test('a repeated one too', async () => {
    const [sender, receiver] = createDispatcher<string>(sequence()).channel('s', 'r');
    for (const ts of [1, 2, 3]) sender.next([`v${ts}`, ts]);

    const error = (await rejection(sender.forward('again', 2))) as Error;

    expect(error).toMatchObject({ name: 'DuplicateMessageError', sender: 's', ts: 2, clock: 3 });
    expect(error.message).toMatch(/'s'.*2.*3/);
    expect(data(pullAll(receiver))).toEqual(['v1', 'v2', 'v3']);
  });

  test('below the seed is late, or a repetition, from the first message on', () => {
    for (const [mode, reason] of [
      ['watermark', 'late'],
      ['sequence', 'duplicate'],
    ] as const) {
      const [sender] = forwardingOf(mode, { seed: 100 }).channel('s', 'r');
      expect(sender.tryForward('old', 99)).toEqual({ ok: false, reason });
      expect(sender.tryForward('old', 100)).toEqual({ ok: false, reason });
      expect(sender.tryForward('new', 101)).toEqual({ ok: true });
    }
  });
});

describe('after the end', () => {
  test('a sender that has left: next is ignored and counted, trySend answers, send rejects', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    const [other, open] = dispatcher.channel('other', 'open');
    sender.complete();

    sender.next('ignored');
    sender.complete();
    sender.error(new Error('ignored'));
    expect(sender.trySend('no')).toEqual({ ok: false, reason: 'closed' });
    const error = (await rejection(sender.send('no'))) as Error;
    expect(error).toMatchObject({ name: 'ClosedError', kind: 'sender', closed: 's' });
    expect(error.message).toContain("'s'");

    expect(dispatcher.stats().refused).toBe(3);
    expect(watch(receiver).seen).toEqual(['|']);
    other.next('fine');
    expect(pullAll(open)).toEqual([['fine', 1]]);
  });

  test.for(FORWARDING)('a forwarder that has left (%s)', async (mode) => {
    const [sender, receiver] = forwardingOf(mode).channel('s', 'r');
    sender.complete();

    sender.next(['ignored', 1]);
    for (const value of ['v', null]) expect(sender.tryForward(value, 1)).toEqual({ ok: false, reason: 'closed' });
    expect(await rejection(sender.forward('v', 1))).toMatchObject({ name: 'ClosedError', closed: 's' });

    expect(watch(receiver).seen).toEqual(['|']);
  });

  test('a dispatcher that is closed takes nobody in', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    dispatcher.close();

    for (const call of [
      () => dispatcher.receiver('new'),
      () => dispatcher.sender('new', ALL),
      () => dispatcher.broadcaster('new'),
      () => dispatcher.channel('new', 'newer'),
      () => sender.clone('new'),
    ]) {
      const error = thrownBy(call);
      expect(error).toMatchObject({ name: 'ClosedError', kind: 'dispatcher' });
      expect(error.message).toContain('closed');
    }
    expect(sender.trySend('no')).toEqual({ ok: false, reason: 'closed' });
    expect(await rejection(sender.send('no'))).toMatchObject({ name: 'ClosedError' });
    expect(watch(receiver).seen).toEqual(['|']);
  });

  test('a receiver that was closed by its consumer', async () => {
    const dispatcher = serializing();
    const [sender, receiver] = dispatcher.channel('s', 'r');
    receiver.close();

    expect(sender.trySend('no')).toEqual({ ok: false, reason: 'no-receiver' });
    const error = (await rejection(sender.send('no'))) as Error;
    expect(error).toMatchObject({ name: 'NoReceiverError', sender: 's', receivers: ['r'] });
    expect(error.message).toMatch(/'s'.*'r'/);
    expect(await receiver.receive()).toBeUndefined();
  });
});

describe('nothing and nobody', () => {
  test('a source that errors at once', () => {
    const failure = new Error('at once');
    const { watched, end } = receiversOf(
      of(
        source(
          'bad',
          throwError(() => failure),
          { to: 'r' },
        ),
        source('good', of('g'), { to: 'other' }),
      ).pipe(clockedDispatch(serialize(), { receivers: ['r', 'other'] })),
    );

    expect(watched.r?.seen).toEqual([{ error: failure }]);
    expect(watched.other?.seen).toEqual([['g', 1], '|']);
    expect(end()).toBe('|');
  });

  test.for(MODES)('zero sources: the receivers just complete (%s)', (mode) => {
    const { watched, end } = receiversOf(
      EMPTY.pipe(clockedDispatch(MODE[mode] as Mode<'serialize'>, { receivers: ['r', 'q'] })),
    );

    expect([watched.r?.seen, watched.q?.seen, end()]).toEqual([['|'], ['|'], '|']);
  });

  test('zero receivers in the operator', () => {
    const none = of(source('a', of('a'), { to: ALL })).pipe(clockedDispatch(serialize(), { receivers: [] }));

    expect(receiversOf(none).end()).toMatchObject({ error: { name: 'InvalidOptionError', option: 'receivers' } });
  });

  test('zero receivers: a broadcast is told that it reached nobody, and nothing waits', async () => {
    const dispatcher = serializing();
    const everybody = dispatcher.broadcaster('all');

    expect(everybody.trySend('a')).toEqual({ ok: false, reason: 'no-receiver' });
    expect(await rejection(everybody.send('b'))).toMatchObject({
      name: 'NoReceiverError',
      sender: 'all',
      receivers: [],
    });
    everybody.next('c');
    const receiver = dispatcher.receiver('r');
    everybody.next('d');

    expect(data(pullAll(receiver))).toEqual(['d']);
    expect(dispatcher.clock).toBe(4);
  });

  test('an input that is none is an error of its source', () => {
    const { watched } = receiversOf(
      of(source('bad', 7 as unknown as Observable<string>, { to: 'r' }), source('good', of('g'), { to: 'other' })).pipe(
        clockedDispatch(serialize(), { receivers: ['r', 'other'] }),
      ),
    );

    expect(watched.r?.seen.at(-1)).toMatchObject({ error: { name: 'InvalidSourceError', source: 'bad', given: 7 } });
    expect(watched.other?.seen.at(-1)).toBe('|');
  });
});

test('every error class is a ClockedDispatchError, named after itself', () => {
  const classes = Object.entries(errors).filter(([name]) => name.endsWith('Error'));

  expect(classes.map(([name]) => name).sort()).toEqual(
    [
      'AheadMessageError',
      'ClockBehindError',
      'ClockExhaustedError',
      'ClockNotReachedError',
      'ClockedDispatchError',
      'ClosedError',
      'DuplicateMessageError',
      'DuplicateNameError',
      'GapError',
      'InvalidArgumentError',
      'InvalidMessageError',
      'InvalidModeError',
      'InvalidNameError',
      'InvalidOptionError',
      'InvalidRouteError',
      'InvalidSourceError',
      'InvalidTimestampError',
      'LateMessageError',
      'NoClockError',
      'NoReceiverError',
      'NullValueError',
      'OverflowError',
      'TooManyHeldError',
      'TooManyWaitingError',
      'UnknownOptionError',
      'UnknownReceiverError',
      'WindowError',
    ].sort(),
  );
  for (const [name, Class] of classes) {
    const error = new (Class as new (...args: unknown[]) => Error)('x', [], []);
    expect(error.name).toBe(name);
    expect(error).toBeInstanceOf(errors.ClockedDispatchError);
  }
});

test('an error at the source of a receiver leaves a forwarder of another dispatcher with that error', () => {
  const upper = serializing();
  const lower = watermarked();
  const [top, upstream] = upper.channel('top', 'upstream');
  const [below, receiver] = lower.channel('below', 'r');
  upstream.subscribe(below);
  const watched = watch(receiver);
  const failure = new Error('above');

  top.next('a');
  top.error(failure);

  expect(watched.items).toEqual([['a', 1]]);
  expect(errorOf(watched)).toBe(failure);
});
