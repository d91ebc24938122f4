import { EventEmitter } from 'node:events';
import { createDispatcher, serialize } from 'rxjs-clocked-dispatch';
import { connect, type Line, lineInMemory, serve, transportLine } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test, vi } from 'vitest';
import { ended } from './ended.js';

/** One end of a pipe: what is written here arrives at the other, a turn later. */
class Pipe extends EventEmitter {
  other!: Pipe;
  write(data: unknown): void {
    const text = JSON.stringify(data);
    setImmediate(() => this.other.emit('data', JSON.parse(text)));
  }
  end(reason?: unknown): void {
    setImmediate(() => this.other.emit('close', reason));
  }
}

function pipes(): [Pipe, Pipe] {
  const [one, other] = [new Pipe(), new Pipe()];
  one.other = other;
  other.other = one;
  return [one, other];
}

function lineOver(pipe: Pipe): Line {
  return transportLine(({ frame, closed }) => {
    pipe.on('data', frame).on('close', closed);
    return { post: (frame) => pipe.write(frame), close: (reason) => pipe.end(reason), buffered: () => 7 };
  });
}

describeLine('transportLine(…)', () => pipes().map(lineOver) as [Line, Line], { describe, test });

describe('transportLine', () => {
  test('a post that throws closes the line, on both sides', async () => {
    const [one, other] = pipes().map(lineOver) as [Line, Line];
    one.post(1n);

    const reason = await ended(one);
    expect(reason).toBeInstanceOf(TypeError);
    expect(await ended(other)).toBe(reason);
  });

  test('the transport is closed once, not where the other side was first, and asked for nothing afterwards', async () => {
    const transport = { post: vi.fn(), close: vi.fn() };
    let gone!: (reason?: unknown) => void;
    const line = transportLine(({ closed }) => {
      gone = closed;
      return transport;
    });
    gone('lost');
    gone('again');
    line.close();
    line.post('too late');

    expect(await ended(line)).toBe('lost');
    expect([transport.post.mock.calls, transport.close.mock.calls]).toEqual([[], []]);
    const [one] = pipes().map(lineOver) as [Line, Line];
    expect(one.buffered).toBe(7);
    expect(line.buffered).toBe(0);
  });

  test('a close that throws is reported, and holds up nobody who closes lines', async () => {
    const uncaught: unknown[] = [];
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', (error) => uncaught.push(error));
    const bad = (line: Line): Line =>
      transportLine(({ frame, closed }) => {
        line.onframe = frame;
        line.onclose = closed;
        return {
          post: (posted) => line.post(posted),
          close: () => {
            throw new Error('close');
          },
        };
      });
    const server = serve(createDispatcher<string>(serialize()));
    const connections = [0, 1].map(() => {
      const [client, end] = lineInMemory();
      server.accept(bad(end));
      return connect<string>(() => bad(client));
    });
    const sent = connections[0]!
      .sender('web', 'ui')
      .send('x')
      .catch((error: unknown) => error);
    for (const connection of connections) connection.close();
    server.close();

    expect(await sent).toMatchObject({ code: expect.stringMatching(/^RCD/) as unknown });
    expect(server.stats()).toMatchObject({ lines: 0, accepted: 2 });
    await new Promise((resolve) => setTimeout(resolve, 5));
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
    expect(uncaught).toEqual(Array.from({ length: 4 }, () => new Error('close')));
  });

  test('what is no function is refused', () => {
    expect(() => transportLine({} as never)).toThrow(expect.objectContaining({ code: 'RCD004' }));
  });
});
