import type { Timestamp } from '../../types.js';
import { ProtocolError } from '../errors.js';
import { frameOf } from '../protocol/error-frames.js';
import type { ErrorFrame, Extra, Join, Joined } from '../protocol/frames.js';
import type { Post } from './post.js';
import type { ServedMessage, ServedSender } from './served.js';

/** Where its answers go: the newest line that its sender has joined by. */
interface Place {
  readonly id: number;
  readonly post: Post;
}

/**
 * A sender at the other side, and what became of its messages. It outlives the line, so that a message that comes again is
 * known, and answered as it was.
 */
export class Inbox {
  /** How many messages have come. */
  received = 0;
  readonly #join: Pick<Join, 'name' | 'to' | 'key'>;
  readonly #sender: ServedSender;
  readonly #window: number;
  /** The last number that has come. */
  #last = 0;
  #place: Place | undefined;
  /** What became of the last of them, as many as may be unanswered at the client: each at its number modulo the window. */
  readonly #answers: (Timestamp | ErrorFrame | undefined)[] = [];
  #unanswered = 0;
  /** What an earlier life of the server may have accepted: numbers up to `sent`, after `since`. */
  #before: Pick<Join, 'sent' | 'since'> = { sent: 0, since: null };
  /** What became of numbers up to here nobody knows: each line says so, until its sender has heard it. */
  #forgotten = 0;

  constructor(join: Pick<Join, 'name' | 'to' | 'key'>, sender: ServedSender, window: number) {
    this.#join = join;
    this.#sender = sender;
    this.#window = window;
  }

  /** Whether it is the sender that joins: what it may do was asked for its name and its route. */
  isFor({ name, to }: Join): boolean {
    return name === this.#join.name && JSON.stringify(to) === JSON.stringify(this.#join.to);
  }

  /** It has not been here, or was forgotten: what it has sent before is sent again if that is known, and else never. */
  begin({ next, sent, since }: Join, isKnown: boolean): void {
    this.#last = isKnown ? next - 1 : sent;
    this.#before = { sent, since };
    if (!isKnown) this.#forgotten = sent;
  }

  /** Where `number` may have been accepted before, by a server that is gone: after which timestamp. */
  mayRepeat(number: number): Pick<Join, 'since'> | undefined {
    return number <= this.#before.sent ? this.#before : undefined;
  }

  /** Its sender has joined by a line: answers go there from now on, those that it may have missed first. */
  join({ next, sent }: Join, place: Place): void {
    // Those in between have their answers: they were too long for any line.
    if (this.#last < next - 1) this.#skipTo(next - 1);
    if (this.#last > sent) throw new ProtocolError(`sent is ${sent}, but ${this.#last} has come`);
    this.#place = place;
    place.post.frame(['joined', place.id, { last: this.#last, known: next > this.#forgotten } satisfies Joined]);
    // A client that keeps to the window asks for none before.
    for (let number = Math.max(next, this.#last - this.#window + 1); number <= this.#last; number++) {
      const answer = this.#answers[number % this.#window];
      if (answer !== undefined) this.#tell(number, answer);
    }
  }

  /** The line is gone. */
  leave(place: { readonly post: Post }): void {
    if (this.#place?.post === place.post) this.#place = undefined;
  }

  take(first: number, values: readonly unknown[], extras: readonly (Extra | null)[] | undefined): void {
    if (first <= this.#last) throw new ProtocolError(`message ${first} of a sender, after ${this.#last}`);
    // Those in between have their answers.
    if (first > this.#last + 1) this.#skipTo(first - 1);
    if (this.#unanswered + values.length > this.#window) {
      throw new ProtocolError(`more than ${this.#window} messages of a sender without an answer (window)`);
    }
    this.received += values.length;
    for (let i = 0; i < values.length; i++) this.#send(++this.#last, values[i], extras?.[i] ?? undefined);
  }

  /** The sender leaves. */
  complete(): void {
    this.#sender.complete();
  }

  #skipTo(last: number): void {
    const from = Math.max(this.#last, last - this.#window);
    this.#last = last;
    for (let number = from + 1; number <= last; number++) this.#answers[number % this.#window] = undefined;
  }

  #send(number: number, value: unknown, extra: Extra | undefined): void {
    this.#unanswered++;
    this.#answers[number % this.#window] = undefined;
    const message = new Incoming(this, number, value, extra);
    try {
      this.#sender.send(message);
    } catch (error) {
      message.refused(error);
    }
  }

  /** By this a log knows a message that comes again. */
  idOf(number: number): string {
    return `${this.#join.key}.${number}`;
  }

  answer(number: number, answer: Timestamp | ErrorFrame): void {
    this.#unanswered--;
    // A client that keeps to the window has no more without an answer.
    if (number > this.#last - this.#window) this.#answers[number % this.#window] = answer;
    this.#tell(number, answer);
  }

  #tell(number: number, answer: Timestamp | ErrorFrame): void {
    const place = this.#place;
    if (place === undefined) return;
    if (typeof answer === 'number') place.post.ack(place.id, number, answer);
    else place.post.frame(['refused', place.id, number, answer]);
  }
}

class Incoming implements ServedMessage {
  readonly value: unknown;
  readonly #inbox: Inbox;
  readonly #number: number;
  readonly #extra: Extra | undefined;
  #isAnswered = false;

  constructor(inbox: Inbox, number: number, value: unknown, extra: Extra | undefined) {
    this.value = value;
    this.#inbox = inbox;
    this.#number = number;
    this.#extra = extra;
  }

  get id(): string {
    return this.#extra?.id ?? this.#inbox.idOf(this.#number);
  }

  get meta(): Extra['meta'] {
    return this.#extra?.meta;
  }

  accepted(ts: Timestamp): void {
    this.#settle(ts);
  }

  refused(error: unknown): void {
    if (!this.#isAnswered) this.#settle(frameOf(error));
  }

  #settle(answer: Timestamp | ErrorFrame): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#inbox.answer(this.#number, answer);
  }
}
