import type { LogHead } from '../log/event-log.js';

/** What pages tell each other: which log it is, and where it begins and ends. */
interface Announcement extends LogHead {
  readonly id: string;
}

/** Tells other pages of this site where the log has got to, and hears it from them. */
export class Announcements {
  readonly #id: string;
  readonly #channel: BroadcastChannel | undefined;

  /** `hear` is given nothing where another log was made under the same name. */
  constructor(name: string, id: string, hear: (head: LogHead | undefined) => void) {
    this.#id = id;
    // Without channels, news come with what this page reads and writes by itself.
    if (typeof BroadcastChannel === 'undefined') return;
    this.#channel = new BroadcastChannel(`rxjs-clocked-dispatch/indexeddb: ${name}`);
    this.#channel.onmessage = ({ data }: MessageEvent<Announcement>) => hear(data.id === id ? data : undefined);
  }

  tell({ last, trimmed }: LogHead): void {
    this.#channel?.postMessage({ id: this.#id, last, trimmed } satisfies Announcement);
  }

  close(): void {
    this.#channel?.close();
  }
}
