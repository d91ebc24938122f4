import { ProtocolError } from '../errors.js';
import type { Inbox } from './inbox.js';
import type { Outlet } from './outlet.js';
import type { Post } from './post.js';

/** What a client has asked for, under one of its numbers. */
export type Channel =
  | { readonly kind: 'asked'; credit: number; isLeft: boolean }
  | { readonly kind: 'receiver'; readonly outlet: Outlet }
  | { readonly kind: 'sender'; readonly inbox: Inbox; readonly key: string };

/** The receivers and senders of one line. */
export class Channels {
  readonly #byId = new Map<number, Channel>();
  readonly #most: number;
  /** The greatest number that the client has given. */
  #greatest = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get receivers(): number {
    return this.#outlets().length;
  }

  /** How many messages went out to receivers that are open. */
  get sent(): number {
    return this.#outlets().reduce((sum, { sent }) => sum + sent, 0);
  }

  /** Nothing where it has just ended here: the client cannot know yet. */
  find(id: number): Channel | undefined {
    if (id > this.#greatest) throw new ProtocolError(`${id} is neither a receiver nor a sender`);
    return this.#byId.get(id);
  }

  ask(id: number): Channel & { readonly kind: 'asked' } {
    if (this.#byId.has(id)) throw new ProtocolError(`${id} is in use`);
    if (this.#byId.size >= this.#most) {
      throw new ProtocolError(`more than ${this.#most} receivers and senders (channels)`);
    }
    const asked: Channel = { kind: 'asked', credit: 0, isLeft: false };
    this.#byId.set(id, asked);
    this.#greatest = Math.max(this.#greatest, id);
    return asked;
  }

  set(id: number, channel: Channel): void {
    this.#byId.set(id, channel);
  }

  delete(id: number): void {
    this.#byId.delete(id);
  }

  /** The line is gone: receivers close, senders stay with their session. */
  leave(post: Post): void {
    for (const channel of this.#byId.values()) {
      if (channel.kind === 'receiver') channel.outlet.close();
      if (channel.kind === 'sender') channel.inbox.leave({ post });
    }
    this.#byId.clear();
  }

  #outlets(): Outlet[] {
    return [...this.#byId.values()].flatMap((channel) => (channel.kind === 'receiver' ? [channel.outlet] : []));
  }
}
