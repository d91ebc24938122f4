import { EventEmitter } from 'node:events';
import { type Line, transportLine } from 'rxjs-clocked-dispatch/port';
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

  test('what is no function is refused', () => {
    expect(() => transportLine({} as never)).toThrow(expect.objectContaining({ code: 'RCD004' }));
  });
});
