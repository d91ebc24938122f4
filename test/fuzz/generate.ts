import type { Choices } from './choices.js';
import type { Kind, Operation, Route } from './operation.js';
import { start, timestamp } from './timestamps.js';
import type { SenderRecord, World } from './world.js';

/** How often each kind of operation is tried. */
const WEIGHTS: readonly (readonly [Kind, number])[] = [
  ['next', 12],
  ['try', 10],
  ['wait', 12],
  ['tick', 7],
  ['transact', 3],
  ['fill', 1.5],
  ['expect', 1.5],
  ['snapshot', 1],
  ['skipTo', 0.7],
  ['subscribe', 8],
  ['subscribeClosed', 0.7],
  ['unsubscribe', 3],
  ['tryReceive', 9],
  ['receive', 4],
  ['receiveMany', 1.5],
  ['loop', 2],
  ['deliveries', 2],
  ['receiver', 3],
  ['sender', 4],
  ['broadcaster', 0.7],
  ['clone', 1],
  ['toBroadcaster', 0.5],
  ['complete', 2.5],
  ['fail', 0.8],
  ['closeReceiver', 1.7],
  ['abort', 3],
  ['whenClock', 1.5],
  ['watch', 1.5],
  ['watchClock', 0.8],
  ['unwatch', 0.8],
  ['advance', 4],
  ['stats', 1],
  ['throw', 0.7],
  ['close', 0.2],
];

const RECEIVERS_AT_ONCE = 4;
const SENDERS_AT_ONCE = 5;

/** Makes random operations that suit the state of things. */
export class Generator {
  readonly #world: World;
  readonly #choices: Choices;

  constructor(world: World, choices: Choices) {
    this.#world = world;
    this.#choices = choices;
  }

  /** Any operation; `undefined` where the one that came up makes no sense just now. */
  choose(mayThrow: boolean): Operation | undefined {
    const kind = this.#choices.weighted(WEIGHTS);
    return kind === 'throw' && !mayThrow ? undefined : this.make(kind);
  }

