import { TooManyWaitingError } from '../errors/capacity.js';
import type { AbortSignalLike } from '../types.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { Line } from './line.js';
import type { Place } from './line.js';
import type { Member } from './member.js';

/** A call that waits for room, and is tried again whenever there may be some. */
export interface Waiter {
  /** Tries; true when the call is settled, one way or the other. */
  attempt(): boolean;
  /** Waits in this line, too. */
  lineUp(line: Line<Waiter>): void;
  /** Settles the call with an error. */
  reject(error: unknown): void;
  /** Whose call it is. */
  readonly member: { readonly name: string; readonly everybody: boolean };
}

/**
 * Waits until `attempt` has a result, and rejects with what it throws.
 *
 * Calls for one channel are tried in the order in which they were made.
 */
export function wait<T, R>(
  core: Core<T>,
  member: Member<T>,
  channels: readonly Channel<T>[],
  attempt: () => R | undefined,
  signal: AbortSignalLike | undefined,
): Promise<R> {
  // A tick beyond the window waits for no receiver.
  if (channels.length === 0 && member.waiting >= core.maxWaiting) {
    return Promise.reject(new TooManyWaitingError(undefined, member.name, core.maxWaiting));
  }
  for (const channel of channels) {
    if ((channel.waiters?.size ?? 0) >= core.maxWaiting) {
      return Promise.reject(new TooManyWaitingError(channel.name, member.name, core.maxWaiting));
    }
  }
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      for (let i = 0; i < places.length; i++) {
        const place = places[i] as Place<Waiter>;
        place.line.leave(place);
      }
      signal?.removeEventListener('abort', aborted);
      member.waiting--;
      core.room.waiting--;
    };
    const aborted = (): void => waiter.reject(signal?.reason);
    const waiter: Waiter = {
      member,
      lineUp: (line) => places.push(line.join(waiter)),
      attempt: () => {
        try {
          const result = attempt();
          if (result === undefined) return false;
          leave();
          resolve(result);
        } catch (error) {
          waiter.reject(error);
        }
        return true;
      },
      reject: (error) => {
        leave();
        reject(error);
      },
    };
    const places = channels.map((channel) => (channel.waiters ??= new Line<Waiter>()).join(waiter));
    if (places.length === 0) waiter.lineUp(core.room.unbound);
    signal?.addEventListener('abort', aborted);
    member.waiting++;
    core.room.waiting++;
  });
}
