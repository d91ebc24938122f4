/**
 * `npm run soak`: ten million messages to 50 receivers of mixed speeds that join and leave all the time; then a million
 * in each forwarding mode. Fails when a message is unaccounted for, or when the heap does not stay flat.
 *
 *     npm run soak -- --short     a tenth of the load, for CI
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type ClockedReceiver,
  createDispatcher,
  type Drop,
  NoReceiverError,
  type ReceiverOptions,
  sequence,
  serialize,
  watermark,
} from 'rxjs-clocked-dispatch';
import { median } from './lines.js';
import { randomNumbers, shuffled } from './scenario.js';

/** Messages sent in one go, before consumers that pull get their turn. */
const TURN = 500;
const FLAT = 1.1;

type Mode = 'serialize' | 'watermark' | 'sequence';
type Kind = 'subscribed' | 'awaited' | 'in batches' | 'dropping oldest' | 'dropping newest';

/** How many receivers are of each kind. */
const KINDS: Readonly<Record<Kind, readonly [count: number, options: ReceiverOptions<number>]>> = {
  subscribed: [20, {}],
  awaited: [10, { bound: 64, overflow: 'drop-newest' }],
  'in batches': [5, { bound: 512, overflow: 'drop-newest' }],
  'dropping oldest': [10, { bound: 16, overflow: 'drop-oldest' }],
  'dropping newest': [5, { bound: 16, overflow: 'drop-newest' }],
};

/** A sender of any mode: where the dispatcher numbers, the timestamp goes unused. */
interface Port {
  offer(value: number | null, ts: number): boolean;
  next(value: number, ts: number): void;
  complete(): void;
  /** Only where nobody else has to wait for it. */
  send?(value: number): Promise<unknown>;
}

/** What the three modes have in common here. */
interface World {
  channel(name: string, options?: ReceiverOptions<number>): [Port, ClockedReceiver<number>];
  broadcaster(): Port;
  stats(): { readonly receivers: readonly unknown[] };
  close(): void;
}

function worldOf(mode: Mode, onDrop: (drop: Drop<number>) => void): World {
  if (mode === 'serialize') {
    return world(createDispatcher<number>(serialize(), { onDrop }), (sender) => ({
      offer: (value) => value === null || sender.trySend(value).ok,
      next: (value) => sender.next(value),
      complete: () => sender.complete(),
      send: (value) => sender.send(value),
    }));
  }
  const order = mode === 'watermark' ? watermark() : sequence({ window: 4 * TURN });
  return world(createDispatcher<number>(order as ReturnType<typeof watermark>, { onDrop }), (sender) => ({
    offer: (value, ts) => sender.tryForward(value, ts).ok,
    next: (value, ts) => sender.next([value, ts]),
    complete: () => sender.complete(),
  }));
}

interface Dispatcher<S> extends Pick<World, 'stats' | 'close'> {
  channel(sender: string, to: string, options?: ReceiverOptions<number>): readonly [S, ClockedReceiver<number>];
  broadcaster(name: string): S;
}

function world<S>(dispatcher: Dispatcher<S>, port: (sender: S) => Port): World {
  return {
    channel: (name, options) => {
      const [sender, receiver] = dispatcher.channel(name, name, options);
      return [port(sender), receiver];
    },
    broadcaster: () => port(dispatcher.broadcaster('everybody')),
    stats: () => dispatcher.stats(),
    close: () => dispatcher.close(),
  };
}

/** A receiver with its sender, its consumer, and the account of its messages. */
class Seat {
  sent = 0;
  delivered = 0;
  dropped = 0;
  refused = 0;
  /** The last broadcast, a negative value, that is counted here; it may get others while it is about to leave. */
  lastBroadcast = -Infinity;
  readonly kind: Kind;
  readonly port: Port;
  readonly #receiver: ClockedReceiver<number>;
  readonly #random: () => number;
  readonly #ended: Promise<unknown>;
  #left = false;

  constructor(kind: Kind, [port, receiver]: [Port, ClockedReceiver<number>], random: () => number) {
    this.kind = kind;
    this.port = port;
    this.#receiver = receiver;
    this.#random = random;
    const consumed = kind === 'subscribed' ? this.#subscribe() : kind === 'in batches' ? this.#batches() : this.#each();
    this.#ended = Promise.all([consumed, this.sendsItself ? this.#keepSending() : undefined]);
  }

  /** Whether it sends by itself, at its receiver's pace. */
  get sendsItself(): boolean {
    return this.kind === 'awaited' && this.port.send !== undefined;
  }

  get open(): number {
    return this.sent - this.delivered - this.dropped - this.refused;
  }

  counts(value: number | null): boolean {
    return value !== null && (value >= 0 || value >= this.lastBroadcast);
  }

  /** Sends one message. Answers whether its timestamp is taken care of. */
  send(value: number, ts: number): boolean {
    this.sent++;
    if (this.kind.startsWith('dropping')) this.port.next(value, ts);
    else if (!this.port.offer(value, ts)) {
      this.refused++;
      return false;
    }
    return true;
  }

