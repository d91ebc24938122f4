import type { Timestamp } from '../../types.js';
import type { Time } from '../receivers/host.js';

/** Serializing: each message gets the next timestamp when it is accepted, and none is ever held. */
export class SerialOrder implements Time {
  clock: Timestamp;
  readonly start: Timestamp;
  readonly unique = true;
  readonly strict = true;

  constructor(seed: Timestamp) {
    this.clock = this.start = seed;
  }

  get settled(): Timestamp {
    return this.clock;
  }

  /** Whether the safe integers have not come to their end. */
  get hasNext(): boolean {
    return this.clock < Number.MAX_SAFE_INTEGER;
  }

  next(): Timestamp {
    return ++this.clock;
  }
}
