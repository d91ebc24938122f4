import type { Clocked, ForwardResult, SendResult } from 'rxjs-clocked-dispatch';

/**
 * What a dispatcher is, said with arrays and sorts: the oracle of the property tests.
 *
 * It knows the three modes, joins and leaves, broadcasts, ties, ticks and completion. It knows no bounds and no timers.
 */
export class Model {
  readonly mode: 'serialize' | 'watermark' | 'sequence';
  readonly seed: number;
  clock: number;
  readonly receivers = new Map<string, ModelReceiver>();
  readonly senders = new Map<string, ModelSender>();
  #held: Held[] = [];
  #registered = 0;
  #closed = false;
  #work: (() => void)[] = [];
  #working = false;

  constructor(mode: 'serialize' | 'watermark' | 'sequence', seed = 0) {
    this.mode = mode;
    this.seed = seed;
    this.clock = seed;
  }

  receiver(name: string): ModelReceiver {
    const receiver = new ModelReceiver(name, this.seed, () => this.clock);
    receiver.fed = [...this.senders.values()].some((sender) => writesTo(sender, receiver));
    this.receivers.set(name, receiver);
    return receiver;
  }

  /** A sender to the named receivers, or (null) to all; a later one starts at the clock, a clone at its parent's promise. */
  sender(name: string, to: readonly string[] | null, options: { strict?: boolean; promise?: number } = {}): ModelSender {
    const promise = Math.max(options.promise ?? this.clock, this.clock);
    const sender = { name, to, promise, strict: options.strict ?? false, rank: this.#registered++, closed: false };
    this.senders.set(name, sender);
    for (const receiver of this.receivers.values()) receiver.fed ||= writesTo(sender, receiver);
    return sender;
  }

  send(sender: ModelSender, value: unknown): SendResult {
    if (sender.closed) return { ok: false, reason: 'closed' };
    const ts = this.clock + 1;
    const heard = this.#targets(sender).length > 0;
    this.#release([{ sender, value, ts }]);
    return heard ? { ok: true, ts } : { ok: false, reason: 'no-receiver' };
  }

  forward(sender: ModelSender, value: unknown, ts: number): ForwardResult {
    if (sender.closed) return { ok: false, reason: 'closed' };
    const refusal = this.mode === 'sequence' ? this.#repeated(ts) : this.#late(sender, ts);
    if (refusal !== null) return { ok: false, reason: refusal };
    const heard = value === null || this.#targets(sender).length > 0;
    if (value !== null || this.mode === 'sequence') this.#held.push({ sender, value, ts });
    sender.promise = Math.max(sender.promise, ts);
    this.#advance();
    return heard ? { ok: true } : { ok: false, reason: 'no-receiver' };
  }

  complete(sender: ModelSender): void {
    sender.closed = true;
    this.senders.delete(sender.name);
    this.#advance();
  }

  closeReceiver(receiver: ModelReceiver): void {
    receiver.left = true;
    this.receivers.delete(receiver.name);
    this.#advance();
  }

  close(): void {
    this.#closed = true;
    for (const sender of this.senders.values()) sender.closed = true;
    this.senders.clear();
    this.#advance();
  }

  /** Everything that may go out now goes out: by timestamp, then by source, then by arrival. */
  #advance(): void {
    this.#held.sort((a, b) => a.ts - b.ts || a.sender.rank - b.sender.rank);
    if (this.mode === 'sequence') {
      while (this.#held[0]?.ts === this.clock + 1) this.#release(this.#held.splice(0, 1));
      return this.#do(() => this.#completeReceivers());
    }
    const frontier = this.#frontier();
    while (this.#held[0] !== undefined && this.#held[0].ts <= frontier) {
      const { ts } = this.#held[0];
      this.#release(this.#held.splice(0, this.#held.filter((held) => held.ts === ts).length));
    }
    if (frontier > this.clock && frontier < Infinity) this.#release([{ sender: undefined, value: null, ts: frontier }]);
    this.#do(() => this.#completeReceivers());
  }

  /** The least of the promises of those that can still be heard. */
  #frontier(): number {
    const counting = [...this.senders.values()].filter((sender) => sender.to === null || this.#targets(sender).length > 0);
    return Math.min(...counting.map(({ promise }) => promise));
  }

  /** Messages of one timestamp: data to whom it is for, then the tick to everybody else. */
  #release(messages: Held[]): void {
    const ts = messages[0]?.ts ?? this.clock;
    this.clock = Math.max(this.clock, ts);
    this.#do(() => {
      for (const { sender, value } of messages) {
        if (sender === undefined || value === null) continue;
        for (const receiver of this.#targets(sender)) receiver.take([value, ts]);
      }
      for (const receiver of this.receivers.values()) receiver.tell(ts);
    });
  }

  #completeReceivers(): void {
    for (const receiver of this.receivers.values()) {
      const mayCome = (sender: ModelSender | undefined): boolean => sender !== undefined && writesTo(sender, receiver);
      const more = [...this.senders.values()].some(mayCome) || this.#held.some(({ sender }) => mayCome(sender));
      if (!more && (receiver.fed || this.#closed)) receiver.complete();
      else receiver.reopen();
    }
  }

  #targets(sender: ModelSender): ModelReceiver[] {
    return [...this.receivers.values()].filter((receiver) => !receiver.done && writesTo(sender, receiver));
  }

  #repeated(ts: number): 'duplicate' | null {
    return ts <= this.clock || this.#held.some((held) => held.ts === ts) ? 'duplicate' : null;
  }

  #late(sender: ModelSender, ts: number): 'late' | 'duplicate' | null {
    if (sender.strict && ts === sender.promise) return 'duplicate';
    return ts < this.clock ? 'late' : null;
  }

  /** One thing after the other: what a handler sends is delivered after what is being delivered. */
  #do(work: () => void): void {
    this.#work.push(work);
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#work.shift(); next !== undefined; next = this.#work.shift()) next();
    this.#working = false;
  }
}

