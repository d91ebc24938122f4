import type { Line } from '../line.js';

/**
 * What lines have in common: frames wait for `onframe`, the end waits for `onclose` and for the frames before it, and
 * who closes a line hears nothing more of it but that.
 */
export abstract class QueuedLine implements Line {
  #onframe: Line['onframe'];
  #onclose: Line['onclose'];
  /** What nobody has taken yet. */
  #waiting: unknown[] = [];
  #draining = false;
  #told = false;
  #end: { readonly reason: unknown } | undefined;

  get onframe(): Line['onframe'] {
    return this.#onframe;
  }
  set onframe(take: Line['onframe']) {
    this.#onframe = take;
    this.#later();
  }

  get onclose(): Line['onclose'] {
    return this.#onclose;
  }
  set onclose(take: Line['onclose']) {
    this.#onclose = take;
    this.#later();
  }

  abstract post(frame: unknown): void;
  abstract close(reason?: unknown): void;

  /** Whether it is closed, here or at the other side. */
  protected get ended(): boolean {
    return this.#end !== undefined;
  }

  /** A frame has arrived. */
  protected deliver(frame: unknown): void {
    if (this.#end !== undefined) return;
    if (this.#onframe !== undefined && this.#waiting.length === 0 && !this.#draining) this.#onframe(frame);
    else this.#waiting.push(frame);
  }

  /** The other side is gone: what it sent before is delivered first. Answers whether that is news. */
  protected endByPeer(reason: unknown): boolean {
    if (this.#end !== undefined) return false;
    this.#end = { reason };
    this.#later();
    return true;
  }

  /** It is closed here: what waits is let go. Answers whether that is news. */
  protected endHere(reason: unknown): boolean {
    this.#waiting = [];
    if (this.#end !== undefined) return false;
    this.#end = { reason };
    this.#later();
    return true;
  }

  /** Never from inside a setter: who sets one handler is about to set the other. */
  #later(): void {
    if (this.#draining || (this.#waiting.length === 0 && this.#end === undefined)) return;
    this.#draining = true;
    queueMicrotask(() => {
      try {
        this.#drain();
      } finally {
        this.#draining = false;
      }
    });
  }

  #drain(): void {
    // Each is taken out before it is told: a handler may end all this, or throw.
    while (this.#waiting.length > 0 && this.#onframe !== undefined) this.#onframe(this.#waiting.shift());
    if (this.#end === undefined || this.#told || this.#waiting.length > 0 || this.#onclose === undefined) return;
    this.#told = true;
    this.#onclose(this.#end.reason);
  }
}
