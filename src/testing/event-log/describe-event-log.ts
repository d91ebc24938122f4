import { InvalidArgumentError } from '../../errors/inputs.js';
import type { EventLog } from '../../log/event-log.js';
import { isUsable } from '../../options/guards.js';
import { describeAppend } from './append.js';
import { describeCheckpoints } from './checkpoints.js';
import { describeLife } from './life.js';
import { describeReading } from './reading.js';
import type { LogUnderTest, Runner, TestWithLog } from './runner.js';

/**
 * Declares the tests that every event log has to pass: the laws of the port, as far as one process can tell.
 *
 *     describeEventLog('my log', () => openMyLog(newFolder()), { describe, test });
 *
 * `open` gives a new log each time. With `reopen`, which opens again a log that was closed, what has to outlive the
 * process is tested, too. The runner is passed in, so that any will do: a failure is an error that a test rejects with.
 */
export function describeEventLog(
  name: string,
  open: LogUnderTest['open'],
  runner: Runner & Pick<LogUnderTest, 'reopen'>,
): void {
  const { describe, test, reopen } = checked(name, open, runner);
  const withLog: TestWithLog = (title, body) => {
    test(title, async () => {
      const log: EventLog = await open();
      try {
        await body(log);
      } finally {
        await log.close();
      }
    });
  };
  describe(`${name} is an event log`, () => {
    describeAppend(withLog);
    describeReading(withLog);
    describeCheckpoints(withLog);
    describeLife(withLog, { open, reopen }, test);
  });
}

/** The runner, where everything that was given can be used. */
function checked<R extends Runner & Pick<LogUnderTest, 'reopen'>>(name: unknown, open: unknown, runner: R): R {
  const wrong = (parameter: string, given: unknown, expected: string): never => {
    throw new InvalidArgumentError('describeEventLog', parameter, given, expected);
  };
  if (typeof name !== 'string' || name === '') wrong('name', name, 'a string that is not empty');
  if (typeof open !== 'function') wrong('open', open, 'a function that opens a new log');
  if (!isUsable(runner)) wrong('runner', runner, 'a test runner: an object with describe and test');
  const { describe, test, reopen } = Object(runner) as Partial<R>;
  if (typeof describe !== 'function' || typeof test !== 'function') {
    wrong('runner', runner, 'a test runner: an object with describe and test');
  }
  if (reopen !== undefined && typeof reopen !== 'function')
    wrong('reopen', reopen, 'a function that opens a log again');
  return { describe, test, reopen } as R;
}
