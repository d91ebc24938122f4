import { Observable, asyncScheduler } from 'rxjs';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { open } from '../dispatch/engine.js';
import { merge } from '../dispatch/options.js';
import type { Value } from '../dispatch/api.js';
import type { Mode } from '../dispatch/modes.js';
import type { DispatcherOptions, ReceiverOptions } from '../dispatch/options.js';
import { ClockedReceiver } from '../dispatch/receiver.js';
import { InvalidOptionError } from '../errors/options.js';
import { connect } from '../sources/connect.js';
import type { Inlet } from '../sources/connect.js';
import type { To } from '../dispatch/route.js';
import type { ItemOf, Source, ValueIn } from '../sources/source.js';
import type { Clocked } from '../types.js';
import { operate } from './operate.js';

/** Options of {@link clockedDispatch}: those of a dispatcher, and its receivers. */
export interface ClockedDispatchOptions<T, R extends string> extends DispatcherOptions<T> {
  /** Unique names, or names with options of their own; at least one. */
  readonly receivers: readonly (R | ({ readonly name: R } & ReceiverOptions<T>))[];
}

/**
 * Merges sources into one total order and splits it into receivers that all know how far time has passed.
 *
 *     source web   a ------- c ------     { to: 'orders' }
 *     source desk  --- b ---------- d     { to: 'alerts' }
 *
 *     clockedDispatch(serialize(), { receivers: ['orders', 'alerts'] })
 *
 *     orders       a1 _2 --- c3 --- _4
 *     alerts       _1 b2 --- _3 --- d4
 *
 * Emits one `ClockedReceiver` for each name, at once, as `groupBy` does; completes when every source has. Each
 * subscription has a dispatcher of its own. Sources that come together, synchronously, are all registered before any is
 * subscribed; others may follow. Unsubscribing tears down every source, and nothing is emitted afterwards.
 *
 * Options: those of `createDispatcher()`, and `receivers`. Errors: whatever is wrong with the options, or with a source's
 * name or route, is an error of the result; an error of a source reaches its receivers.
 */
export function clockedDispatch<const R extends string, S extends Source<Value, R> = Source<Value, R>>(
  mode: Mode<'serialize'>,
  options: ClockedDispatchOptions<ItemOf<S>, R>,
): OperatorFunction<S, ClockedReceiver<ItemOf<S>, R>>;
export function clockedDispatch<
  const R extends string,
  S extends Source<Clocked<unknown>, R> = Source<Clocked<unknown>, R>,
>(
  mode: Mode<'watermark' | 'sequence'>,
  options: ClockedDispatchOptions<ValueIn<ItemOf<S>>, R>,
): OperatorFunction<S, ClockedReceiver<ValueIn<ItemOf<S>>, R>>;
export function clockedDispatch<T, R extends string>(
  mode: Mode,
  options: ClockedDispatchOptions<T, R>,
): OperatorFunction<Source<unknown, R>, ClockedReceiver<T, R>> {
  return (sources) => new Observable((destination) => dispatch(sources, mode, options, destination));
}

function dispatch<T, R extends string>(
  sources: Observable<Source<unknown, R>>,
  mode: Mode,
  options: ClockedDispatchOptions<T, R>,
  destination: Subscriber<ClockedReceiver<T, R>>,
): void {
  if (options.receivers.length === 0) throw new InvalidOptionError('receivers', options.receivers, 'at least one name');
  const { core, join } = open(merge(mode, options), asyncScheduler);
  /** Those who may still bring something: the outer Observable, and the sources. */
  let inflows = 1;
  /** Sources that are registered, but not subscribed yet, because others may come together with them. */
  let together: (() => void)[] | undefined = [];

  const leave = (): void => {
    if (--inflows > 0) return;
    core.close();
    destination.complete();
  };
  const fail = (error: unknown): void => {
    for (const channel of [...core.everybody]) channel.fail(error);
    core.close();
    inflows = 0;
    destination.error(error);
  };
  const register = ({ name, input, options: { to, ...rest } }: Source<unknown, R>): void => {
    const member = join(name, to as To<T>, rest);
    inflows++;
    const start = (): void => connect(input, member as Inlet, destination, leave);
    if (together === undefined) start();
    else together.push(start);
  };
  const end = (): void => {
    core.exclusively(() => core.letClose());
    leave();
  };

  destination.add(() => {
    if (inflows > 0) core.silence();
  });
  // No receiver completes for want of sources as long as there may be others.
  core.keepOpen();
  for (const given of options.receivers) {
    const { name, ...own } = typeof given === 'string' ? { name: given } : given;
    destination.next(new ClockedReceiver<T, R>(core.openChannel(name, own), core.order));
  }
  sources.subscribe(
    operate<Source<unknown, R>>(destination, {
      next: (given) => {
        try {
          register(given);
        } catch (error) {
          fail(error);
        }
      },
      error: fail,
      complete: () => {
        if (together === undefined) end();
        else together.push(end);
      },
    }),
  );
  const starts = together;
  together = undefined;
  for (const start of starts) if (!destination.closed) start();
}
