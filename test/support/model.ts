import type { Clocked, ForwardResult, SendResult } from 'rxjs-clocked-dispatch';
import type { Mode } from './dispatchers.js';

/**
 * What a dispatcher is, said with arrays and sorts: the oracle of the property tests.
 *
 * It knows the three modes, joins and leaves, lists and broadcasts, ties, ticks and completion; and bounds where nothing
 * is held for order, in serialize mode. It knows no timers, and nobody waits.
 */
export class Model {
  readonly mode: Mode;
  readonly seed: number;
  clock: number;
  #settled: number;
  readonly receivers: ModelReceiver[] = [];
  senders: ModelSender[] = [];
  #held: Held[] = [];
  readonly #givenUp = new Set<number>();
  /** What is still to be told, in the order of what happened: user code runs from here, after everything is committed. */
  readonly #effects: (() => void)[] = [];
  #registered = 0;
  #closed = false;
  #committing = false;
  #telling = false;

  constructor(mode: Mode, seed = 0) {
    this.mode = mode;
    this.seed = seed;
    this.clock = this.#settled = seed;
  }

  receiver(name: string, bound = Infinity): ModelReceiver {
    const receiver = new ModelReceiver(this, name, bound);
    receiver.hadSender = this.senders.some(({ to }) => to === null);
    this.receivers.push(receiver);
    return receiver;
  }

