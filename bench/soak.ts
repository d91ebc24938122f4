/**
 * `npm run soak`: ten million messages to 50 receivers of mixed speeds that join and leave all the time; then a million
 * in each forwarding mode. Fails when a message is unaccounted for, or when the heap does not stay flat.
 *
 *     npm run soak -- --short     a tenth of the load, for CI
 */
import { SingleBar } from 'cli-progress';
import { parseArgs } from 'node:util';
import { setImmediate, setTimeout } from 'node:timers/promises';
import type { Subscription } from 'rxjs';
import {
  type ClockedReceiver,
  createDispatcher,
  type Drop,
  NoReceiverError,
  type ReceiverOptions,
} from 'rxjs-clocked-dispatch';
import { median } from './harness.js';
import { randomNumbers, shuffled } from './scenario.js';

const RECEIVERS = 50;
/** Messages sent in one go, before consumers that pull get their turn. */
const TURN = 500;
const FLAT = 1.1;

type Mode = 'serialize' | 'watermark' | 'sequence';
type Kind = 'subscribed' | 'awaited' | 'in batches' | 'dropping oldest' | 'dropping newest';

/** Of fifty receivers so many are of each kind. */
const KINDS: readonly (readonly [Kind, number])[] = [
  ['subscribed', 20],
  ['awaited', 10],
  ['in batches', 5],
  ['dropping oldest', 10],
  ['dropping newest', 5],
];

const OPTIONS: Readonly<Record<Kind, ReceiverOptions<number>>> = {
  subscribed: {},
  awaited: { bound: 64, overflow: 'drop-newest' },
  'in batches': { bound: 512, overflow: 'drop-newest' },
  'dropping oldest': { bound: 16, overflow: 'drop-oldest' },
  'dropping newest': { bound: 16, overflow: 'drop-newest' },
};

/** What has become of the messages to one receiver. */
class Account {
  readonly name: string;
  sent = 0;
  delivered = 0;
  dropped = 0;
  refused = 0;
  /** The last broadcast that is counted for this receiver; it may get others while it is about to leave. */
  lastBroadcast = Infinity;

  constructor(name: string) {
    this.name = name;
  }

  counts(value: number): boolean {
    return value >= 0 || -value <= this.lastBroadcast;
  }

  deliver(value: number | null): void {
    if (value !== null && this.counts(value)) this.delivered++;
  }

  get open(): number {
    return this.sent - this.delivered - this.dropped - this.refused;
  }
}

/** One source with one receiver. */
interface Line {
  /** Sends if it can be had at once. */
  offer(value: number, ts: number): boolean;
  /** Sends what the receiver's overflow policy makes of it. */
  next(value: number, ts: number): void;
  /** Waits for room; only where nobody else has to wait for it (serialize). */
  send?(value: number): Promise<unknown>;
  /** Tells that nothing up to `ts` will follow. */
  reach(ts: number): void;
  /** The source leaves; the receiver delivers what it has, and completes. */
  complete(): void;
  readonly receiver: ClockedReceiver<number>;
}

/** What the three modes have in common here. */
interface World {
  open(name: string, options: ReceiverOptions<number>): Line;
  /** One message to all receivers. */
  broadcast(value: number, ts: number): void;
  /** Uses up a timestamp that a refused message has left. */
  fill(ts: number): void;
  receivers(): number;
  close(): void;
}

function serializing(onDrop: (drop: Drop<number>) => void): World {
  const dispatcher = createDispatcher<number>({ mode: 'serialize', onDrop });
  return {
    open: (name, options) => {
      const [sender, receiver] = dispatcher.channel(name, name, options);
      return {
        receiver,
        offer: (value) => sender.trySend(value).ok,
        next: (value) => sender.next(value),
        send: (value) => sender.send(value),
        reach: () => {},
        complete: () => sender.complete(),
      };
    },
    broadcast: (value) => {
      const everybody = dispatcher.broadcaster('everybody');
      everybody.next(value);
      everybody.complete();
    },
    fill: () => {},
    receivers: () => dispatcher.stats().receivers.length,
    close: () => dispatcher.close(),
  };
}

