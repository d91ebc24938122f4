import type { Row } from '../attempt.js';
import * as k from '../kinds.js';
import type { World } from '../world.js';
import { method, type Table, waitOptions } from './row.js';

function life(
  type: string,
  owner: (world: World) => Pick<World['sender'], 'clone' | 'toBroadcaster' | 'error'>,
): Table {
  return {
    [`${type}.clone`]: method(owner, 'clone', k.name),
    [`${type}.toBroadcaster`]: method(owner, 'toBroadcaster', k.optional(k.name)),
    [`${type}.error`]: error(owner),
  };
}

function error(owner: (world: World) => Pick<World['sender'], 'error'>): Row {
  return method(owner, 'error', k.anything);
}

function forwarding(type: string, owner: (world: World) => World['forwarder'], ts: k.Kind): Table {
  return {
    ...life(type, owner as never),
    [`${type}.next`]: method(owner, 'next', k.list(k.anything, ts)),
    [`${type}.tryForward`]: method(owner, 'tryForward', k.anything, ts),
    [`${type}.forward`]: method(owner, 'forward', k.anything, ts, waitOptions),
  };
}

export const SENDERS: Table = {
  ...life('Sender', ({ sender }) => sender),
  'Sender.next': method(({ sender }) => sender, 'next', k.value),
  'Sender.trySend': method(({ sender }) => sender, 'trySend', k.value),
  'Sender.send': method(({ sender }) => sender, 'send', k.value, waitOptions),

  ...forwarding('Forwarder', ({ forwarder }) => forwarder, k.ts),
  ...forwarding('SequenceForwarder', ({ sequenced }) => sequenced, k.upward),
  'SequenceForwarder.fill': method(({ sequenced }) => sequenced, 'fill', k.upward, k.upward),
  'SequenceForwarder.expect': method(({ sequenced }) => sequenced, 'expect', k.ts),
  'SequenceForwarder.snapshot': method(({ sequenced }) => sequenced, 'snapshot', k.value, k.ts),
};
