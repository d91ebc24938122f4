import type { Engine } from '../../dispatch/engine.js';
import type { Mode, StartedMode } from '../../dispatch/modes/mode.js';
import type { Timestamp } from '../../types.js';
import type { RemoteCursor } from './remote-cursor.js';

/** What the mode needs of whoever makes the receivers. */
export interface RemoteHost<T> {
  /** Where the dispatcher at the other side was last heard to be. */
  readonly clock: Timestamp;
  /** The receiver that is being added. */
  readonly opening: RemoteCursor<T> | undefined;
  start(engine: Engine<T>): void;
  endedReceiver(name: string): void;
}

/** The mode of a dispatcher whose order is made elsewhere: each receiver has a time of its own, as it arrives. */
export function remoteMode<T>(host: RemoteHost<T>): Mode<'serialize'> {
  const start = <V>(engine: Engine<V>): StartedMode<V> => {
    host.start(engine as unknown as Engine<T>);
    return {
      ordering: {
        get clock() {
          return host.clock;
        },
        open: (endpoint) => {
          const receiver = host.opening as unknown as RemoteCursor<V>;
          receiver.endpoint = endpoint;
          return receiver;
        },
        freed: nothing,
        ended: ({ name }) => host.endedReceiver(name),
        join: nothing,
        leave: nothing,
        deserted: () => true,
        release: nothing,
        finish: nothing,
        stop: nothing,
        stats: () => ({ frontier: null, held: 0, heldMost: 0, heldBy: null, gaps: [], skipped: 0 }),
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

/** Senders are not members of the engine. */
function refuse(): never {
  throw new Error('a connection has senders of its own');
}
