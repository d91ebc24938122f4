import {
  asyncScheduler,
  isObservable,
  type Observable,
  type ObservableNotification,
  Subscription,
  type Unsubscribable,
} from 'rxjs';
import type { Clocked } from '../types.js';
import { draw, type Mark } from './draw.js';
import { Names } from './names.js';

/** Options of {@link marblesOf}. */
export interface MarblesOfOptions {
  /**
   * What a column is: a millisecond; or one notification, in the order in which all streams emitted. Default: 'time', as
   * long as marbles can draw that.
   */
  readonly columns?: 'time' | 'order' | undefined;
  /** Who knows the time, in milliseconds. Default: `asyncScheduler`, whose time is virtual in `TestScheduler.run`. */
  readonly scheduler?: { now(): number } | undefined;
  /** How many notifications to keep, of all streams together; the oldest go first. Default: 1000. */
  readonly limit?: number | undefined;
}

/** What {@link marblesOf} records, until it is unsubscribed. */
export interface MarbleRecording extends Unsubscribable {
  /** The rows so far, one for each stream, and below them what the letters mean. */
  toString(): string;
}

/**
 * Subscribes to clocked streams and records what they emit as rows, which can be pasted into a bug report and, by
 * `clocked`, back into a test.
 *
 *     const run = marblesOf({ orders, alerts });
 *     ...
 *     console.log(String(run));
 *     // orders  a1 _2 - A4 |
 *     // alerts  _1 b2 - _4 |
 *     //         A = {id: 7}
 *
 * One stream alone gives one row without a name. A value that isn't a short word gets a letter. Where more came in one
 * frame than marbles can draw, the columns are the order of arrival. Like any subscription it asks a receiver for
 * everything.
 */
export function marblesOf(
  streams: Observable<Clocked<unknown>> | Readonly<Record<string, Observable<Clocked<unknown>>>>,
  { columns = 'time', scheduler = asyncScheduler, limit = 1000 }: MarblesOfOptions = {},
): MarbleRecording {
  const sources = Object.entries(isObservable(streams) ? { '': streams } : streams);
  const names = new Names();
  const recorded: (Mark & { readonly label: string })[] = [];
  const recording = new Subscription();
  const start = scheduler.now();
  let turn = 0;

  const record = (label: string, notification: ObservableNotification<unknown>): void => {
    recorded.push({ label, frame: scheduler.now() - start, turn: turn++, token: names.token(notification) });
    if (recorded.length > limit) recorded.shift();
  };

  const toString = (): string => {
    const rows = sources.map(([label]) => ({ label, marks: recorded.filter((mark) => mark.label === label) }));
    return draw(rows, columns, names.legend);
  };

  for (const [label, source] of sources) {
    recording.add(
      source.subscribe({
        next: (value) => record(label, { kind: 'N', value }),
        error: (error: unknown) => record(label, { kind: 'E', error }),
        complete: () => record(label, { kind: 'C' }),
      }),
    );
  }
  return { unsubscribe: () => recording.unsubscribe(), toString };
}
