import type { Timestamp } from '../../types.js';
import type { Line } from '../line.js';
import { frameOf } from '../protocol/error-frames.js';
import type { ServerFrame } from '../protocol/frames.js';

/** What goes out by a line: answers wait a moment for more, but not behind what they are the answer to. */
export class Post {
  readonly #line: Line;
  #acks: { readonly id: number; readonly first: number; readonly timestamps: Timestamp[] } | undefined;

  constructor(line: Line) {
    this.#line = line;
  }

  frame(frame: ServerFrame): void {
    this.#flush();
    this.#line.post(frame);
  }

  /** A message of a sender was accepted. */
  ack(id: number, number: number, ts: Timestamp): void {
    const acks = this.#acks;
    if (acks !== undefined && acks.id === id && acks.first + acks.timestamps.length === number) {
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
    this.#line.post(['acks', acks.id, acks.first, acks.timestamps] satisfies ServerFrame);
  }
}
