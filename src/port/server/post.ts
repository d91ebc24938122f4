import type { Timestamp } from '../../types.js';
import type { Line } from '../line.js';
import { frameOf } from '../protocol/error-frames.js';
import { type Excess, FrameLimit } from '../protocol/frame-limit.js';
import type { ServerFrame } from '../protocol/frames.js';

/** So many frames that only tell of time may be under way. */
const MOST_TICKS = 256;

/** What goes out by a line: answers wait a moment for more, but not behind what they are the answer to. */
export class Post {
  /** How long a frame may be for the client; its session has it from hello on. */
  limit: FrameLimit = new FrameLimit();
  readonly #line: Line;
  #acks: { readonly id: number; readonly first: number; readonly timestamps: Timestamp[] } | undefined;

  /** Frames that only tell of time, since the other side was asked for a sign of life. */
  #ticks = 0;
  #waiting: (() => void)[] = [];

  constructor(line: Line) {
    this.#line = line;
  }

  frame(frame: ServerFrame): void {
    this.#flush();
    this.#line.post(frame);
  }

  /** Nothing for a frame that the client takes. What waits goes out first, so that the frame can be posted next. */
  excess(frame: ServerFrame): Excess | undefined {
    this.#flush();
    return this.limit.excess(frame);
  }

  /** A frame that only tells of time is about to go out: it needs no credit, so that its number is bounded here. */
  tick(): void {
    if (++this.#ticks === MOST_TICKS) this.frame(['ping']);
  }

  /** Whether so many went out that the other side has to show that it takes them. */
  get isCrowded(): boolean {
    return this.#ticks >= MOST_TICKS;
  }

  whenHeard(): Promise<void> {
    return new Promise((heard) => this.#waiting.push(heard));
  }

  /** The other side has answered, or is gone. */
  heard(): void {
    this.#ticks = 0;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const heard of waiting) heard();
  }

  /** A message of a sender was accepted. */
  ack(id: number, number: number, ts: Timestamp): void {
    const acks = this.#acks;
    if (acks?.id === id && acks.first + acks.timestamps.length === number) {
      acks.timestamps.push(ts);
      return;
    }
    this.#flush();
    this.#acks = { id, first: number, timestamps: [ts] };
    queueMicrotask(() => this.#flush());
  }

  end(id: number, error: unknown): void {
    this.frame(['end', id, error === null ? null : frameOf(error)]);
  }

  /** Throws for values that this line can't carry. */
  check(values: readonly unknown[]): void {
    this.#line.check?.(values);
  }

  #flush(): void {
    const acks = this.#acks;
    if (acks === undefined) return;
    this.#acks = undefined;
    this.#postAcks(acks.id, acks.first, acks.timestamps);
  }

  #postAcks(id: number, first: number, timestamps: readonly Timestamp[]): void {
    const frame: ServerFrame = ['acks', id, first, timestamps];
    const half = timestamps.length >> 1;
    if (half === 0 || this.limit.excess(frame) === undefined) return this.#line.post(frame);
    this.#postAcks(id, first, timestamps.slice(0, half));
    this.#postAcks(id, first + half, timestamps.slice(half));
  }
}