  /** A sender to these receivers, or (null) to all. It starts at the clock, a clone at the promise of its parent. */
  sender(to: readonly ModelReceiver[] | null, strict = false, parent?: ModelSender): ModelSender {
    const promise = Math.max(this.clock, parent?.promise ?? 0);
    const sender = { to, strict, promise, spoken: parent?.spoken ?? false, rank: this.#registered++, closed: false };
    this.senders.push(sender);
    for (const receiver of this.receivers) receiver.hadSender ||= writesTo(sender, receiver);
    this.run();
    return sender;
  }

  send(sender: ModelSender, value: string): SendResult {
    if (sender.closed) return { ok: false, reason: 'closed' };
    const targets = this.#targets(sender);
    if (targets.some((receiver) => this.#load(receiver) >= receiver.room)) return { ok: false, reason: 'full' };
    const ts = ++this.clock;
    this.#accept({ sender, value, ts });
    return targets.length > 0 ? { ok: true, ts } : { ok: false, reason: 'no-receiver' };
  }

  forward(sender: ModelSender, value: string | null, ts: number): ForwardResult {
    if (sender.closed) return { ok: false, reason: 'closed' };
    if (value !== null && sender.to !== null && this.#targets(sender).length === 0) {
      // What nobody is to get is but a tick; what is for everybody waits for those who are there when it is released.
      this.forward(sender, null, ts);
      return { ok: false, reason: 'no-receiver' };
    }
    const reason = this.mode === 'sequence' ? this.#repeated(ts) : this.#late(sender, value, ts);
    if (reason !== null) return { ok: false, reason };
    // A tick that says nothing new.
    if (value === null && this.mode === 'watermark' && ts <= this.#settled) return { ok: true };
    sender.promise = Math.max(sender.promise, ts);
    sender.spoken = true;
    if (value !== null || this.mode === 'sequence') this.#accept({ sender, value, ts });
    else this.run();
    return { ok: true };
  }

  complete(sender: ModelSender): void {
    sender.closed = true;
    this.senders = this.senders.filter((other) => other !== sender);
    this.run();
  }

  close(): void {
    this.#closed = true;
    this.#committing = true;
    this.senders.forEach((sender) => this.complete(sender));
    this.#committing = false;
    this.run();
  }

  leave(receiver: ModelReceiver): void {
    receiver.leave();
    this.#joinTicks();
    this.run();
  }

  /** What is for nobody any more leaves ticks, of which the last stands for all. */
  #joinTicks(): void {
    if (this.mode !== 'watermark') return;
    const ticks = this.#held.filter(({ sender }) => sender.to !== null && this.#targets(sender).length === 0);
    this.#held = this.#held.filter((message) => !ticks.includes(message) || message === ticks.at(-1));
  }

  /** First all that follows is committed, then it is told; what a handler sends is committed at once, and told in its turn. */
  run(): void {
    if (this.#committing) return;
    this.#committing = true;
    while (this.#deliver() || this.#tellFrontier()) this.#settle();
    this.#committing = false;
    this.tell();
  }

  /** Puts something behind what is still to be told. */
  tell(effect?: () => void): void {
    if (effect !== undefined) this.#effects.push(effect);
    if (this.#telling || this.#committing) return;
    this.#telling = true;
    for (let next = this.#effects.shift(); next !== undefined; next = this.#effects.shift()) next();
    for (const receiver of this.receivers) this.#decideEnd(receiver);
    this.#telling = false;
  }

  /** What was released while nobody could repeat it is settled, and stays so when a source joins that may. */
  #settle(): void {
    const counting = this.#counting();
    if (counting.length > 0 && counting.every(({ strict }) => strict)) this.#settled = this.clock;
  }

  #decideEnd(receiver: ModelReceiver): void {
    const coming = this.#held.filter(({ value }) => value !== null).map(({ sender }) => sender);
    const more = [...this.senders, ...coming].some((sender) => writesTo(sender, receiver));
    receiver.ending = !more && (receiver.hadSender || this.#closed);
    receiver.settle();
  }

  #accept(message: Held): void {
    this.#held.push(message);
    this.#held.sort((a, b) => a.ts - b.ts || a.sender.rank - b.sender.rank);
    this.run();
  }

  /** The next message goes to its receivers; when it was the last of its timestamp, all others are told. */
  #deliver(): boolean {
    const next = this.#next();
    if (next === undefined) return false;
    const { sender, value, ts } = next;
    this.#held.splice(this.#held.indexOf(next), 1);
    for (let missing = this.clock + 1; missing < ts; missing++) this.#givenUp.add(missing);
    this.clock = Math.max(this.clock, ts);
    if (value !== null) for (const receiver of this.#targets(sender)) receiver.take([value, ts]);
    if (this.#next()?.ts !== ts) this.#tick(ts);
    return true;
  }

  #next(): Held | undefined {
    const [first] = this.#held;
    if (first === undefined || this.mode === 'serialize') return first;
    const limit = this.mode === 'watermark' ? this.#frontier() : this.senders.length > 0 ? this.clock + 1 : Infinity;
    return first.ts <= limit ? first : undefined;
  }

  #tellFrontier(): boolean {
    const frontier = this.#frontier();
    if (this.mode !== 'watermark' || frontier <= this.clock || frontier === Infinity) return false;
    this.clock = frontier;
    this.#tick(frontier);
    return true;
  }

  #tick(ts: number): void {
    for (const receiver of this.receivers) this.tell(() => receiver.tell(ts));
  }

  /** The least of the promises of those who can still be heard. */
  #frontier(): number {
    return Math.min(...this.#counting().map(({ promise }) => promise));
  }

  #counting(): ModelSender[] {
    return this.senders.filter((sender) => sender.to === null || this.#targets(sender).length > 0);
  }

  /** What has a place at this receiver: in its queue, or (sent from inside a handler) on the way there. */
  #load(receiver: ModelReceiver): number {
    return receiver.queue.length + this.#held.filter(({ sender }) => writesTo(sender, receiver)).length;
  }

  #targets(sender: ModelSender): ModelReceiver[] {
    return (sender.to ?? this.receivers).filter((receiver) => !receiver.done);
  }

  #repeated(ts: number): 'duplicate' | 'late' | null {
    if (this.#givenUp.has(ts)) return 'late';
    return ts <= this.clock || this.#held.some((held) => held.ts === ts) ? 'duplicate' : null;
  }

  /** Below the clock is late; at the clock, where a tick at the clock meant that nothing more comes there. */
  #late(sender: ModelSender, value: string | null, ts: number): 'duplicate' | 'late' | null {
    if (value === null) return null;
    if (sender.strict && sender.spoken && ts <= sender.promise) return 'duplicate';
    return ts < this.clock || ts <= this.#settled ? 'late' : null;
  }
}

