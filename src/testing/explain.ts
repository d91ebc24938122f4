import type { ObservableNotification } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';
import { draw, type Row } from './draw.js';
import { isClocked, Names, see } from './names.js';

/** An assertion of a test framework that two things are deeply equal. */
export type AssertDeepEqual = (actual: unknown, expected: unknown) => void;

/**
 * Wraps a deep equality assertion, so that a marble test that fails shows both streams as rows, the first difference,
 * and in the framework's own diff each notification with its virtual time, timestamp and value.
 *
 *     new TestScheduler(explain((actual, expected) => expect(actual).toStrictEqual(expected)));   // vitest, jest
 *     new TestScheduler(explain(assert.deepStrictEqual));                                          // node:assert
 *     configure({ assertDeepEqual: explain(...), frameworkMatcher: true, run: true });             // rxjs-marbles
 *
 * A failure then begins with
 *
 *     expected b4 at 3 ms, got _4 at 3 ms
 *     expected  a1 - - b4 |
 *     actual    a1 - - _4 |
 *
 * Everything else that such an assertion is given, subscription logs for example, is compared as it is.
 */
export function explain(assertDeepEqual: AssertDeepEqual): AssertDeepEqual {
  if (typeof assertDeepEqual !== 'function') {
    throw new InvalidArgumentError('explain', 'assertDeepEqual', assertDeepEqual, 'a function');
  }
  return (actual, expected) => {
    if (!isRun(actual) || !isRun(expected)) return assertDeepEqual(actual, expected);
    try {
      assertDeepEqual(actual.map(line), expected.map(line));
    } catch (failure) {
      if (failure instanceof Error) addToMessage(failure, difference(actual, expected));
      throw failure;
    }
  };
}

/** What a TestScheduler records of a notification. */
interface Recorded {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

function isRun(recorded: unknown): recorded is readonly Recorded[] {
  return Array.isArray(recorded) && recorded.every(isRecorded);
}

function isRecorded(entry: unknown): entry is Recorded {
  return typeof entry === 'object' && entry !== null && 'notification' in entry && 'frame' in entry;
}

/** What the framework compares: nothing is lost, and its diff can be read. */
function line({ frame, notification }: Recorded): unknown[] {
  switch (notification.kind) {
    case 'C':
      return [`${frame}ms complete`];
    case 'E':
      return [`${frame}ms error`, notification.error];
    case 'N': {
      const { value } = notification;
      if (!isClocked(value)) return [`${frame}ms next`, value];
      return value[0] === null ? [`${frame}ms tick at ${value[1]}`] : [`${frame}ms value at ${value[1]}`, value[0]];
    }
  }
}

function difference(actual: readonly Recorded[], expected: readonly Recorded[]): string {
  const names = new Names();
  const row = (label: string, run: readonly Recorded[]): Row => ({
    label,
    marks: run.map(({ frame, notification }, turn) => {
      // What is equal is seldom the same object here.
      return { frame, turn, token: names.token({ ...see(notification), identity: undefined }) };
    }),
  });
  const rows = [row('expected', expected), row('actual', actual)] as const;
  const [wanted, got] = rows.map(({ marks }) => marks.map(({ frame, token }) => `${token} at ${frame} ms`)) as [
    string[],
    string[],
  ];
  const length = Math.max(wanted.length, got.length);
  const first = Array.from({ length }, (_, i) => [wanted[i], got[i]] as const).find(([a, b]) => a !== b);
  const [missing = 'nothing more', instead = 'nothing more'] = first ?? [];
  const summary = first === undefined ? [] : [`expected ${missing}, got ${instead}`];
  return [...summary, draw(rows, 'time', names.legend)].join('\n');
}

/** Some frameworks show the message, others the stack, which repeats it. */
function addToMessage(failure: Error, text: string): void {
  const { message, stack } = failure;
  failure.message = `${text}\n\n${message}`;
  if (stack !== undefined) failure.stack = stack.replace(message, () => failure.message);
}