function forwarding(mode: 'watermark' | 'sequence', onDrop: (drop: Drop<number>) => void): World {
  const dispatcher = createDispatcher<number>(
    mode === 'sequence' ? { mode, onDrop, window: 4 * TURN } : { mode, onDrop },
  );
  // Beside the fifty, one that fills gaps: to nobody in particular.
  const [filler, unheard] = dispatcher.channel('filler', 'unheard');
  unheard.subscribe();
  return {
    open: (name, options) => {
      const [sender, receiver] = dispatcher.channel(name, name, options);
      return {
        receiver,
        offer: (value, ts) => sender.tryForward(value, ts).ok,
        next: (value, ts) => sender.next([value, ts]),
        reach: (ts) => {
          if (mode === 'watermark') sender.tryForward(null, ts);
        },
        complete: () => sender.complete(),
      };
    },
    broadcast: (value, ts) => {
      const everybody = dispatcher.broadcaster('everybody');
      everybody.next([value, ts]);
      everybody.complete();
    },
    fill: (ts) => {
      filler.tryForward(null, ts);
    },
    receivers: () => dispatcher.stats().receivers.filter(({ name }) => name !== 'unheard').length,
    close: () => dispatcher.close(),
  };
}

/** A receiver with its source, its consumer and its account. */
class Seat {
  readonly kind: Kind;
  readonly line: Line;
  readonly account: Account;
  readonly #random: () => number;
  #left = false;
  #subscription: Subscription | undefined;
  #consumed: Promise<void> = Promise.resolve();
  #sending: Promise<void> = Promise.resolve();

  constructor(kind: Kind, line: Line, account: Account, random: () => number) {
    this.kind = kind;
    this.line = line;
    this.account = account;
    this.#random = random;
    if (kind === 'subscribed') this.#subscribe();
    else if (kind === 'in batches') this.#consumed = this.#inBatches();
    else this.#consumed = this.#oneByOne();
    if (kind === 'awaited' && line.send !== undefined) this.#sending = this.#keepSending();
  }

  /** Whether it sends by itself, at its receiver's pace. */
  get sendsItself(): boolean {
    return this.kind === 'awaited' && this.line.send !== undefined;
  }

  /** Sends one message. Answers whether its timestamp is taken care of. */
  send(value: number, ts: number): boolean {
    this.account.sent++;
    if (this.kind.startsWith('dropping')) {
      this.line.next(value, ts);
      return true;
    }
    if (this.line.offer(value, ts)) return true;
    this.account.refused++;
    return false;
  }

  /** Either side may leave first: the source, so that the receiver has all that was sent; or the receiver. */
  leave(): void {
    this.#left = true;
    if (this.#random() < 0.5) this.line.complete();
    else this.line.receiver.close();
  }

  /** Until the consumer has had its last message. */
  async gone(): Promise<void> {
    await this.#sending;
    await this.#consumed;
    this.#subscription?.unsubscribe();
    this.line.complete();
  }

  #subscribe(): void {
    this.#subscription = this.line.receiver.subscribe(([value]) => {
      this.account.deliver(value);
    });
  }

  async #oneByOne(): Promise<void> {
    let count = 0;
    for await (const [value] of this.line.receiver) {
      this.account.deliver(value);
      if (++count % 64 === 0) await this.#rest();
    }
  }

  async #inBatches(): Promise<void> {
    for (;;) {
      const messages = await this.line.receiver.receiveMany(256);
      if (messages.length === 0) return;
      for (const [value] of messages) this.account.deliver(value);
      await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    await (this.#random() < 0.1 ? setTimeout(1) : setImmediate());
  }

  /** The sender awaits each `send`. */
  async #keepSending(): Promise<void> {
    for (let value = 0; !this.#left; value++) {
      this.account.sent++;
      try {
        await this.line.send!(value);
      } catch (error) {
        // A message that was waiting when its receiver left is reported as dropped.
        if (!(error instanceof NoReceiverError)) this.account.refused++;
        return;
      }
    }
  }
}

