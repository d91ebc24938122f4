import type { Engine } from '../../dispatch/engine.js';
import type { Mode, StartedMode } from '../../dispatch/modes/mode.js';
import type { Timestamp } from '../../index.js';
import type { Cursor } from './cursor.js';

/** What the mode needs of whoever makes the cursors. */
export interface CursorHost<T> {
  /** The last position that may be told. */
  readonly clock: Timestamp;
  /** The cursor of the receiver that is being added. */
  readonly opening: Cursor<T> | undefined;
  start(engine: Engine<T>): void;
  ended(name: string): void;
}

/**
 * The mode of a dispatcher whose timestamps are the positions of a log: each receiver has a time of its own, which is that
 * of its cursor. There are no senders inside: cursors put into the channels what was stored.
 */
export function cursorMode<T>(host: CursorHost<T>): Mode<'serialize'> {
  const start = <V>(engine: Engine<V>): StartedMode<V> => {
    host.start(engine as unknown as Engine<T>);
    return {
      ordering: {
        get clock() {
          return host.clock;
        },
        open: (endpoint) => {
          const cursor = host.opening as unknown as Cursor<V>;
          cursor.endpoint = endpoint;
          return cursor;
        },
        freed: nothing,
        ended: ({ name }) => host.ended(name),
        join: nothing,
        leave: nothing,
        deserted: () => true,
        release: nothing,
        finish: nothing,
        stop: nothing,
        stats: () => ({ frontier: host.clock, held: 0, heldMost: 0, heldBy: null, gaps: [], skipped: 0 }),
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

/** Senders of a log are not members of the engine. */
function refuse(): never {
  throw new Error('a dispatcher with a log has senders of its own');
}
