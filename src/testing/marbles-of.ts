import { asyncScheduler, type Observable, type ObservableNotification, Subscription, type Unsubscribable } from 'rxjs';
import { InvalidArgumentError } from '../errors/inputs.js';
import { InvalidOptionError } from '../errors/options.js';
import { aStream, entriesOf, isStream } from '../operators/arguments.js';
import { count, oneOf } from '../options/check.js';
import { isUsable } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import type { Clocked } from '../types.js';
import { draw, type Mark } from './draw.js';
import { Names, see } from './names.js';
import type { Seen } from './names.js';

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

/** A notification, and when it came. */
interface Recorded {
  readonly label: string;
  readonly frame: number;
  readonly turn: number;
  readonly seen: Seen;
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
 * One stream alone gives one row without a name. A value that isn't a short word gets a letter; values
 * that show no difference get the same one, unless they keep something back. Where more came in one
 * frame than marbles can draw, the columns are the order of arrival. Like any subscription it asks a receiver for
 * everything. Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function marblesOf(
  streams: Observable<Clocked<unknown>> | Readonly<Record<string, Observable<Clocked<unknown>>>>,
  options?: MarblesOfOptions,
): MarbleRecording {
  const { columns, scheduler, limit } = readOptions(options);
  const sources = sourcesOf(streams);
  let recorded: Recorded[] = [];
  let first = 0;
  const recording = new Subscription();
  const start = scheduler.now();
  let turn = 0;

  const record = (label: string, notification: ObservableNotification<unknown>): void => {
    recorded.push({ label, frame: scheduler.now() - start, turn: turn++, seen: see(notification) });
    if (recorded.length - first > limit) first++;
    // Half of it is out of date: O(1) each, amortized.
    if (first <= limit) return;
    recorded = recorded.slice(first);
    first = 0;
  };

  const toString = (): string => {
    // Named anew each time, so that nothing is kept for what is forgotten.
    const names = new Names();
    const marks = new Map<string, Mark[]>(sources.map(([label]) => [label, []]));
    for (const { label, frame, turn, seen } of recorded.slice(first)) {
      marks.get(label)?.push({ frame, turn, token: names.token(seen) });
    }
    const rows = [...marks].map(([label, marks]) => ({ label, marks }));
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

type Settings = { readonly [K in keyof MarblesOfOptions]-?: NonNullable<MarblesOfOptions[K]> };

function readOptions(options: MarblesOfOptions | undefined): Settings {
  const { columns, scheduler = asyncScheduler, limit } = knownOptions('marblesOf', options, KNOWN);
  if (!isUsable(scheduler) || typeof (scheduler as Partial<Settings['scheduler']> | null)?.now !== 'function') {
    throw new InvalidOptionError('scheduler', scheduler, 'an object with now(), such as asyncScheduler', 'marblesOf');
  }
  return {
    columns: oneOf('marblesOf', 'columns', columns, ['time', 'order']),
    scheduler,
    limit: count('marblesOf', 'limit', limit, 1000),
  };
}

const KNOWN = ['columns', 'scheduler', 'limit'] as const;

function sourcesOf(streams: unknown): [label: string, stream: Observable<Clocked<unknown>>][] {
  const entries = isStream(streams) ? [['', streams] as [string, unknown]] : entriesOf(streams)?.entries;
  if (entries === undefined) {
    throw new InvalidArgumentError('marblesOf', 'streams', streams, 'a clocked stream, or a record of some');
  }
  return entries.map(([label, stream]) => [label, aStream('marblesOf', `streams.${label}`, stream)]);
}
