import { Observable } from 'rxjs';
import type { OperatorFunction, Subscriber } from 'rxjs';
import { Dispatcher, checkMode } from '../dispatch/dispatcher.js';
import type { Value } from '../dispatch/api/values.js';
import type { Mode } from '../dispatch/modes/mode.js';
import { DISPATCHER_OPTIONS, RECEIVER_OPTIONS } from '../dispatch/options.js';
import type { DispatcherOptions, ReceiverOptions } from '../dispatch/options.js';
import type { ClockedReceiver } from '../dispatch/receivers/receiver.js';
import type { To } from '../dispatch/route.js';
import { InvalidArgumentError, InvalidSourceError } from '../errors/inputs.js';
import { InvalidOptionError } from '../errors/options.js';
import { callback } from '../options/check.js';
import { isArray } from '../options/guards.js';
import { knownOptions } from '../options/known-options.js';
import { connect } from '../sources/connect.js';
import { isSource } from '../sources/source.js';
import type { ItemOf, Source, ValueIn } from '../sources/source.js';
import type { Clocked, Gap, Late } from '../types.js';
import { operate } from './operate.js';

/** Options of {@link clockedDispatch}: those of a dispatcher, its receivers, and who is told. */
export interface ClockedDispatchOptions<T, R extends string> extends DispatcherOptions<T> {
  /** Unique names, or names with options of their own; at least one. */
  readonly receivers: readonly (R | ({ readonly name: R } & ReceiverOptions<T>))[];
  /** Told of late messages, where the mode has `late: 'divert'`. */
  readonly onLate?: ((late: Late<T>) => void) | undefined;
  /** Told of missing numbers, as `gaps$` is. */
  readonly onGap?: ((gap: Gap) => void) | undefined;
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
 * subscription has a dispatcher of its own, which `receiver.dispatcher` shows. Sources that come together, synchronously,
 * are all registered before any is subscribed; others may follow. Unsubscribing tears down every source, and nothing is
 * emitted afterwards; a source is torn down when all of its receivers have left.
 *
 * Errors: whatever is wrong with the options, or with a source's name or route, is an error of the result; an error of a
 * source reaches its receivers. Throws `InvalidArgumentError` where the options are left out.
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
/** With the types said, or with a mode that is decided at run time: the sources aren't looked at. */
export function clockedDispatch<T, R extends string>(
  mode: Mode,
  options: ClockedDispatchOptions<T, R>,
): OperatorFunction<Source<unknown, R>, ClockedReceiver<T, R>>;
export function clockedDispatch<T, R extends string>(
  mode: Mode,
  options: ClockedDispatchOptions<T, R>,
): OperatorFunction<Source<unknown, R>, ClockedReceiver<T, R>> {
  if ((options as unknown) === undefined) {
    const expected = '{ receivers }, which is a list of at least one name';
    throw new InvalidArgumentError('clockedDispatch', 'options', options, expected);
  }
  return (sources) =>
    new Observable((destination) => {
      new Dispatch(checkMode('clockedDispatch', mode), options, destination).start(sources);
    });
}

const KNOWN = [...DISPATCHER_OPTIONS, 'receivers', 'onLate', 'onGap'] as const;

/** A receiver with options of its own; its name is checked where it is created. */
function readReceiver<T>(given: unknown): Partial<NamedReceiver<T>> {
  const owner = 'a receiver of clockedDispatch';
  return knownOptions(owner, given as NamedReceiver<T>, ['name', ...RECEIVER_OPTIONS]);
}

interface NamedReceiver<T> extends ReceiverOptions<T> {
  readonly name: string;
}

/** One subscription. */
class Dispatch<T, R extends string> {
  readonly #destination: Subscriber<ClockedReceiver<T, R>>;
  readonly #dispatcher: Dispatcher<T>;
  readonly #receivers: ClockedReceiver<T, R>[];
  /** Those who may still bring something: the outer Observable, and the sources. */
  #inflows = 1;
  /** Sources that are registered, but not subscribed yet, because others may come together with them. */
  #together: (() => void)[] | undefined = [];

  constructor(mode: Mode, options: ClockedDispatchOptions<T, R>, destination: Subscriber<ClockedReceiver<T, R>>) {
    const { receivers, onLate, onGap, ...own } = knownOptions('clockedDispatch', options, KNOWN);
    if (!isArray(receivers) || receivers.length === 0) {
      throw new InvalidOptionError('receivers', receivers, 'a list of at least one name', 'clockedDispatch');
    }
    callback('clockedDispatch', 'onLate', onLate);
    callback('clockedDispatch', 'onGap', onGap);
    this.#destination = destination;
    this.#dispatcher = new Dispatcher<T>(mode, own);
    // No receiver completes for lack of sources as long as others may come.
    const { engine } = this.#dispatcher;
    engine.keptOpen = true;
    engine.membership.keepOpen();
    this.#receivers = receivers.map((given) => {
      const { name, ...rest } = typeof given === 'string' ? { name: given } : readReceiver<T>(given);
      return this.#dispatcher.receiver(name as R, rest) as ClockedReceiver<T, R>;
    });
    engine.sealed = true;
    /* eslint-disable rxjs-x/no-ignored-error -- neither of them errors */
    if (onLate !== undefined) this.#dispatcher.late$.subscribe(onLate);
    if (onGap !== undefined) this.#dispatcher.gaps$.subscribe(onGap);
    /* eslint-enable rxjs-x/no-ignored-error */
  }

  start(sources: Observable<Source<unknown, R>>): void {
    const destination = this.#destination;
    destination.add(() => {
      if (this.#inflows > 0) this.#dispatcher.engine.silence();
    });
    for (const receiver of this.#receivers) destination.next(receiver);
    if (destination.closed) return;
    sources.subscribe(
      operate<Source<unknown, R>>(destination, {
        next: (given) => {
          try {
            this.#register(given);
          } catch (error) {
            this.#fail(error);
          }
        },
        error: (error) => this.#fail(error),
        complete: () => {
          if (this.#together === undefined) this.#noMoreSources();
          else this.#together.push(() => this.#noMoreSources());
        },
      }),
    );
    const starts = this.#together ?? [];
    this.#together = undefined;
    for (const begin of starts) {
      // What one begins may end everything.
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- TypeScript takes it for what it was before
      if (!destination.closed) begin();
    }
  }

  #register(given: Source<unknown, R>): void {
    if (!isSource(given)) throw new InvalidSourceError(undefined, given);
    const { name, input, options } = given;
    const { to, ...rest } = options;
    const inlet = this.#dispatcher.sender(name, to as To<T>, rest);
    this.#inflows++;
    const begin = (): void => {
      connect(name, input, inlet, this.#destination, () => this.#leave());
    };
    if (this.#together === undefined) begin();
    else this.#together.push(begin);
  }

  #noMoreSources(): void {
    const { engine } = this.#dispatcher;
    engine.begin();
    engine.keptOpen = false;
    engine.membership.letClose();
    engine.end();
    this.#leave();
  }

  #leave(): void {
    if (--this.#inflows > 0) return;
    this.#dispatcher.close();
    this.#destination.complete();
  }

  #fail(error: unknown): void {
    this.#inflows = 0;
    this.#dispatcher.engine.fail(error);
    this.#destination.error(error);
  }
}
