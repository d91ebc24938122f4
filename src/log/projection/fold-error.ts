import { ClockedDispatchError } from '../../index.js';
import type { CodeOf } from '../../errors/codes.js';
import { show } from '../../errors/show.js';
import type { Timestamp } from '../../index.js';
import { reasonOf } from '../errors.js';

/** A message that a projection could not fold: its state is what it was before. */
export class FoldError extends ClockedDispatchError {
  override name = 'FoldError';
  override readonly code: CodeOf<'FoldError'> = 'RCD119';
  /** The name of the projection. */
  readonly projection: string;
  /** The position of the message. */
  readonly ts: Timestamp;
  /** The message. */
  readonly value: unknown;

  constructor(projection: string, ts: Timestamp, value: unknown, cause: unknown) {
    super(
      `projection ${show(projection)} can't apply the message at ${ts} (${reasonOf(cause)}): mend its apply function, or set such messages aside by onFailure`,
      { cause },
    );
    this.projection = projection;
    this.ts = ts;
    this.value = value;
  }
}
