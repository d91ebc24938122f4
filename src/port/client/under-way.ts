import type { Outgoing } from './outgoing.js';

/** What was sent and has no answer, by number. */
export class UnderWay {
  /** The last number that was ever given. */
  sent = 0;
  /** The first number without an answer: the next one, where all have theirs. */
  oldest = 1;
  readonly #byNumber = new Map<number, Outgoing>();

  get size(): number {
    return this.#byNumber.size;
  }

  get(number: number): Outgoing | undefined {
    return this.#byNumber.get(number);
  }

  /** Gives it the next number. */
  add(outgoing: Outgoing): void {
    outgoing.number = ++this.sent;
    this.#byNumber.set(outgoing.number, outgoing);
  }

  /** Its answer is there. Nothing where it had one. */
  answered(number: number): Outgoing | undefined {
    const outgoing = this.#byNumber.get(number);
    this.#byNumber.delete(number);
    while (this.oldest <= this.sent && !this.#byNumber.has(this.oldest)) this.oldest++;
    return outgoing;
  }

  /** Nobody will answer any more. */
  clear(): readonly Outgoing[] {
    const lost = [...this.#byNumber.values()];
    this.#byNumber.clear();
    this.oldest = this.sent + 1;
    return lost;
  }
}
