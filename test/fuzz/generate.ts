import type { Choices } from './choices.js';
import type { Kind, Operation, Route } from './operation.js';
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

/** Makes a random operation that suits the state of things; `undefined` where this one makes no sense just now. */
export function choose(world: World, choices: Choices, nested: boolean): Operation | undefined {
  const kind = choices.weighted(WEIGHTS);
  if (kind === 'throw' && !nested) return undefined;
  return make(world, choices, kind);
}

export function make(world: World, choices: Choices, kind: Kind): Operation | undefined {
  const { setup, dispatcher } = world;
  const receivers = [...world.receivers.values()].filter(({ closedByUs }) => !closedByUs);
  const open = receivers.filter(({ receiver }) => !receiver.closed);
  const senders = [...world.senders.values()];
  const live = senders.filter(({ sender }) => !sender.closed);
  const id = (): number => world.nextId++;
  // Now and then one that is closed already.
  const receiver = choices.pickFrom(choices.chance(0.95) ? receivers : world.receivers.values())?.id;
  const sender = choices.pickFrom(choices.chance(0.95) ? live : senders);
  const signal = (probability: number): object =>
    choices.chance(probability)
      ? { signal: choices.chance(0.7) ? id() : (choices.pickFrom(world.signals.keys()) ?? id()) }
      : {};
  const limit = (probability: number): object => (choices.chance(probability) ? { take: 1 + choices.below(3) } : {});
  const stamp = (of: SenderRecord): object => (setup.mode === 'serialize' ? {} : { ts: timestamp(world, choices, of) });

  switch (kind) {
    case 'receiver':
      if (open.length >= RECEIVERS_AT_ONCE) return undefined;
      return {
        kind,
        id: id(),
        ...(choices.chance(0.4) ? { bound: choices.pick([0, 1, 3]) } : {}),
        ...(choices.chance(0.3) ? { overflow: choices.pick(['error', 'drop-oldest', 'drop-newest'] as const) } : {}),
      };
    case 'sender':
      if (live.length >= SENDERS_AT_ONCE || open.length === 0) return undefined;
      return {
        kind,
        id: id(),
        to: route(
          choices,
          open.map((record) => record.id),
        ),
        ...(setup.mode === 'watermark' && choices.chance(0.2) ? { disorder: 1 + choices.below(3) } : {}),
        ...(setup.mode === 'watermark' && choices.chance(0.15) ? { strict: true } : {}),
      };
    case 'broadcaster':
      return live.length >= SENDERS_AT_ONCE ? undefined : { kind, id: id() };
    case 'clone':
    case 'toBroadcaster':
      return sender === undefined || live.length >= SENDERS_AT_ONCE ? undefined : { kind, of: sender.id, id: id() };
    case 'complete':
    case 'fail':
      return sender === undefined ? undefined : { kind, sender: sender.id };
    case 'closeReceiver':
    case 'tryReceive':
    case 'subscribeClosed':
      return receiver === undefined ? undefined : { kind, receiver };
    case 'next':
    case 'try':
      return sender === undefined ? undefined : { kind, sender: sender.id, value: id(), ...stamp(sender) };
    case 'wait':
      return sender === undefined
        ? undefined
        : { kind, sender: sender.id, value: id(), ...stamp(sender), ...signal(0.3) };
    case 'tick':
      if (setup.mode === 'serialize' || sender === undefined) return undefined;
      return {
        kind,
        sender: sender.id,
        ts: timestamp(world, choices, sender),
        how: choices.pick(['next', 'try', 'wait']),
      };
    case 'fill': {
      if (setup.mode !== 'sequence' || sender?.sender.fill === undefined) return undefined;
      const from = timestamp(world, choices, sender);
      return { kind, sender: sender.id, from, to: from + choices.below(choices.chance(0.9) ? 4 : 40) };
    }
    case 'expect':
      if (setup.mode !== 'sequence' || sender?.sender.expect === undefined) return undefined;
      return { kind, sender: sender.id, ts: timestamp(world, choices, sender) };
    case 'snapshot':
      if (setup.mode !== 'sequence' || sender?.sender.snapshot === undefined) return undefined;
      return { kind, sender: sender.id, value: id(), ts: timestamp(world, choices, sender) };
    case 'skipTo':
      if (dispatcher.skipTo === undefined) return undefined;
      return { kind, ts: start(world) + choices.below(4) };
    case 'transact': {
      if (dispatcher.transact === undefined || live.length === 0) return undefined;
      const parts = Array.from({ length: 1 + choices.below(3) }, () => [choices.pick(live).id, id()] as const);
      return { kind, id: id(), messages: parts, ...signal(0.3) };
    }
    case 'subscribe':
      return receiver === undefined ? undefined : { kind, receiver, id: id(), ...limit(0.35) };
    case 'unsubscribe': {
      const consumer = choices.pickFrom([...world.consumers].filter(([, { ended }]) => ended === undefined));
      return consumer === undefined ? undefined : { kind, id: consumer[0] };
    }
    case 'receive':
      return receiver === undefined ? undefined : { kind, receiver, id: id(), ...signal(0.5) };
    case 'receiveMany':
      return receiver === undefined
        ? undefined
        : { kind, receiver, id: id(), ...(choices.chance(0.7) ? { max: 1 + choices.below(4) } : {}) };
    case 'loop':
      return receiver === undefined ? undefined : { kind, receiver, id: id(), limit: 1 + choices.below(5) };
    case 'deliveries':
      if (receiver === undefined || world.receivers.get(receiver)?.receiver.deliveries === undefined) return undefined;
      return {
        kind,
        receiver,
        id: id(),
        limit: 1 + choices.below(5),
        ack: choices.pick(['each', 'each', 'odd', 'none']),
      };
    case 'abort': {
      const used = choices.pickFrom(world.signals.keys());
      return used === undefined ? undefined : { kind, signal: used };
    }
    case 'whenClock': {
      if (receivers.length === 0) return undefined;
      const among = receivers.filter(() => choices.chance(0.6)).map((record) => record.id);
      return { kind, ts: start(world) + choices.below(4), receivers: among, id: id() };
    }
    case 'watch':
      return { kind, what: choices.pick(['gaps', 'late', 'stats'] as const), id: id(), ...limit(0.3) };
    case 'watchClock':
      return receiver === undefined ? undefined : { kind, receiver, id: id(), ...limit(0.3) };
    case 'unwatch': {
      const entry = choices.pickFrom([...world.watches].filter(([, { ended }]) => !ended));
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

function route(choices: Choices, open: readonly number[]): Route {
  const kind = choices.number();
  if (kind < 0.5) return choices.pick(open);
  if (kind < 0.75) return [...new Set([choices.pick(open), choices.pick(open)])];
  return kind < 0.87 ? 'all' : { among: open };
}

/** The clock, or where it may begin. */
function start({ dispatcher, setup }: World): number {
  const { clock } = dispatcher;
  return Number.isFinite(clock) ? clock : typeof setup.seed === 'number' ? setup.seed : 0;
}

/** A timestamp around the one that is due, now and then too small or too large. */
function timestamp(world: World, choices: Choices, { last, disorder }: SenderRecord): number {
  const { mode, window = 1024 } = world.setup;
  const clock = start(world);
  let ts: number;
  if (mode === 'sequence') {
    ts = clock + 1;
    if (choices.chance(0.55)) ts += choices.below(Math.min(window, 8) + 2);
    if (choices.chance(0.06)) ts -= choices.below(4);
  } else {
    ts = Math.max(last, clock) + choices.pick([0, 0, 1, 1, 2, 4]);
    if (choices.chance(0.1) || disorder > 0) ts -= choices.below(disorder + 2);
    if (choices.chance(0.03)) ts += 20;
  }
  return world.legacy ? Math.max(0, ts) : ts;
}
