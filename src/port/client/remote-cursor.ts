import { RoomCall, type RoomSeeker } from '../../dispatch/admission/room-call.js';
import type { Engine } from '../../dispatch/engine.js';
import type { Endpoint } from '../../dispatch/receivers/endpoint.js';
import type { Place } from '../../dispatch/modes/ordered-elsewhere.js';
import type { Position } from '../../log/event-log.js';
import type { Timestamp } from '../../types.js';
import { PastGoneError, ProtocolError } from '../errors.js';
import { type ClientFrame, finite, type Names, type Opened, timeOf, type Welcome } from '../protocol/frames.js';
import { BatchSize } from './batch-size.js';
import type { Link } from './link.js';

/** How a receiver was asked for. */
export interface RemoteOptions {
  readonly name: string;
  readonly reads: Names;
  readonly from: Timestamp | null;
  /** Whose timestamp `from` is; `null` where it was not said. */
  readonly of: string | null;
  /** Messages that may wait here. */
  readonly bound: number;
  /** Messages that may be under way. */
  readonly window: number;
  readonly orNow: boolean;
}

/**
 * A receiver's place in an order that is made elsewhere: what arrives goes into its channel, and what has left it is
 * granted again. After a reconnect it asks for what comes after its own place.
 */
export class RemoteCursor<T> implements Place<T>, RoomSeeker {
  readonly id: number;
  endpoint!: Endpoint<T>;
  start: Timestamp;
  clock: Timestamp;
  /** It has everything up to here. */
  settled: Timestamp;
  unique: boolean;
  strict: boolean;
  readonly #engine: Engine<T>;
  readonly #link: Link;
  readonly #options: RemoteOptions;
  /** Whose timestamps these are. */
  #of: string | null;
  /** Asked for by the line that is open. */
  #isAsked = false;
  #isLog = false;
  /** Messages that may be under way by this line. */
  #window = 0;
  /** Messages that came at timestamps above `settled`: they come again after a reconnect. */
  #unsettled: Timestamp[] = [];
  /** How many of them to expect again. */
  #again: Timestamp[] = [];
  /** Granted, and not there yet. */
  #credit = 0;
  #isWaiting = false;
  readonly #batches: BatchSize = new BatchSize();

  constructor(id: number, engine: Engine<T>, link: Link, options: RemoteOptions) {
    this.id = id;
    this.#engine = engine;
    this.#link = link;
    this.#options = options;
    this.#of = options.of;
    this.start = this.clock = this.settled = timeOf(options.from);
    this.unique = this.strict = options.reads !== '*' && options.reads.length === 1;
  }

