import type { Effects } from '../effects/effects.js';

/** Who is told of events of one kind. */
export interface EventListener<E> {
  next(event: E): void;
}

/** Tells those who listen, in their turn. */
export class Notifier<E> {
  readonly #host: { readonly effects: Effects; readonly silent: boolean };
  readonly #listeners = new Set<EventListener<E>>();

  constructor(host: { readonly effects: Effects; readonly silent: boolean }) {
    this.#host = host;
  }

  add(listener: EventListener<E>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told to those who listen now. */
  notify(event: E): void {
    for (const listener of this.#listeners) this.tell(listener, event);
  }

  tell(listener: EventListener<E>, event: E): void {
    this.#host.effects.call(() => {
      if (!this.#host.silent && this.#listeners.has(listener)) listener.next(event);
    });
  }
}
