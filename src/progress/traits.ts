import { traitsOf } from './carry.js';
import type { Traits } from './progress.js';

/**
 * The traits of what makes ticks of some messages, or several messages of one: where the source may repeat a timestamp, such
 * a tick says nothing of the next message there.
 *
 * What is known of a source may change as others join its dispatcher, so that it is read each time.
 *
 * @internal
 */
export function strictOnlyWhereUnique(source: unknown, unique?: false): Traits {
  const traits = traitsOf(source);
  return {
    name: traits.name,
    repeats: traits.repeats,
    get strict(): boolean {
      return traits.unique;
    },
    get unique(): boolean {
      return unique ?? traits.unique;
    },
  };
}

/**
 * The traits of what repeats timestamps, and of whose source nothing but the name remains.
 *
 * @internal
 */
export function onlyTheName(source: unknown): Traits {
  return { name: traitsOf(source).name, strict: false, unique: false };
}

/**
 * The traits of a view whose state changes also where no message comes.
 *
 * @internal
 */
export function repeating(source: unknown): Traits {
  const traits = traitsOf(source);
  return {
    name: traits.name,
    repeats: true,
    get strict(): boolean {
      return traits.strict;
    },
    get unique(): boolean {
      return traits.unique;
    },
  };
}
