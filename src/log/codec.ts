/**
 * How a value is written to a log and read from it. Either way may be asynchronous, for encryption for instance.
 *
 * What `encode` returns must be something that the log can keep: every log keeps what JSON can say, and bytes.
 */
export interface Codec<T = unknown, S = unknown> {
  /** Identifies the codec. */
  readonly name: string;
  /** Writes a value. Throws, or rejects, where it would not come back as it is. */
  encode(value: T): S | PromiseLike<S>;
  /** Reads what `encode` wrote. */
  decode(stored: S): T | PromiseLike<T>;
}
