import type { Effects } from '../effects/effects.js';
import { WaitingCall } from './waiting-call.js';
import type { Waiters } from './waiters.js';

/** Who waits until there is room at a receiver, and is no sender. */
export interface RoomSeeker {
  readonly endpoint: { readonly waiters: Waiters };
  /** There may be room: false where it has to wait on. Runs within an operation. */
  roomCame(): boolean;
}

/** Waits for room as a call of a sender does. */
export class RoomCall extends WaitingCall {
  readonly #seeker: RoomSeeker;

  constructor(seeker: RoomSeeker, effects: Effects) {
    super([], false, effects);
    this.#seeker = seeker;
  }

  attempt(): Waiters | undefined {
    return this.#seeker.roomCame() ? undefined : this.#seeker.endpoint.waiters;
  }

  home(): undefined {
    return undefined;
  }

  rank(): number {
    return this.ticket;
  }

  fail(): void {}
}
