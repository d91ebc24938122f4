import { TooManyWaitingError } from '../../errors/capacity.js';
import { ClosedError } from '../../errors/life.js';
import { NullValueError } from '../../errors/messages.js';
import type { DurableSender, DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import { randomId } from '../../log/random-id.js';
import type { AbortSignalLike, Timestamp } from '../../types.js';
import { FrameTooLargeError, ProtocolError, SendUnknownError } from '../errors.js';
import { type ClientFrame, type ErrorFrame, type Extra, finite, type Joined, type Names } from '../protocol/frames.js';
import type { Excess } from '../protocol/frame-limit.js';
import { extraOf, problemOf } from '../protocol/read-client-frame.js';
import { BatchSize } from './batch-size.js';
import { errorOf } from './error-of.js';
import type { Link } from './link.js';
import { NO_OPTIONS, Outgoing, readOptions } from './outgoing.js';
import { UnderWay } from './under-way.js';

/** What a sender needs of its connection. */
export interface SenderHost {
  readonly link: Link;
  readonly clock: Timestamp;
  readonly maxWaiting: number;
  /** Messages without an answer, at most. */
  readonly window: number;
  accepted(ts: Timestamp): void;
  left(sender: RemoteSender<never>): void;
  /** What was sent before a reconnect has its answer. */
  settled(): void;
}

/** A sender of a dispatcher that lives elsewhere: it keeps what has no answer, and sends it again after a reconnect. */
export class RemoteSender<T> implements DurableSender<T> {
  readonly name: string;
  readonly id: number;
  failure: unknown;
  readonly #host: SenderHost;
  readonly #to: Names;
  readonly #key = randomId();
  /** Not sent yet. */
  readonly #waiting = new Set<Outgoing>();
  readonly #underWay = new UnderWay();
  /** The last number that was sent by this line. */
  #sentHere = 0;
  #isJoined = false;
  #isAsked = false;
  #left = false;
  #isScheduled = false;
  readonly #batches: BatchSize = new BatchSize();
  /** The last number that earlier lines have sent, where the other side may not know of it. */
  #repeated = 0;

  constructor(host: SenderHost, id: number, name: string, to: Names) {
    this.#host = host;
    this.id = id;
    this.name = name;
    this.#to = to;
  }

  get closed(): boolean {
    return this.#left;
  }

  /** Messages that were sent, and have no answer. */
  get underWay(): number {
    return this.#underWay.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  next(value: T): void {
    if (this.#left) return;
    if (value === null) throw new NullValueError(this.name);
    const failed = (error: unknown): void => this.fail(error);
    this.#submit(new Outgoing(value, NO_OPTIONS, () => undefined, failed));
  }

  error(_error: unknown): void {
    // What came before goes out, and who calls this knows of the error.
    this.complete();
  }

  complete(): void {
    if (!this.#left) this.#leave();
  }

  send(value: T, options?: DurableSendOptions): Promise<Timestamp> {
    return new Promise((resolve, reject) => {
      const read = readOptions(options);
      if (value === null) throw new NullValueError(this.name);
      if (this.#left) {
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- `error` may be given anything
        reject(this.failure ?? new ClosedError('sender', this.name));
      } else if (read.signal?.aborted === true) reject(read.signal.reason);
      else this.#submit(new Outgoing(value, read, resolve, reject), read.signal);
    });
  }

  /** Whether something that an earlier line has sent is sent again, and has no answer yet. */
  get isRepeating(): boolean {
    return this.#underWay.oldest <= this.#repeated;
  }

  // -- lines

  /** A line is open. */
  open(): void {
    this.#isAsked = true;
    const { oldest: next, sent } = this.#underWay;
    this.#repeated = this.#underWay.size > 0 ? sent : 0;
    const since = finite(this.#underWay.get(next)?.since ?? -Infinity);
    const { name, id } = this;
    const frame: ClientFrame = ['join', id, { name, to: this.#to, key: this.#key, next, sent, since }];
    const refusal = this.#host.link.refusal('sender', name, frame);
    if (refusal === undefined) this.#host.link.post(frame);
    else this.end(refusal);
  }

  lost(): void {
    this.#batches.lost();
    this.#isAsked = this.#isJoined = false;
    this.#repeated = 0;
  }

  joined({ last, known }: Joined): void {
    this.#isJoined = true;
    this.#sentHere = last;
    if (last >= this.#underWay.sent) this.#repeated = 0;
    if (!known) this.#forget('the other side remembers its session no more');
    this.#flush();
    this.#host.settled();
  }

  acks(first: number, timestamps: readonly Timestamp[]): void {
    let number = first;
    for (const ts of timestamps) {
      const outgoing = this.#underWay.answered(number++);
      this.#host.accepted(ts);
      outgoing?.accept(ts);
    }
    this.#batches.answered();
    this.#later();
    this.#host.settled();
  }

  refused(number: number, error: ErrorFrame): void {
    this.#underWay.answered(number)?.reject(errorOf(error));
    this.#batches.answered();
    this.#later();
    this.#host.settled();
  }

  // -- the end

  /** It can't go on: what was not sent never will be. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.#rejectWaiting(error);
    this.#leave();
  }

  /** The other side does not take it, or no more: nothing of it is answered any more. */
  end(error: unknown): void {
    this.#isAsked = this.#isJoined = false;
    this.fail(error);
    this.#forget('its sender was refused');
    this.#host.left(this);
    this.#host.settled();
  }

  /** The connection is closed. */
  close(): void {
    this.#left = true;
    this.#rejectWaiting(new ClosedError('sender', this.name));
    this.#forget('the connection was closed');
  }

  #leave(): void {
    this.#left = true;
    // Where nobody knows of it, nobody has to be told.
    if (!this.#isAsked && this.#waiting.size === 0 && this.#underWay.size === 0) this.#host.left(this);
    this.#later();
  }

  #rejectWaiting(error: unknown): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const outgoing of waiting) outgoing.reject(error);
  }

  /** What became of those under way is not known. */
  #forget(why: string): void {
    for (const outgoing of this.#underWay.clear())
      outgoing.reject(new SendUnknownError(this.name, outgoing.since, why));
  }

  // -- what goes out

  #submit(outgoing: Outgoing, signal?: AbortSignalLike): void {
    if (this.#waiting.size >= this.#host.maxWaiting) {
      return outgoing.reject(new TooManyWaitingError(undefined, this.name, this.#host.maxWaiting));
    }
    this.#waiting.add(outgoing);
    if (signal !== undefined) {
      // What was sent can't be taken back.
      outgoing.listen(signal, () => {
        if (this.#waiting.delete(outgoing)) outgoing.reject(signal.reason);
      });
    }
    this.#later();
  }

  /** So that what is sent in one turn goes out together. */
  #later(): void {
    if (this.#isScheduled || !this.#isJoined) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    while (this.#isJoined && this.#sendSome());
    if (!this.#left || this.#waiting.size > 0 || this.#underWay.size > 0 || !this.#isAsked) return;
    this.#host.link.post(['close', this.id]);
    this.#isAsked = this.#isJoined = false;
    this.#host.left(this);
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

  /** What comes next: first, under its number, what has no answer; then what waits, where the window has room. */
  #batch(first: number): readonly Outgoing[] {
    const { link, window } = this.#host;
    const { most } = this.#batches;
    const batch: Outgoing[] = [];
    let number = first;
    while (number <= this.#underWay.sent && batch.length < most) {
      const outgoing = this.#underWay.get(number++);
      if (outgoing === undefined) return batch;
      batch.push(outgoing);
    }
    for (const outgoing of this.#waiting) {
      if (batch.length >= most || number - this.#underWay.oldest >= window) break;
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
    if (batch.every(({ extra }) => extra === null)) return ['send', this.id, first, values];
    return ['send', this.id, first, values, batch.map(({ extra }): Extra | null => extra)];
  }

  #refuse(outgoing: Outgoing, why: Excess | ProtocolError): void {
    const { number, since } = outgoing;
    const isBad = why instanceof ProtocolError;
    const error = isBad ? why : new FrameTooLargeError('sender', this.name, why);
    if (number === 0) {
      this.#waiting.delete(outgoing);
      return outgoing.reject(error);
    }
    this.#sentHere = number;
    this.#underWay.answered(number);
    // An earlier line may have carried it, where none would have closed over it.
    outgoing.reject(isBad || why.isFound ? error : new SendUnknownError(this.name, since, error.message));
  }
}
