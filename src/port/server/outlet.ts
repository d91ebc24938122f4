import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type { Timestamp } from '../../types.js';
import { BATCH, finite } from '../protocol/frames.js';
import type { Post } from './post.js';

/** Sends what a receiver is told to the other side: no more messages than were asked for. */
export class Outlet {
  /** How many messages were sent. */
  sent = 0;
  #credit: number;
  #closed = false;
  #granted: (() => void) | undefined;
  readonly #id: number;
  readonly #receiver: ClockedReceiver<unknown>;
  readonly #post: Post;
  readonly #ended: () => void;

  constructor(id: number, receiver: ClockedReceiver<unknown>, credit: number, post: Post, ended: () => void) {
    this.#id = id;
    this.#receiver = receiver;
    this.#credit = credit;
    this.#post = post;
    this.#ended = ended;
    void this.#run();
  }

  grant(credit: number): void {
    this.#credit += credit;
    this.#wake();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#receiver.close();
    this.#wake();
  }

  async #run(): Promise<void> {
    try {
      for (;;) {
        // What was not asked for waits in the channel, and counts there.
        while (this.#credit === 0 && !this.#closed) await new Promise<void>((granted) => (this.#granted = granted));
        if (this.#closed) return;
        const items = await this.#receiver.receiveMany(Math.min(this.#credit, BATCH));
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been closed meanwhile
        if (this.#closed) return;
        if (items.length === 0) return this.#end(null);
        this.#send(items);
      }
    } catch (error) {
      this.#end(error);
    }
  }

  #send(items: readonly (readonly [value: unknown, ts: Timestamp])[]): void {
    const values: unknown[] = [];
    const timestamps: Timestamp[] = [];
    for (const [value, ts] of items) {
      if (value === null) continue;
      values.push(value);
      timestamps.push(ts);
    }
    this.#post.check(values);
    this.#credit -= values.length;
    this.sent += values.length;
    this.#post.frame(['items', this.#id, values, timestamps, items.at(-1)![1], finite(this.#receiver.settled)]);
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#post.end(this.#id, error);
    this.#ended();
  }

  #wake(): void {
    this.#granted?.();
    this.#granted = undefined;
  }
}
