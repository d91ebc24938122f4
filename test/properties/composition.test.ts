import { fc } from '../support/fast-check.js';
import { ALL, createDispatcher, serialize, watermark } from 'rxjs-clocked-dispatch';
import type { Clocked, ClockedReceiver, Forwarder, Route, Sender, SerializingDispatcher } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { expectLawful } from '../support/lawful.js';
import { watch, type Watch } from '../support/receivers.js';

const RUNS = 150;

/**
 * A serializing dispatcher with some arms, and below it two levels of dispatchers that merge by watermark: each node
 * takes some outlets of the level above, where several nodes may share one and a message may come down several ways.
 */
interface Shape {
  readonly arms: number;
  readonly middle: readonly NodeShape[];
  readonly bottom: readonly NodeShape[];
}

interface NodeShape {
  /** The outlets of the level above that it merges; picked modulo their number. */
  readonly inputs: readonly number[];
  /** Whether its messages go to both of its outlets or, by their value, to one of the two. */
  readonly splits: boolean;
}

/** One message from the top, to some arms (none: to all). `echo`: the first who hears it at the bottom sends once more. */
interface Sending {
  readonly to: readonly number[];
  readonly echo: boolean;
}

const node = fc.record({
  inputs: fc.uniqueArray(fc.nat({ max: 5 }), { minLength: 1, maxLength: 3 }),
  splits: fc.boolean(),
});

const shape: fc.Arbitrary<Shape> = fc.record({
  arms: fc.integer({ min: 1, max: 4 }),
  middle: fc.array(node, { minLength: 1, maxLength: 3 }),
  bottom: fc.array(node, { minLength: 1, maxLength: 2 }),
});

const sendings: fc.Arbitrary<readonly Sending[]> = fc.array(
  fc.record({ to: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), echo: fc.boolean() }),
  { maxLength: 25, size: 'max' },
);

/** What an outlet is to give: the messages with their timestamps, as often as they come down to it. */
type Expected = Map<string, number>;

interface Outlet {
  readonly receiver: ClockedReceiver<string>;
  readonly gets: (message: Message) => number;
}

interface Message {
  readonly value: string;
  readonly ts: number;
  readonly arms: readonly number[];
}

class Tree {
  readonly top: SerializingDispatcher<string> = createDispatcher<string>(serialize(), { bound: 10_000 });
  readonly arms: Outlet[];
  readonly leaves: Outlet[];
  readonly watched: Watch<string>[] = [];
  readonly sent: Message[] = [];
  readonly #connections: (() => void)[] = [];
  readonly #exclusive: boolean;
  readonly #taken = new Set<Outlet>();
  readonly #routes = new Map<string, Route>();
  readonly #sender: Sender<string>;

  /** `exclusive`: no outlet has two consumers, of whom the first would take what has waited away from the second. */
  constructor({ arms, middle, bottom }: Shape, exclusive = false) {
    this.#exclusive = exclusive;
    this.arms = Array.from({ length: arms }, (_, i) => ({
      receiver: this.top.receiver(`arm${i}`),
      gets: (message) => (message.arms.includes(i) ? 1 : 0),
    }));
    this.#sender = this.top.sender('top', (value: string) => this.#routes.get(value) as Route);
    const outlets = middle.flatMap((each) => this.#merge(each, this.arms));
    this.leaves = bottom.flatMap((each) => this.#merge(each, outlets));
  }

  /** Lets the next dispatcher that is not connected yet subscribe to what it merges; true as long as there was one. */
  connect(): boolean {
    const next = this.#connections.shift();
    next?.();
    return next !== undefined;
  }

  listen(echoes: (value: string) => void): void {
    for (const { receiver } of this.leaves) {
      this.watched.push(watch(receiver, ([value]) => value !== null && echoes(value)));
    }
  }

  send(to: readonly number[]): void {
    const all = this.arms.map((_, i) => i);
    const arms = to.length === 0 ? all : [...new Set(to.map((i) => i % all.length))];
    const value = `v${this.sent.length}`;
    const ts = this.sent.length + 1;
    this.#routes.set(value, to.length === 0 ? ALL : arms.map((i) => `arm${i}`));
    this.sent.push({ value, ts, arms });
    expect(this.#sender.trySend(value)).toEqual({ ok: true, ts });
  }

  #merge({ inputs, splits }: NodeShape, above: readonly Outlet[]): Outlet[] {
    const wanted = [...new Set(inputs.map((i) => above[i % above.length] as Outlet))];
    const merged = this.#exclusive ? wanted.filter((outlet) => !this.#taken.has(outlet)) : wanted;
    if (merged.length === 0) return [];
    for (const outlet of merged) this.#taken.add(outlet);
    const dispatcher = createDispatcher<string>(watermark(), { bound: 10_000 });
    const names = ['even', 'odd'] as const;
    const receivers = names.map((name) => dispatcher.receiver(name));
    const sideOf = (value: string): number => Number(value.slice(1)) % 2;
    const sources: Forwarder<string>[] = merged.map((_, i) =>
      dispatcher.sender(`input${i}`, splits ? (value: string) => names[sideOf(value)] as string : ALL),
    );
    this.#connections.push(() => {
      // All are registered before the first is subscribed: it may bring a backlog.
      merged.forEach(({ receiver }, i) => receiver.subscribe(sources[i]));
    });
    return receivers.map((receiver, side) => ({
      receiver,
      gets: (message) => {
        const copies = merged.reduce((sum, outlet) => sum + outlet.gets(message), 0);
        return splits && sideOf(message.value) !== side ? 0 : copies;
      },
    }));
  }
}

