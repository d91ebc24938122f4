/**
 * `npm run soak`: ten million messages to 50 receivers of mixed speeds that join and leave all the time; then a million
 * in each forwarding mode. Fails when a message is unaccounted for, or when the heap does not stay flat.
 *
 *     npm run soak -- --short     a tenth of the load, for CI
 */
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  type ClockedReceiver,
  createDispatcher,
  type DispatcherOptions,
  type Mode,
  type ReceiverOptions,
  sequence,
  serialize,
  watermark,
} from 'rxjs-clocked-dispatch';
import { heap, trend } from './heap.js';
import { randomNumbers, shuffled } from './scenario.js';

/** Messages sent in one go, before consumers that pull get their turn. */
const TURN = 500;

type Kind = 'subscribed' | 'awaited' | 'in batches' | 'dropping oldest' | 'dropping newest';

/** How many receivers are of each kind. */
const KINDS: Readonly<Record<Kind, readonly [count: number, options: ReceiverOptions<number>]>> = {
  subscribed: [20, {}],
  awaited: [10, { bound: 64, overflow: 'drop-newest' }],
  'in batches': [5, { bound: 512, overflow: 'drop-newest' }],
  'dropping oldest': [10, { bound: 16, overflow: 'drop-oldest' }],
  'dropping newest': [5, { bound: 16, overflow: 'drop-newest' }],
};

/** A sender of any mode: `trySend` and `send` where the dispatcher numbers, `tryForward` where the source does. */
interface AnySender {
  next(item: unknown): void;
  trySend?(value: number): { readonly ok: boolean };
  send?(value: number): Promise<unknown>;
  tryForward?(value: number | null, ts: number): { readonly ok: boolean };
  complete(): void;
}

interface AnyDispatcher {
  channel(sender: string, to: string, options?: ReceiverOptions<number>): readonly [AnySender, ClockedReceiver<number>];
  broadcaster(name: string): AnySender;
  stats(): { readonly receivers: readonly unknown[] };
  close(): void;
}

/** A receiver with its sender, its consumer, and the account of its messages. */
class Seat {
  sent = 0;
  delivered = 0;
  dropped = 0;
  refused = 0;
  /** The last broadcast, a negative value, that is counted here; it may get others while it is about to leave. */
  lastBroadcast = -Infinity;
  readonly name: string;
  readonly kind: Kind;
  readonly sender: AnySender;
  readonly #receiver: ClockedReceiver<number>;
  readonly #random: () => number;
  readonly #ended: Promise<unknown>;
  #left = false;