/** Sends so many messages in one mode. Answers what is wrong. */
async function soak(mode: Mode, messages: number, bar: SingleBar): Promise<string[]> {
  const random = randomNumbers(7);
  const accounts = new Map<string, Account>();
  const drop = ({ receiver, value }: Drop<number>): void => {
    const account = accounts.get(receiver);
    if (value < 0 && account?.counts(value) !== true) return;
    if (account === undefined) wrong.push(`${mode}: a drop for '${receiver}', which has nothing to lose`);
    else account.dropped++;
  };
  const world = mode === 'serialize' ? serializing(drop) : forwarding(mode, drop);
  const kinds = KINDS.flatMap(([kind, count]) => new Array<Kind>(count).fill(kind));
  const total = new Account('all');
  const wrong: string[] = [];
  const leaving = new Set<Promise<void>>();
  const unsettled = new Set<Account>();
  const heaps: number[] = [];
  let joined = 0;
  let broadcasts = 0;
  let clock = 0;

  const join = (kind: Kind): Seat => {
    const account = new Account(`${kind} ${++joined}`);
    accounts.set(account.name, account);
    return new Seat(kind, world.open(account.name, OPTIONS[kind]), account, random);
  };
  /** Books an account, and closes it once nothing more can come: what a receiver has left behind is dropped at its turn. */
  const settle = (account: Account): void => {
    if (account.open !== 0) return void unsettled.add(account);
    unsettled.delete(account);
    accounts.delete(account.name);
    total.sent += account.sent;
    total.delivered += account.delivered;
    total.dropped += account.dropped;
    total.refused += account.refused;
  };
  const leave = (seat: Seat): void => {
    seat.account.lastBroadcast = broadcasts;
    seat.leave();
    const gone = seat.gone().then(() => {
      settle(seat.account);
      leaving.delete(gone);
    });
    leaving.add(gone);
  };
  const broadcast = (): void => {
    for (const { account } of seats) account.sent++;
    world.broadcast(-++broadcasts, ++clock);
  };

  const seats = kinds.map(join);
  const sent = (): number => total.sent + [...accounts.values()].reduce((sum, account) => sum + account.sent, 0);
  bar.start(messages, 0, { mode, heap: '' });
  for (let turn = 0; sent() < messages; turn++) {
    const order = mode === 'sequence' ? shuffled(TURN, random) : undefined;
    const base = clock;
    clock += TURN;
    for (let i = 0; i < TURN; i++) {
      const ts = base + 1 + (order?.[i] ?? i);
      const seat = seats[Math.floor(random() * RECEIVERS)]!;
      if (seat.sendsItself || !seat.send(i, ts)) world.fill(ts);
    }
    if (turn % 4 === 0) broadcast();
    for (const { line } of seats) line.reach(clock);
    if (mode === 'watermark') world.fill(clock);
    if (turn % 2 === 0) {
      const s = Math.floor(random() * RECEIVERS);
      leave(seats[s]!);
      seats[s] = join(kinds[s]!);
    }
    await setImmediate();
    for (const account of unsettled) settle(account);
    if (sent() >= (heaps.length * messages) / 100) {
      heaps.push(heap());
      bar.update(Math.min(sent(), messages), { heap: `${(heaps.at(-1)! / 1e6).toFixed(1)} MB` });
    }
  }
  for (const seat of seats) leave(seat);
  await Promise.all(leaving);
  bar.update(messages);
  bar.stop();

  world.close();
  for (const account of unsettled) {
    settle(account);
    if (account.open !== 0) wrong.push(`${mode}: ${account.open} messages to '${account.name}' are unaccounted for`);
  }
  if (world.receivers() > 0) wrong.push(`${mode}: ${world.receivers()} receivers have not gone`);
  const tenth = Math.floor(heaps.length / 10);
  const [first, last] = [median(heaps.slice(0, tenth)), median(heaps.slice(-tenth))];
  if (last > FLAT * first) wrong.push(`${mode}: the heap has grown from ${first} to ${last} bytes`);
  const n = (value: number): string => value.toLocaleString('en');
  console.log(
    `${mode}: ${n(total.sent)} sent = ${n(total.delivered)} delivered + ${n(total.dropped)} dropped + ` +
      `${n(total.refused)} refused; ${n(joined)} receivers; heap ${(first / 1e6).toFixed(2)} -> ${(last / 1e6).toFixed(2)} MB`,
  );
  return wrong;
}

/** Bytes in use after a forced collection. */
function heap(): number {
  globalThis.gc!();
  return process.memoryUsage().heapUsed;
}

const { values: options } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
if (globalThis.gc === undefined) throw new Error('run with --expose-gc');
const bar = new SingleBar({
  format: '{mode} {bar} {percentage}% | {value} messages | {heap} | {eta_formatted} left',
  hideCursor: true,
  noTTYOutput: true,
  notTTYSchedule: 10_000,
});
const share = options.short ? 0.1 : 1;
const wrong = [
  ...(await soak('serialize', 10_000_000 * share, bar)),
  ...(await soak('watermark', 1_000_000 * share, bar)),
  ...(await soak('sequence', 1_000_000 * share, bar)),
];
for (const what of wrong) console.error(what);
process.exitCode = wrong.length === 0 ? 0 : 1;
