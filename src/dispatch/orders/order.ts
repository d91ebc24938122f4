import type { Clocked, Timestamp } from '../../types.js';

/**
 * Why an order does not take a message: its time has passed, it came before, its source is too far ahead of the others,
 * or it is beyond the window.
 */
export type Refusal = 'late' | 'duplicate' | 'ahead' | 'beyond';

/** Why an order does not take a tick. By watermark, one that says nothing new is but past. */
export type TickRefusal = Refusal | 'past';

/** What is left of a payload without somebody: nothing, or the payload itself where that is not concerned. */
export type Without<P> = (payload: P) => P | undefined;

/** A message that an order holds, and who it is for. */
export interface HeldMessage<T, P> {
  /** The message. */
  readonly item: Clocked<T>;
  /** Its payload, as it was given to `insert`. */
  readonly payload: P;
}

/**
 * Decides which stamped message goes out next. It knows neither queues nor consumers nor time: a message comes in with a
 * payload `P` (whom it is for), and leaves with it. Each source has an input `I`.
 *
 * Every method leaves it consistent. None calls back.
 */
export interface StampedOrder<T, P, I> {
  /** The last timestamp that was released, by a message or by a frontier. */
  readonly clock: Timestamp;
  /** The clock before the first release: the seed, or `-Infinity`. */
  readonly start: Timestamp;
  /** Nothing at or below is taken any more. Never goes back: what was announced as settled stays settled. */
  readonly settled: Timestamp;
  /** Whether no timestamp comes out twice. */
  readonly unique: boolean;
  /** Whether a tick means that nothing follows at its timestamp either. */
  readonly strict: boolean;
  /** Messages that wait for their turn. */
  readonly held: number;
  /** The payload of the message that was taken last. */
  readonly payload: P;

  /** Whether a message may come in; changes nothing but what `maxLead` counts. */
  judge(input: I, ts: Timestamp, payload: P): Refusal | undefined;
  /** Whether a tick may come in; changes nothing but what `maxLead` counts. */
  judgeTick(input: I, ts: Timestamp): TickRefusal | undefined;
  /** Takes a message that was not refused. */
  insert(input: I, item: Clocked<T>, payload: P): void;
  /**
   * The short way for a source's next message with its usual payload: 2 where something may be due now, 1 where it
   * waits, 0 where anything is out of the ordinary: then nothing has changed, and `judge` has to say.
   */
  append(input: I, item: Clocked<T>): 0 | 1 | 2;
  /** A message that was not refused, and goes to nobody: its timestamp counts all the same. */
  bring(input: I, ts: Timestamp): void;
  /** Takes a tick that was not refused: the source has reached `ts`. */
  reach(input: I, ts: Timestamp): void;
  /** A call of this source waits with a message at `ts` (the first of several), or none does any more. */
  hold(input: I, ts: Timestamp | undefined): void;

  /** The next message that goes out, with `payload`; where there is none, the clock is as far as it can be. */
  take(): Clocked<T> | undefined;
  /** Whether another message is due at this timestamp. */
  dueAt(ts: Timestamp): boolean;

  /** Whether everybody waits for this message, so that it may come in where there is no room. */
  awaits(input: I, ts: Timestamp): boolean;
  /** Takes out the message with the least timestamp for which `without` has another answer than the payload; the rest of its payload stays. */
  evict(without: Without<P>, key?: object): HeldMessage<T, P> | undefined;
  /**
   * `evict` for all such messages, in order; at most `count`. `key`, where `without` is about one: only payloads of inputs
   * that may concern it are looked at.
   */
  remove(without: Without<P>, count: number, key?: object): HeldMessage<T, P>[];
  /** How many messages of this source wait for their turn. */
  heldOf(input: I): number;
}
