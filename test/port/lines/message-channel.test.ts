import { MessageChannel as NodeChannel } from 'node:worker_threads';
import { type Line, portLine, type PortLike } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { ended } from './ended.js';

/** A port as browsers have it: without what only Node's have. */
function webPort(port: MessagePort): PortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => port.addEventListener(type, listener as EventListener),
    removeEventListener: (type, listener) => port.removeEventListener(type, listener as EventListener),
    start: () => port.start(),
    close: () => port.close(),
  };
}

function open(): [Line, Line] {
  const { port1, port2 } = new NodeChannel();
  return [portLine(port1), portLine(port2)];
}

describeLine('a port of node:worker_threads', open, { describe, test });
describeLine(
  'a port as browsers have it',
  () => {
    const { port1, port2 } = new MessageChannel();
    return [portLine(webPort(port1)), portLine(webPort(port2))];
  },
  { describe, test },
);

describe('portLine', () => {
  test('law 65: a port that was closed without a word closes the line, with a reason', async () => {
    const { port1, port2 } = new NodeChannel();
    const line = portLine(port1);
    port2.close();

    expect(await ended(line)).toMatchObject({ code: 'RCD131', reason: 'the port was closed' });
  });

  test('what the other side said as its reason is told', async () => {
    const [one, other] = open();
    one.close(new Error('out of coffee'));

    expect(await ended(other)).toMatchObject({ code: 'RCD131', reason: 'out of coffee' });
  });

  test('without a reason there is none', async () => {
    const [one, other] = open();
    one.close();

    expect(await ended(other)).toBeUndefined();
  });

  test('everything that can be cloned arrives, and nothing is shared', async () => {
    const [one, other] = open();
    const frame = { at: new Date(0), ids: new Set([1n]), bytes: new Uint8Array([1]) };
    const arrived = new Promise((resolve) => (other.onframe = resolve));
    one.post(frame);
    frame.bytes[0] = 2;

    expect(await arrived).toEqual({ at: new Date(0), ids: new Set([1n]), bytes: new Uint8Array([1]) });
    one.close();
  });

  test('what can not be cloned closes the line, with a reason', async () => {
    const [one, other] = open();
    one.post(['send', () => {}]);

    expect(await ended(one)).toMatchObject({ code: 'RCD130', path: '$' });
    expect(String(await ended(other))).toContain('could not be cloned');
  });

  test('check says before what would be refused, and only that', () => {
    const [one] = open();
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const right = [1, 'a', undefined, null, 1n, new Date(), new Map([[{}, []]]), { a: [{}] }, cyclic, /a/, NaN];
    for (const value of right) expect(() => one.check!(value)).not.toThrow();
    const wrong = [
      () => {},
      Symbol('a'),
      { a: [() => {}] },
      new Map([[1, () => {}]]),
      new WeakMap(),
      Promise.resolve(),
    ];
    for (const value of wrong) expect(() => one.check!(value)).toThrow('which would not arrive as it is');
    one.close();
  });

  test('messages that are not of the line are left alone', async () => {
    const { port1, port2 } = new NodeChannel();
    const line = portLine(port1);
    const frames: unknown[] = [];
    line.onframe = (frame) => frames.push(frame);
    const others = [
      null,
      'text',
      [],
      ['rxjs-clocked-dispatch'],
      ['rxjs-clocked-dispatch', 'no such kind', 1],
      { a: 1 },
    ];
    for (const message of others) port2.postMessage(message);
    portLine(port2).post('frame');
    await expect.poll(() => frames).toEqual(['frame']);
    line.close();
  });

  test('what is no port is refused', () => {
    const window = { postMessage() {}, addEventListener() {}, document: {} };
    for (const wrong of [undefined, null, {}, { postMessage() {} }, window, 'port']) {
      expect(() => portLine(wrong as never)).toThrow(expect.objectContaining({ code: 'RCD004' }));
    }
  });
});