  constructor(name: string, kind: Kind, dispatcher: AnyDispatcher, sendsItself: boolean, random: () => number) {
    this.name = name;
    this.kind = kind;
    [this.sender, this.#receiver] = dispatcher.channel(name, name, KINDS[kind][1]);
    this.#random = random;
    this.#ended = Promise.all([this.#consume(), sendsItself ? this.#keepSending() : undefined]);
  }

  get open(): number {
    return this.sent - this.delivered - this.dropped - this.refused;
  }

  counts(value: number): boolean {
    return value >= 0 || value >= this.lastBroadcast;
  }

  /** Either side may leave first: the source, so that the receiver has all that was sent; or the receiver. */
  async leave(): Promise<void> {
    this.#left = true;
    if (this.#random() < 0.5) this.sender.complete();
    else this.#receiver.close();
    await this.#ended;
    this.sender.complete();
  }

  async #consume(): Promise<void> {
    const take = (value: number | null): void => {
      if (value !== null && this.counts(value)) this.delivered++;
    };
    if (this.kind === 'subscribed') await this.#receiver.forEach(([value]) => take(value));
    else if (this.kind === 'in batches') {
      for (;;) {
        const messages = await this.#receiver.receiveMany(256);
        if (messages.length === 0) return;
        for (const [value] of messages) take(value);
        await this.#rest();
      }
    } else {
      let count = 0;
      for await (const [value] of this.#receiver) {
        take(value);
        if (++count % 64 === 0) await this.#rest();
      }
    }
  }

  async #rest(): Promise<void> {
    await (this.#random() < 0.1 ? setTimeout(1) : setImmediate());
  }

  async #keepSending(): Promise<void> {
    for (let value = 0; !this.#left; value++) {
      this.sent++;
      try {
        await this.sender.send!(value);
      } catch {
        // Its receiver has left, or it has itself.
        this.refused++;
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
  const options: DispatcherOptions<number> = {
    onDrop: ({ receiver, value }) => {
      const seat = accounts.get(receiver);
      if (seat?.counts(value) === true) seat.dropped++;
      else if (value >= 0) wrong.push(`a drop for '${receiver}', which has nothing to lose`);
    },
  };
  const numbers = mode.name === 'serialize';
  // A mode that is known by name only.
  const dispatcher: AnyDispatcher = createDispatcher<number>(mode as Mode<'sequence'>, options);
  // Fills the gaps that refused messages leave, and keeps up with the clock.
  const [filler, unheard] = dispatcher.channel('filler', 'unheard');
  unheard.subscribe();
  const total = { sent: 0, delivered: 0, dropped: 0, refused: 0 };
  const leaving = new Set<Promise<void>>();
  const left = new Set<Seat>();
  const heaps: number[] = [];
  let [joined, broadcasts, clock] = [0, 0, 0];

  const sendsItself = (kind: Kind): boolean => numbers && kind === 'awaited';
  const join = (kind: Kind): Seat => {
    const seat = new Seat(`${kind} ${++joined}`, kind, dispatcher, sendsItself(kind), random);
    accounts.set(seat.name, seat);
    return seat;
  };
  const leave = (seat: Seat): void => {
    seat.lastBroadcast = -broadcasts;
    const gone = seat.leave().then(() => {
      left.add(seat);
      leaving.delete(gone);
    });
    leaving.add(gone);
  };
  /** Closes the accounts of those who have left, once nothing more can come: what they left is dropped at its turn. */
  const settle = (): void => {
    for (const seat of left) {
      if (seat.open !== 0) continue;
      for (const key of ['sent', 'delivered', 'dropped', 'refused'] as const) total[key] += seat[key];
      left.delete(seat);
      accounts.delete(seat.name);
    }
  };
  /** Sends one message. Answers whether its timestamp is taken care of. */
  const send = (seat: Seat, value: number, ts: number): boolean => {
    seat.sent++;
    if (seat.kind.startsWith('dropping')) seat.sender.next(numbers ? value : [value, ts]);
    else if (!(numbers ? seat.sender.trySend!(value) : seat.sender.tryForward!(value, ts)).ok) {
      seat.refused++;
      return false;
    }
    return true;
  };
  const sent = (): number => [...accounts.values()].reduce((sum, seat) => sum + seat.sent, total.sent);

  const kinds = (Object.keys(KINDS) as Kind[]).flatMap((kind) => new Array<Kind>(KINDS[kind][0]).fill(kind));
  const seats = kinds.map(join);
  for (let turn = 0; sent() < messages; turn++) {
    const order = mode.name === 'sequence' ? shuffled(TURN, random) : undefined;
    const base = clock;
    clock += TURN;
    for (let i = 0; i < TURN; i++) {
      const ts = base + 1 + (order?.[i] ?? i);
      const seat = seats[Math.floor(random() * seats.length)]!;
      if ((sendsItself(seat.kind) || !send(seat, i, ts)) && !numbers) filler.tryForward!(null, ts);
    }
    if (turn % 4 === 0) {
      const everybody = dispatcher.broadcaster('everybody');
      clock++;
      broadcasts++;
      for (const seat of seats) seat.sent++;
      everybody.next(numbers ? -broadcasts : [-broadcasts, clock]);
      everybody.complete();
    }
    if (mode.name === 'watermark')
      for (const { sender } of [...seats, { sender: filler }]) sender.tryForward!(null, clock);
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
  const others = dispatcher.stats().receivers.length - 1;
  if (others > 0) wrong.push(`${others} receivers have not gone`);
  dispatcher.close();
  settle();
  for (const { name, open } of left) wrong.push(`${open} messages to '${name}' are unaccounted for`);
  const { first, last, grown } = trend(heaps);
  if (grown) wrong.push(`the heap has grown from ${first} to ${last} bytes`);
  const [all, delivered, dropped, refused] = Object.values(total).map((value) => value.toLocaleString('en'));
  console.log(
    `${mode.name}: ${all} sent = ${delivered} delivered + ${dropped} dropped + ${refused} refused; ` +
      `${joined} receivers; heap ${(first / 1e6).toFixed(2)} -> ${(last / 1e6).toFixed(2)} MB`,
  );
  return wrong.map((what) => `${mode.name}: ${what}`);
}

const share = process.argv.includes('--short') ? 0.1 : 1;
const wrong = [
  ...(await soak(serialize(), 10_000_000 * share)),
  ...(await soak(watermark(), 1_000_000 * share)),
  ...(await soak(sequence({ window: 4 * TURN }), 1_000_000 * share)),
];
for (const what of wrong) console.error(what);
process.exitCode = wrong.length === 0 ? 0 : 1;
