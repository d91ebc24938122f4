import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type { Timestamp } from '../../types.js';
import { BATCH, finite, type ServerFrame } from '../protocol/frames.js';
import { FrameTooLargeError, ProtocolError } from '../errors.js';
import type { Post } from './post.js';

/** Sends what a receiver is told to the other side: no more messages than were asked for. */
export class Outlet {
  /** How many messages were sent. */
  sent = 0;
  #credit: number;
  #closed = false;
  #granted: (() => void) | undefined;
  readonly #id: number;
  readonly #window: number;
  readonly #receiver: ClockedReceiver<unknown>;
  readonly #post: Post;
  readonly #ended: () => void;

  constructor(
    id: number,
    receiver: ClockedReceiver<unknown>,
    { credit, window }: { readonly credit: number; readonly window: number },
    post: Post,
    ended: () => void,
  ) {
    this.#id = id;
    this.#window = window;
    this.#receiver = receiver;
    this.#credit = credit;
    this.#post = post;
    this.#ended = ended;
    void this.#run();
  }

  /** Throws `ProtocolError` for more than the window allows. */
  grant(credit: number): void {
    this.#credit += credit;
    if (this.#credit > this.#window) throw tooMuchCredit(this.#credit, this.#window);
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
        while (this.#credit === 0 && !this.#closed) await this.#grantedMore();
        if (this.#closed) return;
        const items = await this.#receiver.receiveMany(Math.min(this.#credit, BATCH));
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- it may have been closed meanwhile
        if (this.#closed) return;
        if (items.length === 0) {
          this.#end(null);
          return;
        }
        this.#send(items);
        if (this.#post.isCrowded) await this.#post.whenHeard();
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
    if (values.length === 0) this.#post.tick();
    this.#postItems(values, timestamps, items.at(-1)![1], this.#receiver.settled);
  }

  /** In one frame, or in as many as have the length that the client takes. */
  #postItems(values: readonly unknown[], timestamps: readonly Timestamp[], clock: Timestamp, settled: Timestamp): void {
    const frame: ServerFrame = ['items', this.#id, values, timestamps, clock, finite(settled)];
    const excess = this.#post.excess(frame);
    if (excess === undefined || values.length === 0) {
      this.#credit -= values.length;
      this.sent += values.length;
      return this.#post.frame(frame);
    }
    if (values.length === 1) throw new FrameTooLargeError('receiver', this.#receiver.name, excess, timestamps[0]);
    const half = values.length >> 1;
    const next = timestamps[half]!;
    // What the second half brings is still to come.
    this.#postItems(
      values.slice(0, half),
      timestamps.slice(0, half),
      timestamps[half - 1]!,
      Math.min(settled, next - 1),
    );
    this.#postItems(values.slice(half), timestamps.slice(half), clock, settled);
  }

  #end(error: unknown): void {
    if (this.#closed) return;
    this.close();
    this.#post.end(this.#id, error);
    this.#ended();
  }

  #grantedMore(): Promise<void> {
    return new Promise((granted) => {
      this.#granted = granted;
    });
  }

  #wake(): void {
    this.#granted?.();
    this.#granted = undefined;
  }
}

/** Without a bound, memory would have none. */
export function tooMuchCredit(credit: number, window: number): ProtocolError {
  return new ProtocolError(`a credit of ${credit} messages; ${window} are allowed (window)`);
}
