import type { Observable } from 'rxjs';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import type { Clocked, Timestamp } from '../types.js';
import { clock } from './clock.js';

/**
 * How far a clocked stream is: a receiver is watched, which consumes nothing; any other stream is subscribed.
 *
 * @internal
 */
export function clockOf(stream: Observable<Clocked<unknown>>): Observable<Timestamp> {
  return (stream as Partial<ClockedReceiver<unknown>>).clock$ ?? stream.pipe(clock());
}
