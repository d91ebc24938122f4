import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { show } from './show.js';

/** An argument of the wrong kind. */
export class InvalidArgumentError extends ClockedDispatchError {
  override name = 'InvalidArgumentError';
  override readonly code: CodeOf<'InvalidArgumentError'> = 'RCD004';
  /** The function that was called. */
  readonly called: string;
  /** Which of its parameters. */
  readonly parameter: string;
  /** What was given. */
  readonly given: unknown;
  /** What was expected. */
  readonly expected: string;

  constructor(called: string, parameter: string, given: unknown, expected: string) {
    super(`${called} was given ${show(given)} as '${parameter}': expected ${expected}`);
    this.called = called;
    this.parameter = parameter;
    this.given = given;
    this.expected = expected;
  }
}

/** Something given as a source that is none. */
export class InvalidSourceError extends ClockedDispatchError {
  override name = 'InvalidSourceError';
  override readonly code: CodeOf<'InvalidSourceError'> = 'RCD005';
  /** The name of the source; `undefined` where not even that is known. */
  readonly source: string | undefined;
  /** What was given. */
  readonly given: unknown;

  constructor(source: string | undefined, given: unknown) {
    super(
      source === undefined
        ? `clockedDispatch was given ${show(given)} as a source: make one by source(name, input, { to })`
        : `source ${show(source)} was given ${show(given)} as its input: expected an Observable, a promise, an iterable, an async iterable or a readable stream`,
    );
    this.source = source;
    this.given = given;
  }
}
