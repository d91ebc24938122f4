import { asyncScheduler } from 'rxjs';
import { count, integer, milliseconds, oneOf, scheduler as checkScheduler } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import { InvalidOptionError } from '../../errors/options.js';
import type { Engine } from '../engine.js';
import { DEFAULT_BOUND, OF_THE_DISPATCHER } from '../options.js';
import type { Scheduler } from '../scheduler.js';
import type { GapPolicy, LatePolicy, Timestamp } from '../../types.js';
import { SequenceSender } from '../senders/sequence-sender.js';
import type { Inlet } from '../senders/inlet.js';
import type { Mode, StartedMode } from './mode.js';
import { SequenceMode } from './sequence-mode.js';
import { startStamped } from './start-stamped.js';

/** Options of {@link sequence}. */
export interface SequenceOptions {
  /** The number before the first; 'first': the first message begins, whatever its number. Default: 0. */
  readonly seed?: Timestamp | 'first' | undefined;
  /** How far beyond the clock a message may wait for those before it. Default: 1024. */
  readonly window?: number | undefined;
  /** What happens when a number is missing. Default: 'wait'. */
  readonly gap?: GapPolicy | undefined;
  /** What happens to a message that comes after its gap was given up. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
  /** Where the timer of `gap: { skipAfter }` runs. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

const KNOWN = ['seed', 'window', 'gap', 'late', 'scheduler'] as const;

/**
 * Numbers are consecutive over all sources together: a message leaves when all before it have left.
 *
 *     source a   x1 ---- y2 --      receiver   x1 ---- y2 z3
 *     source b   --- z3 ------
 *
 * Throws `InvalidOptionError` and `UnknownOptionError`.
 */
export function sequence(options?: SequenceOptions): Mode<'sequence'> {
  const owner = 'sequence';
  const read = knownOptions(owner, options, KNOWN, OF_THE_DISPATCHER);
  const settings = {
    seed: read.seed === 'first' ? ('first' as const) : integer(owner, 'seed', read.seed, 0),
    window: count(owner, 'window', read.window, DEFAULT_BOUND, 1, false),
    ...gapPolicy(owner, read.gap),
    late: oneOf(owner, 'late', read.late, ['error', 'drop', 'divert']),
    scheduler: checkScheduler(owner, 'scheduler', read.scheduler) ?? asyncScheduler,
  };
  return Object.freeze({
    name: owner,
    start: <T>(engine: Engine<T>) => start(new SequenceMode<T>(engine, settings)),
  });
}

function start<T>(mode: SequenceMode<T>): StartedMode<T> {
  return startStamped(mode, {
    sender: (name, to, options) => new SequenceSender(mode, name, to, options) as unknown as Inlet<T>,
    onGap: (listener) => mode.gaps.listen(listener),
    methods: { skipTo: (ts: Timestamp) => mode.skipTo(ts) },
  });
}

function gapPolicy(owner: string, gap: unknown): { gap: 'wait' | 'error'; skipAfter: number | undefined } {
  if (gap === undefined || gap === 'wait' || gap === 'error') return { gap: gap ?? 'wait', skipAfter: undefined };
  if (typeof gap !== 'object' || gap === null) {
    throw new InvalidOptionError('gap', gap, "'wait', 'error' or { skipAfter }", owner);
  }
  const { skipAfter } = knownOptions(`gap of ${owner}`, gap as { readonly skipAfter?: number }, ['skipAfter']);
  return { gap: 'wait', skipAfter: milliseconds(owner, 'gap.skipAfter', skipAfter) };
}
