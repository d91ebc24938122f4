import type { Engine, Targets } from '../engine.js';
import { OverflowError } from '../../errors/capacity.js';
import { EVERYBODY } from '../membership/audience.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Clocked } from '../../types.js';

/** Whether this receiver waits for the message, so that it may come in beyond the bound. */
export type IsAwaited<T> = (endpoint: Endpoint<T>) => boolean;

/** The first receiver that has no room, unless everybody waits for the message and nothing is readable there. */
export function firstFull<T>(list: Targets<T>, isAwaited: IsAwaited<T>): Endpoint<T> | undefined {
  for (let i = 0; i < list.length; i++) {
    const endpoint = list[i] as Endpoint<T>;
    if (endpoint.life === 'open' && !endpoint.hasRoom && !(endpoint.isStarved && isAwaited(endpoint))) return endpoint;
  }
  return undefined;
}

/** Those of the targets that take messages; the same list where all do. */
export function openOnes<T>(engine: Engine<T>, targets: Targets<T>): Targets<T> {
  const list = engine.list(targets);
  if (targets === EVERYBODY && engine.draining === 0) return list;
  for (let i = 0; i < list.length; i++) if ((list[i] as Endpoint<T>).life !== 'open') return list.filter(isOpen);
  return list;
}

function isOpen({ life }: { readonly life: string }): boolean {
  return life === 'open';
}

/**
 * A message by `next` found no room at a receiver: its overflow policy decides. True where the message may come in after
 * all; otherwise its receiver does without it. `evict` drops the oldest message that is held for the receiver.
 */
export function makeRoom<T>(
  engine: Engine<T>,
  endpoint: Endpoint<T>,
  item: Clocked<T>,
  evict: () => boolean,
  isAwaited: IsAwaited<T>,
): boolean {
  const { queue } = endpoint;
  if (queue.overflow === 'drop-oldest') {
    while (endpoint.dropOldest() || evict()) {
      engine.freed(endpoint);
      if (endpoint.hasRoom || (endpoint.isStarved && isAwaited(endpoint))) return true;
    }
  }
  if (queue.overflow === 'error') {
    endpoint.drop(item, 'overflow');
    endpoint.ending.fail(new OverflowError(endpoint.name, queue.bound, item[1]));
  } else endpoint.drop(item, 'drop-newest');
  return false;
}

export const NOBODY_AWAITS = (): boolean => false;
export const NOTHING_HELD = (): boolean => false;
