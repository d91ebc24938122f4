import { ALL } from '../../dispatch/route.js';
import type { ClockedReceiver } from '../../dispatch/receivers/receiver.js';
import type { Timestamp } from '../../types.js';
import type { Names, Open } from '../protocol/frames.js';

/** A message that has come by a line, and waits for its answer. What is said after the first answer counts no more. */
export interface ServedMessage {
  readonly value: unknown;
  /** For a log: what is sent again with it is stored once. */
  readonly id: string;
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** Called before anybody is told the message. */
  accepted(ts: Timestamp): void;
  refused(error: unknown): void;
}

/** A sender of what is served. */
export interface ServedSender {
  send(message: ServedMessage): void;
  complete(): void;
}

/** A dispatcher, as lines see it. */
export abstract class Served {
  /** Identifies its timestamps: they mean nothing elsewhere. */
  abstract readonly id: string;
  abstract readonly isLog: boolean;
  abstract readonly clock: Timestamp;
  /** What is sent now comes right behind this, at the latest. */
  abstract readonly behind: Timestamp;
  #numbers = 0;

  /** Throws what is wrong with it. `unique`: a name that nobody else has. */
  abstract receiver(open: Open, unique: string): ClockedReceiver<unknown>;
  abstract sender(name: string, to: Names): ServedSender;

  /** A number that nobody else has who speaks with this dispatcher. */
  next(): number {
    return ++this.#numbers;
  }
}

/** As dispatchers take it. */
export function routeOf(names: Names): readonly string[] | typeof ALL {
  return names === '*' ? ALL : names;
}
