import { asyncScheduler, isObservable, type Observable, Subscription } from 'rxjs';
import { milliseconds } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receiver.js';
import type { Scheduler } from '../dispatch/scheduler.js';
import { ClockedDispatchError, InvalidTimestampError } from '../errors.js';
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

/** Who has not reached the timestamp that {@link whenClock} waits for. */
export interface ClockLag {
  /** The receiver's name, its key in the record, or its place in the list. */
  readonly name: string;
  /** The last timestamp that was seen there; `undefined` where there was none. */
  readonly clock: Timestamp | undefined;
  /** Whether it may still get there, or why it won't. */
  readonly state: 'behind' | 'completed' | 'failed';
}

/** A timestamp that was waited for in vain: by {@link whenClock}, within its timeout or until a receiver ended. */
export class ClockNotReachedError extends ClockedDispatchError {
  override name = 'ClockNotReachedError';
  /** The timestamp; `undefined` when it was still to come itself. */
  readonly ts: Timestamp | undefined;
  /** Who has not reached it, and where each of them is. */
  readonly behind: readonly ClockLag[];

  /** Made by `whenClock`: `timeout` is the time that was given, `cause` the error of the receiver that failed. */
  constructor(ts: Timestamp | undefined, behind: readonly ClockLag[], timeout?: number, cause?: unknown) {
    const vain = timeout === undefined ? 'can no longer be reached' : `was not reached within ${timeout} ms`;
    super(`${ts === undefined ? 'a timestamp that is still to come' : `timestamp ${ts}`} ${vain}: ${list(behind)}`, {
      cause,
    });
    this.ts = ts;
    this.behind = behind;
  }
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
    const views = viewsOf(receivers, strict);
    const waiting = new Subscription();
    let target: Timestamp | undefined;

    const judge = (): void => {
      if (target === undefined || waiting.closed) return;
      const ts = target;
      const behind = views.filter((view) => !isThrough(view, ts));
      if (behind.length === 0) settle(resolve, ts);
      else if (behind.some(({ state }) => state !== 'behind')) giveUp(behind);
    };

    const settle = <A>(how: (outcome: A) => void, outcome: A): void => {
      waiting.unsubscribe();
      how(outcome);
    };

    const giveUp = (behind: readonly View[], timeout?: number): void => {
      const lags = behind.map(({ name, clock, state }) => ({ name, clock, state }));
      const cause = behind.find(({ state }) => state === 'failed')?.reason;
      settle(reject, new ClockNotReachedError(target, lags, timeout, cause));
    };

    const aim = (at: Timestamp): void => {
      if (!Number.isSafeInteger(at) || at < 0) return settle(reject, new InvalidTimestampError('whenClock', at));
      target = at;
      judge();
    };

    const watch = (view: View): void => {
      const end = (state: View['state'], reason?: unknown): void => {
        Object.assign(view, { state, reason });
        judge();
      };
      waiting.add(
        clockOf(view.stream).subscribe({
          next: (clock) => {
            view.clock = clock;
            judge();
          },
          error: (reason: unknown) => end('failed', reason),
          complete: () => end('completed'),
        }),
      );
    };

    if (signal !== undefined) {
      const abort = (): void => settle(reject, signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      waiting.add(() => signal.removeEventListener('abort', abort));
    }
    if (timeout !== undefined) {
      const late = (): void =>
        giveUp(
          views.filter((view) => target === undefined || !isThrough(view, target)),
          timeout,
        );
      waiting.add(scheduler.schedule(late, milliseconds('timeout', timeout)));
    }
    views.forEach(watch);
    if (typeof ts === 'number') aim(ts);
    else ts.then(aim, (reason: unknown) => settle(reject, reason));
  });
}

/** One of those that are waited for. */
interface View {
  readonly name: string;
  readonly stream: Observable<Clocked<unknown>>;
  /** How far nothing more can follow, once it is at `clock`. */
  readonly settledAt: (clock: Timestamp) => Timestamp;
  clock: Timestamp | undefined;
  state: ClockLag['state'];
  reason: unknown;
}

function viewsOf(receivers: WhenClockReceivers, strict: boolean): View[] {
  const isRecord = !Array.isArray(receivers) && !isObservable(receivers);
  return Object.entries(isObservable(receivers) ? { stream: receivers } : receivers).map(([key, stream]) => {
    const receiver = stream as Partial<ClockedReceiver<unknown>>;
    return {
      name: isRecord ? key : (receiver.name ?? key),
      stream,
      settledAt: (clock) => receiver.settled ?? (strict ? clock : clock - 1),
      clock: undefined,
      state: 'behind',
      reason: undefined,
    };
  });
}

/** Whether nothing at or below `ts` can follow there. */
function isThrough({ clock, state, settledAt }: View, ts: Timestamp): boolean {
  return clock !== undefined && (state === 'behind' ? settledAt(clock) : clock) >= ts;
}

function list(behind: readonly ClockLag[]): string {
  return behind.map((lag) => `'${lag.name}' ${place(lag)}`).join(', ');
}

function place({ clock, state }: ClockLag): string {
  if (clock !== undefined) return `${state === 'behind' ? 'is' : state} at ${clock}`;
  return state === 'behind' ? 'never ticked' : `${state} before it ticked`;
}
