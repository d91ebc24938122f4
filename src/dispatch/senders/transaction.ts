import { startCall } from '../admission/start-call.js';
import { promiseOf, WaitingCall } from '../admission/waiting-call.js';
import type { Waiters } from '../admission/waiters.js';
import type { Targets } from '../engine.js';
import { ClosedError } from '../../errors/life.js';
import { InvalidArgumentError } from '../../errors/inputs.js';
import { isArray } from '../../options/guards.js';
import { firstFull, NOBODY_AWAITS, openOnes } from '../queue/capacity.js';
import type { Endpoint } from '../receivers/endpoint.js';
import type { Timestamp, WaitOptions } from '../../types.js';
import { SerialSender } from './serial-sender.js';
import type { Serializing } from './serial-sender.js';
import { readWaitOptions } from './wait-options.js';

interface Part<T> {
  readonly sender: SerialSender<T>;
  readonly value: T;
  readonly targets: Targets<T>;
}

/** Sends several messages at one timestamp, all or none; waits for room at all of their receivers (law 39). */
export function transact<T>(
  serializing: Serializing<T>,
  messages: unknown,
  options: WaitOptions | undefined,
): Promise<Timestamp> {
  return promiseOf((resolve, reject) => {
    const { engine } = serializing;
    const settings = readWaitOptions('transact', options);
    if (settings.signal?.aborted === true) {
      reject(settings.signal.reason);
      return undefined;
    }
    const parts = partsOf(serializing, messages);
    const closed = parts.find(({ sender }) => sender.closed);
    if (closed !== undefined) {
      engine.accounts.refused += parts.length;
      reject(new ClosedError('sender', closed.sender.name));
      return undefined;
    }
    engine.begin();
    const call = new Transaction(serializing, parts, resolve, reject);
    call.start(settings.signal);
    engine.end();
    return call;
  });
}

class Transaction<T> extends WaitingCall {
  readonly #serializing: Serializing<T>;
  readonly #parts: readonly Part<T>[];
  readonly #resolve: (ts: Timestamp) => void;
  readonly #reject: (error: unknown) => void;

  constructor(
    serializing: Serializing<T>,
    parts: readonly Part<T>[],
    resolve: (ts: Timestamp) => void,
    reject: (error: unknown) => void,
  ) {
    super([...new Set(parts.map(({ sender }) => sender))], true, serializing.engine.effects, parts.length);
    this.#serializing = serializing;
    this.#parts = parts;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(signal: WaitOptions['signal']): void {
    const [{ sender }] = this.#parts as [Part<T>];
    startCall(this.#serializing.engine, this, signal, () => {
      const receiver = this.#full ?? this.#open[0];
      return { caller: sender, count: receiver ?? sender.ownCalls, receiver: receiver?.name };
    });
  }

  attempt(): Waiters | undefined {
    const full = this.#full;
    if (full !== undefined) return full.waiters;
    const { engine, order, delivery } = this.#serializing;
    const lists = this.#parts.map(({ targets }) => openOnes(engine, targets));
    const error = this.#refusal(lists);
    if (error !== undefined) {
      engine.accounts.refused += this.#parts.length;
      this.fail(error);
      return undefined;
    }
    const ts = order.next();
    engine.accounts.accepted += this.#parts.length;
    this.#parts.forEach(({ value }, i) => delivery.place([value, ts], lists[i] as Targets<T>));
    engine.ticks.pass(ts);
    this.settle(() => this.#resolve(ts));
    return undefined;
  }

  home(): Waiters | undefined {
    return this.#open[0]?.waiters;
  }

  rank(): number {
    return this.ticket;
  }

  fail(error: unknown): void {
    this.settle(() => this.#reject(error));
  }

  get #open(): Targets<T> {
    const { engine } = this.#serializing;
    return this.#parts.flatMap(({ targets }) => openOnes(engine, targets));
  }

  get #full(): Endpoint<T> | undefined {
    const { engine } = this.#serializing;
    for (const { targets } of this.#parts) {
      const full = firstFull(engine.list(targets), NOBODY_AWAITS);
      if (full !== undefined) return full;
    }
    return undefined;
  }

  /** Why none of it can be sent. */
  #refusal(lists: readonly Targets<T>[]): unknown {
    const empty = this.#parts[lists.findIndex(({ length }) => length === 0)];
    if (empty !== undefined) return empty.sender.noReceiver(empty.targets);
    const twice = moreThanOne(this.#parts, lists.flat());
    if (twice !== undefined) return twice;
    try {
      (this.#parts[0] as Part<T>).sender.checkClock();
      return undefined;
    } catch (error) {
      return error;
    }
  }
}

/** Why it is refused, where a receiver is meant by more than one message. */
function moreThanOne(
  messages: readonly unknown[],
  receivers: readonly { readonly name: string }[],
): InvalidArgumentError | undefined {
  const seen = new Set<unknown>();
  for (const receiver of receivers) {
    if (seen.has(receiver)) {
      const expected = `at most one message for each receiver, and '${receiver.name}' has more`;
      return new InvalidArgumentError('transact', 'messages', messages, expected);
    }
    seen.add(receiver);
  }
  return undefined;
}

/** Checks everything and runs the routing functions, before anything is decided. */
function partsOf<T>(serializing: Serializing<T>, messages: unknown): readonly Part<T>[] {
  const wrong = (given: unknown, expected: string): InvalidArgumentError =>
    new InvalidArgumentError('transact', 'messages', given, expected);
  if (!isArray(messages) || messages.length === 0) throw wrong(messages, 'a list of [sender, value]');
  const parts = messages.map((message) => {
    if (!isArray(message) || message.length !== 2) throw wrong(message, '[sender, value]');
    const [sender, value] = message as readonly [unknown, T];
    if (!SerialSender.isOf(serializing, sender)) throw wrong(sender, 'a sender of this dispatcher');
    return { sender, value, targets: sender.targetsOf(value) };
  });
  const twice = moreThanOne(
    messages,
    parts.flatMap(({ targets }) => targets),
  );
  if (twice !== undefined) throw twice;
  return parts;
}
