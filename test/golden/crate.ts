import type { Departure } from './departures.js';
import type { Action, Answer, Recording } from './records.js';
import type { Player } from './replay.js';

/**
 * The original crate, reduced to what a script can see: 4.0.2 for serializing and sequence, 3.0.1 for watermarks.
 *
 * Without departures it answers as the crate did; each departure replaces one of its behaviours by a law of ours.
 */
export class Crate implements Player {
  readonly #departures: ReadonlySet<Departure>;
  readonly #mode: Recording['file'];
  readonly #seed: number;
  readonly #receivers = new Map<string, Inbox>();
  readonly #senders = new Map<string, Source>();
  readonly #broadcasts: Held[] = [];
  #clock: number;
  #joined = 0;
  #arrived = 0;

  constructor(script: Recording, departures: Iterable<Departure>) {
    this.#departures = new Set(departures);
    this.#mode = script.file;
    this.#seed = script.seed;
    this.#clock = script.seed;
  }

  play(op: Action): void {
    switch (op.op) {
      case 'new':
        this.#receivers.set(op.receiver, this.#inbox());
        this.#join(op.sender, op.receiver, this.#clock);
        break;
      case 'clone':
      case 'bclone':
      case 'into_broadcaster': {
        const parent = this.#senders.get(op.sender) as Source;
        const counts =
          op.op !== 'clone' || parent.counts || !this.#on('what is written to one who left counts for nothing');
        this.#join(op.name, op.op === 'clone' ? parent.to : null, Math.max(parent.fresh, this.#clock), counts);
        if (op.op === 'into_broadcaster') this.#leave(op.sender);
        break;
      }
      case 'send':
      case 'broadcast':
        this.#tell({ to: this.#senders.get(op.sender)?.to ?? null, ts: this.#clock + 1, value: op.value });
        break;
      case 'forward':
      case 'broadcast_forward':
        this.#forward(this.#senders.get(op.sender) as Source, op.value, op.ts);
        break;
      case 'drop_sender':
      case 'drop_broadcaster':
        this.#leave(op.sender);
        break;
      case 'drop_receiver':
        this.#leaveReceiver(op.receiver);
        break;
    }
    this.#settle();
  }

  recv(name: string): Answer {
    const inbox = this.#receivers.get(name) as Inbox;
    const data = inbox.queue.shift();
    this.#settle();
    if (data !== undefined) {
      inbox.head = data[1];
      return data;
    }
    if (inbox.head !== inbox.tail) {
      inbox.head = inbox.tail;
      return [null, inbox.tail];
    }
    return inbox.closed ? 'disconnected' : 'empty';
  }

