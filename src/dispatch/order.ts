import type { Clocked, ForwardRefusal, Timestamp } from '../types.js';
import type { Channel, Time } from './channel.js';
import type { Core } from './core.js';
import type { Member } from './member.js';

/** The receivers that a message is for. */
export type Targets<T> = readonly Channel<T>[];

/** What a mode decides: which message goes out next. */
export interface Order<T> {
  readonly core: Core<T>;
  /** Whether no timestamp comes twice. */
  readonly unique: boolean;
  /** Whether a tick at `ts` means that nothing at `ts` follows either. */
  readonly strict: boolean;
  /** Whether the order can do without a message that nobody receives. */
  readonly gapless: boolean;
  /** The last timestamp that was assigned or released. */
  readonly clock: Timestamp;
  /** Messages that wait for their turn, and the most that ever did. */
  readonly held: number;
  readonly heldMost: number;
  /** Delivers what is due, one message after the other, and tells that time has passed. */
  drain(): void;
  /** Drops the oldest message to `channel` that is not readable yet; false when `member` has no claim to any. */
  evict(channel: Channel<T>, member: Member<T>): boolean;
  /** Whether everybody at `channel` waits for this message, or may wait for it where its timestamp isn't known yet. */
  awaits(member: Member<T>, ts: Timestamp | undefined, channel: Channel<T>): boolean;
  join(member: Member<T>, like?: Member<T>): void;
  leave(member: Member<T>): void;
  /** The time that a new channel goes by. */
  open(channel: Channel<T>): Time;
  close(channel: Channel<T>): void;
  stop(): void;
}

/** An order that takes messages with a timestamp. */
export interface ForwardingOrder<T> extends Order<T> {
  /** How far beyond the clock a message may be. */
  readonly window: number;
  /** Gives up what is missing so that `ts` comes into the window; false where that can't be done just now. */
  makeWay(ts: Timestamp): boolean;
  /** Why a message can't be taken, whatever the room. */
  judge(member: Member<T>, ts: Timestamp, targets: Targets<T>): ForwardRefusal | undefined;
  insert(member: Member<T>, item: Clocked<T>, targets: Targets<T>): void;
  /** Whether there is a short way. */
  readonly plain: boolean;
  /** The short way, for what is in no way out of the ordinary; false for anything else. */
  takeNext(member: Member<T>, item: Clocked<T>, channel: Channel<T>): boolean;
  /** The source has reached `ts`. */
  tick(member: Member<T>, item: Clocked<T>): ForwardRefusal | undefined;
  /** The source has spoken, whatever comes of it. */
  hear(member: Member<T>): void;
}