/** One receiver: a queue, what it was told last, and those who listen. */
export class ModelReceiver {
  readonly name: string;
  readonly seed: number;
  readonly now: () => number;
  readonly queue: Clocked<unknown>[] = [];
  readonly listeners: ModelListener[] = [];
  told: number;
  /** Whether anybody could ever write here; and whether nobody can any more. */
  fed = false;
  done = false;
  left = false;
  #ending = false;
  #end = Infinity;

  constructor(name: string, seed: number, now: () => number) {
    this.name = name;
    this.seed = seed;
    this.now = now;
    this.told = seed;
  }

  take(message: Clocked<unknown>): void {
    this.queue.push(message);
    if (this.listeners.length > 0) this.#flush();
  }

  tell(ts: number): void {
    if (this.listeners.length > 0 && ts > this.told && !this.done) this.#emit([null, ts]);
  }

  /** The first listener gets the backlog; every one learns where the clock is, if anything has happened yet. */
  subscribe(listener: ModelListener): void {
    const backlog = this.queue.length > 0;
    const clock = Math.min(this.now(), this.#end);
    this.listeners.push(listener);
    if (backlog) this.#flush();
    if (backlog ? clock > this.told : clock > this.seed) listener.next([null, clock]);
    this.told = Math.max(this.told, clock);
    this.#settle();
    if (this.done) listener.complete();
  }

  unsubscribe(listener: ModelListener): void {
    this.listeners.splice(this.listeners.indexOf(listener), 1);
  }

  pull(): Clocked<unknown> | undefined {
    if (this.left || this.listeners.length > 0) return undefined;
    const message = this.queue.shift();
    this.#settle();
    const now = Math.min(this.now(), this.#end);
    const answer = message ?? (now > this.told ? ([null, now] as const) : undefined);
    if (answer !== undefined) this.told = answer[1];
    return answer;
  }

  /** Nothing will come here any more, not even a tick. */
  get ended(): boolean {
    return this.left || (this.done && this.told >= Math.min(this.now(), this.#end));
  }

  complete(): void {
    this.#ending = true;
    this.#settle();
  }

  reopen(): void {
    this.#ending = false;
  }

  #settle(): void {
    if (this.done || !this.#ending || this.queue.length > 0) return;
    this.done = true;
    this.#end = this.now();
    for (const listener of this.listeners) listener.complete();
  }

  #flush(): void {
    for (const message of this.queue.splice(0)) this.#emit(message);
  }

  #emit(message: Clocked<unknown>): void {
    this.told = message[1];
    for (const listener of [...this.listeners]) listener.next(message);
  }
}

export interface ModelListener {
  next(message: Clocked<unknown>): void;
  complete(): void;
}

export interface ModelSender {
  readonly name: string;
  readonly to: readonly string[] | null;
  promise: number;
  readonly strict: boolean;
  readonly rank: number;
  closed: boolean;
}

interface Held {
  readonly sender: ModelSender | undefined;
  readonly value: unknown;
  readonly ts: number;
}

function writesTo(sender: ModelSender, receiver: ModelReceiver): boolean {
  return sender.to === null || sender.to.includes(receiver.name);
}