  make(kind: Kind): Operation | undefined {
    const { setup, dispatcher, receivers: all, senders: allSenders, signals } = this.#world;
    const choices = this.#choices;
    const receivers = [...all.values()].filter(({ closedByUs }) => !closedByUs);
    const open = receivers.filter(({ receiver }) => !receiver.closed);
    const senders = [...allSenders.values()];
    const live = senders.filter(({ sender }) => !sender.closed);
    // Now and then one that is closed already.
    const receiver = choices.pickFrom(choices.chance(0.95) ? receivers : all.values())?.id;
    const sender = choices.pickFrom(choices.chance(0.95) ? live : senders);

    switch (kind) {
      case 'receiver':
        if (open.length >= RECEIVERS_AT_ONCE) return undefined;
        return {
          kind,
          id: this.#id(),
          ...(choices.chance(0.4) ? { bound: choices.pick([0, 1, 3]) } : {}),
          ...(choices.chance(0.3) ? { overflow: choices.pick(['error', 'drop-oldest', 'drop-newest'] as const) } : {}),
        };
      case 'sender':
        if (live.length >= SENDERS_AT_ONCE || open.length === 0) return undefined;
        return {
          kind,
          id: this.#id(),
          to: route(
            choices,
            open.map((record) => record.id),
          ),
          ...(setup.mode === 'watermark' && choices.chance(0.2) ? { disorder: 1 + choices.below(3) } : {}),
          ...(setup.mode === 'watermark' && choices.chance(0.15) ? { strict: true } : {}),
        };
      case 'broadcaster':
        return live.length >= SENDERS_AT_ONCE ? undefined : { kind, id: this.#id() };
      case 'clone':
      case 'toBroadcaster':
        return sender === undefined || live.length >= SENDERS_AT_ONCE
          ? undefined
          : { kind, of: sender.id, id: this.#id() };
      case 'complete':
      case 'fail':
        return sender === undefined ? undefined : { kind, sender: sender.id };
      case 'closeReceiver':
      case 'tryReceive':
      case 'subscribeClosed':
        return receiver === undefined ? undefined : { kind, receiver };
      case 'next':
      case 'try':
        return sender === undefined
          ? undefined
          : { kind, sender: sender.id, value: this.#id(), ...this.#stamp(sender) };
      case 'wait':
        return sender === undefined
          ? undefined
          : { kind, sender: sender.id, value: this.#id(), ...this.#stamp(sender), ...this.#signal(0.3) };
      case 'tick':
        if (setup.mode === 'serialize' || sender === undefined) return undefined;
        return {
          kind,
          sender: sender.id,
          ts: timestamp(this.#world, choices, sender),
          how: choices.pick(['next', 'try', 'wait']),
        };
      case 'fill': {
        if (setup.mode !== 'sequence' || sender?.sender.fill === undefined) return undefined;
        const from = timestamp(this.#world, choices, sender);
        return { kind, sender: sender.id, from, to: from + choices.below(choices.chance(0.9) ? 4 : 40) };
      }
      case 'expect':
        if (setup.mode !== 'sequence' || sender?.sender.expect === undefined) return undefined;
        return { kind, sender: sender.id, ts: timestamp(this.#world, choices, sender) };
      case 'snapshot':
        if (setup.mode !== 'sequence' || sender?.sender.snapshot === undefined) return undefined;
        return { kind, sender: sender.id, value: this.#id(), ts: timestamp(this.#world, choices, sender) };
      case 'skipTo':
        if (dispatcher.skipTo === undefined) return undefined;
        return { kind, ts: start(this.#world) + choices.below(4) };
      case 'transact': {
        if (dispatcher.transact === undefined || live.length === 0) return undefined;
        const parts = Array.from({ length: 1 + choices.below(3) }, () => [choices.pick(live).id, this.#id()] as const);
        return { kind, id: this.#id(), messages: parts, ...this.#signal(0.3) };
      }
      case 'subscribe':
        return receiver === undefined ? undefined : { kind, receiver, id: this.#id(), ...this.#limit(0.35) };
      case 'unsubscribe': {
        const consumer = choices.pickFrom([...this.#world.consumers].filter(([, { ended }]) => ended === undefined));
        return consumer === undefined ? undefined : { kind, id: consumer[0] };
      }
      case 'receive':
        return receiver === undefined ? undefined : { kind, receiver, id: this.#id(), ...this.#signal(0.5) };
      case 'receiveMany':
        return receiver === undefined
          ? undefined
          : { kind, receiver, id: this.#id(), ...(choices.chance(0.7) ? { max: 1 + choices.below(4) } : {}) };
      case 'loop':
        return receiver === undefined ? undefined : { kind, receiver, id: this.#id(), limit: 1 + choices.below(5) };
      case 'deliveries':
        if (receiver === undefined || all.get(receiver)?.receiver.deliveries === undefined) return undefined;
        return {
          kind,
          receiver,
          id: this.#id(),
          limit: 1 + choices.below(5),
          ack: choices.pick(['each', 'each', 'odd', 'none']),
        };
      case 'abort': {
        const used = choices.pickFrom(signals.keys());
        return used === undefined ? undefined : { kind, signal: used };
      }
      case 'whenClock': {
        if (receivers.length === 0) return undefined;
        const among = receivers.filter(() => choices.chance(0.6)).map((record) => record.id);
        return { kind, ts: start(this.#world) + choices.below(4), receivers: among, id: this.#id() };
      }
      case 'watch':
        return { kind, what: choices.pick(['gaps', 'late', 'stats'] as const), id: this.#id(), ...this.#limit(0.3) };
      case 'watchClock':
        return receiver === undefined ? undefined : { kind, receiver, id: this.#id(), ...this.#limit(0.3) };
      case 'unwatch': {
        const entry = choices.pickFrom([...this.#world.watches].filter(([, { ended }]) => !ended));
        return entry === undefined ? undefined : { kind, id: entry[0] };
      }
      case 'advance':
        return { kind, by: choices.pick([0, 0, 1, 5, 20]) };
      case 'stats':
      case 'throw':
      case 'close':
      case 'settle':
        return { kind };
    }
  }

  #id(): number {
    return this.#world.nextId++;
  }

  #signal(probability: number): { readonly signal?: number } {
    if (!this.#choices.chance(probability)) return {};
    const used = this.#choices.chance(0.3) ? this.#choices.pickFrom(this.#world.signals.keys()) : undefined;
    return { signal: used ?? this.#id() };
  }

  #limit(probability: number): { readonly take?: number } {
    return this.#choices.chance(probability) ? { take: 1 + this.#choices.below(3) } : {};
  }

  #stamp(sender: SenderRecord): { readonly ts?: number } {
    return this.#world.setup.mode === 'serialize' ? {} : { ts: timestamp(this.#world, this.#choices, sender) };
  }
}

function route(choices: Choices, open: readonly number[]): Route {
  const kind = choices.number();
  if (kind < 0.5) return choices.pick(open);
  if (kind < 0.75) return [...new Set([choices.pick(open), choices.pick(open)])];
  return kind < 0.87 ? 'all' : { among: open };
}
