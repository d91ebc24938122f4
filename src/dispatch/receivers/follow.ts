/** Where a source's timestamps come from. */
export interface Upstream {
  /** Whether no timestamp comes twice there. */
  readonly unique: boolean;
}

/** A source that learns where its messages come from. The same symbol in the ESM and the CommonJS build. */
export const FOLLOW: unique symbol = Symbol.for('rxjs-clocked-dispatch.follow');

/** Who may be subscribed to a receiver and wants to know. */
export interface Follower {
  readonly [FOLLOW]?: (upstream: Upstream) => void;
}
