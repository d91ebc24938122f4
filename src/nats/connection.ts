/** What is used of a connection: those of `@nats-io/transport-node` and `@nats-io/nats-core` fit. */
export interface JetStreamConnection {
  /** What the server has said of itself; nothing while there is no server. */
  readonly info?:
    | {
        /** How many bytes a message may have. */
        readonly max_payload: number;
      }
    | undefined;
  /** Whether it is closed for good. */
  isClosed(): boolean;
  /** What happens to it. */
  status(): AsyncIterable<{
    /** What has happened. */
    readonly type: string;
    /** What it failed for. */
    readonly error?: Error;
  }>;
  /** Sends a message, with a subject for its answer. */
  publish(subject: string, payload: Uint8Array, options: { readonly reply: string }): void;
  /** Calls the callback with each message on a subject. */
  subscribe(
    subject: string,
    options: { readonly callback: (error: Error | null, message: JetStreamMessage) => void },
  ): JetStreamSubscription;
}

/** A message, as the connection brings it. */
export interface JetStreamMessage {
  /** Where it was sent to. */
  readonly subject: string;
  /** What it carries. */
  readonly data: Uint8Array;
  /** Its headers, with the code of a status. */
  readonly headers?:
    | {
        /** The code of a status; 0 without one. */
        readonly code: number;
      }
    | undefined;
}

/** Ends a subscription. */
export interface JetStreamSubscription {
  /** Nothing more is called. */
  unsubscribe(): void;
}
