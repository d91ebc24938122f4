import type { Engine } from '../engine.js';
import { TooManyWaitingError } from '../../errors/capacity.js';
import type { AbortSignalLike } from '../../types.js';
import type { Caller, WaitCount, WaitingCall } from './waiting-call.js';

/** Where a call that must wait is counted, and who waits. */
export interface WaitLimit {
  readonly caller: Caller;
  readonly count: WaitCount;
  /** The receiver in question, for the error. */
  readonly receiver: string | undefined;
}

/**
 * Decides a call at once where that is possible; else it waits, unless as many wait already as may (`limit`). A pulled
 * source is no caller, and has no limit.
 */
export function startCall<T>(
  engine: Engine<T>,
  call: WaitingCall,
  signal: AbortSignalLike | undefined,
  limit: () => WaitLimit | undefined,
): void {
  const { admission } = engine;
  // Whatever ran before this, such as a route, may have aborted it.
  if (signal?.aborted === true) return call.fail(signal.reason);
  const isFirst = !call.inOrder || call.turns.every(({ caller }) => caller.first === undefined);
  const lacking = isFirst ? call.attempt() : undefined;
  if (isFirst && lacking === undefined) return;
  const counted = limit();
  const { maxWaiting } = engine.settings;
  if (counted !== undefined && counted.count.waiting >= maxWaiting) {
    engine.accounts.refused += call.messages;
    return call.fail(new TooManyWaitingError(counted.receiver, counted.caller.name, maxWaiting));
  }
  admission.enter(call, lacking, counted?.count);
  if (signal !== undefined) giveUpWhenAborted(engine, call, signal);
}

function giveUpWhenAborted<T>(engine: Engine<T>, call: WaitingCall, signal: AbortSignalLike): void {
  const giveUp = (reason: unknown): void => {
    // What is decided can't be given up any more.
    if (call.settled) return;
    engine.accounts.refused += call.messages;
    call.fail(reason);
    engine.admission.leave(call);
  };
  // A signal may be the user's own: it may call back at once, or throw.
  try {
    call.listen(signal, () => {
      engine.begin();
      giveUp(signal.reason);
      engine.end();
    });
  } catch (error) {
    giveUp(error);
  }
}
