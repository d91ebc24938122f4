import type { Observable, Subscriber } from 'rxjs';
import type { Scheduler } from '../dispatch/scheduler.js';
import { startTimer } from '../dispatch/timing/timer.js';
import { OverflowError } from '../errors/capacity.js';
import { InvalidTimestampError } from '../errors/messages.js';
import { LateMessageError } from '../errors/order.js';
import { PlacedHeap } from '../progress/placed-heap.js';
import type { Clocked, Late, Timestamp } from '../types.js';
import { compareHeld, type Held, Line, whoIsBehind } from './line.js';
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
  const lines = inputs.map((_, input) => new Line<T>(input));
  const frontier = new PlacedHeap<Line<T>>(whoIsBehind);
  const held = new PlacedHeap<Held<T>>(compareHeld);
  const failed: Line<T>[] = [];
  let open = lines.length;
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
    first.line.held--;
    clock = first.ts;
    outflow.take(first.value, clock, first.line.input);
    if (held.peek()?.ts !== clock) {
      outflow.settle?.(clock);
      failWhoIsThrough();
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

  const failWhoIsThrough = (): void => {
    const through = failed.find((line) => line.held === 0);
    if (through !== undefined) destination.error(through.reason);
  };

  const hold = (line: Line<T>, value: T | null, ts: Timestamp): void => {
    const name = nameOf(line.input);
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(name, ts);
    hear(line);
    if (value !== null) {
      if (ts < clock || (ts === clock && isOnce?.(line.input) === true)) return refuse(name, value, ts);
      keep(line, value, ts);
    }
    least = Math.min(least, ts);
    most = Math.max(most, ts);
    line.reached = Math.max(line.reached, ts);
    advance(line, promise(ts, value === null, line.input));
    if (held.size > bound) throw new OverflowError(operator, bound, ts);
  };

  const keep = (line: Line<T>, value: T, ts: Timestamp): void => {
    const { last } = line;
    if (latestOnly && last?.ts === ts && last.place >= 0) return void (last.value = value);
    held.push((line.last = { line, value, ts, arrival: arrivals++, place: -1 }));
    line.held++;
  };

  const advance = (line: Line<T>, to: Timestamp): void => {
    line.promise = Math.max(line.promise, to);
    frontier.update(line);
    release();
  };

  const refuse = (source: string, value: T, ts: Timestamp): void => {
    if (late === undefined) throw new LateMessageError(source, ts, clock);
    late({ source, value, ts, clock, receivers: [] });
  };

  const hear = (line: Line<T>): void => {
    if (idle === undefined) return;
    line.timer?.unsubscribe();
    line.isIdle = false;
    frontier.update(line);
    line.timer = startTimer(idle.scheduler, idle.after, () => silence(line));
  };

  const silence = (line: Line<T>): void => {
    // Whoever is held back by others can't be blamed for its silence.
    if (line.held > 0 && limit() < line.limit) return hear(line);
    line.isIdle = true;
    frontier.update(line);
    release();
  };

  const fail = (line: Line<T>, reason: unknown): void => {
    line.timer?.unsubscribe();
    line.isIdle = false;
    line.reason = reason;
    failed.push(line);
    if (line.held > 0) advance(line, line.reached);
    failWhoIsThrough();
  };

  const complete = (line: Line<T>): void => {
    line.timer?.unsubscribe();
    open--;
    if (line.held === 0 && outflow.isOver?.(line.input) === true) isOver = true;
    advance(line, Infinity);
  };

  for (const line of lines) frontier.push(line);
  destination.add(() => lines.forEach((line) => line.timer?.unsubscribe()));
  for (const line of lines) {
    if (destination.closed) return;
    hear(line);
    inputs[line.input]!.subscribe(
      operateClocked(destination, nameOf(line.input), {
        next: (value, ts) => hold(line, value, ts),
        error: (reason) => fail(line, reason),
        complete: () => complete(line),
      }),
    );
  }
  release();
}
