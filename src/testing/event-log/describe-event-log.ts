import type { EventLog } from '../../log/event-log.js';
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
  { describe, test, reopen }: Runner & Pick<LogUnderTest, 'reopen'>,
): void {
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
