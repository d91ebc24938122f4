import { NullValueError } from '../errors/messages.js';
import { InvalidRouteError, UnknownReceiverError } from '../errors/names.js';
import type { Channel } from './channel.js';
import type { Core } from './core.js';
import { EVERYBODY } from './everybody.js';
import type { Targets } from './order.js';
import { ALL } from './route.js';
import type { Route, To } from './route.js';
import { wait } from './waiter.js';

const NOBODY: readonly never[] = [];

/** What senders of all modes share: a name, a route, and leaving. */
export abstract class Member<T> {
  readonly name: string;
  readonly to: To<T>;
  /** The channels that it writes to by name; `undefined` when that may be any. */
  readonly named: readonly Channel<T>[] | undefined;
  /** Whether every message goes to everybody. */
  readonly everybody: boolean;
  closed = false;
  /** Calls of this member that wait for room. */
  waiting = 0;
  protected readonly core: Core<T>;
  /** Whom the last message was for; before the first, whom it will be for, as far as that is known. */
  #last: Targets<T>;

  /** A clone writes to the same channels as the member that it is `like`, also when those have left. */
  constructor(core: Core<T>, name: string, to: To<T>, like?: Member<T>) {
    this.core = core;
    this.name = name;
    this.to = to;
    this.everybody = to === ALL;
    if (like?.to === to) this.named = like.named;
    else this.named = this.everybody || typeof to === 'function' ? undefined : this.#resolve(to);
    this.#last = this.named ?? (this.everybody ? EVERYBODY : NOBODY);
  }

  complete(): void {
    if (this.closed) return;
    this.closed = true;
    this.core.exclusively(() => this.core.removeMember(this));
  }

  error(error: unknown): void {
    if (this.closed) return;
    this.core.exclusively(() => {
      if (this.core.sourceError === 'error') {
        for (const channel of [...(this.named ?? this.core.everybody)]) channel.fail(error);
      }
      this.complete();
    });
  }

  /** Whether nobody that it could write to is left, and nobody waits for what it would bring. */
  get deserted(): boolean {
    return this.core.order.gapless && (this.named ?? this.core.everybody).every(({ life }) => life !== 'open');
  }

  /** Room wherever the last message went: at once (`undefined`), or later. */
  room(): Promise<unknown> | undefined {
    const targets = this.#last;
    const attempt = (): true | undefined => this.core.room.welcomes(this, targets) || undefined;
    return attempt() ? undefined : wait(this.core, this, this.core.channelsOf(targets), attempt, undefined);
  }

  protected targetsOf(value: T): Targets<T> {
    if (value === null) throw new NullValueError(this.name);
    if (this.named !== undefined) return (this.#last = this.named);
    return (this.#last = this.everybody ? EVERYBODY : this.#resolve((this.to as (value: T) => Route)(value)));
  }

  #resolve(route: Route): Targets<T> {
    if (route === ALL) return EVERYBODY;
    if (typeof route === 'string') return this.#find(route)?.alone ?? NOBODY;
    if (!Array.isArray(route)) throw new InvalidRouteError(this.name, route);
    const channels = new Set<Channel<T>>();
    for (const name of route as readonly string[]) {
      const channel = this.#find(name);
      if (channel !== undefined) channels.add(channel);
    }
    return [...channels];
  }

  /** `undefined` where the receiver has left. */
  #find(name: string): Channel<T> | undefined {
    const channel = this.core.channels.get(name);
    if (channel !== undefined) return channel;
    if (typeof name !== 'string') throw new InvalidRouteError(this.name, name);
    if (this.core.hasDeparted(name)) return undefined;
    throw new UnknownReceiverError(this.name, name, [...this.core.channels.keys()]);
  }
}
