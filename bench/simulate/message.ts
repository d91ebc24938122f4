/** A message: when it was sent, in milliseconds, and to a receiver of which process. */
export interface Message {
  readonly at: number;
  readonly process: number;
}

/** Who is given what the log has stored. */
export interface Listener {
  add(messages: readonly Message[]): void;
}
