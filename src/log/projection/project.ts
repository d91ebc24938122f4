import {
  ClosedError,
  InvalidOptionError,
  NullValueError,
  projection,
  type Clocked,
  type ClockedReceiver,
  type Timestamp,
} from '../../index.js';
import { FOLDED_ID } from '../../operators/message-ids.js';
import { RESTORE, type RestorableProjection } from '../../operators/projection.js';
import { count, integer } from '../../options/check.js';
import type { Codec } from '../codec.js';
import type { Cursor } from '../dispatcher/cursor.js';
import type { EventLog } from '../event-log.js';
import { CatchingUp } from './catching-up.js';
import { CheckpointSaver } from './checkpoint-saver.js';
import type { DurableProjection, DurableProjectionOptions } from './durable-projection.js';
import { FoldError } from './fold-error.js';
import { FoldedIds } from './folded-ids.js';
import { loadCheckpoint } from './load-checkpoint.js';

/** What a projection reads from, and where it is saved. */
export interface Projecting<T> {
  readonly log: EventLog;
  /** For the state; none where it is saved as it is. */
  readonly codec: Codec | undefined;
  /** Opens the cursor that it reads by; it has yet to begin. */
  readonly open: () => { readonly receiver: ClockedReceiver<T>; readonly cursor: Cursor<T> };
  /** The last position of the log. */
  readonly head: () => Timestamp;
  readonly started: (saver: CheckpointSaver) => void;
  /** It was closed. One that has failed still needs what it has not folded. */
  readonly closed: (saver: CheckpointSaver) => void;
}

/** Folds what a cursor reads, from what was saved on. */
export function project<S, T>(
  name: string,
  options: DurableProjectionOptions<S, T>,
  { log, codec, open, head, started, closed }: Projecting<T>,
): DurableProjection<S> {
  const { version, saveEvery, initial, apply } = readOptions(name, options);
  const { receiver, cursor } = open();
  const saver = new CheckpointSaver(log, name, version, codec);
  const catchingUp = new CatchingUp();
  const ids = new FoldedIds();
  const folded = projection(receiver, { initial, apply }) as RestorableProjection<S>;
  const closeFold = folded.close.bind(folded);

  const follow = ([, ts]: Clocked<S>): void => {
    // Half of a transaction is not saved.
    if (folded.settled >= ts) saver.current = { ts, state: folded.value };
    saver.saveAfter(saveEvery);
    catchingUp.reach(ts);
  };
  const end = (error: unknown): void => {
    catchingUp.fail(error);
    receiver.close();
  };
  const begin = async (): Promise<void> => {
    const from = await loadCheckpoint(log, { name, version, initial }, codec);
    await ids.readBefore(log, from.ts, cursor.reads);
    if (!cursor.isOpen) {
      end(new ClosedError('receiver', name));
      return;
    }
    if (from.wasSaved) saver.saved = from.ts;
    cursor.onId = (id, ts) => ids.add(id, ts);
    catchingUp.begin(from.ts, Math.max(from.ts, head()));
    folded[RESTORE](from.state, from.ts);
    folded.subscribe({ next: follow, error: end, complete: () => end(new ClosedError('receiver', name)) });
    cursor.begin(from.ts);
  };
  started(saver);
  begin().catch((error: unknown) => {
    catchingUp.fail(error);
    cursor.fail(error);
    folded.subscribe({ error: end });
  });
  // The log may answer when it has ended, or never. Not told at once: this is the middle of an operation.
  void new Promise<void>((resolve) => (cursor.onEnd = resolve)).then(() => {
    catchingUp.fail(new ClosedError('receiver', name));
  });

  return Object.defineProperties(folded, {
    ready: { value: catchingUp.ready },
    progress$: { value: catchingUp.progress$ },
    saved: { get: () => saver.saved },
    save: { value: () => saver.save() },
    close: {
      value: () => {
        closed(saver);
        closeFold();
        // Its cursor is of no use to anybody else.
        receiver.close();
      },
    },
    [FOLDED_ID]: { value: (id: string) => ids.find(id) },
  }) as unknown as DurableProjection<S>;
}

function readOptions<S, T>(name: string, options: DurableProjectionOptions<S, T>) {
  const owner = `projection '${name}'`;
  const { initial, apply, onFailure = 'stop', version, saveEvery } = options;
  if (initial === null) throw new NullValueError('projection');
  if (typeof apply !== 'function') throw new InvalidOptionError('apply', apply, 'a function', owner);
  if (onFailure !== 'stop' && typeof onFailure !== 'function') {
    throw new InvalidOptionError('onFailure', onFailure, "'stop' or a function", owner);
  }
  return {
    initial,
    apply: (state: S, value: T, ts: Timestamp): S => {
      try {
        return apply(state, value, ts);
      } catch (error) {
        if (onFailure === 'stop') throw new FoldError(name, ts, value, error);
        onFailure({ value, ts, error });
        return state;
      }
    },
    version: integer(owner, 'version', version, 1),
    saveEvery: count(owner, 'saveEvery', saveEvery, 1000, 1),
  };
}
