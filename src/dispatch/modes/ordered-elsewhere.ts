import type { Engine } from '../engine.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Time } from '../receivers/host.js';
import type { Timestamp } from '../../types.js';
import type { Mode, StartedMode } from './mode.js';

/** A receiver's place in an order that is made elsewhere: it puts into the channel what comes, and says what may be told of time. */
export interface Place<T> extends Time {
  /** Set when the receiver joins. */
  endpoint: Endpoint<T>;
}

/** Who makes the receivers of such a dispatcher. */
export interface PlaceHost<T> {
  /** How far the order is known to be. */
  readonly clock: Timestamp;
  /** What `stats()` says of the frontier. */
  readonly frontier: Timestamp | null;
  /** The place of the receiver that is being added. */
  readonly opening: Place<T> | undefined;
  start(engine: Engine<T>): void;
  /** A receiver has ended. */
  endedReceiver(name: string): void;
}

/**
 * The mode of a dispatcher whose order is made elsewhere, such as in a log: each receiver has a time of its own, which is
 * that of its place. Senders are not members of the engine.
 */
export function orderedElsewhere<T>(host: PlaceHost<T>): Mode<'serialize'> {
  const start = <V>(engine: Engine<V>): StartedMode<V> => {
    host.start(engine as unknown as Engine<T>);
    return {
      ordering: {
        get clock() {
          return host.clock;
        },
        open: (endpoint) => {
          const place = host.opening as unknown as Place<V>;
          place.endpoint = endpoint;
          return place;
        },
        freed: nothing,
        ended: ({ name }) => host.endedReceiver(name),
        join: nothing,
        leave: nothing,
        deserted: () => true,
        release: nothing,
        finish: nothing,
        stop: nothing,
        stats: () => ({ frontier: host.frontier, held: 0, heldMost: 0, heldBy: null, gaps: [], skipped: 0 }),
        sourceState: () => ({ promise: host.clock, idle: false, held: 0 }),
      },
      checkSender: nothing,
      sender: refuse,
      onLate: () => nothing,
      onGap: () => nothing,
      methods: {},
    };
  };
  return Object.freeze({ name: 'serialize', start });
}

function nothing(): void {}

function refuse(): never {
  throw new Error('a dispatcher that is ordered elsewhere has senders of its own');
}
