import type { Observable } from 'rxjs';
import type { Projection, Timestamp } from '../../index.js';
import type { AddressedTo } from '../dispatcher/addressees.js';

/** A message that a projection could not fold. */
export interface FoldFailure<T> {
  /** The message. */
  readonly value: T;
  /** Its position. */
  readonly ts: Timestamp;
  /** What `apply` threw. */
  readonly error: unknown;
}

/** How far a projection has got with what the log had when it was opened. */
export interface ProjectionProgress {
  /** The position that it is at. */
  readonly at: Timestamp;
  /** The position that it has to reach. */
  readonly of: Timestamp;
}

/** Options of a projection of the log. */
export interface DurableProjectionOptions<S, T> {
  /** Whose messages it folds. Default: those to its own name. */
  readonly addressedTo?: AddressedTo | undefined;
  /** The state before the first message. */
  readonly initial: S;
  /** What a message makes of the state; must not change the state that it is given. */
  readonly apply: (state: S, value: T, ts: Timestamp) => S;
  /** To be raised when `apply` or `initial` has changed: then the state is folded anew from the log. Default: 1. */
  readonly version?: number | undefined;
  /** After how many positions of the log the state is saved. Default: 1000. */
  readonly saveEvery?: number | undefined;
  /**
   * What to do with a message that `apply` throws over: stop with `FoldError`, or call a function, which may set it aside,
   * and go on without it. Default: 'stop'.
   */
  readonly onFailure?: 'stop' | ((failure: FoldFailure<T>) => void) | undefined;
}

/**
 * A state that is folded from the log, and saved with its position.
 *
 *     log          a1 b2 c3 d4        saved: the state at 2
 *     kill -9      ----------- X
 *     restarted    x2 y3 z4           x as it was saved, then what comes after
 *
 * It reads by itself, whoever subscribes. It fails with `FoldError`; with `LogPositionError` where the log has been trimmed
 * beyond what it has folded, or ends before; with `CheckpointError` where a newer version was saved; with what the store says.
 */
export interface DurableProjection<S> extends Projection<S> {
  /** Resolves when it has folded everything that the log had when it was opened; rejects when it can't. */
  readonly ready: Promise<void>;
  /** How far it is with that; completes when `ready` settles. A late subscriber is told where it stands. */
  readonly progress$: Observable<ProjectionProgress>;
  /** The position of the state that was saved last; 0 where none was. */
  readonly saved: Timestamp;
  /** Saves the state as it stands. Resolves when it is saved; rejects with what the store says. */
  save(): Promise<void>;
}
