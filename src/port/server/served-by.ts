import type { DispatcherView } from '../../dispatch/api/view.js';
import { InvalidArgumentError } from '../../errors/inputs.js';
import type { DurableDispatcher } from '../../log/dispatcher/durable-dispatcher.js';
import { randomId } from '../../log/random-id.js';
import { isUsable } from '../../options/guards.js';
import { DispatcherInMemory, type InMemory } from './dispatcher-in-memory.js';
import { LoggedDispatcher } from './logged-dispatcher.js';
import type { Served } from './served.js';

/** Several servers may serve one dispatcher, at once or one after the other: it stays the same. */
const known = new WeakMap<object, Served>();

/** Refuses what is no dispatcher. */
export function servedBy(dispatcher: DispatcherView<unknown>): Served {
  const before = known.get(dispatcher);
  if (before !== undefined) return before;
  const served = newServed(dispatcher);
  known.set(dispatcher, served);
  return served;
}

function newServed(dispatcher: DispatcherView<unknown>): Served {
  const given = (isUsable(dispatcher) ? Object(dispatcher) : {}) as Partial<DurableDispatcher<unknown>>;
  if (typeof given.receiver !== 'function' || typeof given.stats !== 'function') {
    throw new InvalidArgumentError('serve', 'dispatcher', dispatcher, 'a dispatcher');
  }
  if (typeof given.flush === 'function') return new LoggedDispatcher(given as DurableDispatcher<unknown>);
  return new DispatcherInMemory(given as unknown as InMemory, randomId());
}