/** One receiver: a queue, what it was told last, and whoever listens. */
export class ModelReceiver {
  readonly name: string;
  readonly bound: number;
  readonly queue: Clocked<string>[] = [];
  told: number;
  /** Whether anybody could ever write here, whether nobody can any more, and whether that has come to its end. */
  hadSender = false;
  ending = false;
  done = false;
  readonly #model: Model;
  #listener: ModelListener | undefined;
  #end = Infinity;

  constructor(model: Model, name: string, bound: number) {
    this.#model = model;
    this.name = name;
    this.bound = bound;
    this.told = model.seed;
  }

  /** Nothing will come here any more, not even a tick. */
  get closed(): boolean {
    return this.done && this.told === this.#end;
  }

  /** How many messages there is room for: with bound 0, the one that somebody is waiting for. */
  get room(): number {
    return this.bound > 0 ? this.bound : this.#listener === undefined ? 0 : 1;
  }

  /** The message stays in the queue until somebody is told. */
  take(message: Clocked<string>): void {
    this.queue.push(message);
    this.#model.tell(() => this.#flush(1));
  }

  tell(ts: number): void {
    if (this.#listener !== undefined && ts > this.told && !this.done) this.#emit([null, ts]);
  }

  /** Who listens gets the backlog, then learns where the clock is, if anything has happened yet. */
  subscribe(listener: ModelListener): void {
    const backlog = this.queue.length > 0;
    const waiting = this.queue.length;
    const clock = Math.min(this.#model.clock, this.#end);
    this.#listener = listener;
    this.#model.tell(() => {
      this.#flush(waiting);
      if (clock > (backlog ? this.told : this.#model.seed)) this.#emit([null, clock]);
      if (this.done) listener.complete();
    });
  }

  unsubscribe(): void {
    this.#listener = undefined;
  }

  pull(): Clocked<string> | undefined {
    if (this.#listener !== undefined) return undefined;
    const message = this.queue.shift();
    this.settle();
    const clock = Math.min(this.#model.clock, this.#end);
    const answer: Clocked<string> | undefined = message ?? (clock > this.told ? [null, clock] : undefined);
    if (answer !== undefined) this.told = answer[1];
    return answer;
  }

  leave(): void {
    if (this.done) return;
    this.queue.length = 0;
    this.told = this.#model.clock;
    this.#finish();
  }

  settle(): void {
    if (this.ending && !this.done && this.queue.length === 0) this.#finish();
  }

  #finish(): void {
    this.done = true;
    this.#end = this.#model.clock;
    this.#listener?.complete();
  }

  #flush(count: number): void {
    for (let i = 0; i < count && this.#listener !== undefined && this.queue.length > 0; i++) {
      this.#emit(this.queue.shift() as Clocked<string>);
    }
  }

  #emit(message: Clocked<string>): void {
    this.told = message[1];
    this.#listener?.next(message);
  }
}

export interface ModelListener {
  next(message: Clocked<string>): void;
  complete(): void;
}

export interface ModelSender {
  readonly to: readonly ModelReceiver[] | null;
  readonly strict: boolean;
  promise: number;
  spoken: boolean;
  readonly rank: number;
  closed: boolean;
}

interface Held {
  readonly sender: ModelSender;
  readonly value: string | null;
  readonly ts: number;
}

function writesTo(sender: ModelSender, receiver: ModelReceiver): boolean {
  return sender.to === null || sender.to.includes(receiver);
}
