import { asyncScheduler } from 'rxjs';
import type { Scheduler } from '../../dispatch/scheduler.js';
import { InvalidOptionError } from '../../errors/options.js';
import { randomId } from '../../log/random-id.js';
import * as check from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';

/** Options of `connect`. */
export interface ConnectOptions {
  /** Whatever `authorize` at the other side wants to see. A function is called for each line. */
  readonly token?: unknown;
  /** How many messages of one receiver, or of one sender, are under way at most. Default: 1024. */
  readonly window?: number | undefined;
  /** How many messages of one sender wait to be sent. Default: 65,536. */
  readonly maxWaiting?: number | undefined;
  /**
   * Identifies this client, and must be known to nobody else: a newer line of the same session takes the place of the one
   * before. Default: 128 random bits.
   */
  readonly session?: string | undefined;
  /** The first pause before a line is dialled again, in milliseconds; each is twice the one before. Default: 100. */
  readonly retry?: number | undefined;
  /** The longest pause, in milliseconds. Default: 10,000. */
  readonly maxRetry?: number | undefined;
  /** After how many milliseconds without a frame a line is given up; `Infinity` waits for ever. Default: 30,000. */
  readonly silence?: number | undefined;
  /** Where timers come from. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/** The options, each with its default. */
export interface ConnectSettings {
  readonly token: unknown;
  readonly window: number;
  readonly maxWaiting: number;
  readonly session: string;
  readonly retry: number;
  readonly maxRetry: number;
  readonly silence: number;
  readonly scheduler: Scheduler;
}

export function connectSettings(options: ConnectOptions | undefined): ConnectSettings {
  const owner = 'connect';
  const given = knownOptions(owner, options, [
    'token',
    'window',
    'maxWaiting',
    'session',
    'retry',
    'maxRetry',
    'silence',
    'scheduler',
  ]);
  const { session } = given;
  if (session !== undefined && (typeof session !== 'string' || session === '')) {
    throw new InvalidOptionError('session', session, 'a string that is not empty', owner);
  }
  const { retry = 100, maxRetry = 10_000 } = given;
  check.milliseconds(owner, 'retry', retry);
  return {
    token: given.token,
    window: check.count(owner, 'window', given.window, 1024, 1, false),
    maxWaiting: check.count(owner, 'maxWaiting', given.maxWaiting, 65_536),
    session: session ?? randomId(),
    retry,
    maxRetry: Math.max(retry, check.milliseconds(owner, 'maxRetry', maxRetry)),
    silence: check.duration(owner, 'silence', given.silence, 30_000),
    scheduler: check.scheduler(owner, 'scheduler', given.scheduler) ?? asyncScheduler,
  };
}
