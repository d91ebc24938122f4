/** What is used of a connection: those of `@nats-io/transport-node` and `@nats-io/nats-core` fit. */
export interface JetStreamConnection {
  /** What the server has said of itself; nothing while there is no server. */
  readonly info?: { readonly max_payload: number } | undefined;
  /** Whether it is closed for good. */
  isClosed(): boolean;
  /** What happens to it. */
  status(): AsyncIterable<{ readonly type: string }>;
}
