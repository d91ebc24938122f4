import type { Waiters } from '../admission/waiters.js';
import type { Targets } from '../engine.js';
import { TooManyHeldError, WindowError } from '../../errors/capacity.js';
import { ClosedError, NoReceiverError } from '../../errors/life.js';
import { DuplicateMessageError, LateMessageError } from '../../errors/order.js';
import { isArray } from '../../options/guards.js';
import { EVERYBODY, NOBODY } from '../membership/audience.js';
import type { SourceTraits, StampedMode } from '../modes/stamped-mode.js';
import { senderSettings } from '../options.js';
import type { SenderOptions } from '../options.js';
import { firstFull, makeRoom, openOnes } from '../queue/capacity.js';
import type { Endpoint } from '../receivers/endpoint.js';
import { FOLLOW } from '../receivers/follow.js';
import type { Upstream } from '../receivers/follow.js';
import type { To } from '../route.js';
import type { Clocked, ForwardRefusal, ForwardResult, Timestamp } from '../../types.js';
import { SenderBase } from './sender-base.js';

/** What becomes of the items of a source: judged, taken into the order where there is room, refused, or dropped by policy. */
export abstract class StampedSource<T, I extends object> extends SenderBase<T> {
  readonly mode: StampedMode<T, I>;
  /** What the last message lacked: room, or the window. */
  lacking: Waiters | undefined;
  readonly input: I;
  readonly traits: SourceTraits;
  protected readonly options: SenderOptions | undefined;
  /** It was said whether it is strict. */
  readonly #isDeclared: boolean;
  #isStrict: boolean;
  #upstream: Upstream | undefined;

