import { readdirSync, readFileSync } from 'node:fs';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { connect, type Line, lineInMemory, serve } from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { readClientFrame } from '../../src/port/protocol/read-client-frame.js';
import { readServerFrame } from '../../src/port/protocol/read-server-frame.js';
import { settle } from '../port/support/settle.js';

interface Said {
  readonly by: 'client' | 'server';
  readonly frame: readonly unknown[];
}

const fixtures = readdirSync('test/compat').filter((file) => /^port-version-\d+\.json$/.test(file));
const read = (file: string): readonly Said[] => JSON.parse(readFileSync(`test/compat/${file}`, 'utf8')) as Said[];

/** The first of the lines that were recorded. */
function firstLine(said: readonly Said[]): readonly Said[] {
  const second = said.findIndex(({ frame }, i) => i > 0 && frame[0] === 'hello');
  return said.slice(0, second);
}

test('there is a fixture of this release, and it has every frame', () => {
  expect(fixtures).toContain('port-version-1.json');
  const kinds = new Set(read('port-version-1.json').map(({ by, frame }) => `${by} ${String(frame[0])}`));
  expect([...kinds].sort()).toEqual([
    'client close',
    'client credit',
    'client hello',
    'client join',
    'client open',
    'client ping',
    'client pong',
    'client send',
    'server acks',
    'server end',
    'server items',
    'server joined',
    'server ping',
    'server pong',
    'server refused',
    'server welcome',
  ]);
});

describe.each(fixtures)('%s, which a release has recorded', (file) => {
  test('can be read, and means the same', () => {
    for (const { by, frame } of read(file)) {
      expect(by === 'client' ? readClientFrame(frame) : readServerFrame(frame)).toEqual(frame);
    }
  });

  test('what came into the protocol later may be missing, and what is not known here is passed over', () => {
    for (const { by, frame } of read(file)) {
      const [kind, said] = frame as readonly [string, Readonly<Record<string, unknown>>];
      if (kind !== 'hello' && kind !== 'welcome') continue;
      const readFrame = by === 'client' ? readClientFrame : readServerFrame;
      expect(readFrame([kind, { ...said, maxFrame: 1000, later: true }])).toEqual([kind, { ...said, maxFrame: 1000 }]);
      for (const wrong of [0, -1, 1.5, '1000', null, {}]) {
        expect(() => readFrame([kind, { ...said, maxFrame: wrong }])).toThrow(
          expect.objectContaining({ code: 'RCD120' }),
        );
      }
    }
  });

  test('a server answers its client as it was answered then', async () => {
    const dispatcher = await openDispatcher<unknown>(memoryLog());
    const server = serve(dispatcher, { authorize: ({ name }) => name !== 'spy' });
    const [client, end] = lineInMemory();
    server.accept(end);
    const heard: (readonly unknown[])[] = [];
    client.onframe = (frame) => heard.push(frame as readonly unknown[]);
    const said = firstLine(read(file));
    for (const { by, frame } of said) {
      if (by === 'server') continue;
      client.post(frame);
      await settle(5);
    }
    const then = said.filter(({ by }) => by === 'server').map(({ frame }) => frame);
    const messages = (frames: readonly (readonly unknown[])[], id: number): unknown[] =>
      frames.filter((frame) => frame[0] === 'items' && frame[1] === id).flatMap((frame) => frame[2]);
    // The date that was refused then was a text when it was written down.
    for (const id of [1, 3]) expect(messages(heard, id).slice(0, 3)).toEqual(messages(then, id));
    const acks = (frames: readonly (readonly unknown[])[]): unknown[] => frames.filter(([kind]) => kind === 'acks');
    expect(acks(heard).slice(0, 2)).toEqual(acks(then).slice(0, 2));
    expect(heard.filter(([kind]) => kind === 'joined')).toEqual(then.filter(([kind]) => kind === 'joined'));
    server.close();
  });

  test('a client takes what its server has said', async () => {
    let server!: Line;
    const connection = connect<unknown>(
      () => {
        const [client, end] = lineInMemory();
        server = end;
        return client;
      },
      { window: 4 },
    );
    const seen: unknown[] = [];
    const failed: unknown[] = [];
    connection.receiver('ui', { from: 0 }).subscribe((item) => seen.push(item));
    connection.receiver('spy').subscribe({ error: (error: unknown) => failed.push(error) });
    connection.receiver('all', { from: 0, addressedTo: ['ui', 'log'] }).subscribe();
    const sender = connection.sender('web', ['ui', 'log']);
    const sent = ['a', 'b', 'c', 'd'].map((value) => sender.send(value).catch((error: unknown) => error));
    for (const { by, frame } of firstLine(read(file))) {
      if (by === 'server' && frame[1] !== 5) server.post(frame);
      await settle(1);
    }
    expect(await Promise.all(sent)).toEqual([1, 2, 3, expect.objectContaining({ remoteCode: 'RCD107' })]);
    expect(seen).toEqual([
      ['a', 1],
      [{ b: [1, null] }, 2],
      ['c', 3],
      [null, 4],
    ]);
    expect(failed).toMatchObject([{ code: 'RCD124', refused: 'spy' }]);
    connection.close();
  });
});
