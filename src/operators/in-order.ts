import type { Observable, Subscriber } from 'rxjs';
import { Heap } from '../dispatch/heap.js';
import { Tournament } from '../dispatch/tournament.js';
import { InvalidTimestampError, LateMessageError, OverflowError } from '../errors.js';
import type { Clocked, Late, Timestamp } from '../types.js';
import { operate } from './operate.js';

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
  /** How far an input may run backwards. */
  readonly disorder?: number;
  /** What to do with a late message. By default it is an error. */
  readonly late?: ((late: Late<T>) => void) | undefined;
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
  /** Every input has reached `ts`, and nothing was held there. */
  readonly tick: (ts: Timestamp) => void;
  /** Whether the result completes before all inputs have; `done` tells of an input whether it has ended. */
  readonly isOver?: (done: (input: number) => boolean) => boolean;
}

/**
 * Merges clocked inputs by watermark: a message's turn comes as soon as every input has reached its timestamp.
 *
 * An input that has completed is no longer waited for. One that fails is: its error takes its place after the messages
 * that it brought before, and nothing goes beyond. What a consumer brings about while it is being told waits its turn.
 *
 * @internal
 */
export function inOrder<T>(
  destination: Subscriber<unknown>,
  { operator, nameOf = () => operator, inputs, bound, disorder = 0, late }: Inflow<T>,
  { take, settle, tick, isOver }: Outflow<T>,
): void {
  const lanes = inputs.map((): Lane<T> => ({
    held: new Heap(),
    reached: -Infinity,
    promise: -Infinity,
    failure: null,
  }));
  const order = new Tournament();
  const failed: Lane<T>[] = [];
  let held = 0;
  let clock = 0;
  let releasing = false;

  const rank = (seat: number): void => {
    const lane = lanes[seat]!;
    const next = lane.held.leastKey;
    const ready = next <= lane.promise && next < Infinity;
    order.update(seat, ready ? next : lane.promise, ready);
  };

  const advance = (seat: number, promise: Timestamp): void => {
    const lane = lanes[seat]!;
    lane.promise = Math.max(lane.promise, promise);
    rank(seat);
    release();
  };

  /** A loop that is entered once: what a consumer brings about is released after what it is being told. */
  const release = (): void => {
    if (releasing) return;
    releasing = true;
    while (!destination.closed && (releaseNext() || finish() || tell(order.winnerKey)));
    releasing = false;
  };

  const isDue = (): boolean => order.winnerReady;

  const releaseNext = (): boolean => {
    if (!isDue()) return false;
    const seat = order.winner;
    const ts = (clock = order.winnerKey);
    const value = lanes[seat]!.held.pop() as T;
    held--;
    rank(seat);
    take(value, ts, seat);
    if (!isDue() || order.winnerKey > ts) {
      settle?.(ts);
      failWhoIsThrough();
    }
    return true;
  };

  const finish = (): boolean => {
    const isLast = order.winnerKey === Infinity;
    if (!isLast && !(isOver?.(isDone) ?? false)) return false;
    if (isLast) tell(Math.max(...lanes.map(({ reached }) => reached)));
    destination.complete();
    return true;
  };

  const isDone = (seat: number): boolean => lanes[seat]!.promise === Infinity && lanes[seat]!.held.size === 0;

  const tell = (ts: Timestamp): boolean => {
    if (ts <= clock) return false;
    tick((clock = ts));
    return true;
  };

  const failWhoIsThrough = (): void => {
    const through = failed.find((lane) => lane.held.size === 0);
    if (through !== undefined) destination.error(through.failure?.reason);
  };

  const hold = (seat: number, [value, ts]: Clocked<T>): void => {
    const lane = lanes[seat]!;
    if (!Number.isSafeInteger(ts) || ts < 0) throw new InvalidTimestampError(nameOf(seat), ts);
    if (value !== null) {
      if (ts < clock) return refuse(seat, value, ts);
      lane.held.push(ts, value);
      held++;
    }
    lane.reached = Math.max(lane.reached, ts);
    advance(seat, ts - disorder);
    if (held > bound) throw new OverflowError(operator, bound, ts);
  };

  const refuse = (seat: number, value: T, ts: Timestamp): void => {
    if (late === undefined) throw new LateMessageError(nameOf(seat), ts, clock);
    late({ source: nameOf(seat), value, ts, clock });
  };

  const fail = (seat: number, reason: unknown): void => {
    const lane = lanes[seat]!;
    lane.failure = { reason };
    failed.push(lane);
    if (lane.held.size > 0) advance(seat, lane.reached);
    failWhoIsThrough();
  };

  order.reset(inputs.length);
  inputs.forEach(() => rank(order.join()));
  inputs.forEach((input, seat) => {
    if (destination.closed) return;
    input.subscribe(
      operate(destination, {
        next: (message) => hold(seat, message),
        error: (reason) => fail(seat, reason),
        complete: () => advance(seat, Infinity),
      }),
    );
  });
  release();
}

/** What is known of one input: nothing below its promise follows. */
interface Lane<T> {
  readonly held: Heap<T>;
  reached: Timestamp;
  promise: Timestamp;
  failure: { readonly reason: unknown } | null;
}
