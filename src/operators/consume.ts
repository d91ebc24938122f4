import { Observable, from } from 'rxjs';
import type { ObservableInput } from 'rxjs';
import { count } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receiver.js';
import { Ring } from '../dispatch/ring.js';
import { OverflowError } from '../errors.js';
import type { Clocked, Timestamp } from '../types.js';
import { operate } from './operate.js';

/** Options of `consume()`. */
export interface ConsumeOptions {
  /** How many messages may be worked on at once. Default: 1. */
  readonly concurrency?: number;
  /** How many results may wait for those of earlier messages. Default: 1024. */
  readonly bound?: number;
}

/** One message that is being worked on. */
interface Job<R> {
  ts: Timestamp;
  readonly results: Ring<R>;
  done: boolean;
}

/**
 * Works on messages with `project`, and takes the next one from the receiver only when a place is free.
 *
 *     receiver     a1 b2 -- c3 |
 *     a -> A after 3 frames, b -> B after 1, c -> C after 1, concurrency 2
 *     result       --- A1 B2 - C3 |
 *
 * Emits the results of each message at its timestamp, in the order of the messages, so that the clock never goes back;
 * a message without results becomes a tick, and ticks follow what was taken before them. Like `mergeMap`, but the
 * receiver's senders feel it when `project` is slow. Unsubscribing leaves the receiver open, with what it holds.
 *
 * What `project` throws, or its result fails with, is an error of the result. So is `OverflowError`, when more than
 * `bound` results wait behind a slow earlier message. Throws `InvalidOptionError`.
 */
export function consume<T, R>(
  receiver: ClockedReceiver<T>,
  project: (value: T, ts: Timestamp) => ObservableInput<R>,
  { concurrency = 1, bound = 1024 }: ConsumeOptions = {},
): Observable<Clocked<R>> {
  count('concurrency', concurrency, 1, 1);
  count('bound', bound, 1024);
  return new Observable((destination) => {
    /** Messages in order, and ticks among them as jobs that are done. */
    const jobs = new Ring<Job<R>>();
    let last: Job<R> | undefined;
    let working = 0;
    let waiting = 0;
    let asking = false;
    let pumping = false;
    let ended = false;
    let told = 0;
    let giveUp = (): void => undefined;

    const emit = (item: Clocked<R>): void => {
      told = item[1];
      destination.next(item);
    };
    /** Whatever is due of the earliest messages goes out; later ones wait. */
    const flush = (): void => {
      for (let job = jobs.peek(); job !== undefined; job = jobs.peek()) {
        while (job.results.size > 0) {
          waiting--;
          emit([job.results.shift() as R, job.ts]);
        }
        if (!job.done || job !== jobs.peek()) return;
        jobs.shift();
        if (job.ts > told) emit([null, job.ts]);
      }
      if (ended) destination.complete();
    };
    const collect = (job: Job<R>, result: R): void => {
      if (waiting >= bound && job !== jobs.peek()) throw new OverflowError(receiver.name, bound, job.ts);
      waiting++;
      job.results.push(result);
      if (job === jobs.peek()) flush();
    };
    const finish = (job: Job<R>): void => {
      job.done = true;
      working--;
      if (job === jobs.peek()) flush();
      ask();
    };
    const enqueue = (ts: Timestamp, done: boolean): Job<R> => {
      jobs.push((last = { ts, results: new Ring(), done }));
      return last;
    };
    const work = (value: T, ts: Timestamp): void => {
      const job = enqueue(ts, false);
      working++;
      from(project(value, ts)).subscribe(
        operate<R>(destination, { next: (result) => collect(job, result), complete: () => finish(job) }),
      );
    };
    const tick = (ts: Timestamp): void => {
      // Ticks coalesce: behind a slow message they must not pile up.
      if (jobs.size > 0 && last?.done && last.results.size === 0) last.ts = ts;
      else enqueue(ts, true);
      flush();
    };
    const take = (item: Clocked<T> | undefined): void => {
      asking = false;
      if (item === undefined) {
        ended = true;
        flush();
      } else if (item[0] === null) tick(item[1]);
      else work(item[0], item[1]);
      ask();
    };
    const fail = (error: unknown): void => destination.error(error);
    const settle = (item: Clocked<T> | undefined): void => {
      try {
        take(item);
      } catch (error) {
        fail(error);
      }
    };
    /** Takes as many as there are places for; what comes at once is dealt with by the loop, not by recursion. */
    const ask = (): void => {
      if (pumping) return;
      pumping = true;
      while (!asking && !ended && !destination.closed && working < concurrency && jobs.size < concurrency + bound) {
        asking = true;
        giveUp = receiver.request({ settle, fail });
      }
      pumping = false;
    };

    destination.add(() => giveUp());
    ask();
  });
}
