import type { FlakyLine, Passage } from './flaky-line.js';

/** What may be under way, by the settings of both sides. */
export interface Limits {
  readonly window: number;
}

/** Frames that only tell of time: so many without a sign of life, and one more of each receiver. */
const MOST_TICKS = 256;

/** What is under way for one receiver. */
interface Receiving {
  granted: number;
  /** What the server knows to be granted. */
  arrived: number;
  sent: number;
  got: number;
  clock: number;
}

/** Follows the frames of one line, in the order in which they were posted and arrived, and says what no line may do. */
export class CreditAudit {
  readonly faults: string[] = [];
  readonly #line: FlakyLine;
  readonly #limits: Limits;
  #seen = 0;
  #ticks = 0;
  readonly #receiving = new Map<number, Receiving>();
  /** Numbers without an answer, by sender. */
  readonly #unanswered = new Map<number, Set<number>>();

  constructor(line: FlakyLine, limits: Limits) {
    this.#line = line;
    this.#limits = limits;
  }

  /** Messages that were granted to a receiver, and have not arrived. */
  outstanding(id: number): number {
    const { granted, got } = this.#receiver(id);
    return granted - got;
  }

  /** What a receiver was told of the time. */
  clock(id: number): number {
    return this.#receiver(id).clock;
  }

  /** Looks at what has happened since. */
  follow(): void {
    const { passages } = this.#line;
    for (; this.#seen < passages.length; this.#seen++) this.#look(passages[this.#seen]!);
  }

  #look({ at, did, frame }: Passage): void {
    switch (frame[0]) {
      case 'open':
        return this.#grant(at, did, frame[1] as number, (frame[2] as { readonly credit: number }).credit);
      case 'credit':
        return this.#grant(at, did, frame[1] as number, frame[2] as number);
      case 'joined':
        return this.#joined(did, frame[1] as number, frame[2] as { readonly from?: number | null });
      case 'items':
        return this.#items(did, frame as Items);
      case 'send':
        if (did === 'post') this.#send(frame[1] as number, frame[2] as number, frame[3] as readonly unknown[]);
        return;
      case 'acks':
        if (did === 'take')
          this.#answer(frame[1] as number, frame[2] as number, (frame[3] as readonly number[]).length);
        return;
      case 'refused':
        if (did === 'take') this.#answer(frame[1] as number, frame[2] as number, 1);
        return;
      default:
    }
  }

  #grant(at: Passage['at'], did: Passage['did'], id: number, credit: number): void {
    const receiver = this.#receiver(id);
    if (at === 'server' && did === 'take') receiver.arrived += credit;
    if (at === 'server') return;
    receiver.granted += credit;
    const open = receiver.granted - receiver.got;
    if (open > this.#limits.window) this.faults.push(`${open} messages are asked for at once`);
  }

  #joined(did: Passage['did'], id: number, { from }: { readonly from?: number | null }): void {
    if (did === 'take' && typeof from === 'number') this.#receiver(id).clock = from;
  }

  #items(did: Passage['did'], [, id, values, , clock]: Items): void {
    const receiver = this.#receiver(id);
    if (did === 'take') {
      receiver.got += values.length;
      receiver.clock = clock;
      if (values.length === 0) this.#ticks--;
      return;
    }
    receiver.sent += values.length;
    if (receiver.sent > receiver.arrived) {
      this.faults.push(`${receiver.sent} messages went out, and ${receiver.arrived} were asked for`);
    }
    if (values.length === 0 && ++this.#ticks > MOST_TICKS + 2 * this.#receiving.size) {
      this.faults.push(`${this.#ticks} frames that only tell of time are under way`);
    }
  }

  #send(id: number, first: number, values: readonly unknown[]): void {
    const unanswered = this.#unanswered.get(id) ?? new Set();
    this.#unanswered.set(id, unanswered);
    for (let i = 0; i < values.length; i++) unanswered.add(first + i);
    if (unanswered.size > this.#limits.window) this.faults.push(`${unanswered.size} messages are without an answer`);
  }

  #answer(id: number, first: number, count: number): void {
    for (let i = 0; i < count; i++) this.#unanswered.get(id)?.delete(first + i);
  }

  #receiver(id: number): Receiving {
    let receiver = this.#receiving.get(id);
    if (receiver === undefined) {
      receiver = { granted: 0, arrived: 0, sent: 0, got: 0, clock: -Infinity };
      this.#receiving.set(id, receiver);
    }
    return receiver;
  }
}

type Items = readonly ['items', number, readonly unknown[], readonly number[], number, ...unknown[]];
