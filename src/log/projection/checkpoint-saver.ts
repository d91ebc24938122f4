import type { Timestamp } from '../../index.js';
import { ANSWER_TIMEOUT, answerOf } from '../answer-of.js';
import type { Codec } from '../codec.js';
import type { EventLog } from '../event-log.js';
import { LogStoreError } from '../store-errors.js';

/** A state that is whole: nothing at its position is missing. */
export interface WholeState {
  readonly ts: Timestamp;
  readonly state: unknown;
}

/** Saves a state with its position: one save at a time, always of the newest. */
export class CheckpointSaver {
  /** The position that was saved last. */
  saved: Timestamp = 0;
  /** The newest state. */
  current: WholeState | undefined;
  #isSaving = false;
  #last: Promise<void> = Promise.resolve();
  readonly #log: EventLog;
  readonly #name: string;
  readonly #version: number;
  readonly #codec: Codec | undefined;

  constructor(log: EventLog, name: string, version: number, codec: Codec | undefined) {
    this.#log = log;
    this.#name = name;
    this.#version = version;
    this.#codec = codec;
  }

  /** Saves once so many positions have passed. What fails is tried again with the next ones: a save may be lost (law 51). */
  saveAfter(positions: number): void {
    if (this.#isSaving || this.current === undefined || this.current.ts - this.saved < positions) return;
    this.save().catch(() => undefined);
  }

  save(): Promise<void> {
    const wanted = this.current?.ts ?? 0;
    const save = async (): Promise<void> => {
      const { current } = this;
      if (current === undefined || this.saved >= wanted) return;
      this.#isSaving = true;
      try {
        const state = this.#codec === undefined ? current.state : await this.#codec.encode(current.state);
        const saved = this.#log.save(this.#name, { ts: current.ts, version: this.#version, state });
        await answerOf(saved, ANSWER_TIMEOUT, (cause) => new LogStoreError(this.#log.id, cause, 'nothing'));
        this.saved = current.ts;
      } finally {
        this.#isSaving = false;
      }
    };
    const saved = this.#last.then(save);
    this.#last = saved.catch(() => undefined);
    return saved;
  }
}
