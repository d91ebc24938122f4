import type { Participant } from './membership/membership.js';
import type { Endpoint } from './receivers/endpoint.js';
import type { Time } from './receivers/host.js';

/** What a mode does as members come and go, and what it then releases. It decides; the engine asks. */
export interface Ordering<T> {
  /** What a new receiver may tell of time. */
  open(endpoint: Endpoint<T>): Time;
  /** There is room at a receiver, or a consumer, while somebody waits. */
  freed(endpoint: Endpoint<T>): void;
  /** A receiver has ended: what is held for it is let go. */
  ended(endpoint: Endpoint<T>): void;
  join(sender: Participant<T>, like: Participant<T> | undefined): void;
  leave(sender: Participant<T>): void;
  /** Nobody whom this sender writes to is left: true where what it brings is of no use to others either. */
  deserted(sender: Participant<T>): boolean;
  /** Commits what is due. */
  release(): void;
  /** No sender is left, and none will come. */
  finish(): void;
  /** No timer outlives this. */
  stop(): void;
}
