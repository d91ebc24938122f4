import type { AddressInfo } from 'node:net';
import { type Line, socketLine } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket as WsSocket, WebSocketServer } from 'ws';
import { ended } from './ended.js';

let server: WebSocketServer;
let url: string;
beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

interface Sockets {
  readonly client: WsSocket;
  readonly accepted: WsSocket;
}

async function connected(): Promise<Sockets> {
  const socket = new Promise<WsSocket>((resolve) => server.once('connection', resolve));
  const client = new WsSocket(url);
  await new Promise((resolve) => client.once('open', resolve));
  return { client, accepted: await socket };
}

async function open(): Promise<[Line, Line]> {
  const { client, accepted } = await connected();
  return [socketLine(client), socketLine(accepted)];
}

describeLine('a WebSocket of ws', open, { describe, test });

describe('socketLine', () => {
  test('a socket may still be connecting: what is posted waits, and counts as buffered', async () => {
    const accepted = new Promise<WsSocket>((resolve) => server.once('connection', resolve));
    const one = socketLine(new WsSocket(url));
    one.post('early');
    one.post([1]);
    expect(one.buffered).toBe('"early"[1]'.length);
    const other = socketLine(await accepted);
    const frames: unknown[] = [];
    other.onframe = (frame) => frames.push(frame);

    await expect.poll(() => frames).toEqual(['early', [1]]);
    one.close();
  });

  test('one that is closed while it connects reports nothing but that', async () => {
    const line = socketLine(new WsSocket(url));
    line.post('never');
    line.close('changed my mind');

    expect(await ended(line)).toBe('changed my mind');
  });

  test('a server that is not there closes the line, with what is known', async () => {
    const line = socketLine(new WsSocket('ws://127.0.0.1:9'));
    const reason = await ended(line);

    expect(reason).toMatchObject({ code: 'RCD131', reason: expect.stringContaining('1006') as string });
    expect(String((reason as Error).cause)).toContain('ECONNREFUSED');
  });

  test('law 65: a connection that breaks closes the line, with a reason', async () => {
    const { client, accepted } = await connected();
    const line = socketLine(client);
    accepted.terminate();

    expect(await ended(line)).toMatchObject({ code: 'RCD131', reason: 'the connection was lost (1006)' });
  });

  test('one that was closed before it became a line says so', async () => {
    const { client, accepted } = await connected();
    accepted.terminate();
    await new Promise((resolve) => client.once('close', resolve));

    expect(await ended(socketLine(client))).toMatchObject({ code: 'RCD131' });
  });

  test('a reason arrives, as much of it as the protocol carries', async () => {
    for (const reason of ['out of coffee', 'é'.repeat(200)]) {
      const [one, other] = await open();
      one.close(new Error(reason));
      const { reason: told } = (await ended(other)) as { reason: string };
      expect(reason.startsWith(told)).toBe(true);
      expect(told.length).toBe(Math.min(reason.length, 61));
    }
  });

  test.each([
    ['$.due', { due: new Date(0) }, 'a Date'],
    ['$.lines[1].note', { lines: [{}, { note: undefined }] }, 'undefined'],
    ['$[0]', [NaN], 'NaN'],
    ['$', undefined, 'undefined'],
    ['$', new Map(), 'a Map'],
    ['$.n', { n: 1n }, 'the bigint 1'],
    ['$.bytes', { bytes: new Uint8Array(1) }, 'an Uint8Array'],
  ])('what JSON would change at %s is refused, and named', async (path, frame, found) => {
    const [one, other] = await open();
    expect(() => one.check!(frame)).toThrow(expect.objectContaining({ code: 'RCD130', path, found }));
    one.post(frame);

    expect(await ended(one)).toMatchObject({ code: 'RCD130', path, found });
    expect(await ended(other)).toMatchObject({ reason: expect.stringContaining(`${path} is ${found}`) as string });
  });

  describe('law 63: a bad frame ends its own line, with a reason that is sent', () => {
    test.each([
      ['no JSON', '{"a":', 'a frame that is not JSON'],
      ['bytes', Buffer.from('[]'), 'a frame that is not a text'],
      ['too long', JSON.stringify('x'.repeat(100)), 'a frame of 102 bytes; 100 are allowed (maxFrame)'],
      ['too many bytes', JSON.stringify('é'.repeat(50)), 'a frame of 102 bytes; 100 are allowed (maxFrame)'],
    ])('%s', async (_title, sent, reason) => {
      const { client, accepted } = await connected();
      const line = socketLine(accepted, { maxFrame: 100 });
      const frames: unknown[] = [];
      line.onframe = (frame) => frames.push(frame);
      const closed = new Promise<string>((resolve) => client.once('close', (_code, text) => resolve(text.toString())));
      client.send(sent);
      client.send('"behind"');
      const other = ended(socketLine(client));

      expect(await ended(line)).toBe(reason);
      expect(await other).toMatchObject({ code: 'RCD131', reason, frameTooLong: reason.includes('maxFrame') });
      expect(await closed).toBe(reason);
      expect(frames).toEqual([]);
    });

    test('a frame that has all the bytes that are allowed is taken', async () => {
      const { client, accepted } = await connected();
      const line = socketLine(accepted, { maxFrame: 100 });
      const arrived = new Promise((resolve) => (line.onframe = resolve));
      client.send(JSON.stringify('é'.repeat(49)));

      expect(await arrived).toBe('é'.repeat(49));
      line.close();
    });

    test('however deep it is nested', async () => {
      const { client, accepted } = await connected();
      const line = socketLine(accepted);
      const arrived = new Promise((resolve) => (line.onframe = resolve));
      client.send(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

      expect(Array.isArray(await arrived)).toBe(true);
      line.close();
    });
  });

  test.each(['x', 'é', '日', '😀', 'x😀', '\u{dc00}'])(
    'the size of a frame is that of its text as UTF-8: %s',
    async (text) => {
      const [line] = await open();
      const frame = ['send', { text: text.repeat(100) }];

      expect(line.size!(frame)).toBe(Buffer.byteLength(JSON.stringify(frame)));
      for (const length of [20_000, 20_001, 100_000]) {
        const long = text.repeat(length);
        expect(line.size!(long)).toBe(Buffer.byteLength(JSON.stringify(long)));
      }
      line.close();
    },
  );

  test('who measures a frame that can not be sent learns of it as it is posted', async () => {
    const [line] = await open();
    const frame = { due: new Date(0) };

    expect(line.size!(frame)).toBe(0);
    line.post(frame);
    expect(await ended(line)).toMatchObject({ code: 'RCD130', path: '$.due' });
  });

  test('what is posted is what it is then, whatever was measured before', async () => {
    const [one, other] = await open();
    const frames: unknown[] = [];
    other.onframe = (frame) => frames.push(frame);
    const measured = ['measured'];
    one.size!(measured);
    one.post(['another']);
    one.post(measured);
    measured.push('changed');
    one.post(measured);

    await expect.poll(() => frames).toEqual([['another'], ['measured'], ['measured', 'changed']]);
    one.close();
  });

  test('a peer that never reads is seen by what is buffered', async () => {
    const { client, accepted } = await connected();
    client.pause();
    const line = socketLine(accepted);
    for (let i = 0; i < 200; i++) line.post('x'.repeat(100_000));

    expect(line.buffered).toBeGreaterThan(1_000_000);
    client.terminate();
  });

  test('law 65: one that never reads is closed when too much waits for it, and what waits is let go', async () => {
    const { client, accepted } = await connected();
    client.pause();
    const line = socketLine(accepted, { maxBuffered: 1_000_000 });
    const end = ended(line);
    for (let i = 0; i < 200; i++) line.post('x'.repeat(100_000));

    expect(await end).toMatch(/^\d+ bytes wait to be sent; 1000000 are allowed \(maxBuffered\)$/);
    await expect.poll(() => accepted.readyState).toBe(3);
    client.terminate();
  });

  test('what is no socket, and options that are none, are refused', async () => {
    for (const wrong of [undefined, {}, 'ws://', { send() {}, close() {} }]) {
      expect(() => socketLine(wrong as never)).toThrow(expect.objectContaining({ code: 'RCD004' }));
    }
    const { client } = await connected();
    expect(() => socketLine(client, { maxFrame: 0 })).toThrow(expect.objectContaining({ code: 'RCD001' }));
    expect(() => socketLine(client, { max: 1 } as never)).toThrow(expect.objectContaining({ code: 'RCD002' }));
    client.terminate();
  });
});
