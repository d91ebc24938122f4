import type { JetStreamManager, StreamConfig, StreamInfo } from '@nats-io/jetstream';
import type { Stored } from '../log/errors.js';
import type { LogHead } from '../log/event-log.js';
import type { Timestamp } from '../types.js';
import { StreamMissingError, StreamReplacedError, StreamUnfitError } from './errors.js';
import { codeOf, STREAM_NOT_FOUND } from './failure.js';
import { coversAny, subjectIn } from './subjects.js';

/** Which stream, and which of its subjects. */
export interface StreamOptions {
  readonly stream: string;
  /** Those that carry entries; all where it is left out. */
  readonly subjects: readonly string[] | undefined;
  /** The least duplicate window, in milliseconds; the server's choice where it is left out. */
  readonly dedupe: number | undefined;
}

const NANOSECONDS = 1_000_000;

/** A stream, told from another one of the same name by when it was made. */
export class Stream {
  readonly name: string;
  readonly created: string;
  readonly config: StreamConfig;
  /** The subject that entries are published on. */
  readonly subject: string;
  /** The subjects that carry entries; none where all do. */
  readonly own: readonly string[] | undefined;
  /** Where the stream began and ended when it was opened. */
  readonly first: LogHead;
  readonly #manager: JetStreamManager;

  private constructor(manager: JetStreamManager, info: StreamInfo, subjects: readonly string[] | undefined) {
    const { config } = info;
    this.#manager = manager;
    this.name = config.name;
    this.created = info.created;
    this.config = config;
    // What a stream takes from others keeps the subjects that it has there.
    const isWhole = config.sources === undefined || subjects === undefined;
    const all = isWhole && subjectsOf(config).every((subject) => coversAny(subjects ?? [subject], subject));
    this.own = all ? undefined : subjects;
    this.subject = subjectIn((subjects ?? subjectsOf(config))[0]!);
    this.first = headOf(info);
  }

  /** Finds the stream, or makes it where there is none and it is known what for. Refuses one that can't be a log. */
  static async open(manager: JetStreamManager, options: StreamOptions): Promise<Stream> {
    const info = await findOrMake(manager, options);
    assertFit(info.config, options);
    return new Stream(manager, info, options.subjects);
  }

  /** Whether a message on this subject is an entry. */
  carries(subject: string): boolean {
    return this.own === undefined || coversAny(this.own, subject);
  }

  /** Where it begins and ends. Refuses another stream of the same name (law 72). */
  async head(): Promise<LogHead> {
    const info = await find(this.#manager, this.name);
    if (info?.created === this.created) return headOf(info);
    throw new StreamReplacedError(this.name, this.created, info?.created);
  }

  /** The error of whoever finds that it is another stream. */
  async replaced(stored: Stored): Promise<StreamReplacedError> {
    const found = await find(this.#manager, this.name).catch(() => undefined);
    return new StreamReplacedError(this.name, this.created, found?.created, stored);
  }

  /** Deletes the messages up to a position. */
  async purge(upTo: Timestamp): Promise<void> {
    await this.#manager.streams.purge(this.name, { seq: upTo + 1 });
  }
}

async function find(manager: JetStreamManager, name: string): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name);
  } catch (error) {
    if (codeOf(error) === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

async function findOrMake(manager: JetStreamManager, options: StreamOptions): Promise<StreamInfo> {
  const { stream: name, subjects, dedupe } = options;
  const found = await find(manager, name);
  if (found !== undefined) return found;
  if (subjects === undefined) throw new StreamMissingError(name);
  const window = dedupe === undefined ? {} : { duplicate_window: dedupe * NANOSECONDS };
  try {
    return await manager.streams.add({ name, subjects: [...subjects], ...window });
  } catch (error) {
    // Another process was faster.
    const made = await find(manager, name);
    if (made === undefined) throw error;
    return made;
  }
}

function assertFit(config: StreamConfig, { stream, subjects, dedupe }: StreamOptions): void {
  const refuse = (why: string): never => {
    throw new StreamUnfitError(stream, why);
  };
  const { mirror, retention, no_ack: unanswered, duplicate_window: window } = config;
  if (mirror !== undefined) refuse(`it mirrors '${mirror.name}', whose positions it has; open that one`);
  if (retention !== 'limits') refuse(`its retention is '${retention}', which deletes what was read; 'limits' keeps it`);
  if (unanswered === true) refuse('it does not acknowledge what it stores (no_ack)');
  if (dedupe !== undefined && dedupe * NANOSECONDS > window) {
    refuse(`its duplicate window is ${window / NANOSECONDS} ms, which is less than the ${dedupe} ms of dedupe`);
  }
  const [subject] = subjects ?? subjectsOf(config);
  if (subject === undefined) refuse('it has no subjects of its own');
  else if (!coversAny(subjectsOf(config), subjectIn(subject))) refuse(`'${subject}' is not among its subjects`);
}

/** A mirror has none, nor need a stream that takes from others. */
function subjectsOf({ subjects }: { readonly subjects?: readonly string[] }): readonly string[] {
  return subjects ?? [];
}

function headOf({ state: { first_seq: first, last_seq: last } }: StreamInfo): LogHead {
  return { trimmed: Math.max(0, first - 1), last };
}