  #inbox(): Inbox {
    const [head, tail] = this.#on('late joiners are told the clock') ? [this.#seed, this.#clock] : [0, 0];
    return { queue: [], head, tail, closed: false, final: false, held: [] };
  }

  #join(name: string, to: string | null, promise: number, counts = true): void {
    const fresh = this.#on('joining does not drag the clock back') ? promise : 0;
    this.#senders.set(name, { name, to, fresh, rank: this.#joined++, counts });
  }

  #leave(name: string): void {
    this.#senders.delete(name);
    if (this.#mode === 'watermark') this.#release();
    else if (this.#senders.size === 0 && this.#on('a gap is passed over when nobody can fill it')) {
      for (let next = this.#next(); next !== undefined; next = this.#next()) this.#tell(this.#take(next));
    }
    this.#close();
  }

  #leaveReceiver(name: string): void {
    const inbox = this.#receivers.get(name) as Inbox;
    this.#receivers.delete(name);
    if (this.#on('what is held for one who left takes its place')) {
      for (const held of inbox.held) siftUp(this.#broadcasts, held, this.#before);
    }
    if (this.#mode !== 'watermark') return;
    for (const source of this.#senders.values()) if (source.to === name) source.counts = false;
    this.#release();
    this.#close();
  }

  #forward(source: Source, value: string | null, ts: number): void {
    const message = { to: source.to, ts, value, rank: source.rank, arrival: this.#arrived++ };
    if (this.#mode === 'sequential') this.#forwardInSequence(message);
    else this.#forwardByWatermark(source, message);
  }

  #forwardInSequence(message: Held): void {
    if (this.#on('duplicates are refused') && (message.ts <= this.#clock || this.#isHeld(message.ts))) return;
    if (message.ts <= this.#clock + 1) this.#tell(message);
    else if (message.value !== null || this.#on('early ticks count')) this.#hold(message);
    for (let next = this.#next(); next?.ts === this.#clock + 1; next = this.#next()) this.#tell(this.#take(next));
  }

  #isHeld(ts: number): boolean {
    const heaps = [this.#broadcasts, ...[...this.#receivers.values()].map(({ held }) => held)];
    return heaps.some((heap) => heap.some((held) => held.ts === ts));
  }

  #forwardByWatermark(source: Source, message: Held): void {
    const isForNobody = source.to !== null && !this.#receivers.has(source.to);
    if (isForNobody && this.#on('what is written to one who left counts for nothing')) {
      source.fresh = Math.max(source.fresh, message.ts);
      return;
    }
    if (message.ts < this.#clock && this.#on('joining does not drag the clock back')) return;
    if (message.ts <= this.#frontier()) return this.#tell(message);
    if (message.value !== null) this.#hold(message);
    const before = this.#frontier();
    source.fresh = Math.max(source.fresh, message.ts);
    if (this.#frontier() > before) this.#release();
  }

  /** Everything at or below the frontier goes out; then, if the frontier is beyond it, everybody is told. */
  #release(): void {
    const frontier = this.#frontier();
    let told = 0;
    for (let next = this.#next(); next !== undefined && next.ts <= frontier; next = this.#next()) {
      told = next.ts;
      this.#tell(this.#take(next));
    }
    if (told < frontier && frontier !== Infinity) this.#tell({ to: null, ts: frontier, value: null });
  }

  #frontier(): number {
    return Math.min(...[...this.#senders.values()].filter(({ counts }) => counts).map(({ fresh }) => fresh));
  }

  /** To whom it is for, the message; to all others, its timestamp. */
  #tell({ to, ts, value }: { to: string | null; ts: number; value: string | null }): void {
    this.#clock = Math.max(this.#clock, ts);
    for (const [name, inbox] of this.#receivers) {
      if (inbox.final) continue;
      if (value !== null && (to === null || to === name)) inbox.queue.push([value, ts]);
      inbox.tail = ts;
    }
  }

  #hold(message: Held): void {
    const inbox = message.to === null ? undefined : this.#receivers.get(message.to);
    siftUp(inbox?.held ?? this.#broadcasts, message, this.#before);
  }

  /** The next held message: a receiver's own before a broadcast, unless ties leave by source and arrival. */
  #next(): Held | undefined {
    let next: Held | undefined;
    for (const { held } of [...this.#receivers.values(), { held: this.#broadcasts }]) {
      const first = held[0];
      if (first !== undefined && (next === undefined || this.#before(first, next))) next = first;
    }
    return next;
  }

  #take(message: Held): Held {
    const inbox = message.to === null ? undefined : this.#receivers.get(message.to);
    popTop(inbox?.held ?? this.#broadcasts, this.#before);
    return message;
  }

  readonly #before = (a: Held, b: Held): boolean =>
    a.ts !== b.ts
      ? a.ts < b.ts
      : this.#on('ties leave by source, then arrival') && (a.rank !== b.rank ? a.rank < b.rank : a.arrival < b.arrival);

  /** The crate looks for channels without senders when a sender (3.0.1: or receiver) leaves; it overlooks broadcasts. */
  #close(): void {
    const isServed = (name: string | null): boolean => [...this.#senders.values()].some(({ to }) => to === name);
    const waits =
      this.#on('completion waits for what is held') &&
      this.#broadcasts.some((held) => held.to === null && isMessage(held));
    for (const [name, inbox] of this.#receivers) {
      const over = !isServed(null) && !isServed(name) && !inbox.held.some(isMessage) && !waits;
      inbox.closed = over || (inbox.closed && (inbox.final || !this.#on('completion is final')));
    }
  }

  /** Final as soon as nobody is left to write here and the queue is empty: not before, and for good. */
  #settle(): void {
    if (this.#on('completion waits for what is held') || this.#on('completion is final')) this.#close();
    if (!this.#on('completion is final')) return;
    for (const inbox of this.#receivers.values()) inbox.final ||= inbox.closed && inbox.queue.length === 0;
  }

  #on(departure: Departure): boolean {
    return this.#departures.has(departure);
  }
}

interface Inbox {
  readonly queue: [value: string, ts: number][];
  head: number;
  tail: number;
  closed: boolean;
  final: boolean;
  readonly held: Held[];
}

interface Source {
  readonly name: string;
  readonly to: string | null;
  fresh: number;
  readonly rank: number;
  counts: boolean;
}

interface Held {
  readonly to: string | null;
  readonly ts: number;
  readonly value: string | null;
  readonly rank: number;
  readonly arrival: number;
}

/** A tick that waits for its place keeps nobody from completing. */
function isMessage({ value }: Held): boolean {
  return value !== null;
}

// Rust's BinaryHeap, step by step: what it does with equal timestamps shows in the recordings.

type Before = (a: Held, b: Held) => boolean;

function siftUp(heap: Held[], item: Held, before: Before, start = heap.length): void {
  let hole = start;
  while (hole > 0) {
    const parent = (hole - 1) >> 1;
    if (!before(item, heap[parent] as Held)) break;
    heap[hole] = heap[parent] as Held;
    hole = parent;
  }
  heap[hole] = item;
}

function popTop(heap: Held[], before: Before): void {
  const last = heap.pop() as Held;
  if (heap.length === 0) return;
  let hole = 0;
  for (let child = 1; child < heap.length; child = 2 * hole + 1) {
    const right = child + 1;
    if (right < heap.length && !before(heap[child] as Held, heap[right] as Held)) child = right;
    heap[hole] = heap[child] as Held;
    hole = child;
  }
  siftUp(heap, last, before, hole);
}
