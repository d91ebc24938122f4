import type { Line } from './line.js';
import { QueuedLine } from './lines/queued-line.js';

/**
 * Both ends of a line within one process, for tests: frames are passed as they are, in a microtask, never from inside
 * `post`.
 *
 *     const [client, server] = lineInMemory();
 *     server.onframe = (frame) => console.log(frame);
 *     client.post(['hello']);
 */
export function lineInMemory(): readonly [client: Line, server: Line] {
  const client = new MemoryLine();
  const server = new MemoryLine();
  client.peer = server;
  server.peer = client;
  return [client, server];
}

class MemoryLine extends QueuedLine {
  peer!: MemoryLine;
  /** What is on its way here. */
  #arriving: unknown[] = [];

  post(frame: unknown): void {
    if (!this.ended) this.peer.#arrive(frame);
  }

  close(reason?: unknown): void {
    if (!this.endHere(reason)) return;
    this.#arriving = [];
    const { peer } = this;
    queueMicrotask(() => {
      // What was posted before the end comes first.
      peer.#flush();
      peer.endByPeer(reason);
    });
  }

  #arrive(frame: unknown): void {
    this.#arriving.push(frame);
    if (this.#arriving.length === 1) queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    const arrived = this.#arriving;
    this.#arriving = [];
    for (const frame of arrived) this.deliver(frame);
  }
}
