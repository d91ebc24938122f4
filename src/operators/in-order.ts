import type { Observable, Subscriber } from 'rxjs';
import type { Scheduler } from '../dispatch/scheduler.js';
import { startTimer } from '../dispatch/timing/timer.js';
import { OverflowError } from '../errors/capacity.js';
import { InvalidTimestampError } from '../errors/messages.js';
import { LateMessageError } from '../errors/order.js';
import { PlacedHeap } from '../progress/placed-heap.js';
import type { Clocked, Late, Timestamp } from '../types.js';
import { compareHeld, type Held, isFurtherBehind, MergeInput } from './merge-input.js';
import { operateClocked } from './operate.js';

/**
 * What is to be merged, and within which limits.
 *
 * @internal
 */
export interface Inflow<T> {
  /** Who merges, as errors name it. */
  readonly operator: string;
  /** An input, as errors name it. Default: as the operator. */
  readonly nameOf?: (input: number) => string;
  /** Of equal timestamps, an earlier input's comes first. */
  readonly inputs: readonly Observable<Clocked<T>>[];
  /** How many messages may wait, all inputs together. */
  readonly bound: number;
  /** What an item promises: nothing below this follows from its input, and nothing at it where that matters. */
  readonly promise: (ts: Timestamp, isTick: boolean, input: number) => Timestamp;
  /** Whether for an input a timestamp is over once its messages are out: one more there is late. Default: never. */
  readonly isOnce?: (input: number) => boolean;
  /** Whether of an input's messages at one timestamp only the last counts. */
  readonly latestOnly?: boolean;
  /** What to do with a late message. By default it is an error. */
  readonly late?: ((late: Late<T>) => void) | undefined;
  /** After which silence, in milliseconds, an input is no longer waited for, until it speaks again. Default: never. */
  readonly idle?: { readonly after: number; readonly scheduler: Scheduler } | undefined;
}

/**
 * What becomes of the merged messages.
 *
 * @internal
 */
export interface Outflow<T> {
  /** A message's turn has come. */
  readonly take: (value: T, ts: Timestamp, input: number) => void;
  /** All messages at `ts` that were held are out. */
  readonly settle?: (ts: Timestamp) => void;
  /** Every input has promised `ts`, and nothing was held there. */
  readonly tick: (ts: Timestamp) => void;
  /** Whether the result completes because this input has, which holds nothing any more. */
  readonly isOver?: (input: number) => boolean;
}

/**
 * Merges clocked inputs by watermark: a message's turn comes as soon as every input has promised its timestamp.
 *
 * An input that has completed is no longer waited for. One that fails is: its error takes its place after the messages
 * that it brought before, and nothing goes beyond. What a consumer brings about while it is being told waits its turn.
 * O(log n) a message, with n inputs and messages that wait.
 *
 * @internal
 */
export function inOrder<T>(destination: Subscriber<unknown>, inflow: Inflow<T>, outflow: Outflow<T>): void {
  const { operator, nameOf = () => operator, inputs, bound, promise, isOnce, latestOnly = false } = inflow;
  const { late, idle } = inflow;
  const merged = inputs.map((_, index) => new MergeInput<T>(index));
  const frontier = new PlacedHeap<MergeInput<T>>(isFurtherBehind);
  const held = new PlacedHeap<Held<T>>(compareHeld);
  const failed: MergeInput<T>[] = [];
  let open = merged.length;
  let arrivals = 0;
  let least = Infinity;
  let most = -Infinity;
  let clock = -Infinity;
  let isOver = false;
  let releasing = false;

  /** A loop that is entered once: what a consumer brings about is released after what it is being told. */
  const release = (): void => {
    if (releasing) return;
    releasing = true;
    while (!destination.closed && (releaseNext() || finish() || tell()));
    releasing = false;
  };

  const limit = (): Timestamp => frontier.peek()?.limit ?? Infinity;

  const releaseNext = (): boolean => {
    const first = held.peek();
    if (first === undefined || first.ts > limit()) return false;
    held.remove(first);
    first.input.held--;
    clock = first.ts;
    outflow.take(first.value, clock, first.input.index);
    if (held.peek()?.ts !== clock) {
      outflow.settle?.(clock);
      failDrained();
    }
    return true;
  };

  const finish = (): boolean => {
    if (open > 0 && !isOver) return false;
    if (open === 0) tell();
    destination.complete();
    return true;
  };

  const tell = (): boolean => {
    const ts = limit();
    const told = ts === Infinity ? most : ts;
    // Numbering begins at 1 where nothing says otherwise: before that there is no time to tell of.
    if (told <= clock || told < Math.min(1, least)) return false;
    outflow.tick((clock = told));
    return true;
  };

  const failDrained = (): void => {
    const drained = failed.find((input) => input.held === 0);
    if (drained !== undefined) destination.error(drained.reason);
  };

  const hold = (input: MergeInput<T>, value: T | null, ts: Timestamp): void => {
    const name = nameOf(input.index);
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(name, ts);
    hear(input);
    if (value !== null) {
      if (ts < clock || (ts === clock && isOnce?.(input.index) === true)) return refuse(name, value, ts);
      keep(input, value, ts);
    }
    least = Math.min(least, ts);
    most = Math.max(most, ts);
    input.reached = Math.max(input.reached, ts);
    advance(input, promise(ts, value === null, input.index));
    if (held.size > bound) throw new OverflowError(operator, bound, ts);
  };

  const keep = (input: MergeInput<T>, value: T, ts: Timestamp): void => {
    const { last } = input;
    if (latestOnly && last?.ts === ts && last.place >= 0) return void (last.value = value);
    held.push((input.last = { input, value, ts, arrival: arrivals++, place: -1 }));
    input.held++;
  };

  const advance = (input: MergeInput<T>, to: Timestamp): void => {
    input.promise = Math.max(input.promise, to);
    frontier.update(input);
    release();
  };

  const refuse = (source: string, value: T, ts: Timestamp): void => {
    if (late === undefined) throw new LateMessageError(source, ts, clock);
    late({ source, value, ts, clock, receivers: [] });
  };

  const hear = (input: MergeInput<T>): void => {
    if (idle === undefined) return;
    input.timer?.unsubscribe();
    input.isIdle = false;
    frontier.update(input);
    input.timer = startTimer(idle.scheduler, idle.after, () => silence(input));
  };

  const silence = (input: MergeInput<T>): void => {
    // One that others hold back does not count as silent.
    if (input.held > 0 && limit() < input.limit) return hear(input);
    input.isIdle = true;
    frontier.update(input);
    release();
  };

  const fail = (input: MergeInput<T>, reason: unknown): void => {
    input.timer?.unsubscribe();
    input.isIdle = false;
    input.reason = reason;
    failed.push(input);
    if (input.held > 0) advance(input, input.reached);
    failDrained();
  };

  const complete = (input: MergeInput<T>): void => {
    input.timer?.unsubscribe();
    open--;
    if (input.held === 0 && outflow.isOver?.(input.index) === true) isOver = true;
    advance(input, Infinity);
  };

  for (const input of merged) frontier.push(input);
  destination.add(() => merged.forEach((input) => input.timer?.unsubscribe()));
  for (const input of merged) {
    if (destination.closed) return;
    hear(input);
    inputs[input.index]!.subscribe(
      operateClocked(destination, nameOf(input.index), {
        next: (value, ts) => hold(input, value, ts),
        error: (reason) => fail(input, reason),
        complete: () => complete(input),
      }),
    );
  }
  release();
}
