import type { Progress } from '../../progress/progress.js';
import type { Endpoint } from './endpoint.js';

/** How far a receiver is, for `whenClock` and the operators. */
export function progressOf(
  endpoint: Pick<Endpoint<unknown>, 'name' | 'clock' | 'settled' | 'time' | 'whenSettled'>,
): Progress {
  return {
    name: endpoint.name,
    get clock() {
      return endpoint.clock;
    },
    get settled() {
      return endpoint.settled;
    },
    get strict() {
      return endpoint.time.strict;
    },
    get unique() {
      return endpoint.time.unique;
    },
    whenSettled: (ts, waiter) => endpoint.whenSettled(ts, waiter),
  };
}
