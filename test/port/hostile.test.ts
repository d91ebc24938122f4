import type { AddressInfo } from 'node:net';
import type { ClockedReceiver } from 'rxjs-clocked-dispatch';
import { type DurableDispatcher, type EventLog, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { serve, type ServeOptions, type Server, socketLine } from 'rxjs-clocked-dispatch/port';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { RawClient } from './raw-client.js';

/** What docs/security.md says of the line: what somebody may try who writes frames by hand, and what becomes of it. */

const OPEN = { name: 'board', reads: ['board'], from: 0, of: null, credit: 100, orNow: false };
const JOIN = { name: 'till', to: ['board'], key: 'a key', next: 1, sent: 0, since: null };

let log: EventLog;
let dispatcher: DurableDispatcher<unknown>;
let server: Server;
let sockets: WebSocketServer;
let url: string;
let watching: ClockedReceiver<unknown>;
const seen: unknown[] = [];

/** Serves the dispatcher anew, with these options. */
async function serving(options: ServeOptions = {}): Promise<void> {
  server = serve(dispatcher, options);
  sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  sockets.on('connection', (socket) =>
    server.accept(socketLine(socket, { maxFrame: 100_000, maxBuffered: 2_000_000 })),
  );
  await new Promise((resolve) => sockets.once('listening', resolve));
  url = `ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`;
}

beforeEach(async () => {
  log = memoryLog();
  dispatcher = await openDispatcher(log);
  watching = dispatcher.receiver('watching', { addressedTo: ['board'] });
  seen.length = 0;
  watching.subscribe(([value]) => {
    if (value !== null) seen.push(value);
  });
});
afterEach(async () => {
  server.close();
  for (const socket of sockets.clients) socket.terminate();
  sockets.close();
  await dispatcher.close();
});

/** Everybody else goes on: a message of somebody honest arrives. */
async function othersGoOn(): Promise<void> {
  const honest = await RawClient.open(url, { session: 'honest' });
  honest.say(['open', 1, { ...OPEN, from: null }], ['join', 2, { ...JOIN, key: 'honest' }]);
  honest.say(['send', 2, 1, ['hello']]);
  expect((await honest.answer('items'))[2]).toEqual(['hello']);
  honest.close();
}

describe('somebody who writes frames by hand', () => {
  test.each<[string, unknown, string]>([
    ['nonsense', '{{{', 'not JSON'],
    ['no list', { open: 1 }, 'it is no list'],
    ['a kind that there is not', ['drop table'], "no 'drop table'"],
    ['a frame of the server', ['items', 1, ['forged'], [1], 1, 1], "no 'items'"],
    ['too many parts', ['ping', 1, 2, 3], 'parts'],
    ['an id that is none', ['close', '1'], 'the id'],
    ['a credit below one', ['credit', 1, -5], 'the credit'],
    ['more than a frame may have', ['send', 1, 1, Array.from({ length: 257 }, () => 1)], '256 are allowed'],
    ['a name without an end', ['open', 1, { ...OPEN, name: 'x'.repeat(2000) }], '1024 are allowed'],
    [
      'names without an end',
      ['open', 1, { ...OPEN, reads: Array.from({ length: 2000 }, () => 'x') }],
      '1024 are allowed',
    ],
    ['a frame that is too long', ['send', 1, 1, ['x'.repeat(200_000)]], '100000 are allowed'],
    ['hello again', ['hello', { version: 1, session: 'another' }], "'hello' twice"],
    ['a message of nobody', ['send', 7, 1, ['forged']], 'neither a receiver nor a sender'],
    ['null as a message', ['send', 1, 1, [null]], 'null is no message'],
  ])('who says %s is shown the door, with a reason, and harms nobody', async (_title, frame, reason) => {
    await serving();
    const somebody = await RawClient.open(url, {});
    somebody.say(frame);

    expect(await somebody.closed()).toContain(reason);
    await othersGoOn();
    expect(seen).toEqual(['hello']);
  });

  test.each<[string, unknown]>([
    ['nothing of hello', ['open', 1, OPEN]],
    ['another version', ['hello', { version: 99, session: 'a' }]],
    ['a session that is none', ['hello', { version: 1, session: 7 }]],
  ])('who begins with %s gets nothing', async (_title, frame) => {
    await serving();
    const somebody = await RawClient.open(url);
    somebody.say(frame);
    await somebody.closed();

    expect(somebody.frames.filter(([kind]) => kind !== 'end')).toEqual([]);
  });

  test.each<[string, string]>([
    ['deeper than any stack', `${'['.repeat(20_000)}1${']'.repeat(20_000)}`],
    ['with a key of prototypes', '{"a":{"__proto__":{"admin":true}}}'],
  ])('a value %s is refused, and not stored', async (_title, value) => {
    await serving();
    const somebody = await RawClient.open(url, {});
    somebody.say(['join', 1, JOIN], `["send",1,1,[${value}]]`);

    expect(await somebody.closed()).toContain('a message');
    expect(log.last).toBe(0);
    await othersGoOn();
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  test('keys that objects inherit are values like any other', async () => {
    await serving();
    const somebody = await RawClient.open(url, {});
    const value = { constructor: 1, toString: 2, hasOwnProperty: 3 };
    somebody.say(['join', 1, { ...JOIN, key: 'constructor' }], ['send', 1, 1, [value]]);

    expect(await somebody.answer('acks')).toEqual(['acks', 1, 1, [1]]);
    expect(seen).toEqual([value]);
  });
});

describe('somebody who asks for what is not theirs', () => {
  test('is asked about before anything is done, and told no more than that', async () => {
    const authorize = vi.fn(({ token, kind, name }: { token?: unknown; kind: string; name: string }) => {
      if (token === 'throws') throw new Error('the reason is a secret');
      return token === 'right' && kind === 'open' && name === 'board';
    });
    await dispatcher.sender('owner', 'board').send('secret');
    await serving({ authorize });
    for (const token of [undefined, 'wrong', 'throws', 'right']) {
      const somebody = await RawClient.open(url, { token });
      somebody.say(['open', 1, OPEN], ['join', 2, JOIN]);
      if (token === 'right') expect((await somebody.answer('items'))[2]).toEqual(['secret']);
      await somebody.answer('end');
      if (token === 'wrong') somebody.say(['send', 2, 1, ['forged']]);
      const text = JSON.stringify(somebody.frames);
      expect(text).toContain('RCD124');
      expect(text.includes('"secret"')).toBe(token === 'right');
      expect(text).not.toContain('the reason is a secret');
      somebody.close();
    }
    expect(authorize).toHaveBeenCalledWith({ kind: 'open', name: 'board', addressedTo: ['board'], token: 'right' });
    expect(authorize).toHaveBeenCalledWith({ kind: 'join', name: 'till', to: ['board'], token: 'right' });
    expect(log.last).toBe(1);
  });

  test('asks by a name that is allowed for all names: authorize is told whose they are', async () => {
    const authorize = vi.fn(() => false);
    await serving({ authorize });
    const somebody = await RawClient.open(url, {});
    somebody.say(['open', 1, { ...OPEN, reads: '*' }], ['open', 2, { ...OPEN, reads: ['board', 'salaries'] }]);
    await somebody.answer('end');

    expect(
      authorize.mock.calls.map(([request]: unknown[]) => (request as { addressedTo: unknown }).addressedTo),
    ).toEqual([expect.any(Symbol), ['board', 'salaries']]);
    somebody.close();
  });
});

describe('somebody who wants more than there is', () => {
  test('sends more than may be without an answer: the line is closed', async () => {
    await serving({ window: 8 });
    const somebody = await RawClient.open(url, {});
    somebody.say(['join', 1, JOIN], ['send', 1, 1, Array.from({ length: 9 }, (_, i) => i)]);

    expect(await somebody.closed()).toContain('more than 8 messages');
    expect(log.last).toBe(0);
  });

  test('sends a number again: the line is closed, and nothing is stored twice', async () => {
    await serving();
    const somebody = await RawClient.open(url, {});
    somebody.say(['join', 1, JOIN], ['send', 1, 1, ['a']], ['send', 1, 1, ['again']]);

    expect(await somebody.closed()).toContain('message 1 of a sender, after 1');
    await othersGoOn();
    expect(seen).toEqual(['a', 'hello']);
  });

  test('opens and joins without an end: the line is closed', async () => {
    await serving({ channels: 10 });
    const somebody = await RawClient.open(url, {});
    for (let id = 1; id <= 20; id++) somebody.say(['open', id, { ...OPEN, from: null }]);

    expect(await somebody.closed()).toContain('more than 10');
    await othersGoOn();
    expect(dispatcher.stats().receivers.length).toBeLessThan(4);
  });

  test('asks, and takes it back before the answer, without an end: the line is closed', async () => {
    const authorize = vi.fn(() => new Promise<boolean>(() => undefined));
    await serving({ channels: 10, authorize });
    const somebody = await RawClient.open(url, {});
    for (let id = 1; id <= 100; id++) somebody.say(['open', id, { ...OPEN, from: null }], ['close', id]);

    expect(await somebody.closed()).toContain('more than 10');
    expect(authorize).toHaveBeenCalledTimes(10);
  });

  test('is another session each time: the oldest are forgotten', async () => {
    await serving({ sessions: 3 });
    for (let i = 0; i < 10; i++) {
      const somebody = await RawClient.open(url, { session: `session ${i}` });
      somebody.say(['join', 1, { ...JOIN, key: `${i}` }]);
      await somebody.answer('joined');
      somebody.close();
    }
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ lines: 0, sessions: 3, senders: 3 }));
  });

  test('asks for everything, as often as can be, and reads nothing: the line is closed, and what waits is let go', async () => {
    const sender = dispatcher.sender('filler', 'board');
    for (let i = 0; i < 200; i++) await sender.send('x'.repeat(50_000));
    await serving();
    const somebody = await RawClient.open(url, {});
    somebody.socket.pause();
    somebody.say(['open', 1, { ...OPEN, credit: Number.MAX_SAFE_INTEGER }]);
    for (let i = 0; i < 100; i++) somebody.say(['credit', 1, Number.MAX_SAFE_INTEGER]);
    await vi.waitFor(() => expect(server.stats()).toMatchObject({ accepted: 1, lines: 0 }));
    await othersGoOn();

    expect([...sockets.clients].filter(({ bufferedAmount }) => bufferedAmount > 0)).toEqual([]);
    somebody.close();
  });

  test('says nothing: the line is closed', async () => {
    await serving({ silence: 100 });
    const somebody = await RawClient.open(url, {});

    expect(await somebody.closed()).toContain('nothing was heard for 100 ms');
    expect(server.stats().lines).toBe(0);
  });

  test('connects, and does not even say hello: the line is closed', async () => {
    await serving({ silence: 100 });
    const somebody = await RawClient.open(url);

    expect(await somebody.closed()).toContain('nothing was heard for 100 ms');
  });
});
