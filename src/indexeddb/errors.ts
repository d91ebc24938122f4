import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { show } from '../errors/show.js';
import { reasonOf, type Stored } from '../log/errors.js';

/** A page that is older than the log: a newer page has changed its format. */
export class LogOutdatedError extends ClockedDispatchError {
  override name = 'LogOutdatedError';
  override readonly code: CodeOf<'LogOutdatedError'> = 'RCD116';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** The name of the log. */
  readonly place: string;
  /** The format that the log has now. */
  readonly found: number;
  /** The newest format that this page can read. */
  readonly supported: number;

  constructor(place: string, found: number, supported: number) {
    super(
      `the log ${show(place)} has format ${found}, and this page reads up to ${supported}: a newer page has changed it; reload this one`,
    );
    this.place = place;
    this.found = found;
    this.supported = supported;
  }
}

/** A log that was deleted while it was open: by the user, by the browser for want of room, or by another page. */
export class LogLostError extends ClockedDispatchError {
  override name = 'LogLostError';
  override readonly code: CodeOf<'LogLostError'> = 'RCD117';
  /** Nothing was stored. */
  readonly stored: Stored = 'nothing';
  /** The name of the log. */
  readonly place: string;

  constructor(place: string) {
    super(
      `the log ${show(place)} was deleted, by the user, the browser or another page: open it again, which begins a new one`,
    );
    this.place = place;
  }
}

/** No IndexedDB here: it does not exist, or the browser doesn't let this page use it. */
export class LogUnavailableError extends ClockedDispatchError {
  override name = 'LogUnavailableError';
  override readonly code: CodeOf<'LogUnavailableError'> = 'RCD118';

  constructor(place: string, cause: unknown) {
    super(
      `the log ${show(place)} can't be opened, for there is no IndexedDB here (${reasonOf(cause)}): allow this site to store data, or give a log to go on with by the option fallback`,
      { cause },
    );
  }
}
