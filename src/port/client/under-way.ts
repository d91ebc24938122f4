import type { Outgoing } from './outgoing.js';

/** So many places of messages that have their answers are kept in front of the oldest without. */
const SPARE = 1024;

/** What was sent and has no answer, by number. */
export class UnderWay {
  /** The last number that was ever given. */
  sent = 0;
  size = 0;
  /** Those from the number `#first` on: nothing in place of those that have their answers. */
  #messages: (Outgoing | undefined)[] = [];
  #first = 1;
  #oldest = 1;

  /** The first number without an answer: the next one, where all have theirs. */
  get oldest(): number {
    return this.#oldest;
  }

  get(number: number): Outgoing | undefined {
    return this.#messages[number - this.#first];
  }

  /** Gives it the next number. */
  add(outgoing: Outgoing): void {
    outgoing.number = ++this.sent;
    this.size++;
    this.#messages.push(outgoing);
  }

  /** Its answer is there. Nothing where it had one. */
  answered(number: number): Outgoing | undefined {
    const outgoing = this.get(number);
    if (outgoing === undefined) return undefined;
    this.#messages[number - this.#first] = undefined;
    this.size--;
    if (number === this.#oldest) this.#advance();
    return outgoing;
  }

  /** Nobody will answer any more. */
  clear(): readonly Outgoing[] {
    const lost = this.#messages.filter((outgoing) => outgoing !== undefined);
    this.#messages = [];
    this.size = 0;
    this.#first = this.#oldest = this.sent + 1;
    return lost;
  }

  #advance(): void {
    while (this.#oldest <= this.sent && this.get(this.#oldest) === undefined) this.#oldest++;
    const answered = this.#oldest - this.#first;
    if (this.size > 0 && answered <= SPARE) return;
    this.#messages.splice(0, answered);
    this.#first = this.#oldest;
  }
}
