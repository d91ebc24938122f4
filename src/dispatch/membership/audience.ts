/** A receiver, as far as it can be in an audience. */
export interface Addressee {
  /** Receivers are numbered as they join. */
  readonly joined: number;
}

/**
 * A message for everybody that is held for order: it is for those who are there when it is released.
 *
 * Whoever was there when it was accepted keeps a place for it; whoever joined since does not.
 */
export class Everybody<E extends Addressee> {
  /** The number of the last receiver that was there when the message was accepted. */
  readonly accepted: number;
  /** Those who do without it. */
  readonly except: ReadonlySet<E>;

  constructor(accepted: number, except: ReadonlySet<E>) {
    this.accepted = accepted;
    this.except = except;
  }

  /** Whether this receiver keeps a place for the message. */
  hasPlaceAt(endpoint: E): boolean {
    return endpoint.joined <= this.accepted && !this.except.has(endpoint);
  }

  without(endpoint: E): Everybody<E> {
    return new Everybody(this.accepted, new Set([...this.except, endpoint]));
  }
}

/** Whom a held message is for: these receivers, or everybody who is there then. */
export type Audience<E extends Addressee> = readonly E[] | Everybody<E>;

/** Stands for all receivers that are there, until a message is accepted. */
export const EVERYBODY: readonly never[] = Object.freeze([]);

/** Stands for no receiver. */
export const NOBODY: readonly never[] = Object.freeze([]);

/** What is left of an audience without one of its members; the same where that is none; nothing where it was the last. */
export function without<E extends Addressee>(audience: Audience<E>, endpoint: E): Audience<E> | undefined {
  if (audience instanceof Everybody) return audience.hasPlaceAt(endpoint) ? audience.without(endpoint) : audience;
  if (!audience.includes(endpoint)) return audience;
  return audience.length === 1 ? undefined : audience.filter((other) => other !== endpoint);
}
