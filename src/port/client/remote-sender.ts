import { TooManyWaitingError } from '../../errors/capacity.js';
import { ClosedError } from '../../errors/life.js';
import { NullValueError } from '../../errors/messages.js';
import type { DurableSender, DurableSendOptions } from '../../log/dispatcher/durable-dispatcher.js';
import { randomId } from '../../log/random-id.js';
import type { AbortSignalLike, Timestamp } from '../../types.js';
import type { ClientFrame, ErrorFrame, Joined, Names } from '../protocol/frames.js';
import { errorOf } from './error-of.js';
import { NO_OPTIONS, Outgoing, readOptions } from './outgoing.js';
import { SendQueue, type SendQueueHost } from './send-queue.js';

/** What a sender needs of its connection. */
export interface SenderHost extends SendQueueHost {
  readonly maxWaiting: number;
  accepted(ts: Timestamp): void;
  /** Nothing more is to be told of it. */
  left(sender: RemoteSender<never>): void;
  /** Another one may have its name. */
  freed(sender: RemoteSender<never>): void;
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
  readonly #queue: SendQueue;
  /** What the other side was told by this line: nothing yet, that it joins, or that it leaves. */
  #told: 'nothing' | 'join' | 'close' = 'nothing';
  /** This line or an earlier one has told of it: then the end has to be told, too. */
  #isKnown = false;
  #left = false;
  #isScheduled = false;

  constructor(host: SenderHost, id: number, name: string, to: Names) {
    this.#host = host;
    this.id = id;
    this.name = name;
    this.#to = to;
    this.#queue = new SendQueue(host, id, name);
  }

  get closed(): boolean {
    return this.#left;
  }

  /** Messages that were sent, and have no answer. */
  get underWay(): number {
    return this.#queue.underWay;
  }

  get waiting(): number {
    return this.#queue.waiting;
  }

  next(value: T): void {
    if (this.#left) return;
    const failed = (error: unknown): void => this.fail(error);
    if (value === null) {
      const error = new NullValueError(this.name);
      failed(error);
      throw error;
    }
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
    return this.#queue.isRepeating;
  }

  // -- lines

  /** A line is open. */
  open(): void {
    this.#told = 'join';
    const { name, id } = this;
    const frame: ClientFrame = ['join', id, { name, to: this.#to, key: this.#key, ...this.#queue.begin() }];
    const refusal = this.#host.link.refusal('sender', name, frame);
    if (refusal !== undefined) return this.end(refusal);
    this.#isKnown = true;
    this.#host.link.post(frame);
  }

  lost(): void {
    this.#told = 'nothing';
    this.#queue.lost();
    if (this.#left && this.#queue.isEmpty) this.#host.freed(this);
  }

  /** What became of what was sent is not known any more. */
  forget(why: string): void {
    this.#queue.forget(why);
  }

  joined({ last, known }: Joined): void {
    this.#queue.joined(last);
    if (!known) this.#queue.forget('the other side remembers its session no more');
    this.#flush();
    this.#host.settled();
  }

  acks(first: number, timestamps: readonly Timestamp[]): void {
    let number = first;
    for (const ts of timestamps) {
      const outgoing = this.#queue.answered(number++);
      this.#host.accepted(ts);
      outgoing?.accept(ts);
    }
    this.#answered();
  }

  refused(number: number, error: ErrorFrame): void {
    this.#queue.answered(number)?.reject(errorOf(error));
    this.#answered();
  }

  #answered(): void {
    this.#queue.lineAnswered();
    this.#later();
    this.#host.settled();
  }

  // -- the end

  /** It can't go on: what was not sent never will be. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.#queue.rejectWaiting(error);
    this.#leave();
  }

  /** The other side does not take it, or no more: nothing of it is answered any more. */
  end(error: unknown): void {
    if (this.#told === 'close') return this.#host.left(this);
    this.#told = 'nothing';
    this.#isKnown = false;
    this.#queue.left();
    this.fail(error);
    this.#queue.forget('its sender was refused');
    this.#host.left(this);
    this.#host.settled();
  }

  /** The connection is closed. */
  close(): void {
    this.#left = true;
    this.#queue.rejectWaiting(new ClosedError('sender', this.name));
    this.#queue.forget('the connection was closed');
  }

  #leave(): void {
    this.#left = true;
    if (this.#told === 'nothing' && this.#queue.isEmpty) {
      // Where nobody knows of it, nobody has to be told; else the next line tells it.
      if (this.#isKnown) this.#host.freed(this);
      else this.#host.left(this);
    }
    this.#later();
  }

  // -- what goes out

  #submit(outgoing: Outgoing, signal?: AbortSignalLike): void {
    if (this.#queue.waiting >= this.#host.maxWaiting) {
      return outgoing.reject(new TooManyWaitingError(undefined, this.name, this.#host.maxWaiting));
    }
    this.#queue.add(outgoing);
    if (signal !== undefined) {
      // What was sent can't be taken back.
      outgoing.listen(signal, () => {
        if (!this.#queue.delete(outgoing)) return;
        outgoing.reject(signal.reason);
        // It may have been the last that its sender had to say.
        if (this.#left) this.#leave();
      });
    }
    this.#later();
  }

  /** So that what is sent in one turn goes out together. */
  #later(): void {
    if (this.#isScheduled || !this.#queue.isJoined) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      this.#flush();
    });
  }

  #flush(): void {
    this.#queue.send();
    if (!this.#left || !this.#queue.isEmpty || this.#told !== 'join') return;
    this.#host.link.post(['close', this.id]);
    // The line may break before that arrives: it is left when the answer is there.
    this.#told = 'close';
    this.#queue.left();
    this.#host.freed(this);
  }
}
