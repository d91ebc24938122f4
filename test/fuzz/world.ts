import type { VirtualTimeScheduler } from 'rxjs';
import type { Consumer } from './consumer.js';
import { isLibraryError } from './library.js';
import type { Dispatcher, Item, Library, Sender } from './library.js';
import type { Route, Violation } from './operation.js';
import type { ReceiverRecord } from './receiver-record.js';
import type { Setup } from './setup.js';
import { Ties } from './ties.js';

export interface SenderRecord {
  readonly id: number;
  readonly name: string;
  readonly sender: Sender;
  readonly route: Route;
  readonly disorder: number;
  /** What was sent in calls whose order counts (all but `next`). */
  readonly sent: Message[];
  /** Whether it was told to leave. */
  left: boolean;
  /** The greatest timestamp that it has brought. */
  last: number;
  /** What it has promised at least, by watermark with one frontier. */
  promise: number;
  /** From here on nothing of it is late: beyond where it joined, and its ticks, and not before its messages less the disorder. */
  inTimeFrom: number;
}

export interface Message {
  readonly name: string;
  readonly sender: SenderRecord;
  /** Names of receivers; for a function of the value, what it answers. */
  readonly targets: readonly string[] | 'all';
  readonly call: Call | undefined;
  /** All of one transaction have one timestamp. */
  readonly transaction: number | undefined;
  /** Receivers for which it is, and that were open when it was sent. */
  open: readonly ReceiverRecord[];
  /** Its place among the calls of its sender. */
  order: number;
  ts: number | undefined;
  fate: 'unknown' | 'accepted' | 'refused';
  /** By watermark: whether it can't be late, whatever its sender has promised (law 10). */
  readonly inTime: boolean;
  /** Whether no call of its sender waited when its own was made. */
  readonly isFirst: boolean;
  /** Whether it certainly counts as offered (law 28): what is refused for its arguments does not. */
  counted: boolean;
}

/** A promise that the package gave out. */
export interface Call {
  readonly what: string;
  readonly sender: SenderRecord | undefined;
  readonly messages: Message[];
  state: 'pending' | 'resolved' | 'rejected';
  /** Whether it was seen to wait when nothing else was to be done. */
  waited: boolean;
  /** What it must not be refused as late for: it was in order when it was made. */
  readonly inOrder: boolean;
  /** Whether its signal was not aborted before it began. */
  readonly began: boolean;
}

export interface Watch {
  readonly name: string;
  ended: boolean;
  leave(): void;
}

/** Everything that a run knows: who is there, what was sent, what was seen. */
export class World {
  readonly library: Library;
  readonly setup: Setup;
  readonly scheduler: VirtualTimeScheduler;
  /** Without checks of what version 0.1 does not show. */
  readonly legacy: boolean;
  dispatcher!: Dispatcher;
  /** What is done inside a callback with this label. */
  reaction: (label: string) => void = () => {};
  readonly receivers = new Map<number, ReceiverRecord>();
  readonly senders = new Map<number, SenderRecord>();
  readonly messages = new Map<string, Message>();
  /** Messages since the last rest. */
  readonly unconfirmed: Message[] = [];
  readonly consumers = new Map<number, Consumer>();
  readonly watches = new Map<number, Watch>();
  readonly signals = new Map<number, AbortController>();
  readonly calls: Call[] = [];
  readonly ties: Ties = new Ties((detail) => this.fail('order differs', detail));
  /** Sequence mode: numbers that were filled, or that a snapshot stands for. */
  readonly filled = new Set<number>();
  /** Sequence mode: numbers that were accepted, and by whom. */
  readonly taken = new Map<number, string>();
  /** Serialize mode: which message has which timestamp. */
  readonly #stamped = new Map<number, Message>();
  /** Ticks that were offered. */
  ticks = 0;
  violation: Violation | undefined;
  clock = -Infinity;
  closed = false;
  /** Numbers for whatever is made. */
  nextId = 0;
  order = 0;

  /** A receiver that joins may be told of drops before anybody has it. */
  joining: { readonly name: string; readonly later: (() => void)[] } | undefined;

  constructor(library: Library, setup: Setup, scheduler: VirtualTimeScheduler, legacy: boolean) {
    this.library = library;
    this.setup = setup;
    this.scheduler = scheduler;
    this.legacy = legacy;
  }

  /** What is late at some of its receivers only, and diverted, goes to neither `onDrop` nor them. */
  followDiverted(): void {
    if (this.legacy || this.setup.frontier !== 'receiver') return;
    this.dispatcher.late$.subscribe(({ value, receivers = [] }) => {
      for (const name of receivers) this.receiverNamed(name)?.diverted.add(value);
    });
  }

  /** Whether no timestamp comes twice at a receiver. */
  get strict(): boolean {
    return this.setup.mode !== 'watermark';
  }

  /** Whether a receiver may fail: by an error of a source, a message without room, or a gap. */
  get mayFail(): boolean {
    const { sourceError = 'error', overflow = 'error', gap } = this.setup;
    return sourceError === 'error' || overflow === 'error' || gap === 'error';
  }

  hasFailed(): boolean {
    return this.violation !== undefined;
  }

  /** The first violation counts: what follows may follow from it. */
  fail(kind: string, detail: string): void {
    this.violation ??= { kind, detail };
  }

  /** A callback was called: it may do anything. */
  react(label: string): void {
    if (this.violation === undefined) this.reaction(label);
  }

