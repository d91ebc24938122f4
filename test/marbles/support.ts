import { configure } from 'rxjs-marbles';
import { explain } from 'rxjs-clocked-dispatch/testing';
import { expect } from 'vitest';

/**
 * Wraps a marble test, as `marbles` of rxjs-marbles does; failures show rows, virtual time, values and timestamps.
 *
 * An endless source needs an unsubscription marble (`expect(result, '^---!')`): virtual time never ends by itself.
 */
export const { marbles } = configure({
  assert: (holds, message) => {
    expect(holds, message).toBe(true);
  },
  assertDeepEqual: explain((actual, expected) => {
    expect(actual).toStrictEqual(expected);
  }),
  frameworkMatcher: true,
  run: true,
});
