import { ClockedDispatchError } from '../../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../../errors/codes.js';

/** A value that a line can't carry: it would not arrive as it is. */
export class UnsendableValueError extends ClockedDispatchError {
  override name = 'UnsendableValueError';
  override readonly code: CodeOf<'UnsendableValueError'> = 'RCD130';
  /** Where in the value, such as `$.lines[2].due`; `$` is the value itself. */
  readonly path: string;
  /** What was found there. */
  readonly found: string;

  constructor(path: string, found: string, advice: string) {
    super(`${path} is ${found}, which would not arrive as it is: ${advice}`);
    this.path = path;
    this.found = found;
  }
}

/** Why a line has closed, where nobody here has closed it: what the other side said, or that it is gone. */
export class LineClosedError extends ClockedDispatchError {
  override name = 'LineClosedError';
  override readonly code: CodeOf<'LineClosedError'> = 'RCD131';
  /** What the other side, or the transport, has said; empty where it said nothing. */
  readonly reason: string;
  /** Whether the other side has closed it because a frame was longer than it takes. */
  readonly frameTooLong: boolean;

  constructor(reason: string, options?: ErrorOptions & { readonly frameTooLong?: boolean }) {
    super(`the line is closed: ${reason}`, options);
    this.reason = reason;
    this.frameTooLong = options?.frameTooLong === true;
  }
}