  /** What must hold for anything that any consumer gets. */
  checkItem(record: ReceiverRecord, item: Item): void {
    if (!Array.isArray(item) || (item as readonly unknown[]).length !== 2 || !Number.isSafeInteger(item[1])) {
      return this.fail('no item', `${record.name} got ${JSON.stringify(item)}`);
    }
    const [value, ts] = item;
    if (value === null) return;
    const message = this.messages.get(value);
    if (message === undefined) return this.fail('unknown value', `${record.name} got ${value} at ${ts}`);
    if (message.targets !== 'all' && !message.targets.includes(record.name)) {
      this.fail('not for', `${record.name} got ${value}, which is for ${message.targets.join(', ')}`);
    }
    if (message.fate === 'refused') this.fail('refused, but delivered', `${value} at ${record.name}`);
    this.stamp(message, ts);
  }

  /** A message turns out to have this timestamp. */
  stamp(message: Message, ts: number): void {
    if (message.ts !== undefined && message.ts !== ts) {
      this.fail('two timestamps', `${message.name} at ${message.ts} and at ${ts}`);
    }
    message.ts = ts;
    if (this.setup.mode !== 'serialize') return;
    const other = this.#stamped.get(ts);
    this.#stamped.set(ts, message);
    if (other === undefined || other === message) return;
    if (other.transaction === undefined || other.transaction !== message.transaction) {
      this.fail('timestamp twice', `${other.name} and ${message.name} at ${ts}`);
    }
  }

  /** It was refused as late. */
  checkLate({ inTime, name, ts, sender }: Message): void {
    if (inTime)
      this.fail('late within its disorder', `${name} at ${ts} of ${sender.name}, disorder ${sender.disorder}`);
  }

  /** Its sender was told that it isn't accepted. */
  refuse(message: Message, reason: string): void {
    message.fate = 'refused';
    for (const { name, delivered, underWay } of this.receivers.values()) {
      if (!delivered.has(message.name) && !underWay.has(message.name)) continue;
      this.fail('refused, but delivered', `${message.name} at ${name} (${reason})`);
    }
  }

  /** Sequence mode: whether this number was filled; what was behind a gap where all failed is free again. */
  isFilled(ts: number): boolean {
    return this.setup.gap !== 'error' && this.filled.has(ts);
  }

  /** Sequence mode: this number was accepted. */
  take(ts: number, by: string): void {
    const other = this.setup.gap === 'error' ? undefined : this.taken.get(ts);
    if (other !== undefined) this.fail('timestamp twice', `${other} and ${by} were both accepted at ${ts}`);
    this.taken.set(ts, by);
  }

  /**
   * Two messages at one timestamp, in this order at a receiver: the same at all, and by their sources, then by arrival
   * (law 7). One that came first, of a source that joined first, is released first, whether the other was held or not;
   * with a frontier for each receiver, what was released anywhere comes before what wasn't.
   */
  seeTie(first: string, second: string, where: string): void {
    this.ties.see(first, second, where);
    if (this.legacy || this.setup.frontier === 'receiver') return;
    const [a, b] = [this.messages.get(first), this.messages.get(second)];
    if (a === undefined || b === undefined || isUnsure(a) || isUnsure(b)) return;
    if (b.order < a.order && b.sender.id <= a.sender.id) {
      this.fail('order of ties', `${first} of ${a.sender.name} before ${second} of ${b.sender.name} at ${where}`);
    }
  }

  receiverNamed(name: string): ReceiverRecord | undefined {
    return this.receivers.get(Number(name.slice(1)));
  }

  /** A promise that must settle; `settled` runs first when it resolves. */
  track<T>(call: Call, promise: Promise<T>, resolved: (value: T) => void): void {
    this.calls.push(call);
    promise.then(
      (value) => {
        call.state = 'resolved';
        for (const message of call.messages) message.counted = true;
        resolved(value);
        this.react(`${call.what} resolved`);
      },
      (error: unknown) => {
        call.state = 'rejected';
        const counted = COUNTED.has((error as Error).name) || (call.began && error instanceof Intended);
        for (const message of call.messages) {
          message.counted = counted;
          this.refuse(message, 'rejected');
          if ((error as Error).name === 'LateMessageError') this.checkLate(message);
        }
        this.judge(error, call.what);
        if (
          call.waited &&
          call.inOrder &&
          this.setup.mode === 'watermark' &&
          (error as Error).name === 'LateMessageError'
        ) {
          this.fail('late for having waited', `${call.what}: ${String(error)}`);
        }
        this.react(`${call.what} rejected`);
      },
    );
  }

  /** An error that a user sees is one of the package's own classes, or the user's. */
  judge(error: unknown, where: string): void {
    if (error instanceof Intended || isLibraryError(error)) return;
    this.fail('bare error', `${where}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

/** Whether a message may have been accepted at another time than its call was made: it waited, or a route came before. */
function isUnsure({ call, sender }: Message): boolean {
  return call !== undefined || (typeof sender.route === 'object' && 'among' in sender.route);
}

/** Errors of calls whose message was offered. */
const COUNTED: ReadonlySet<string> = new Set([
  'AheadMessageError',
  'ClosedError',
  'DuplicateMessageError',
  'LateMessageError',
  'NoReceiverError',
  'TooManyWaitingError',
]);

/** An error that the fuzz itself brings: of a source, an aborted call, a careless callback. */
export class Intended extends Error {}
