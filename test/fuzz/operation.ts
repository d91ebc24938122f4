import type { Overflow } from './library.js';
import type { Setup } from './setup.js';

/** To all, to one, to several (a list), or to whom a function of the value names among these. */
export type Route = 'all' | number | readonly number[] | { readonly among: readonly number[] };

/**
 * One call of the public API, in plain data. Whoever is meant is named by a number that was fixed when the operation
 * was made; where a shortened script no longer has it, the operation does nothing.
 */
export type Operation =
  | { readonly kind: 'receiver'; readonly id: number; readonly bound?: number; readonly overflow?: Overflow }
  | {
      readonly kind: 'sender';
      readonly id: number;
      readonly to: Route;
      readonly disorder?: number;
      readonly strict?: true;
    }
  | { readonly kind: 'broadcaster'; readonly id: number }
  | { readonly kind: 'clone' | 'toBroadcaster'; readonly of: number; readonly id: number }
  | { readonly kind: 'complete' | 'fail'; readonly sender: number }
  | { readonly kind: 'closeReceiver'; readonly receiver: number }
  | { readonly kind: 'next' | 'try'; readonly sender: number; readonly value: number; readonly ts?: number }
  | {
      readonly kind: 'wait';
      readonly sender: number;
      readonly value: number;
      readonly ts?: number;
      readonly signal?: number;
    }
  | { readonly kind: 'tick'; readonly sender: number; readonly ts: number; readonly how: 'next' | 'try' | 'wait' }
  | { readonly kind: 'fill'; readonly sender: number; readonly from: number; readonly to: number }
  | { readonly kind: 'expect'; readonly sender: number; readonly ts: number }
  | { readonly kind: 'snapshot'; readonly sender: number; readonly value: number; readonly ts: number }
  | { readonly kind: 'skipTo'; readonly ts: number }
  | {
      readonly kind: 'transact';
      readonly id: number;
      readonly messages: readonly (readonly [sender: number, value: number])[];
      readonly signal?: number;
    }
  | { readonly kind: 'subscribe'; readonly receiver: number; readonly id: number; readonly take?: number }
  | { readonly kind: 'subscribeClosed'; readonly receiver: number }
  | { readonly kind: 'unsubscribe'; readonly id: number }
  | { readonly kind: 'tryReceive'; readonly receiver: number }
  | { readonly kind: 'receive'; readonly receiver: number; readonly id: number; readonly signal?: number }
  | { readonly kind: 'receiveMany'; readonly receiver: number; readonly id: number; readonly max?: number }
  | { readonly kind: 'loop'; readonly receiver: number; readonly id: number; readonly limit: number }
  | {
      readonly kind: 'deliveries';
      readonly receiver: number;
      readonly id: number;
      readonly limit: number;
      readonly ack: 'each' | 'odd' | 'none';
    }
  | { readonly kind: 'abort'; readonly signal: number }
  | { readonly kind: 'whenClock'; readonly ts: number; readonly receivers: readonly number[]; readonly id: number }
  | { readonly kind: 'watch'; readonly what: 'gaps' | 'late' | 'stats'; readonly id: number; readonly take?: number }
  | { readonly kind: 'watchClock'; readonly receiver: number; readonly id: number; readonly take?: number }
  | { readonly kind: 'unwatch'; readonly id: number }
  | { readonly kind: 'advance'; readonly by: number }
  | { readonly kind: 'stats' }
  | { readonly kind: 'throw' }
  | { readonly kind: 'close' }
  /** Lets everything that is ready run, and looks closely. */
  | { readonly kind: 'settle' };

export type Kind = Operation['kind'];

/** The operations of this kind. */
export type OperationOf<K extends Kind, O = Operation> = O extends { readonly kind: infer J }
  ? K extends J
    ? O
    : never
  : never;

/** An operation, and where it is performed: at the top, or inside the callback with this label. */
export interface Step {
  readonly inside?: string;
  readonly operation: Operation;
  /** Whether `stats()` is looked at afterwards: to look may itself change what happens. */
  readonly look?: true;
}

/** Everything that a run needs to be repeated. */
export interface Script {
  readonly setup: Setup;
  readonly steps: readonly Step[];
}

/** What went wrong: in which way, and the details. */
export interface Violation {
  readonly kind: string;
  readonly detail: string;
}
