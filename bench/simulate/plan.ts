/** What is to be simulated. */
export interface Plan {
  readonly name: string;
  /** Messages a second, from all writers together; each is for one receiver. */
  readonly rate: number;
  /** Processes that follow the log. */
  readonly processes: number;
  /** Receivers of all processes together. */
  readonly receivers: number;
  /** Seconds during which messages are sent. */
  readonly seconds: number;
  /** Processes that only pass the log on, so that the server feeds these alone. Default: none. */
  readonly relays?: number;
  /** Bits a second of a network interface; `Infinity` within one process. */
  readonly network: number;
  /** One processor for the log and its receivers: everything in one process. Default: each has its own. */
  readonly together?: boolean;
}

/** What one machine takes for it, measured: milliseconds of a processor, unless it says otherwise. */
export interface Constants {
  /** One commit, whatever is in it. */
  readonly commit: number;
  /** Waiting for the disk, once a commit; no processor is busy. */
  readonly sync: number;
  /** Taking one message from a writer, storing it, and telling it to a receiver of the same process. */
  readonly append: number;
  /** Taking in a batch of the log, whatever is in it. */
  readonly batch: number;
  /** Taking in one message of the log that is for nobody here. */
  readonly take: number;
  /** Telling one message to its receiver. */
  readonly deliver: number;
  /** Telling one receiver how far the clock is, once a batch. */
  readonly tick: number;
  /** Bytes of a message on its way from the log. */
  readonly messageBytes: number;
  /** Bytes of a tick on its way to a page, and of a message. */
  readonly tickBytes: number;
  readonly itemBytes: number;
  /** Bytes of memory that a receiver takes. */
  readonly receiverBytes: number;
}

/** How many messages one append takes, and one page of a reader that is behind: the defaults of the package. */
export const BATCH = 4096;
export const PAGE = 512;

/** What came out. */
export interface Outcome {
  readonly sent: number;
  readonly stored: number;
  readonly told: number;
  readonly commits: number;
  /** How many messages had not been told yet when the last one was sent. */
  readonly behind: number;
  /** Milliseconds from a `send` to its receiver: half of the messages took at most so long, and 99 of 100. */
  readonly median: number;
  readonly p99: number;
  /** Which part of the time each was busy, until everything was told: the processor of the log, not its disk. */
  readonly load: { readonly log: number; readonly network: number; readonly process: number };
  /** Ticks that one receiver is told in a second, at most. */
  readonly ticks: number;
  /** Bytes a second out of the server of the log, and out of one process to its pages. */
  readonly serverBytes: number;
  readonly pageBytes: number;
  /** Whether the backlog at the end is less than a tenth of a second. */
  readonly keepsUp: boolean;
}