  /** A line is open. Of a log, what came at a timestamp that is not settled comes again, in the same order. */
  open({ id: of, log: isLog, clock, window }: Welcome): void {
    // What it has may still be read, but nothing follows.
    if (!this.isOpen) return;
    const { name, reads, orNow } = this.#options;
    // Another numbering: its timestamps would go back, or mean something else.
    if (this.#of !== null && this.#of !== of && this.#isBegun) {
      return this.fail(new PastGoneError(name, this.settled, null));
    }
    this.#isAsked = true;
    this.#isLog = isLog;
    // No frame has more than is granted.
    this.#window = Math.min(this.#options.window, window, this.#batches.window);
    // Where it has all there is, a line may break before anything is to be told.
    if (this.#isBegun && this.settled < timeOf(clock)) this.#batches.sent();
    this.#again = [...this.#unsettled];
    this.#credit = this.#room;
    const frame: ClientFrame = [
      'open',
      this.id,
      { name, reads, from: finite(this.settled), of: this.#of, credit: this.#credit, orNow },
    ];
    const refusal = this.#link.refusal('receiver', name, frame);
    if (refusal !== undefined) return this.fail(refusal);
    this.#link.post(frame);
    this.#grant();
  }

  lost(): void {
    this.#batches.lost();
    this.#isAsked = false;
  }

  /** The other side has opened it. */
  opened({ from, unique, strict }: Opened, of: string): void {
    this.#of = of;
    this.unique = unique;
    this.strict = strict;
    const begins = timeOf(from);
    if (begins <= this.settled) return;
    this.#engine.begin();
    if (!this.#isBegun) this.start = begins;
    // Said to begin now: nothing of before will come.
    this.settled = begins;
    this.#again = [];
    this.clock = Math.max(this.clock, begins);
    this.#engine.ticks.passFor(this.endpoint, this.clock);
    this.endpoint.settledMoved();
    this.#engine.end();
  }

  take(
    values: readonly unknown[],
    timestamps: readonly Timestamp[],
    clock: Timestamp,
    settled: Timestamp | null,
  ): void {
    if (!this.#isAsked) return;
    this.#batches.answered();
    if (values.length > this.#credit)
      throw new ProtocolError(`${values.length} items, with a credit of ${this.#credit}`);
    if ((timestamps[0] ?? clock) <= this.settled && values.length > 0) {
      throw new ProtocolError(`an item at ${timestamps[0]} after ${this.settled}`);
    }
    this.#credit -= values.length;
    const { endpoint } = this;
    this.#engine.begin();
    this.clock = Math.max(this.clock, clock);
    this.settled = Math.max(this.settled, Math.min(timeOf(settled), this.clock));
    if (this.#unsettled.length > 0) this.#unsettled = this.#unsettled.filter((ts) => ts > this.settled);
    for (let i = 0; i < values.length; i++) {
      const ts = timestamps[i]!;
      // It came before the line broke.
      if (this.#again.length > 0 && this.#again[0] === ts) this.#again.shift();
      else {
        if (this.#isLog && ts > this.settled) this.#unsettled.push(ts);
        endpoint.place([values[i] as T, ts]);
      }
    }
    this.#engine.ticks.passFor(endpoint, this.clock);
    this.#engine.end();
    this.#grant();
  }

  fail(error: unknown): void {
    this.#isAsked = false;
    this.#engine.begin();
    this.endpoint.ending.fail(error);
    this.#engine.end();
  }

  complete(): void {
    this.#isAsked = false;
    this.#engine.begin();
    this.endpoint.ending.drain();
    this.#engine.end();
  }

  /** It has ended here: nobody needs it there. */
  ended(): void {
    if (this.#isAsked) this.#link.post(['close', this.id]);
    this.#isAsked = false;
  }

  get name(): string {
    return this.#options.name;
  }

  get isOpen(): boolean {
    return this.endpoint.life === 'open';
  }

  /** Where its consumers are; nothing before it is known whose timestamps these are. */
  position(settled: Timestamp): Position | undefined {
    return this.#of === null || settled === -Infinity ? undefined : { log: this.#of, ts: settled };
  }

  get #isBegun(): boolean {
    return this.clock > -Infinity;
  }

  /** How many messages may come without one too many. */
  get #room(): number {
    return Math.max(0, Math.min(this.#window, this.#options.bound - this.endpoint.queue.load));
  }

  /** Grants what has become free, once it is half of the window. */
  #grant(): void {
    if (!this.#isAsked || this.#isWaiting) return;
    const free = this.#room - this.#credit;
    if (free * 2 >= this.#window) {
      this.#credit += free;
      this.#link.post(['credit', this.id, free]);
    } else if (this.#credit < this.#window / 2) {
      this.#isWaiting = true;
      this.#engine.admission.enter(new RoomCall(this, this.#engine.effects), this.endpoint.waiters, undefined);
    }
  }

  /** Whether half of the window is free, as a call that waits for room asks it. */
  roomCame(): boolean {
    if (this.endpoint.life === 'open' && (this.#room - this.#credit) * 2 < this.#window) return false;
    this.#engine.effects.call(() => {
      this.#isWaiting = false;
      this.#grant();
    });
    return true;
  }
}
