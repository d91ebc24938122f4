import { asyncScheduler, Observable, type Subscriber } from 'rxjs';
import type { Scheduler } from '../dispatch/scheduler.js';
import { startTimer } from '../dispatch/timing/timer.js';
import { ClockNotReachedError } from '../errors/clocks.js';
import { InvalidMessageError, InvalidTimestampError } from '../errors/messages.js';
import * as check from '../options/check.js';
import { isArray, isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { ProgressEnd } from '../progress/progress.js';
import type { Clocked, Timestamp, WaitOptions } from '../types.js';
import { lagging, type View, viewsOf } from './clock-views.js';
import { operate } from './operate.js';

/** Whom {@link whenClock} waits for: one or several receivers; the keys of a record are their names in errors. */
export type WhenClockReceivers =
  | Observable<Clocked<unknown>>
  | readonly Observable<Clocked<unknown>>[]
  | Readonly<Record<string, Observable<Clocked<unknown>>>>;

/** Options of {@link whenClock}. */
export interface WhenClockOptions extends WaitOptions {
  /** After how many milliseconds to give up, with a `ClockNotReachedError`. Default: never. */
  readonly timeout?: number | undefined;
  /** Where the timeout runs. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
  /**
   * Whether streams that carry no clock never repeat a timestamp. Then they are subscribed while `whenClock` waits, and
   * are through with `ts` when they have reached it. Default: false, they are refused.
   */
  readonly strict?: boolean | undefined;
}

/**
 * Resolves with `ts` as soon as nothing at or below it can follow at any of the receivers: what was written at `ts` is
 * visible in all these views.
 *
 *     const ts = await whenClock(sender.send(order), { orders, totals }, { timeout: 1000 });
 *
 *     orders    o7 -  _8
 *     totals    -  -  t7 _8
 *     whenClock(7, [orders, totals])   resolves here: ^ (`totals` may repeat a timestamp, `orders` can't)
 *
 * A receiver that never ticked has not reached anything; one that has ended is through with what it was told. Receivers,
 * and what operators that keep the clock made of them, are only watched, which takes nothing from their channels:
 * somebody else has to read them. A stream that carries no clock is refused, unless `strict` is said.
 *
 * Rejects with `ClockNotReachedError`, which names who is behind and where each is, after `timeout` milliseconds, or as
 * soon as a receiver can't get there any more, or all have ended before it is known where to; with the reason of `signal`; with that of the promise `ts`; with
 * `NoClockError`, `InvalidTimestampError`, `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`. It never
 * throws, and it always handles the rejection of the promise `ts`.
 *
 * **A dead end** is to wait inside a handler on which the clock depends: a `for await` loop or a `consume` that waits
 * for a later timestamp of the receiver that it reads, or of one that gets its messages from it, waits for itself. It looks like
 * any other wait, so that only a `timeout` ends it. Better wait where the write was made.
 */
export function whenClock(
  ts: Timestamp | PromiseLike<Timestamp>,
  receivers: WhenClockReceivers,
  options?: WhenClockOptions,
): Promise<Timestamp> {
  return new Promise((resolve, reject) => {
    // A subscriber is what closes once, and takes along whatever was begun for it.
    new Observable<Timestamp>((destination) => wait(destination, ts, receivers, options)).subscribe({
      next: resolve,
      error: reject,
    });
  });
}

function wait(
  destination: Subscriber<Timestamp>,
  given: Timestamp | PromiseLike<Timestamp>,
  receivers: WhenClockReceivers,
  options: WhenClockOptions | undefined,
): void {
  let views: readonly View[] = [];
  let target: Timestamp | undefined;
  const isOver = (): boolean => destination.closed;

  let stopAwaiting = ignore;

  const aim = (ts: unknown): void => {
    stopAwaiting();
    if (isOver()) return;
    const at = (target = timestamp(ts));
    let left = views.length;
    const reached = (): void => {
      if (--left > 0) return;
      destination.next(at);
      destination.complete();
    };
    for (const view of views) {
      if (isOver()) return;
      const ended = (end: ProgressEnd): void => {
        view.end = end;
        giveUp(undefined, end.error);
      };
      destination.add(view.progress.whenSettled(at, { reached, ended }));
    }
  };

  /** Until it is known what for: when all of them have ended, only a timestamp that is on its way already can come. */
  const awaitTarget = (): void => {
    let left = views.length;
    const ended = (): void => {
      if (--left > 0) return;
      const lastTurn = asyncScheduler.schedule(() => giveUp());
      stopAwaiting = () => lastTurn.unsubscribe();
      destination.add(lastTurn);
    };
    const leaves = views.map(({ progress }) => progress.whenSettled(Infinity, { reached: ignore, ended }));
    const leave = (): void => leaves.forEach((stop) => stop());
    if (left > 0) destination.add((stopAwaiting = leave));
  };

  const giveUp = (elapsed?: number, cause?: unknown): void => {
    if (isOver()) return;
    destination.error(new ClockNotReachedError(target, lagging(views, target), elapsed, cause));
  };

  const follow = ({ stream, by }: NonNullable<View['follow']>): void => {
    const next = (item: Clocked<unknown>): void => {
      if (!isArray(item) || !Number.isSafeInteger(item[1]))
        throw new InvalidMessageError(`whenClock[${by.name}]`, item);
      by.next(item);
    };
    const error = (reason: unknown): void => by.end({ failed: true, error: reason });
    const complete = (): void => by.end({ failed: false });
    stream.subscribe(operate(destination, { next, error, complete }));
  };

  const isPromise = Object(given) === given;
  // First of all, so that no rejection stays unhandled, whatever is wrong with the rest.
  if (!isUsable(given)) throw new InvalidTimestampError('whenClock', given);
  if (isPromise)
    Promise.resolve(given)
      .then(aim)
      .catch((reason: unknown) => destination.error(reason));
  else timestamp(given);
  const { signal, timeout, scheduler, strict } = readOptions(options);
  views = viewsOf(receivers, strict);
  if (signal?.aborted === true) return destination.error(signal.reason);
  if (isPromise) awaitTarget();
  else aim(given);
  if (isOver()) return;

  if (timeout !== undefined) destination.add(startTimer(scheduler, timeout, () => giveUp(timeout)));
  if (signal !== undefined) {
    const abort = (): void => destination.error(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    destination.add(() => signal.removeEventListener('abort', abort));
  }
  for (const view of views) if (view.follow !== undefined && !isOver()) follow(view.follow);
}

const ignore = (): void => undefined;

function timestamp(given: unknown): Timestamp {
  if (Number.isSafeInteger(given)) return given as Timestamp;
  throw new InvalidTimestampError('whenClock', given);
}

function readOptions(
  options: WhenClockOptions | undefined,
): WhenClockOptions & { scheduler: Scheduler; strict: boolean } {
  const known = knownOptions('whenClock', options, ['signal', 'timeout', 'scheduler', 'strict']);
  return {
    signal: check.signal('whenClock', 'signal', known.signal),
    timeout: known.timeout === undefined ? undefined : check.milliseconds('whenClock', 'timeout', known.timeout),
    scheduler: check.scheduler('whenClock', 'scheduler', known.scheduler) ?? asyncScheduler,
    strict: check.flag('whenClock', 'strict', known.strict),
  };
}
