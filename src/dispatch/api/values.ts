/** Anything but `null`, which is no value: it would read as a tick. */
export type Value = NonNullable<unknown> | undefined;

/**
 * Types each receiver by its name: `createDispatcher<PerReceiver<{ ui: Click; log: string }>>(serialize())`.
 *
 * A type only: no value of it exists.
 */
export interface PerReceiver<M extends object> {
  /** The value type of each receiver, by its name. */
  readonly perReceiver: M;
}

/** The names that a receiver may have: any, unless a `PerReceiver` lists them. */
export type NameOf<T> = T extends PerReceiver<infer M> ? keyof M & string : string;

/** The values that go to the receiver named `N`. */
export type ValueOf<T, N extends string> = T extends PerReceiver<infer M> ? (N extends keyof M ? M[N] : never) : T;

/** The values that each of the receivers named `N` takes: one message goes to all of them. */
export type SharedValueOf<T, N extends string> =
  T extends PerReceiver<infer M>
    ? (N extends keyof M ? (value: M[N]) => void : never) extends (value: infer V) => void
      ? V
      : never
    : T;
