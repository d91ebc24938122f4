import type { Line as Connection } from 'rxjs-clocked-dispatch/port';
import type { Line } from './command';

/** What a projection had come to, and where. */
export interface Saved<S> {
  readonly value: S;
  readonly clock: number;
}

/** What a page that comes is told: it goes on from there. */
export interface States {
  /** Whether this browser keeps the log. */
  readonly isKept: boolean;
  readonly journal: Saved<readonly Line[]>;
  readonly holds: Saved<readonly string[]>;
  readonly notes: Saved<number>;
}

/** Where the log is kept, as a page sees it. */
export interface DeskHost {
  /** A new line to it. */
  readonly dial: () => Connection;
  /** Where to go on from. Rejects with what it says is wrong, or where it does not start. */
  states(): Promise<States>;
}

/** The question, and what comes back by the port that is sent with it. */
export const ASK = 'flight desk: states';
export type Answer = { readonly states: States } | { readonly problem: string };

/** The name of the `BroadcastChannel` that says why a log was lost. */
export const LOST = 'flight desk: lost';
