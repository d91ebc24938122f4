import { MessageChannel, Worker } from 'node:worker_threads';
import {
  acceptPorts,
  dialPort,
  type Line,
  portLine,
  type PortLike,
  type SharedScope,
} from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { ended } from './ended.js';

/** Both ends of a line that was dialled through these two ports. */
async function dialled(here: PortLike, there: PortLike): Promise<[Line, Line]> {
  const accepted = new Promise<Line>((resolve) => {
    const stop = acceptPorts(there, (line) => {
      stop();
      resolve(line);
    });
  });
  return [dialPort(here)(), await accepted];
}

describeLine(
  'a line by dialPort',
  async () => {
    const { port1, port2 } = new MessageChannel();
    const ends = await dialled(port1, port2);
    port1.close();
    return ends;
  },
  { describe, test },
);

describe('dialPort', () => {
  test('opens a line each time, also when one has broken', async () => {
    const { port1, port2 } = new MessageChannel();
    const accepted: Line[] = [];
    const stop = acceptPorts(port2, (line) => {
      line.onframe = (frame) => line.post(['answer', frame]);
      accepted.push(line);
    });
    const dial = dialPort(port1);
    for (const i of [1, 2, 3]) {
      const line = dial();
      const answer = new Promise((resolve) => (line.onframe = resolve));
      line.post(i);
      expect(await answer).toEqual(['answer', i]);
      line.close();
      await ended(accepted[i - 1]!);
    }
    stop();
    dial().post('nobody hears it');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(accepted.length).toBe(3);
    port1.close();
  });

  test('leaves other messages alone, and others leave it alone', async () => {
    const { port1, port2 } = new MessageChannel();
    const others: unknown[] = [];
    port2.on('message', (message) => others.push(message));
    const accepted = new Promise((resolve) => acceptPorts(port2, resolve));
    const none = [null, 'text', [], ['rxjs-clocked-dispatch', 'dial'], { a: 1 }];
    // Of somebody hostile: asks for a line, and brings no port.
    const forged = [5, null, {}].map((port) => ['rxjs-clocked-dispatch', 'dial', port]);
    for (const message of [...none, ...forged]) port1.postMessage(message);
    dialPort(port1)();
    await accepted;

    expect(others.length).toBe(9);
    port1.close();
  });

  test('law 65: a worker that has ended closes what was dialled to it', async () => {
    const script = `
      const { parentPort } = require('node:worker_threads');
      parentPort.on('message', ([, , port]) => port.on('message', () => process.exit(1)));`;
    const worker = new Worker(script, { eval: true });
    const line = dialPort(worker)();
    line.post('end');

    expect(await ended(line)).toMatchObject({ code: 'RCD131', reason: 'the port was closed' });
  });

  test('in a SharedWorker each page that connects is a line', async () => {
    const scope = Object.assign(new EventTarget(), { onconnect: null }) as SharedScope & EventTarget;
    const accepted: Line[] = [];
    const stop = acceptPorts(scope, (line) => accepted.push(line));
    const { port1, port2 } = new MessageChannel();
    const connect = (): unknown => scope.dispatchEvent(Object.assign(new Event('connect'), { ports: [port2] }));
    connect();
    const frame = new Promise((resolve) => (accepted[0]!.onframe = resolve));
    portLine(port1).post('hello');
    expect(await frame).toBe('hello');
    stop();
    connect();

    expect(accepted.length).toBe(1);
    accepted[0]!.close();
  });

  test('what is no port, and no function, is refused', () => {
    const wrong = expect.objectContaining({ code: 'RCD004' }) as Error;
    for (const port of [undefined, {}, 'port']) {
      expect(() => dialPort(port as never)).toThrow(wrong);
      expect(() => acceptPorts(port as never, () => {})).toThrow(wrong);
    }
    const { port1 } = new MessageChannel();
    expect(() => acceptPorts(port1, undefined as never)).toThrow(wrong);
  });
});
