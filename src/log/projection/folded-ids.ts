import type { Timestamp } from '../../index.js';
import { DedupeWindow } from '../dedupe-window.js';
import { isFor, type Addressees } from '../dispatcher/addressees.js';
import type { EventLog } from '../event-log.js';

/** So many ids are remembered. */
const KNOWN = 4096;
/** So many positions before a saved state are read for their ids. */
const BEFORE = 512;

/** The ids of the newest messages that a projection has, for views that show what is under way. */
export class FoldedIds {
  readonly #window = new DedupeWindow(KNOWN);

  find(id: string): Timestamp | undefined {
    return this.#window.find(id);
  }

  add(id: string, ts: Timestamp): void {
    if (this.find(id) === undefined) this.#window.add(id, ts);
  }

  /** Reads those right before a saved state: what was sent, but not acknowledged before a restart, is among them. */
  async readBefore(log: EventLog, ts: Timestamp, reads: Addressees): Promise<void> {
    const from = Math.max(log.trimmed, ts - BEFORE);
    if (from >= ts) return;
    // Without them the state is right, too.
    const entries = await log.read(from, ts - from).catch(() => []);
    for (const [{ id, messages }, at] of entries) {
      if (at <= ts && id !== undefined && messages.some(({ to }) => isFor(to, reads))) this.add(id, at);
    }
  }
}
