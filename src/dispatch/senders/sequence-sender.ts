import { InvalidTimestampError, NullValueError } from '../../errors/messages.js';
import type { SequenceMode } from '../modes/sequence-mode.js';
import type { SenderOptions } from '../options.js';
import type { SequenceInput } from '../orders/sequence-input.js';
import type { Held } from '../release/held-places.js';
import type { To } from '../route.js';
import type { Clocked, ForwardResult, Timestamp } from '../../types.js';
import { StampedSender } from './stamped-sender.js';

/** A sender of a sequence dispatcher: it can also say what is not there. */
export class SequenceSender<T> extends StampedSender<T, SequenceInput<Held<T>>> {
  readonly #mode: SequenceMode<T>;

  constructor(
    mode: SequenceMode<T>,
    name: string,
    to: To<T>,
    options: SenderOptions | undefined,
    like?: SequenceSender<T>,
  ) {
    super(mode, name, to, options, like);
    this.#mode = mode;
  }

  /** These numbers carry nothing. */
  fill(from: Timestamp, to: Timestamp): ForwardResult {
    const { engine, name } = this;
    for (const ts of [from, to]) if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(name, ts);
    if (from > to) throw new InvalidTimestampError(name, to, `the end of a range that begins at ${from}`);
    if (this.closed) return { ok: false, reason: 'closed' };
    engine.begin();
    const refusal = this.#mode.order.fill(from, to);
    this.#mode.release();
    engine.end();
    if (refusal === undefined) return { ok: true };
    return { ok: false, reason: refusal === 'beyond' ? 'full' : refusal };
  }

  /** Everything up to `ts` has been sent. */
  expect(ts: Timestamp): void {
    const { engine } = this;
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(this.name, ts);
    if (this.closed) return;
    engine.begin();
    this.#mode.order.expect(ts);
    this.#mode.release();
    engine.end();
  }

  /** A message that stands for everything up to its number. */
  snapshot(value: T, ts: Timestamp): ForwardResult {
    const { engine, name } = this;
    if (!Number.isSafeInteger(ts)) throw new InvalidTimestampError(name, ts);
    if (value === null) throw new NullValueError(name, ts);
    const item: Clocked<T> = [value, ts];
    const targets = this.closed ? [] : this.targetsOf(value);
    engine.begin();
    if (this.closed) return this.refuse('closed', item);
    if (ts <= this.#mode.clock) {
      engine.accounts.duplicates++;
      return this.refuse('duplicate', item);
    }
    if (!this.#mode.hasRoomAt(ts, targets)) return this.refuse('full', item);
    this.#mode.skipBefore(ts);
    const refusal = this.submit(item, targets, false);
    engine.end();
    return refusal === undefined ? { ok: true } : this.refuse(refusal, item);
  }

  protected override like(name: string, to: To<T>): SequenceSender<T> {
    return new SequenceSender(this.#mode, name, to, this.options, this);
  }
}
