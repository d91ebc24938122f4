import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import { Ring } from '../dispatch/structures/ring.js';
import { OverflowError } from '../errors/capacity.js';
import { InvalidTimestampError } from '../errors/messages.js';
import { LateMessageError } from '../errors/order.js';
import { flag } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import { carryTraits, progressOf, traitsOf } from '../progress/carry.js';
import { Followed } from '../progress/follow.js';
import type { Clocked, Timestamp } from '../types.js';
import { aStream } from './arguments.js';
import { boundOf } from './bound.js';
import { operateClocked } from './operate.js';

/** Options of {@link holdUntil}. */
export interface HoldUntilOptions {
  /** How many messages may be held. `Infinity` must be asked for. Default: 1024. */
  readonly bound?: number | undefined;
  /** Whether a peer that carries no clock never repeats a timestamp. Default: false, it is expected to. */
  readonly strict?: boolean | undefined;
}

/**
 * Holds each message until `peer` is through with its timestamp: nothing at or below it can follow there.
 *
 *     source   a1 -  b2 -  _4 -  |
 *     peer     -  _1 -  x3 -  -  -
 *     result   -  a1 -  b2 _3 -  |    the peer never repeats a timestamp
 *
 * The result's clock is that of the source or of the peer, whichever is behind: ticks are held as well. When the peer
 * completes, nothing is held any longer. The source's completion and its error come after what is held; an error of the
 * peer comes at once. What is known of the source goes along. Errors with `OverflowError` when more than `bound` messages
 * would be held, with `LateMessageError` when the source runs backwards, with `InvalidTimestampError` and
 * `InvalidMessageError`. Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 *
 * A peer that carries a clock, such as a receiver, is only watched: it is through with what its own consumers were given,
 * so that one whom nobody reads holds everything back. Any other peer is subscribed, and is through with a timestamp
 * when it is beyond, unless `strict` is said.
 */
export function holdUntil<T>(
  peer: Observable<Clocked<unknown>>,
  options?: HoldUntilOptions,
): MonoTypeOperatorFunction<Clocked<T>> {
  void aStream('holdUntil', 'peer', peer);
  const known = knownOptions('holdUntil', options, ['bound', 'strict']);
  const bound = boundOf('holdUntil', known.bound);
  const strict = flag('holdUntil', 'strict', known.strict);
  return (source) => {
    const result = new Observable<Clocked<T>>((destination) => {
      const held = new Ring<Clocked<T>>();
      const followed = new Followed('peer', strict ? STRICT : traitsOf(peer));
      const progress = progressOf(peer) ?? followed;
      let first = Infinity;
      let reached = -Infinity;
      let told = -Infinity;
      let isAlone = false;
      let isReleasing = false;
      let isWatching = false;
      let leave = ignore;
      let end: (() => void) | undefined;

      const limit = (): Timestamp => (isAlone ? Infinity : progress.settled);

      /** A loop that is entered once: what a consumer brings about is released after what it is being told. */
      const release = (): void => {
        if (isReleasing) return;
        isReleasing = true;
        while (!destination.closed && (releaseNext() || tell() || finish()));
        isReleasing = false;
        if (reached > told && !isWatching && !destination.closed) watch();
      };

      const releaseNext = (): boolean => {
        const item = held.peek();
        if (item === undefined || item[1] > limit()) return false;
        held.shift();
        told = item[1];
        destination.next(item);
        return true;
      };

      const tell = (): boolean => {
        const ts = Math.min(reached, limit());
        // Numbering begins at 1 where nothing says otherwise.
        if (ts <= told || ts < Math.min(1, first)) return false;
        destination.next([null, (told = ts)]);
        return true;
      };

      const finish = (): boolean => {
        if (end === undefined || held.size > 0) return false;
        end();
        return true;
      };

      /** One waiter at the peer, whatever is held: for when it is further than it is now. */
      const watch = (): void => {
        isWatching = true;
        const reached = (): void => {
          isWatching = false;
          release();
        };
        const { settled } = progress;
        const next = settled === -Infinity ? Number.MIN_SAFE_INTEGER : settled + 1;
        leave = progress.whenSettled(next, { reached, ended: ignore });
      };

      const hold = (value: T | null, ts: Timestamp, item: Clocked<T>): void => {
        if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError('holdUntil', ts);
        if (value !== null) {
          if (ts < reached) throw new LateMessageError('holdUntil', ts, reached);
          held.push(item);
        }
        first = Math.min(first, ts);
        reached = Math.max(reached, ts);
        release();
        if (held.size > bound) throw new OverflowError('holdUntil', bound, ts);
      };

      const finishBy = (by: () => void): void => {
        end = by;
        release();
      };

      const ended = ({ failed, error }: { readonly failed: boolean; readonly error?: unknown }): void => {
        if (failed) return destination.error(error);
        isAlone = true;
        release();
      };

      destination.add(() => leave());
      destination.add(progress.whenSettled(Infinity, { reached: ignore, ended }));
      if (progress === followed) {
        peer.subscribe(
          operateClocked(destination, 'holdUntil', {
            next: (_, __, item) => followed.next(item),
            error: (error) => followed.end({ failed: true, error }),
            complete: () => followed.end({ failed: false }),
          }),
        );
      }
      source.subscribe(
        operateClocked(destination, 'holdUntil', {
          next: hold,
          error: (reason) => finishBy(() => destination.error(reason)),
          complete: () => finishBy(() => destination.complete()),
        }),
      );
    });
    return carryTraits(result, traitsOf(source));
  };
}

const STRICT = { strict: true, unique: true };
const ignore = (): void => undefined;
