/** What the order knows of one source: whose it is, whom it usually writes to, and how many of its messages wait. */
export class SequenceInput<P> {
  readonly owner: object;
  readonly usual: P;
  /** The one origin of all messages with the usual payload. */
  readonly origin: Origin<P>;
  held: number = 0;

  constructor(owner: object, usual: P) {
    this.owner = owner;
    this.usual = usual;
    this.origin = { input: this, payload: usual };
  }

  originOf(payload: P): Origin<P> {
    return payload === this.usual ? this.origin : { input: this, payload };
  }
}

/** Where a message came from, and whom it is for. */
export interface Origin<P> {
  readonly input: SequenceInput<P>;
  readonly payload: P;
}
