import { asyncScheduler } from 'rxjs';
import type { Scheduler } from '../../dispatch/scheduler.js';
import type { Route } from '../../dispatch/route.js';
import * as check from '../../options/check.js';
import { knownOptions } from '../../options/known-options.js';

/** What somebody at the other side of a line asks for. */
export interface AuthorizeRequest {
  /** A receiver is opened, or a sender joins. */
  readonly kind: 'open' | 'join';
  /** What it calls itself. */
  readonly name: string;
  /** `'open'`: whose messages it would read: names, or `ALL`. Of a dispatcher in memory, its own. */
  readonly addressedTo?: Route;
  /** `'join'`: whom it would write to: names, or `ALL`. */
  readonly to?: Route;
  /** What the client was given as its `token`. It is not checked by anybody else. */
  readonly token?: unknown;
}

/** Options of `serve`. */
export interface ServeOptions {
  /**
   * Decides who may open and join what, before anything is done; asked again after each reconnect. What throws, or
   * rejects, has refused. Default: everybody may do everything.
   */
  readonly authorize?: ((request: AuthorizeRequest) => boolean | PromiseLike<boolean>) | undefined;
  /** How many messages of one receiver, or of one sender, are under way at most. Default: 1024. */
  readonly window?: number | undefined;
  /** How many sessions without a line are remembered. Default: 1024. */
  readonly sessions?: number | undefined;
  /** How long a session without a line is remembered, in milliseconds; its senders leave then. Default: 60,000. */
  readonly linger?: number | undefined;
  /** How many receivers and senders one line, or session, has at most. Default: 1024. */
  readonly channels?: number | undefined;
  /**
   * For how many positions the log remembers the ids of messages: what a sender that is not remembered sends again later
   * than that is answered "unknown". Default: 65,536, as logs have it.
   */
  readonly dedupe?: number | undefined;
  /** After how many milliseconds without a frame a line is closed; `Infinity` waits for ever. Default: 30,000. */
  readonly silence?: number | undefined;
  /** Where timers come from. Default: RxJS's `asyncScheduler`. */
  readonly scheduler?: Scheduler | undefined;
}

/** The options, each with its default. */
export type ServeSettings = {
  readonly [O in keyof ServeOptions]-?:
    Exclude<ServeOptions[O], undefined> | (O extends 'authorize' ? undefined : never);
};

export function serveSettings(options: ServeOptions | undefined): ServeSettings {
  const owner = 'serve';
  const given = knownOptions(owner, options, [
    'authorize',
    'window',
    'sessions',
    'linger',
    'channels',
    'dedupe',
    'silence',
    'scheduler',
  ]);
  return {
    authorize: check.callback(owner, 'authorize', given.authorize),
    window: check.count(owner, 'window', given.window, 1024, 1, false),
    sessions: check.count(owner, 'sessions', given.sessions, 1024),
    linger: check.duration(owner, 'linger', given.linger, 60_000),
    channels: check.count(owner, 'channels', given.channels, 1024, 1),
    dedupe: check.count(owner, 'dedupe', given.dedupe, 65_536),
    silence: check.duration(owner, 'silence', given.silence, 30_000),
    scheduler: check.scheduler(owner, 'scheduler', given.scheduler) ?? asyncScheduler,
  };
}
