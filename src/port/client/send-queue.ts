import type { Timestamp } from '../../types.js';
import { FrameTooLargeError, ProtocolError, SendUnknownError } from '../errors.js';
import { type ClientFrame, type Extra, finite, type Join } from '../protocol/frames.js';
import type { Excess } from '../protocol/frame-limit.js';
import { extraOf, problemOf } from '../protocol/read-client-frame.js';
import { BatchSize } from './batch-size.js';
import type { Link } from './link.js';
import type { Outgoing } from './outgoing.js';
import { UnderWay } from './under-way.js';

/** What a queue needs of its connection. */
export interface SendQueueHost {
  readonly link: Link;
  readonly clock: Timestamp;
  /** Messages without an answer, at most. */
  readonly window: number;
}

/** The messages of one sender that have no answer: those that wait, and those that were sent; and what goes out next. */
export class SendQueue {
  readonly #host: SendQueueHost;
  readonly #id: number;
  readonly #name: string;
  readonly #waiting = new Set<Outgoing>();
  readonly #underWay = new UnderWay();
  readonly #batches: BatchSize = new BatchSize();
  #isJoined = false;
  /** The last number that was sent by this line. */
  #sentHere = 0;
  /** The last number that earlier lines have sent, where the other side may not know of it. */
  #repeated = 0;

  constructor(host: SendQueueHost, id: number, name: string) {
    this.#host = host;
    this.#id = id;
    this.#name = name;
  }

  /** How many were sent, and have no answer. */
  get underWay(): number {
    return this.#underWay.size;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#underWay.size === 0;
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  /** Whether something that an earlier line has sent is sent again, and has no answer yet. */
  get isRepeating(): boolean {
    return this.#underWay.oldest <= this.#repeated;
  }

  add(outgoing: Outgoing): void {
    this.#waiting.add(outgoing);
  }

  /** Takes back one that waits; false where it was sent. */
  delete(outgoing: Outgoing): boolean {
    return this.#waiting.delete(outgoing);
  }

  // -- lines

  /** A line is open: what is said as its sender joins. */
  begin(): Pick<Join, 'next' | 'sent' | 'since'> {
    const { oldest: next, sent } = this.#underWay;
    this.#repeated = this.#underWay.size > 0 ? sent : 0;
    return { next, sent, since: finite(this.#underWay.get(next)?.since ?? -Infinity) };
  }

  /** The other side has everything up to `last`. */
  joined(last: number): void {
    // Nothing of what waits would ever be sent.
    if (last > this.#underWay.sent)
      throw new ProtocolError(`${this.#underWay.sent} was sent last, but ${last} has come`);
    this.#isJoined = true;
    this.#sentHere = last;
    if (last >= this.#underWay.sent) this.#repeated = 0;
  }

  /** The line is gone. */
  lost(): void {
    this.#batches.lost();
    this.#isJoined = false;
    this.#repeated = 0;
  }

  /** The other side knows of its sender no more. */
  left(): void {
    this.#isJoined = false;
  }

  // -- answers

  /** Nothing where it had its answer. */
  answered(number: number): Outgoing | undefined {
    return this.#underWay.answered(number);
  }

  /** A frame with answers was read. */
  lineAnswered(): void {
    this.#batches.answered();
  }

  rejectWaiting(error: unknown): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const outgoing of waiting) outgoing.reject(error);
  }

  /** What became of those that were sent is not known. */
  forget(why: string): void {
    for (const outgoing of this.#underWay.clear()) {
      outgoing.reject(new SendUnknownError(this.#name, outgoing.since, why));
    }
  }

  // -- what goes out

  /** Sends all that the window has room for. */
  send(): void {
    while (this.#isJoined && this.#sendSome());
  }

  /** Sends one batch; false where there is nothing more to send, or the window is full. */
  #sendSome(): boolean {
    // Those that have their answers are passed over.
    while (this.#sentHere < this.#underWay.sent && this.#underWay.get(this.#sentHere + 1) === undefined)
      this.#sentHere++;
    const batch = this.#batch(this.#sentHere + 1);
    this.#post(batch);
    return batch.length > 0;
  }

  /** What comes next, where the window has room: first, under its number, what has no answer; then what waits. */
  #batch(first: number): readonly Outgoing[] {
    const { link, window } = this.#host;
    const { oldest, sent } = this.#underWay;
    const end = Math.min(first + this.#batches.most, oldest + window);
    const batch: Outgoing[] = [];
    let number = first;
    while (number <= sent && number < end) {
      const outgoing = this.#underWay.get(number++);
      if (outgoing === undefined) return batch;
      batch.push(outgoing);
    }
    for (const outgoing of this.#waiting) {
      if (number >= end) break;
      try {
        link.check(outgoing.value);
        if (outgoing.extra !== null) extraOf(outgoing.extra);
        if (outgoing.extra?.meta !== undefined) link.check(outgoing.extra.meta);
      } catch (error) {
        // What came before it goes out first: a `next` that is refused ends its sender.
        if (batch.length > 0) break;
        this.#waiting.delete(outgoing);
        outgoing.reject(error);
        continue;
      }
      batch.push(outgoing);
      number++;
    }
    return batch;
  }

  /** In one frame, or in as many as have the length that the other side takes. */
  #post(batch: readonly Outgoing[]): void {
    const [first] = batch;
    if (first === undefined || !this.#isJoined) return;
    const { link, clock } = this.#host;
    const frame = this.#frameOf(first.number === 0 ? this.#sentHere + 1 : first.number, batch);
    const excess = link.excess(frame);
    // A server reads each value; that is left to it, unless a line has closed meanwhile.
    const problem = first.number > 0 ? problemOf(frame) : undefined;
    if (excess === undefined && problem === undefined) {
      for (const outgoing of batch) {
        if (outgoing.number > 0) continue;
        this.#waiting.delete(outgoing);
        outgoing.since = clock;
        this.#underWay.add(outgoing);
      }
      this.#sentHere = batch.at(-1)!.number;
      this.#batches.sent();
      link.post(frame);
    } else if (batch.length === 1) this.#refuse(first, excess ?? problem!);
    else {
      const half = batch.length >> 1;
      this.#post(batch.slice(0, half));
      // Behind a `next` that was refused nothing waits any more.
      this.#post(batch.slice(half).filter((outgoing) => outgoing.number > 0 || this.#waiting.has(outgoing)));
    }
  }

  #frameOf(first: number, batch: readonly Outgoing[]): ClientFrame {
    const values = batch.map(({ value }) => value);
    if (batch.every(({ extra }) => extra === null)) return ['send', this.#id, first, values];
    return ['send', this.#id, first, values, batch.map(({ extra }): Extra | null => extra)];
  }

  #refuse(outgoing: Outgoing, why: Excess | ProtocolError): void {
    const { number, since } = outgoing;
    const isBad = why instanceof ProtocolError;
    const error = isBad ? why : new FrameTooLargeError('sender', this.#name, why);
    if (number === 0) {
      this.#waiting.delete(outgoing);
      return outgoing.reject(error);
    }
    this.#sentHere = number;
    this.#underWay.answered(number);
    // An earlier line may have carried it, where none would have closed over it.
    outgoing.reject(isBad || why.isFound ? error : new SendUnknownError(this.#name, since, error.message));
  }
}
