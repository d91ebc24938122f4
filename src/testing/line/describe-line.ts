import { InvalidArgumentError } from '../../errors/inputs.js';
import { isUsable } from '../../options/guards.js';
import type { Line } from '../../port/line.js';
import type { Runner } from '../event-log/runner.js';
import { describeClosing } from './closing.js';
import { describeFrames } from './frames.js';
import type { TestWithLine } from './recorder.js';

/** Both ends of a line. */
export type LineEnds = readonly [one: Line, other: Line];

/**
 * Declares the tests that every line has to pass: frames arrive whole and in order, or the line is closed.
 *
 *     describeLine('my line', () => openMyLine(), { describe, test });
 *
 * `open` gives both ends of a new line each time; each is tested as the one that speaks. They are closed afterwards. The
 * runner is passed in, so that any will do: a failure is an error that a test rejects with.
 *
 * Throws `InvalidArgumentError` for arguments of the wrong kind.
 */
export function describeLine(name: string, open: () => LineEnds | PromiseLike<LineEnds>, runner: Runner): void {
  const { describe, test } = checked(name, open, runner);
  const inDirection =
    (turn: (ends: LineEnds) => LineEnds): TestWithLine =>
    (title, body) =>
      test(title, async () => {
        const [speaker, listener] = turn(await open());
        try {
          await body(speaker, listener);
        } finally {
          speaker.close();
          listener.close();
        }
      });
  const directions: readonly (readonly [title: string, turn: (ends: LineEnds) => LineEnds])[] = [
    ['the first speaks', (ends) => ends],
    ['the second speaks', ([one, other]) => [other, one]],
  ];
  for (const [title, turn] of directions) {
    describe(`${name} is a line: ${title}`, () => {
      const withLine = inDirection(turn);
      describeFrames(withLine);
      describeClosing(withLine);
    });
  }
}

/** The runner, where everything that was given can be used. */
function checked(name: unknown, open: unknown, runner: Runner): Runner {
  const wrong = (parameter: string, given: unknown, expected: string): never => {
    throw new InvalidArgumentError('describeLine', parameter, given, expected);
  };
  if (typeof name !== 'string' || name === '') wrong('name', name, 'a string that is not empty');
  if (typeof open !== 'function') wrong('open', open, 'a function that opens a new line');
  const { describe, test } = (isUsable(runner) ? Object(runner) : {}) as Partial<Runner>;
  if (typeof describe === 'function' && typeof test === 'function') return { describe, test };
  return wrong('runner', runner, 'a test runner: an object with describe and test');
}
