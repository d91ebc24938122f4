import type { Engine } from '../engine.js';
import type { Ordering } from '../ordering.js';
import type { SenderOptions } from '../options.js';
import type { To } from '../route.js';
import type { Observed } from '../stats/snapshot.js';
import type { Gap, Late } from '../../types.js';
import type { Inlet } from '../senders/inlet.js';

/** How a dispatcher orders. */
export type ModeName = 'serialize' | 'watermark' | 'sequence';

/** Whom something is told, from the effects. */
export interface Listener<E> {
  next(event: E): void;
}

/** A mode at work in one dispatcher. */
export interface StartedMode<T> {
  readonly ordering: Ordering<T> & Observed<T>;
  /** Throws what `sender` would throw, before anything is done. */
  checkSender(name: string, options: SenderOptions): void;
  /** A sender, as callers and inputs see it. */
  sender(name: string, to: To<T>, options: SenderOptions | undefined): Inlet<T>;
  /** Late messages, where they are diverted. Returns how to stop. */
  onLate(listener: Listener<Late<T>>): () => void;
  /** Missing timestamps: the open ones first. Returns how to stop. */
  onGap(listener: Listener<Gap>): () => void;
  /** What dispatchers of this mode have beyond the others. */
  readonly methods: Readonly<Record<string, (...args: never[]) => unknown>>;
}

/** A way to order, as a value: frozen, without state, to be used for any number of dispatchers. */
export interface Mode<K extends ModeName = ModeName> {
  /** What it is called in `dispatcher.mode` and in errors. */
  readonly name: K;
  /** @internal */
  readonly start: <T>(engine: Engine<T>) => StartedMode<T>;
}
