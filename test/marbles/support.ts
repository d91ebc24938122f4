import { configure } from 'rxjs-marbles';
import type { ObservableNotification } from 'rxjs';
import { expect } from 'vitest';

/**
 * Wraps a marble test, as `marbles` of rxjs-marbles does, with failures that read as a diff of lines such as
 * `['3ms next', value]`.
 *
 * An endless source needs an unsubscription marble (`expect(result, '^---!')`): virtual time never ends by itself.
 */
export const { marbles } = configure({
  assert: (holds, message) => {
    expect(holds, message).toBe(true);
  },
  assertDeepEqual: (actual, expected) => {
    expect(readable(actual)).toStrictEqual(readable(expected));
  },
  frameworkMatcher: true,
  run: true,
});

/** What the TestScheduler records of each notification. */
interface Recorded {
  readonly frame: number;
  readonly notification: ObservableNotification<unknown>;
}

/** Subscription logs, which are compared with the same function, stay as they are. */
function readable(recorded: unknown): unknown {
  return Array.isArray(recorded) && recorded.every(isRecorded) ? recorded.map(line) : recorded;
}

function isRecorded(entry: object): entry is Recorded {
  return 'notification' in entry;
}

function line({ frame, notification }: Recorded): readonly [when: string, value?: unknown] {
  switch (notification.kind) {
    case 'N':
      return [`${frame}ms next`, notification.value];
    case 'E':
      return [`${frame}ms error`, notification.error];
    case 'C':
      return [`${frame}ms complete`];
  }
}
