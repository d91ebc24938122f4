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
export interface Served {
  /** Identifies its timestamps: they mean nothing elsewhere. */
  readonly id: string;
  readonly isLog: boolean;
  readonly clock: Timestamp;
  /** What is sent now comes right behind this, at the latest. */
  readonly behind: Timestamp;
  /** A number that nobody else has who speaks with this dispatcher. */
  next(): number;
  /** Throws what is wrong with it. `unique`: a name that nobody else has. */
  receiver(open: Open, unique: string): ClockedReceiver<unknown>;
  sender(name: string, to: Names): ServedSender;
}

/** As dispatchers take it. */
export function routeOf(names: Names): readonly string[] | typeof ALL {
  return names === '*' ? ALL : names;
}
