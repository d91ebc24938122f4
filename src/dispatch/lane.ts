import type { Clocked, Timestamp } from '../types.js';
import { Backlog } from './backlog.js';
import type { Channel, Time } from './channel.js';
import type { Targets } from './order.js';
import { Tournament } from './tournament.js';

/** What one lane knows of one source. */
export class Input<T> {
  readonly lane: Lane<T>;
  readonly backlog: Backlog<T>;
  /** The source's name, for those who ask what holds a lane back. */
  readonly source: string;
  /** Nothing below will follow from this source. */
  promise: Timestamp;
  /** Not waited for: the source is idle, or has left. */
  silent = false;
  gone = false;
  seat = 0;

  constructor(lane: Lane<T>, source: string, promise: Timestamp, targets: Targets<T> | undefined) {
    this.backlog = new Backlog(targets);
    this.lane = lane;
    this.source = source;
    this.promise = promise;
    lane.add(this);
  }

  /** Takes out the next message; there must be one. */
  shift(): Clocked<T> {
    const item = this.backlog.shift();
    this.update();
    return item;
  }

  /** To be called after every change. */
  update(): void {
    const next = this.backlog.next;
    const limit = this.silent ? Infinity : this.promise;
    const ready = next <= limit && next !== Infinity;
    this.lane.game.update(this.seat, ready ? next : limit, ready);
  }
}

/**
 * Merges sources by watermark: knows at any time which message goes out next, or how far time has passed.
 *
 * One tournament serves both purposes. A source's key is the timestamp of its next message where its promise covers
 * that, else the promise itself. When a message wins, every other source has promised its timestamp; when a promise
 * wins, it is the frontier.
 */
export class Lane<T> {
  /** The receiver whose lane it is; `undefined` where all receivers share one. */
  readonly channel: Channel<T> | undefined;
  /** The last timestamp that was released, by a message or by the frontier. */
  clock: Timestamp;
  /** What may be told: `clock`, once all messages at it are out. */
  readonly time: Time;
  inputs: Input<T>[] = [];
  /** Its winner is the source of the next message that may go out, else the one whose promise is the frontier. */
  readonly game: Tournament = new Tournament();

  constructor(channel: Channel<T> | undefined, time: Time) {
    this.channel = channel;
    this.time = time;
    this.clock = time.now;
  }

  /** Whether more messages at `ts` are due. */
  owes(ts: Timestamp): boolean {
    return this.game.winnerReady && this.game.winnerKey <= ts;
  }

  add(input: Input<T>): void {
    if (this.game.full) this.#reseat();
    this.#seat(input);
  }

  #seat(input: Input<T>): void {
    input.seat = this.game.join();
    this.inputs[input.seat] = input;
    input.update();
  }

  /** Those who have left and hold nothing lose their seats; the others keep their order. */
  #reseat(): void {
    const staying = this.inputs.filter((input) => !input.gone || input.backlog.size > 0);
    this.inputs = [];
    this.game.reset(2 * staying.length);
    for (const input of staying) this.#seat(input);
  }
}
