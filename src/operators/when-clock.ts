import { asyncScheduler, isObservable, type Observable, Subscription } from 'rxjs';
import { milliseconds } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receiver.js';
import type { Scheduler } from '../dispatch/scheduler.js';
import { ClockNotReachedError, type ClockLag } from '../errors/clocks.js';
import { InvalidTimestampError } from '../errors/messages.js';
import type { Clocked, Timestamp, WaitOptions } from '../types.js';
import { clockOf } from './clock-of.js';

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
   * Whether streams that are no receivers never repeat a timestamp: then they are through with `ts` when they have
   * reached it, else when they are beyond. Receivers know this of themselves. Default: false.
   */
  readonly strict?: boolean | undefined;
}

/**
 * Resolves with `ts` as soon as nothing at or below it can follow at any of the receivers: what was written at `ts` is
 * visible in all these views.
 *
 *     const ts = await whenClock(sender.send(order), { orders, totals }, { timeout: 1000 });
 *
 * A receiver that never ticked has not reached anything. Receivers are only watched, which takes nothing from their
 * channels: somebody else has to read them. Any other stream is subscribed until the promise settles.
 *
 * Rejects with `ClockNotReachedError`, which names who is behind and where each is, after `timeout` milliseconds, or
 * when a receiver ends before it has reached `ts`; with the reason of `signal`; with the reason of the promise `ts`;
 * with `InvalidTimestampError` and `InvalidOptionError`.
 *
 * **A dead end** is to wait inside a handler on which the clock depends: a `for await` loop or a `consume` that waits
 * for a later timestamp of the receiver that it reads, or of one that is fed from it, waits for itself. It looks like
 * any other wait, so that only a `timeout` ends it. Better wait where the write was made.
 */
export function whenClock(
  ts: Timestamp | PromiseLike<Timestamp>,
  receivers: WhenClockReceivers,
  { signal, timeout, scheduler = asyncScheduler, strict = false }: WhenClockOptions = {},
): Promise<Timestamp> {
  return new Promise((resolve, reject) => {
    const waiting = new Subscription();
    const views = viewsOf(receivers, strict);
    let target: Timestamp | undefined;
    let cause: unknown;

    const settle = <A>(how: (outcome: A) => void, outcome: A): void => {
      waiting.unsubscribe();
      how(outcome);
    };

    const judge = (elapsed?: number): void => {
      if (waiting.closed || (target ?? elapsed) === undefined) return;
      const behind = views.filter(({ lag, settled }) => target === undefined || settled(lag) < target);
      const lags = behind.map(({ lag }) => lag);
      if (target !== undefined && lags.length === 0) settle(resolve, target);
      else if (elapsed !== undefined || lags.some(({ state }) => state !== 'behind')) {
        settle(reject, new ClockNotReachedError(target, lags, elapsed, cause));
      }
    };

    const aim = (at: Timestamp): void => {
      if (!Number.isSafeInteger(at) || at < 0) return settle(reject, new InvalidTimestampError('whenClock', at));
      target = at;
      judge();
    };

    const watch = (view: View): void => {
      const change = (to: Partial<ClockLag>): void => {
        view.lag = { ...view.lag, ...to };
        judge();
      };
      const fail = (reason: unknown): void => {
        cause = reason;
        change({ state: 'failed' });
      };
      waiting.add(
        clockOf(view.stream).subscribe({
          next: (clock) => change({ clock }),
          error: fail,
          complete: () => change({ state: 'completed' }),
        }),
      );
    };

    if (timeout !== undefined) waiting.add(scheduler.schedule(() => judge(timeout), milliseconds('timeout', timeout)));
    if (signal !== undefined) {
      const abort = (): void => settle(reject, signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(() => signal.removeEventListener('abort', abort));
    }
    views.forEach(watch);
    if (typeof ts === 'number') aim(ts);
    else ts.then(aim, (reason: unknown) => settle(reject, reason));
  });
}

/** One of those that are waited for, and up to where nothing can follow there. */
interface View {
  readonly stream: Observable<Clocked<unknown>>;
  readonly settled: (lag: ClockLag) => Timestamp;
  lag: ClockLag;
}

function viewsOf(receivers: WhenClockReceivers, strict: boolean): View[] {
  const isList = isObservable(receivers) || Array.isArray(receivers);
  return Object.entries(isObservable(receivers) ? { stream: receivers } : receivers).map(([key, stream]) => {
    const receiver = stream as Partial<ClockedReceiver<unknown>>;
    return {
      stream,
      settled: ({ clock = -1, state }) =>
        clock < 0 || state !== 'behind' ? clock : (receiver.settled ?? (strict ? clock : clock - 1)),
      lag: { name: isList ? (receiver.name ?? key) : key, clock: undefined, state: 'behind' },
    };
  });
}
