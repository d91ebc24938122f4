import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projection, whenClock } from 'rxjs-clocked-dispatch';
import { connect, type Connection, socketLine } from 'rxjs-clocked-dispatch/port';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { apply, type Message, NAMES, type Orders } from '../../examples/live/messages.js';

const MAIN = ['--import', 'tsx', 'examples/live/main.ts'];
let folder: string;
let child: ChildProcess;
let url: string;
const connections: Connection<Message>[] = [];

/** Starts the server, and resolves when it says where it is. */
async function start(port = 0): Promise<void> {
  child = spawn(process.execPath, [...MAIN, '--port', `${port}`, '--log', join(folder, 'log')]);
  let said = '';
  child.stderr!.on('data', (data: Buffer) => (said += data.toString()));
  url = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (data: Buffer) => {
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec((said += data.toString()))?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) => reject(new Error(`it has ended with ${code}: ${said}`)));
  });
}

async function end(signal: NodeJS.Signals): Promise<number | null> {
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill(signal);
  return child.exitCode ?? code;
}

function open(): Connection<Message> {
  const connection = connect<Message>(() => socketLine(new WebSocket(url.replace('http', 'ws'))), {
    retry: 10,
    maxRetry: 100,
  });
  connections.push(connection);
  return connection;
}

function ordersOf(connection: Connection<Message>) {
  const receiver = connection.receiver('page', { from: 0, addressedTo: NAMES });
  return projection<Message, Orders>(receiver, { initial: [], apply });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clocked-live-'));
  await start();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the live example', { timeout: 60_000 }, () => {
  test('killed and started again while orders are sent: none is lost, none comes twice, both pages agree', async () => {
    const port = Number(new URL(url).port);
    const [desk, kitchen] = [open(), open()];
    const [atTheDesk, inTheKitchen] = [ordersOf(desk), ordersOf(kitchen)];
    for (const view of [atTheDesk, inTheKitchen]) view.connect();
    const sender = desk.sender('desk', 'kitchen');

    const sent: Promise<number>[] = [];
    for (let life = 0; life < 3; life++) {
      const send = (from: number): void => {
        for (let i = 0; i < 100; i++)
          sent.push(sender.send({ kind: 'ordered', id: `${life}.${from + i}`, what: 'tea' }));
      };
      send(0);
      await sent[sent.length - 50];
      const killed = end('SIGKILL');
      send(100);
      await killed;
      send(200);
      await start(port);
    }
    const positions = await Promise.all(sent);
    await whenClock(Math.max(...positions), [atTheDesk, inTheKitchen]);

    expect(positions).toEqual(Array.from({ length: 900 }, (_, i) => i + 1));
    expect(inTheKitchen.value.map(({ ts }) => ts)).toEqual(positions);
    expect(new Set(inTheKitchen.value.map(({ id }) => id)).size).toBe(900);
    expect(atTheDesk.value).toEqual(inTheKitchen.value);
  });

  test('the kitchen answers, and who comes later sees all of it', async () => {
    const desk = open();
    await desk.sender('desk', 'kitchen').send({ kind: 'ordered', id: 'a', what: 'tea' });
    const ts = await open().sender('kitchen', 'desk').send({ kind: 'ready', id: 'a' });
    const later = ordersOf(open());
    later.connect();
    await whenClock(ts, later);

    expect(later.value).toEqual([{ id: 'a', what: 'tea', ts: 1, ready: true }]);
  });

  test('pages are served, others are not found, and sockets from other sites are refused', async () => {
    for (const page of ['', 'desk.html', 'kitchen.html', 'desk.js', 'kitchen.js', 'style.css']) {
      const response = await fetch(`${url}${page}`);
      expect([page, response.status]).toEqual([page, 200]);
      expect((await response.text()).length).toBeGreaterThan(500);
    }
    expect((await fetch(`${url}../package.json`)).status).toBe(404);
    const stranger = new WebSocket(url.replace('http', 'ws'), { origin: 'https://example.org' });
    await expect(new Promise((resolve) => stranger.once('error', resolve))).resolves.toMatchObject({
      message: 'socket hang up',
    });
  });

  test('Ctrl+C ends it in order', async () => {
    const sender = open().sender('desk', 'kitchen');
    await sender.send({ kind: 'ordered', id: 'a', what: 'tea' });

    expect(await end('SIGINT')).toBe(0);
  });

  test('options are explained, and checked', () => {
    const help = spawnSync(process.execPath, [...MAIN, '--help'], { encoding: 'utf8' });
    expect(help.stdout).toContain('Usage: npm run example:live');
    const wrong = spawnSync(process.execPath, [...MAIN, '--port', '70000'], { encoding: 'utf8' });
    expect([wrong.status, wrong.stderr]).toEqual([1, expect.stringContaining('--port is 70000')]);
  });
});
