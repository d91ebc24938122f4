import { MessageChannel } from 'node:worker_threads';
import { type Line, portLine } from 'rxjs-clocked-dispatch/port';
import { describeLine } from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { changedLine } from '../support/changed-line.js';

function ends(): [Line, Line] {
  const { port1, port2 } = new MessageChannel();
  return [portLine(port1), portLine(port2)];
}

/** The tests that fail, of all or of those with one title. */
async function failures(open: () => readonly [Line, Line], title?: string): Promise<string[]> {
  const tests: [string, () => Promise<void>][] = [];
  describeLine('a line', open, {
    describe: (_name, body) => body(),
    test: (name, body) => {
      if (title === undefined || name === title) tests.push([name, body]);
    },
  });
  expect(tests.length).toBeGreaterThan(0);
  const failed = new Set<string>();
  await Promise.all(tests.map(([name, body]) => body().catch(() => failed.add(name))));
  return [...failed];
}

describe('describeLine finds a line that', () => {
  test('is right: nothing', async () => {
    expect(await failures(ends)).toEqual([]);
  });

  test.each<[string, (line: Line) => Partial<Line>, string]>([
    [
      'swaps frames',
      (line) => {
        let kept: unknown;
        return {
          post(frame) {
            if (kept === undefined) kept = frame;
            else {
              line.post(frame);
              line.post(kept);
              kept = undefined;
            }
          },
        };
      },
      'frames arrive in order, each once',
    ],
    [
      'repeats frames',
      (line) => ({
        post(frame) {
          line.post(frame);
          if (Array.isArray(frame) && frame[0] === 7) line.post(frame);
        },
      }),
      'frames arrive in order, each once',
    ],
    ['changes frames', (line) => ({ post: (frame) => line.post(frame ?? {}) }), 'a frame arrives as it was'],
    [
      'throws',
      (line) => ({
        post(frame) {
          structuredClone(frame);
          line.post(frame);
        },
      }),
      'post never throws, whatever it is given, and what it can not send is not sent in parts',
    ],
    [
      'tells the end from inside close',
      (line) => ({
        close(reason) {
          line.onclose?.(reason);
          line.onclose = undefined;
          line.close(reason);
        },
      }),
      'who closes is told later, not from inside close',
    ],
    ['keeps no reason', (line) => ({ close: () => line.close() }), 'who closes is told its own reason'],
  ])('%s', async (_title, changes, found) => {
    const open = (): [Line, Line] => ends().map((line) => changedLine(line, changes(line))) as [Line, Line];
    expect(await failures(open, found)).toEqual([found]);
  });

  test('is given a runner, a way to open lines, and a name', () => {
    const right = { describe: () => {}, test: () => {} };
    const wrong = [
      ['', ends, right],
      ['a', undefined, right],
      ['a', ends, undefined],
      ['a', ends, { test: () => {} }],
    ];
    for (const given of wrong) {
      expect(() => (describeLine as (...args: unknown[]) => void)(...given)).toThrow(
        expect.objectContaining({ code: 'RCD004' }),
      );
    }
  });
});