  /** Either side may leave first: the source, so that the receiver has all that was sent; or the receiver. */
  async leave(): Promise<void> {
    this.#left = true;
    if (this.#random() < 0.5) this.port.complete();
    else this.#receiver.close();
    await this.#ended;
    this.port.complete();
  }

  #take(value: number | null): void {
    if (this.counts(value)) this.delivered++;
  }

  #subscribe(): Promise<void> {
    return this.#receiver.forEach(([value]) => this.#take(value));
  }

  async #each(): Promise<void> {
    let count = 0;
    for await (const [value] of this.#receiver) {
      this.#take(value);
      if (++count % 64 === 0) await this.#rest();
    }
  }

  async #batches(): Promise<void> {
    for (;;) {
      const messages = await this.#receiver.receiveMany(256);
      if (messages.length === 0) return;
      for (const [value] of messages) this.#take(value);
      await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    await (this.#random() < 0.1 ? setTimeout(1) : setImmediate());
  }

  async #keepSending(): Promise<void> {
    for (let value = 0; !this.#left; value++) {
      this.sent++;
      try {
        await this.port.send!(value);
      } catch (error) {
        // A message that was waiting when its receiver left is reported as dropped.
        if (!(error instanceof NoReceiverError)) this.refused++;
        return;
      }
    }
  }
}

/** Sends so many messages in one mode. Answers what is wrong. */
async function soak(mode: Mode, messages: number): Promise<string[]> {
  const random = randomNumbers(7);
  const wrong: string[] = [];
  /** By the names of their receivers: until every message of theirs is accounted for. */
  const accounts = new Map<string, Seat>();
  const world = worldOf(mode, ({ receiver, value }) => {
    const seat = accounts.get(receiver);
    if (seat?.counts(value) === true) seat.dropped++;
    else if (value >= 0) wrong.push(`${mode}: a drop for '${receiver}', which has nothing to lose`);
  });
  // Fills the gaps that refused messages leave, and keeps up with the clock.
  const [filler, unheard] = world.channel('filler');
  unheard.subscribe();
  const total = { sent: 0, delivered: 0, dropped: 0, refused: 0 };
  const leaving = new Set<Promise<void>>();
  const left = new Map<string, Seat>();
  const heaps: number[] = [];
  let [joined, broadcasts, clock] = [0, 0, 0];

  const join = (kind: Kind): [name: string, seat: Seat] => {
    const name = `${kind} ${++joined}`;
    const seat = new Seat(kind, world.channel(name, KINDS[kind][1]), random);
    accounts.set(name, seat);
    return [name, seat];
  };
  /** Closes the accounts of those who have left, once nothing more can come: what they left is dropped at its turn. */
  const settle = (): void => {
    for (const [name, seat] of left) {
      if (seat.open !== 0) continue;
      for (const key of ['sent', 'delivered', 'dropped', 'refused'] as const) total[key] += seat[key];
      left.delete(name);
      accounts.delete(name);
    }
  };
  const leave = ([name, seat]: [name: string, seat: Seat]): void => {
    seat.lastBroadcast = -broadcasts;
    const gone = seat.leave().then(() => {
      left.set(name, seat);
      leaving.delete(gone);
    });
    leaving.add(gone);
  };
  const sent = (): number => [...accounts.values()].reduce((sum, seat) => sum + seat.sent, total.sent);

  const kinds = (Object.keys(KINDS) as Kind[]).flatMap((kind) => new Array<Kind>(KINDS[kind][0]).fill(kind));
  const seats = kinds.map(join);
  for (let turn = 0; sent() < messages; turn++) {
    const order = mode === 'sequence' ? shuffled(TURN, random) : undefined;
    const base = clock;
    clock += TURN;
    for (let i = 0; i < TURN; i++) {
      const ts = base + 1 + (order?.[i] ?? i);
      const [, seat] = seats[Math.floor(random() * seats.length)]!;
      if (seat.sendsItself || !seat.send(i, ts)) filler.offer(null, ts);
    }
    if (turn % 4 === 0) {
      const everybody = world.broadcaster();
      broadcasts++;
      for (const [, seat] of seats) seat.sent++;
      everybody.next(-broadcasts, ++clock);
      everybody.complete();
    }
    if (mode === 'watermark')
      for (const port of [filler, ...seats.map(([, { port }]) => port)]) port.offer(null, clock);
    if (turn % 2 === 0) {
      const s = Math.floor(random() * seats.length);
      leave(seats[s]!);
      seats[s] = join(kinds[s]!);
    }
    await setImmediate();
    settle();
    if (sent() >= (heaps.length * messages) / 100) heaps.push(heap());
  }
  for (const seat of seats) leave(seat);
  await Promise.all(leaving);
  const others = world.stats().receivers.length - 1;
  if (others > 0) wrong.push(`${mode}: ${others} receivers have not gone`);
  world.close();
  settle();
  for (const [name, { open }] of left) wrong.push(`${mode}: ${open} messages to '${name}' are unaccounted for`);
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
const share = options.short ? 0.1 : 1;
const wrong = [
  ...(await soak('serialize', 10_000_000 * share)),
  ...(await soak('watermark', 1_000_000 * share)),
  ...(await soak('sequence', 1_000_000 * share)),
];
for (const what of wrong) console.error(what);
process.exitCode = wrong.length === 0 ? 0 : 1;
