import type { Timestamp } from '../types.js';

/**
 * Under this key a sender makes an id for a message that is to be known again. Registered symbols, so that they hold across
 * module formats.
 *
 * @internal
 */
export const NEW_ID: unique symbol = Symbol.for('rxjs-clocked-dispatch.new-id') as never;

/**
 * Under this key a projection tells at which timestamp it got the message with an id, as far as it remembers.
 *
 * @internal
 */
export const FOLDED_ID: unique symbol = Symbol.for('rxjs-clocked-dispatch.folded-id') as never;

/**
 * A sender, as far as it takes ids.
 *
 * @internal
 */
export interface TakesIds {
  [NEW_ID]?(): string;
}

/**
 * A projection, as far as it knows ids.
 *
 * @internal
 */
export interface KnowsIds {
  [FOLDED_ID]?(id: string): Timestamp | undefined;
}
