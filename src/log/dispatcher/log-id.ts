/**
 * Under this key a dispatcher with a log tells whose positions its timestamps are. A registered symbol, so that it holds
 * across module formats.
 *
 * @internal
 */
export const LOG_ID: unique symbol = Symbol.for('rxjs-clocked-dispatch.log-id') as never;

/**
 * A dispatcher with a log, as far as that is identified.
 *
 * @internal
 */
export interface KnowsLog {
  readonly [LOG_ID]: string;
}
