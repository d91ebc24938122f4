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
  /** How many processors the server feeds with, besides the one that stores. Default: none, the one does both. */
  readonly feeders?: number;
  /** Bits a second of a network interface; `Infinity` within one process. */
  readonly network: number;
  /** Milliseconds between two ticks at a receiver, at least. Default: 0, one with each batch. */
  readonly tickEvery?: number;
  /** One processor for the log and its receivers: everything in one process. Default: each has its own. */
  readonly together?: boolean;
}

/** What one machine takes for it, measured: milliseconds of a processor, unless it says otherwise. */
export interface Constants {
  /** One commit, whatever is in it. */
  readonly commit: number;
  /** Waiting for the disk, once a commit; no processor is busy. */
  readonly sync: number;
  /** Storing one message; where the receivers are in the same process, also taking it from its sender and telling it. */
  readonly append: number;
  /** Passing one message on to one process. */
  readonly feed: number;
  /** Taking in one message of the log. */
  readonly take: number;
  /** Telling one message to its receiver. */
  readonly deliver: number;
  /** Telling one receiver how far the clock is. */
  readonly tick: number;
  /** Bytes of a message on its way from the log. */
  readonly messageBytes: number;
  /** Bytes of a tick on its way to a page, and of a message. */
  readonly tickBytes: number;
  readonly itemBytes: number;
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
  /** Which part of the time the busiest of each was busy, until everything was told. */
  readonly load: {
    /** The processor that stores; not its disk. */
    readonly log: number;
    /** The server's processors that feed, and its network interface. */
    readonly feed: number;
    readonly network: number;
    readonly relay: number;
    readonly process: number;
  };
  /** Ticks that one receiver is told in a second, at most. */
  readonly ticks: number;
  /** Bytes a second out of the server of the log, and out of one process to its pages. */
  readonly serverBytes: number;
  readonly pageBytes: number;
  /** Whether the backlog at the end is less than a tenth of a second. */
  readonly keepsUp: boolean;
}
