import type { Clocked, Timestamp } from '../types.js';
import { Member } from './member.js';
import type { Targets } from './order.js';
import type { To } from './route.js';
import type { SerialOrder } from './serial-order.js';
import { wait } from './waiter.js';

/** A source of a serializing dispatcher, as far as its input goes. */
export class SerialMember<T> extends Member<T> {
  protected readonly order: SerialOrder<T>;

  constructor(order: SerialOrder<T>, name: string, to: To<T>, like?: Member<T>) {
    super(order.core, name, to, like);
    this.order = order;
    order.core.addMember(this, like);
  }

  next(value: T): void {
    if (this.closed) {
      this.core.refused++;
      return;
    }
    const targets = this.named !== undefined && value !== null ? this.named : this.targetsOf(value);
    if (!this.core.busy) return this.order.publish(this, value, targets);
    const item: Clocked<T> = [value, this.order.clock + 1];
    this.order.enqueue(item, this.core.room.make(this, item, targets));
  }

  /** As `next`, but waits where there is no room. */
  offer(value: T): Promise<unknown> | undefined {
    const targets = this.targetsOf(value);
    const attempt = (): true | undefined => {
      if (this.core.room.refusal(this, this.order.clock + 1, targets) === 'full') return undefined;
      this.accept(value, targets);
      return true;
    };
    return attempt() ? undefined : wait(this.core, this, this.core.channelsOf(targets), attempt, undefined);
  }

  protected accept(value: T, targets: Targets<T>): Timestamp {
    const item: Clocked<T> = [value, this.order.clock + 1];
    this.order.accept(item, this.core.room.open(item, targets));
    return item[1];
  }
}