  constructor(
    mode: StampedMode<T, I>,
    name: string,
    to: To<T>,
    options: SenderOptions | undefined,
    like?: StampedSource<T, I>,
  ) {
    const settings = senderSettings(name, options);
    super(mode.engine, name, to, like);
    this.mode = mode;
    this.options = options;
    this.#upstream = like?.upstream;
    this.#isDeclared = settings.strict !== undefined;
    this.#isStrict = settings.strict ?? this.#upstream?.unique ?? false;
    this.traits = { strict: this.#isStrict, disorder: settings.disorder };
    this.engine.addSender(this, like);
    this.input = mode.inputOf(this);
    Object.defineProperty(this, FOLLOW, { value: (upstream: Upstream) => this.follow(upstream) });
    this.engine.end();
  }

  get upstream(): Upstream | undefined {
    return this.#upstream;
  }

  override follow(upstream: Upstream): void {
    this.#upstream = upstream;
    this.followUpstream();
  }

  /** What comes from upstream is strict as long as upstream is: others may have joined there. */
  protected followUpstream(): void {
    const upstream = this.#upstream;
    if (upstream === undefined || this.#isDeclared || upstream.unique === this.#isStrict) return;
    this.#isStrict = upstream.unique;
    this.mode.setStrict(this.input, this.#isStrict);
  }

  protected override hasHeld(): boolean {
    return this.mode.order.heldOf(this.input) > 0;
  }

  fullForNext(targets: Targets<T>): Endpoint<T> | undefined {
    const { mode, input } = this;
    return firstFull(this.engine.list(targets), (to) => mode.awaitsAt(input, mode.clock + 1, to));
  }

  /** Hands a message to the order, unless there is a reason not to. */
  submit(item: Clocked<T>, targets: Targets<T>, overflowing: boolean): ForwardRefusal | undefined {
    const { mode, engine, input } = this;
    const { order } = mode;
    const [value, ts] = item;
    mode.heard(this);
    this.followUpstream();
    if (value === null) return this.#tick(ts);
    const open = openOnes(engine, targets);
    const refusal = order.judge(input, ts, open);
    if (refusal === 'beyond') {
      this.lacking = mode.beyond;
      return 'full';
    }
    if (open.length === 0 && targets !== EVERYBODY) {
      // Its timestamp is used up all the same.
      if (refusal === undefined) order.bring(input, ts);
      mode.release();
      return 'no-receiver';
    }
    if (refusal !== undefined) {
      mode.reject(this.name, refusal, item, open);
      return refusal;
    }
    const isAwaited = (to: Endpoint<T>): boolean => mode.awaitsAt(input, ts, to);
    if (targets === EVERYBODY && mode.places.isFull && !order.awaits(input, ts)) {
      this.lacking = mode.places.unattended;
      return 'full';
    }
    let taking = open;
    const full = firstFull(open, isAwaited);
    if (full !== undefined) {
      if (!overflowing) {
        this.lacking = full.waiters;
        return 'full';
      }
      taking = open.filter(
        (to) =>
          to.hasRoom || (to.isStarved && isAwaited(to)) || makeRoom(engine, to, item, () => mode.evict(to), isAwaited),
      );
    }
    return this.#take(item, targets, taking, open.length === 0);
  }

  /** Takes a message in at these receivers, but for those at which it is late; where nobody is there, for those to come. */
  #take(item: Clocked<T>, targets: Targets<T>, taking: Targets<T>, isForLater: boolean): ForwardRefusal | undefined {
    const { mode, input } = this;
    const late = mode.lateAt(input, item[1], taking);
    const rest = late.length === 0 ? taking : taking.filter((to) => !late.includes(to));
    if (rest.length === 0 && !isForLater) {
      this.engine.accounts.accepted++;
      mode.order.bring(input, item[1]);
    } else mode.insert(input, item, targets, rest);
    if (late.length > 0) {
      // It is counted once.
      this.engine.accounts.accepted--;
      mode.rejectAt(this.name, item, late);
    }
    mode.release();
    return undefined;
  }

  refusalError(refusal: ForwardRefusal, ts: Timestamp, targets: Targets<T>): Error {
    const { name, mode } = this;
    switch (refusal) {
      case 'late':
        return new LateMessageError(name, ts, mode.clock);
      case 'ahead':
        return mode.aheadError(name, this.input, ts);
      case 'duplicate':
        return new DuplicateMessageError(name, ts, mode.clock);
      case 'closed':
        return new ClosedError('sender', name);
      default:
        return new NoReceiverError(name, this.namesOf(targets));
    }
  }

  #tick(ts: Timestamp): ForwardRefusal | undefined {
    const { mode, input } = this;
    const refusal = mode.order.judgeTick(input, ts);
    if (refusal === undefined || refusal === 'past') {
      if (refusal === undefined) mode.order.reach(input, ts);
      mode.release();
      return undefined;
    }
    if (refusal === 'duplicate') this.engine.accounts.duplicates++;
    if (refusal !== 'beyond') return refusal;
    this.lacking = mode.beyond;
    return 'full';
  }

  /** `next` brought what is too far ahead: the overflow policy of its first receiver decides. */
  protected overrun(item: Clocked<T>, targets: Targets<T>): ForwardRefusal | undefined {
    const { mode, engine } = this;
    const ts = item[1];
    const list = engine.list(item[0] === null ? (this.writesTo ?? NOBODY) : targets);
    const policy = (list[0]?.queue ?? engine.settings).overflow;
    if (this.lacking === mode.places.unattended) {
      this.countRefused(item);
      const error = new TooManyHeldError(this.name, engine.settings.maxHeld, ts);
      this.fail(error);
      engine.end();
      // Nobody is there who could be told.
      throw error;
    } else if (policy === 'error') {
      this.countRefused(item);
      this.fail(new WindowError(this.name, ts, mode.clock, mode.window));
    } else if (policy === 'drop-oldest' && mode.makeWay(ts)) {
      const refusal = this.submit(item, targets, true);
      return refusal === 'full' ? this.overrun(item, targets) : refusal;
    } else if (openOnes(engine, targets).length === 0) this.countRefused(item);
    else {
      engine.accounts.accepted++;
      mode.dropAt(targets, item, 'drop-newest');
    }
    return undefined;
  }

  protected refuse(reason: ForwardRefusal, item: Clocked<T>): ForwardResult {
    if (reason === 'closed' || reason === 'no-receiver' || reason === 'full') this.countRefused(item);
    return { ok: false, reason };
  }

  /** Ticks are no messages. */
  protected countRefused(item: Clocked<T>): void {
    if (isArray(item) && item[0] !== null) this.engine.accounts.refused++;
  }
}
