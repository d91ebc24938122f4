import type { Receiver, Sender } from '../library.js';
import type { OperationOf, Route } from '../operation.js';
import { ReceiverRecord } from '../receiver-record.js';
import { Intended } from '../world.js';
import type { SenderRecord, World } from '../world.js';

export function joinReceiver(world: World, { id, bound: own, overflow: policy }: OperationOf<'receiver'>): void {
  const options = {
    ...(own === undefined ? {} : { bound: own }),
    ...(policy === undefined ? {} : { overflow: policy }),
  };
  const joining = { name: `r${id}`, later: [] as (() => void)[] };
  world.joining = joining;
  const receiver: Receiver = world.dispatcher.receiver(joining.name, options);
  world.joining = undefined;
  const { bound = 1024, overflow = 'error' } = { ...world.setup, ...options };
  world.receivers.set(id, new ReceiverRecord(world, id, receiver, bound, overflow));
  for (const tell of joining.later) {
    try {
      tell();
    } catch (error) {
      if (!(error instanceof Intended)) throw error;
    }
  }
}

export function joinSender(world: World, { id, to, disorder, strict }: OperationOf<'sender'>): void {
  const options = { ...(disorder === undefined ? {} : { disorder }), ...(strict === undefined ? {} : { strict }) };
  const target = targetOf(world, id, to);
  const { dispatcher, setup } = world;
  const name = `s${id}`;
  const promise = leastPromise(world);
  const sender =
    setup.mode === 'serialize' ? dispatcher.sender(name, target) : dispatcher.sender(name, target, options);
  remember(world, id, sender, to, promise, { disorder: disorder ?? 0 });
}

export function joinBroadcaster(world: World, { id }: OperationOf<'broadcaster'>): void {
  const promise = leastPromise(world);
  remember(world, id, world.dispatcher.broadcaster(`s${id}`), 'all', promise);
}

export function copySender(world: World, { kind, of, id }: OperationOf<'clone' | 'toBroadcaster'>): void {
  const record = world.senders.get(of);
  if (record === undefined) return;
  const name = `s${id}`;
  if (kind === 'toBroadcaster') record.left = true;
  const promise = leastPromise(world, record.name);
  const sender = kind === 'clone' ? record.sender.clone(name) : record.sender.toBroadcaster(name);
  remember(world, id, sender, kind === 'clone' ? record.route : 'all', promise, record);
}

function remember(
  world: World,
  id: number,
  sender: Sender,
  route: Route,
  promise: number,
  like: Partial<Pick<SenderRecord, 'disorder' | 'last' | 'inTimeFrom'>> = {},
): void {
  const { disorder = 0, last = -Infinity } = like;
  const inTimeFrom = Math.max(like.inTimeFrom ?? -Infinity, world.dispatcher.clock + 1);
  world.senders.set(id, {
    ...{ id, name: `s${id}`, sender, route, disorder, sent: [], left: false, last, promise, inTimeFrom },
  });
}

/** Law 8: a source that joins starts at the clock, and a copy inherits what its original has promised. */
function leastPromise({ dispatcher, legacy, setup }: World, like?: string): number {
  if (legacy || setup.mode !== 'watermark' || setup.frontier === 'receiver') return -Infinity;
  const original = like && dispatcher.stats().sources.find(({ name }) => name === like);
  return Math.max(dispatcher.clock, original ? original.promise : -Infinity);
}

function targetOf(world: World, sender: number, route: Route): unknown {
  if (route === 'all') return world.library.ALL;
  if (typeof route === 'number') return `r${route}`;
  if ('among' in route) {
    return (value: string): unknown => {
      world.react(`route of s${sender} for ${value}`);
      const message = world.messages.get(value);
      // What the callback above sent by this sender was decided before.
      // A transaction is decided when all of it has been routed.
      const together = message?.call?.messages ?? [];
      for (const each of together.length > 0 ? together : [message]) if (each !== undefined) each.order = world.order++;
      const targets = routeOf(route.among, value);
      return targets === 'all' ? world.library.ALL : targets;
    };
  }
  return route.map((id) => `r${id}`);
}

/** What the routing function answers. */
export function routeOf(among: readonly number[], value: string): readonly string[] | 'all' {
  const number = Number(value.slice(1));
  return number % 4 === 0 ? 'all' : [`r${among[number % among.length] as number}`];
}
