/** To every receiver, also those that join later. The same symbol in the ESM and the CommonJS build. */
export const ALL: unique symbol = Symbol.for('rxjs-clocked-dispatch.ALL');

/** Receivers by name: one, several (one message, one timestamp), or all. */
export type Route<R extends string = string> = R | readonly R[] | typeof ALL;

/** Where a source writes to: always the same receivers, or those that a function of the value names. */
export type To<T, R extends string = string> = Route<R> | ((value: T) => Route<R>);
