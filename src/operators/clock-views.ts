import type { Observable } from 'rxjs';
import { type ClockLag, NoClockError } from '../errors/clocks.js';
import { InvalidArgumentError } from '../errors/inputs.js';
import { progressOf, traitsOf } from '../progress/carry.js';
import { Followed } from '../progress/follow.js';
import type { Progress, ProgressEnd } from '../progress/progress.js';
import type { Clocked, Timestamp } from '../types.js';
import { aStream, entriesOf, isStream } from './arguments.js';

/**
 * One of those that `whenClock` waits for.
 *
 * @internal
 */
export interface View {
  /** How errors name it. */
  readonly name: string;
  readonly progress: Progress;
  /** To be subscribed for its progress, where it carries none. */
  readonly follow: { readonly stream: Observable<Clocked<unknown>>; readonly by: Followed } | undefined;
  /** How it has ended, once that was told. */
  end: ProgressEnd | undefined;
}

/**
 * The views among `receivers`: one, a list, or a record of them. A stream without a clock is one only where `strict`
 * says that it can be followed.
 *
 * @internal
 */
export function viewsOf(receivers: unknown, strict: boolean): View[] {
  const { isList, entries } = isStream(receivers)
    ? { isList: true, entries: [['stream', receivers] as const] }
    : (entriesOf(receivers) ?? NONE);
  if (entries.length === 0) {
    throw new InvalidArgumentError('whenClock', 'receivers', receivers, 'a receiver, or a list or record of some');
  }
  return entries.map(([key, given]) => {
    const stream = aStream('whenClock', `receivers.${key}`, given);
    const name = isList ? (traitsOf(stream).name ?? key) : key;
    const progress = progressOf(stream);
    if (progress !== undefined) return { name, progress, follow: undefined, end: undefined };
    if (!strict) throw new NoClockError('whenClock', name);
    const by = new Followed(name, { strict: true, unique: true });
    return { name, progress: by, follow: { stream, by }, end: undefined };
  });
}

const NONE = { isList: false, entries: [] };

/**
 * Where the views are that have not reached `ts`; all of them, where it is not known yet.
 *
 * @internal
 */
export function lagging(views: readonly View[], ts: Timestamp | undefined): ClockLag[] {
  return views
    .filter(({ progress }) => ts === undefined || progress.settled < ts)
    .map((view) => ({
      name: view.name,
      clock: view.progress.clock === -Infinity ? undefined : view.progress.clock,
      state: stateOf(view),
    }));
}

function stateOf(view: View): ClockLag['state'] {
  const ended = (end: ProgressEnd): void => {
    view.end ??= end;
  };
  const forget = view.progress.whenSettled(Infinity, { reached: () => undefined, ended });
  forget();
  if (view.end === undefined) return 'behind';
  return view.end.failed ? 'failed' : 'completed';
}
