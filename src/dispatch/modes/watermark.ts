import { asyncScheduler } from 'rxjs';
import { count, integer, milliseconds, oneOf, scheduler as checkScheduler } from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';
import type { Engine } from '../engine.js';
import { OF_THE_DISPATCHER } from '../options.js';
import type { Scheduler } from '../scheduler.js';
import type { LatePolicy, Timestamp } from '../../types.js';
import type { Mode } from './mode.js';
import { DispatcherFrontier } from './dispatcher-frontier.js';
import { FrontierPerReceiver } from './receiver-frontier.js';
import { startStamped } from './start-stamped.js';

/** Options of {@link watermark}. */
export interface WatermarkOptions {
  /** What the clock reads before the first release. Default: none, it reads `-Infinity`, and no timestamp is too small. */
  readonly seed?: Timestamp | undefined;
  /** What happens to late messages, and to those that are too far ahead. Default: 'error'. */
  readonly late?: LatePolicy | undefined;
  /** After how many silent milliseconds a source stops holding the frontier. Default: never. */
  readonly idleAfter?: number | undefined;
  /** Whom a receiver waits for: every source of the dispatcher, or those that can write to it. Default: 'dispatcher'. */
  readonly frontier?: 'dispatcher' | 'receiver' | undefined;
  /** How far a message may be ahead of the least of the other sources, in timestamps. Default: any distance. */
  readonly maxLead?: number | undefined;
  /** After how many messages in a row that are too far ahead their time is believed. Default: 3. */
  readonly resyncAfter?: number | undefined;
  /** Where the timer of `idleAfter` runs. Default: `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

const KNOWN = ['seed', 'late', 'idleAfter', 'frontier', 'maxLead', 'resyncAfter', 'scheduler'] as const;

/**
 * A message leaves once every source has promised that nothing earlier follows: an item at `ts`, message or tick, is such
 * a promise.
 *
 *     source a   x1 ---- y5 -- _6      receiver   x1 - z3 - y5
 *     source b   --- z3 ---- _5 -
 *
 * Throws `InvalidOptionError` and `UnknownOptionError`. The idea is that of watermarks in stream processing; see
 * Akidau et al., The Dataflow Model, 2015.
 */
export function watermark(options?: WatermarkOptions): Mode<'watermark'> {
  const owner = 'watermark';
  const read = knownOptions(owner, options, KNOWN, OF_THE_DISPATCHER);
  const settings = {
    seed: read.seed === undefined ? undefined : integer(owner, 'seed', read.seed, 0),
    maxLead: read.maxLead === undefined ? undefined : count(owner, 'maxLead', read.maxLead, 0, 0, false),
    resyncAfter: count(owner, 'resyncAfter', read.resyncAfter, 3, 1, false),
    late: oneOf(owner, 'late', read.late, ['error', 'drop', 'divert']),
    idleAfter: read.idleAfter === undefined ? undefined : milliseconds(owner, 'idleAfter', read.idleAfter),
    scheduler: checkScheduler(owner, 'scheduler', read.scheduler) ?? asyncScheduler,
  };
  const frontier = oneOf(owner, 'frontier', read.frontier, ['dispatcher', 'receiver']);
  return Object.freeze({
    name: owner,
    start: <T>(engine: Engine<T>) =>
      frontier === 'receiver'
        ? startStamped(new FrontierPerReceiver<T>(engine, settings))
        : startStamped(new DispatcherFrontier<T>(engine, settings)),
  });
}
