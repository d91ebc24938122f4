import type { Observable, Subscriber } from 'rxjs';
import { Input, Lane } from '../dispatch/lane.js';
import { OverflowError } from '../errors/capacity.js';
import { InvalidTimestampError } from '../errors/messages.js';
import { LateMessageError } from '../errors/order.js';
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
  const lane = new Lane<T>(undefined, { now: 0 });
  const lines = inputs.map((_, i) => new Input(lane, nameOf(i), -Infinity, NOBODY));
  const reached = inputs.map(() => -Infinity);
  const failed: { readonly line: Input<T>; readonly reason: unknown }[] = [];
  let held = 0;
  let clock = 0;
  let releasing = false;

  const advance = (line: Input<T>, promise: Timestamp): void => {
    line.promise = Math.max(line.promise, promise);
    line.update();
    release();
  };

  /** A loop that is entered once: what a consumer brings about is released after what it is being told. */
  const release = (): void => {
    if (releasing) return;
    releasing = true;
    while (!destination.closed && (releaseNext() || finish() || tell(lane.game.winnerKey)));
    releasing = false;
  };

  const releaseNext = (): boolean => {
    const { winner, winnerReady } = lane.game;
    if (!winnerReady) return false;
    const [value, ts] = (lines[winner] as Input<T>).shift();
    clock = ts;
    held--;
    take(value as T, ts, winner);
    if (!lane.owes(ts)) {
      settle?.(ts);
      failWhoIsThrough();
    }
    return true;
  };

  const finish = (): boolean => {
    const isLast = lane.game.winnerKey === Infinity;
    if (!isLast && !(isOver?.(isDone) ?? false)) return false;
    if (isLast) tell(Math.max(...reached));
    destination.complete();
    return true;
  };

  const isDone = (i: number): boolean => lines[i]!.promise === Infinity && lines[i]!.backlog.size === 0;

  const tell = (ts: Timestamp): boolean => {
    if (ts <= clock) return false;
    tick((clock = ts));
    return true;
  };

  const failWhoIsThrough = (): void => {
    const through = failed.find(({ line }) => line.backlog.size === 0);
    if (through !== undefined) destination.error(through.reason);
  };

  const hold = (i: number, item: Clocked<T>): void => {
    const [value, ts] = item;
    const line = lines[i]!;
    if (!Number.isSafeInteger(ts) || ts < 0) throw new InvalidTimestampError(line.source, ts);
    if (value !== null) {
      if (ts < clock) return refuse(line.source, value, ts);
      line.backlog.push(item, NOBODY);
      held++;
    }
    reached[i] = Math.max(reached[i]!, ts);
    advance(line, ts - disorder);
    if (held > bound) throw new OverflowError(operator, bound, ts);
  };

  const refuse = (source: string, value: T, ts: Timestamp): void => {
    if (late === undefined) throw new LateMessageError(source, ts, clock);
    late({ source, value, ts, clock });
  };

  const fail = (i: number, reason: unknown): void => {
    const line = lines[i]!;
    failed.push({ line, reason });
    if (line.backlog.size > 0) advance(line, reached[i]!);
    failWhoIsThrough();
  };

  inputs.forEach((input, i) => {
    if (destination.closed) return;
    input.subscribe(
      operate(destination, {
        next: (item) => hold(i, item),
        error: (reason) => fail(i, reason),
        complete: () => advance(lines[i]!, Infinity),
      }),
    );
  });
  release();
}

/** Whom the messages are for is none of this operator's business. */
const NOBODY: readonly never[] = [];
