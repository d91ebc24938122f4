import { asyncScheduler, isObservable, materialize, type Observable, Subscription } from 'rxjs';
import type { Clocked } from '../types.js';
import { draw, type Mark, type Row } from './draw.js';
import { tokenOf } from './marks.js';
import { Names } from './names.js';

/** Options of {@link marblesOf}. */
export interface MarblesOfOptions {
  /**
   * What a column is: a frame (a millisecond) of time; or one notification, whenever it came, in the order in which all
   * streams emitted. Default: 'time', as long as that can be written as marbles.
   */
  readonly columns?: 'time' | 'order' | undefined;
  /** Who knows the time, in milliseconds. Default: `asyncScheduler`, which is virtual in `TestScheduler.run`. */
  readonly scheduler?: { now(): number } | undefined;
  /** How many notifications to keep, all streams together; the oldest go first. Default: 1000. */
  readonly limit?: number | undefined;
}

/**
 * Subscribes to clocked streams and records what they emit, as rows that can be pasted into a bug report and, by
 * `clocked`, back into a test.
 *
 *     const run = marblesOf({ orders, alerts });
 *     ...
 *     console.log(String(run));
 *     // orders  a1 _2 -  A4 |
 *     // alerts  _1 b2 -  _4 |
 *     //         A = {id: 7}
 *
 * One stream alone gives one row without a name. A value that isn't a short word gets a letter, which is explained
 * below. Like any subscription it asks a receiver for everything.
 */
export function marblesOf(
  streams: Observable<Clocked<unknown>> | Readonly<Record<string, Observable<Clocked<unknown>>>>,
  options: MarblesOfOptions = {},
): MarbleRecording {
  return new MarbleRecording(isObservable(streams) ? { '': streams } : streams, options);
}

/** What {@link marblesOf} has recorded so far. Ends by itself with its streams, or by `unsubscribe`. */
export class MarbleRecording extends Subscription {
  readonly #labels: readonly string[];
  readonly #names = new Names();
  readonly #marks: (Mark & { readonly label: string; readonly order: number })[] = [];
  readonly #byOrder: boolean;

  /** Made by `marblesOf`. */
  constructor(
    streams: Readonly<Record<string, Observable<Clocked<unknown>>>>,
    { columns = 'time', scheduler = asyncScheduler, limit = 1000 }: MarblesOfOptions,
  ) {
    super();
    this.#labels = Object.keys(streams);
    this.#byOrder = columns === 'order';
    const start = scheduler.now();
    let order = 0;
    for (const [label, stream] of Object.entries(streams)) {
      const record = materialize<Clocked<unknown>>()(stream).subscribe((notification) => {
        const token = tokenOf(notification, this.#names);
        this.#marks.push({ label, frame: scheduler.now() - start, order: order++, token });
        if (this.#marks.length > limit) this.#marks.shift();
      });
      this.add(record);
    }
  }

  /** The rows, one for each stream, then what the letters mean. */
  override toString(): string {
    const byOrder = this.#rows('order');
    const rows = (this.#byOrder ? undefined : draw(this.#rows('frame'))) ?? draw(this.#rows('order'))
  }

  #rows(at: 'frame' | 'order'): Row[] {
    return this.#labels.map((label) => ({
      label,
      marks: this.#marks.filter((mark) => mark.label === label).map((mark) => ({ frame: mark[at], token: mark.token })),
    }));
  }
}
