import { Observable } from 'rxjs';
import type { ObservableInput, Subscriber, Subscription } from 'rxjs';
import { count } from '../options/check.js';
import { knownOptions } from '../options/known-options.js';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import { Ring } from '../dispatch/structures/ring.js';
import { OverflowError } from '../errors/capacity.js';
import type { Clocked, Timestamp } from '../types.js';
import { aFunction, anInput, aReceiver } from './arguments.js';
import { boundOf } from './bound.js';
import { operate } from './operate.js';
import { type NotNull, refuseNull } from './value.js';

/** Options of `consume()`. */
export interface ConsumeOptions {
  /** How many messages may be worked on at once. Default: 1. */
  readonly concurrency?: number | undefined;
  /** How many results may wait for those of earlier messages; more work isn't begun then. Default: 1024. */
  readonly bound?: number | undefined;
}

/** One message that is being worked on, or a tick among them. */
interface Job<T, R> {
  ts: Timestamp;
  /** What was taken; `undefined` for a tick. */
  readonly item: Clocked<T> | undefined;
  readonly results: Ring<R>;
  done: boolean;
}

/**
 * Works on messages with `project`, and takes the next one from the receiver only when a place is free.
 *
 *     receiver   a1 b2 -  -       c3 -  |
 *     a          -  -  -  (A |)
 *     b             -  (B |)
 *     c                           -  (C |)
 *     result     -  -  -  (A1 B2) -  C3 |    concurrency: 2
 *
 * Emits the results of each message at its timestamp, in the order of the messages, so that the clock never goes back;
 * a message without results becomes a tick, and ticks follow what was taken before them. Like `mergeMap`, but the
 * receiver's senders feel it when `project` is slow.
 *
 * At least once: a message keeps its place, and holds the receiver's clock back, until its results are out, so that
 * `whenClock` on the receiver means done. What is unfinished when this ends, by an error too, goes to the receiver's next
 * consumer, in order; a consumer that leaves while it is given a result (`take`) is done with that message. Unsubscribing
 * leaves the receiver open.
 *
 * The receiver's completion and its error come after the results of what was taken before. What `project` throws, or
 * its result fails with, comes at once; so do `NullValueError`, and `OverflowError` when several results of one message
 * make more than `bound` wait. Throws `InvalidArgumentError`, `InvalidOptionError` and `UnknownOptionError`.
 */
export function consume<T, R>(
  receiver: ClockedReceiver<T>,
  project: (value: T, ts: Timestamp) => ObservableInput<R & NotNull>,
  options?: ConsumeOptions,
): Observable<Clocked<R>> {
  aReceiver('consume', receiver);
  aFunction('consume', 'project', project);
  const known = knownOptions('consume', options, ['concurrency', 'bound']);
  const concurrency = count('consume', 'concurrency', known.concurrency, 1, 1);
  const bound = boundOf('consume', known.bound);
  return new Observable((destination) => {
    /** Messages in order, and ticks among them as jobs that are done. */
    const jobs = new Ring<Job<T, R>>();
    let last: Job<T, R> | undefined;
    let emitting: Job<T, R> | undefined;
    let messages = 0;
    let working = 0;
    let waiting = 0;
    let asking = false;
    let pumping = false;
    let end: (() => void) | undefined;
    let told = -Infinity;
    const reader = receiver.lease();
    const leave = (): void => {
      // Whoever leaves on a result has got it.
      if (emitting?.item !== undefined) reader.finish(emitting.item);
      reader.close();
    };
    /** What fails here: its handler may begin to consume again, and gets what was under way. */
    const failing = operate<Clocked<R>>(destination, {
      next: (item) => destination.next(item),
      error: (error) => {
        leave();
        destination.error(error);
      },
    });

    const emit = (item: Clocked<R>): void => {
      told = item[1];
      destination.next(item);
    };
    /** Whatever is due of the earliest messages goes out; later ones wait. */
    const flush = (): void => {
      for (let job = jobs.peek(); job !== undefined; job = jobs.peek()) {
        while (job.results.size > 0) {
          waiting--;
          // The handler may bring about the next result, and leave on this one afterwards.
          const before = emitting;
          emitting = job;
          emit([job.results.shift() as R, job.ts]);
          emitting = before;
        }
        if (!job.done || job !== jobs.peek()) return;
        jobs.shift();
        if (job.item !== undefined) {
          messages--;
          reader.finish(job.item);
        }
        if (job.ts > told) emit([null, job.ts]);
      }
      end?.();
    };
    const collect = (job: Job<T, R>, result: R): void => {
      if (waiting >= bound && job !== jobs.peek()) throw new OverflowError(receiver.name, bound, job.ts);
      job.results.push(refuseNull('consume', result, job.ts));
      waiting++;
      if (job === jobs.peek()) flush();
    };
    /** The last one's teardown comes before the next one's start. */
    const finish = (job: Job<T, R>, worker: Subscription): void => {
      worker.unsubscribe();
      job.done = true;
      working--;
      if (job === jobs.peek()) flush();
      ask();
    };
    const enqueue = (ts: Timestamp, item: Clocked<T> | undefined): Job<T, R> => {
      jobs.push((last = { ts, item, results: new Ring(), done: item === undefined }));
      return last;
    };
    const work = (item: Clocked<T>): void => {
      const job = enqueue(item[1], item);
      messages++;
      working++;
      const worker: Subscriber<R> = operate<R>(failing, {
        next: (result) => collect(job, result),
        complete: () => finish(job, worker),
      });
      anInput('consume', project(item[0] as T, item[1])).subscribe(worker);
    };
    const tick = (ts: Timestamp): void => {
      // Ticks coalesce: behind a slow message they must not pile up.
      if (jobs.size > 0 && last?.done && last.results.size === 0) last.ts = ts;
      else enqueue(ts, undefined);
      flush();
    };
    const take = (item: Clocked<T> | undefined): void => {
      asking = false;
      if (item === undefined) finishWith(() => destination.complete());
      else if (item[0] === null) tick(item[1]);
      else work(item);
      ask();
    };
    const finishWith = (by: () => void): void => {
      end = by;
      flush();
    };
    const fail = (error: unknown): void => finishWith(() => failing.error(error));
    const settle = (item: Clocked<T> | undefined): void => {
      try {
        take(item);
      } catch (error) {
        failing.error(error);
      }
    };
    /** A message may be taken where there is a worker for it, and a place for its result. */
    const isFree = (): boolean => working < concurrency && messages <= bound && working + waiting <= bound;
    /** Takes as many as there are places for; what comes at once is dealt with by the loop, not by recursion. */
    const ask = (): void => {
      if (pumping) return;
      pumping = true;
      while (!asking && end === undefined && !destination.closed && isFree()) {
        asking = true;
        reader.request({ settle, fail });
      }
      pumping = false;
    };

    destination.add(leave);
    ask();
  });
}