function expectedAt({ gets }: Outlet, sent: readonly Message[]): Expected {
  const counted = sent.map((message) => [`${message.value}@${message.ts}`, gets(message)] as const);
  return new Map(counted.filter(([, copies]) => copies > 0));
}

function received(items: readonly Clocked<string>[]): Expected {
  const counts: Expected = new Map();
  for (const [value, ts] of items) {
    if (value !== null) counts.set(`${value}@${ts}`, (counts.get(`${value}@${ts}`) ?? 0) + 1);
  }
  return counts;
}

describe('dispatchers of dispatchers', () => {
  test('a leaf is as current as the top after every message, and has everything that came down to it, in order', () => {
    fc.assert(
      fc.property(shape, sendings, (given, messages) => {
        const tree = new Tree(given);
        while (tree.connect());
        tree.listen(() => {});

        for (const message of messages) {
          tree.send(message.to);
          for (const [i, leaf] of tree.leaves.entries()) {
            expect(leaf.receiver.clock).toBe(tree.top.clock);
            expect(received(tree.watched[i]?.items ?? [])).toEqual(expectedAt(leaf, tree.sent));
          }
        }
        for (const { items } of tree.watched) expectLawful(items);
      }),
      { numRuns: RUNS },
    );
  });

  test('whenever the levels are connected and whatever is sent from the bottom meanwhile, nothing is lost or out of order', () => {
    fc.assert(
      fc.property(shape, sendings, fc.array(fc.nat({ max: 9 })), (given, messages, waits) => {
        const tree = new Tree(given, true);
        const echoing = new Set<string>();
        tree.listen((value) => {
          if (!echoing.delete(value)) return;
          tree.send([]);
        });

        for (const [i, message] of messages.entries()) {
          if ((waits[i] ?? 9) < 2) tree.connect();
          if (message.echo) echoing.add(`v${tree.sent.length}`);
          tree.send(message.to);
        }
        while (tree.connect());
        tree.top.close();

        for (const [i, leaf] of tree.leaves.entries()) {
          const { items, seen } = tree.watched[i] as Watch<string>;
          expect(received(items)).toEqual(expectedAt(leaf, tree.sent));
          expectLawful(items);
          expect(seen.at(-1)).toBe('|');
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('two leaves of one node see what they share in one order', () => {
    fc.assert(
      fc.property(shape, sendings, (given, messages) => {
        const tree = new Tree(given);
        while (tree.connect());
        tree.listen(() => {});
        for (const message of messages) tree.send(message.to);

        for (let i = 0; i < tree.watched.length; i += 2) {
          const [even, odd] = tree.watched.slice(i, i + 2).map(({ items }) => items.map(([, ts]) => ts));
          expect(new Set(even)).toEqual(new Set(odd));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a broadcast comes down a diamond once a way, both at its own timestamp, before anything later', () => {
    const top = createDispatcher<string>(serialize());
    const [left, right] = [top.receiver('left'), top.receiver('right')];
    const bottom = createDispatcher<string>(watermark());
    const receiver = bottom.receiver('r');
    const forwarders = ['a', 'b'].map((name) => bottom.sender(name, 'r'));
    [left, right].forEach((arm, i) => arm.subscribe(forwarders[i]));
    const { items } = watch(receiver);

    top.broadcaster('all').next('both');
    top.sender('l', 'left').next('left');
    top.sender('r', 'right').next('right');

    expect(receiver.strict).toBe(true);
    expect(items).toEqual([
      ['both', 1],
      ['both', 1],
      ['left', 2],
      ['right', 3],
    ]);
  });
});
