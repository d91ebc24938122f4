import type { Clocked, ClockedReceiver, SenderOptions } from 'rxjs-clocked-dispatch';
import { dispatcherOf, receiverOf, type AnyDispatcher, type AnySender, type Mode } from './dispatchers.js';
import { Model, type ModelReceiver, type ModelSender } from './model.js';

/** A random step. Numbers pick among what is there, whatever there is, so that every sublist is a script as well. */
export type Step =
  | { readonly do: 'receiver'; readonly bound: number }
  | { readonly do: 'sender'; readonly to: readonly number[]; readonly strict: boolean }
  | { readonly do: 'broadcaster'; readonly strict: boolean }
  | { readonly do: 'clone' | 'toBroadcaster' | 'complete'; readonly sender: number }
  | { readonly do: 'send'; readonly sender: number; readonly at: number; readonly tick: boolean }
  | { readonly do: 'pull' | 'drain' | 'leave' | 'unsubscribe'; readonly receiver: number }
  | { readonly do: 'subscribe'; readonly receiver: number; readonly reply: number | null };

/**
 * Whatever happened, as text, so that two histories compare at a glance: the calls with their answers, and apart from
 * that what each receiver emitted (the order in which receivers complete is nobody's business).
 */
export class History {
  readonly calls: string[] = [];
  readonly emitted: Record<string, string[]> = {};

  emit(receiver: string, what: string): void {
    (this.emitted[receiver] ??= []).push(what);
  }
}

/** A dispatcher and its model, doing the same things; each writes its own history. */
export class Pair {
  readonly mode: Mode;
  readonly real: History = new History();
  readonly ideal: History = new History();
  /** What each subscription of the dispatcher saw, with the receiver's strictness. */
  readonly seen: { readonly items: Clocked<string>[]; readonly receiver: ClockedReceiver<string> }[] = [];
  /** Everything that subscribers of the dispatcher were given, in the order in which it happened. */
  readonly emitted: (readonly [receiver: string, ...item: Clocked<string>])[] = [];
  readonly #dispatcher: AnyDispatcher;
  readonly #model: Model;
  readonly #senders: { readonly real: AnySender; readonly ideal: ModelSender }[] = [];
  readonly #receivers: RealAndIdeal[] = [];
  #names = 0;
  #subscribing = false;

  constructor(mode: Mode, seed: number) {
    this.mode = mode;
    this.#model = new Model(mode, seed);
    this.#dispatcher = dispatcherOf(mode, { seed });
  }

  step(step: Step): void {
    switch (step.do) {
      case 'receiver':
        return this.#addReceiver(this.mode === 'serialize' ? step.bound : 100_000);
      case 'sender':
        return this.#addSender(step.to, step.strict);
      case 'broadcaster':
        return this.#addBroadcaster(step.strict);
      case 'clone':
      case 'toBroadcaster':
      case 'complete':
        return this.#changeSender(step.do, step.sender);
      case 'send':
        return this.#send(step);
      case 'subscribe':
        return this.#subscribe(step.receiver, step.reply);
      default:
        return this.#read(step.do, step.receiver);
    }
  }

  /** Compares what can be seen from outside after every step. */
  look(): void {
    this.real.calls.push(`clock ${this.#dispatcher.clock}`);
    this.ideal.calls.push(`clock ${this.#model.clock}`);
    for (const { real, ideal } of this.#receivers) {
      this.real.calls.push(`${real.name} at ${real.clock}${real.closed ? ' closed' : ''}`);
      this.ideal.calls.push(`${ideal.name} at ${ideal.told}${ideal.closed ? ' closed' : ''}`);
    }
  }

  /** Everybody leaves, and what is left is read. */
  end(byClosing: boolean): void {
    if (byClosing) {
      this.#dispatcher.close();
      this.#model.close();
    }
    for (const { real, ideal } of this.#senders) {
      real.complete();
      if (!ideal.closed) this.#model.complete(ideal);
    }
    this.look();
    for (const [i] of this.#receivers.entries()) this.#read('drain', i);
    this.look();
  }

  #addReceiver(bound: number): void {
    const name = `r${this.#names++}`;
    const real = receiverOf(this.#dispatcher, name, { bound });
    this.#receivers.push({ real, ideal: this.#model.receiver(name, bound), subscription: undefined });
  }

  #addSender(to: readonly number[], strict: boolean): void {
    const there = this.#receivers.filter(({ ideal }) => !ideal.done);
    if (there.length === 0) return;
    const chosen = [...new Set(to.map((i) => there[i % there.length] as RealAndIdeal))];
    const names = chosen.map(({ real }) => real.name);
    const ideal = this.#model.sender(
      chosen.map((receiver) => receiver.ideal),
      strict,
    );
    this.#senders.push({ real: this.#dispatcher.sender(`s${this.#names++}`, names, this.#optionsOf(strict)), ideal });
  }

  #addBroadcaster(strict: boolean): void {
    const ideal = this.#model.sender(null, strict);
    this.#senders.push({ real: this.#dispatcher.broadcaster(`b${this.#names++}`, this.#optionsOf(strict)), ideal });
  }

  /** Serializing senders have no options. */
  #optionsOf(strict: boolean): SenderOptions | undefined {
    return this.mode === 'serialize' ? undefined : { strict };
  }

  #changeSender(change: 'clone' | 'toBroadcaster' | 'complete', index: number): void {
    const sender = this.#pick(this.#senders, index);
    if (sender === undefined || (change !== 'complete' && sender.ideal.closed)) return;
    const { real, ideal } = sender;
    if (change !== 'complete') {
      const to = change === 'clone' ? ideal.to : null;
      const twin = this.#model.sender(to, ideal.strict, ideal);
      this.#senders.push({ real: real[change](`s${this.#names++}`), ideal: twin });
    } else real.complete();
    if (change !== 'clone' && !ideal.closed) this.#model.complete(ideal);
  }

  #send({ sender: index, at, tick }: { sender: number; at: number; tick: boolean }): void {
    const sender = this.#pick(this.#senders, index);
    if (sender === undefined) return;
    const { promise, strict } = sender.ideal;
    // By watermark, from a little before the clock on; a strict source keeps at least to its promise.
    const from = this.mode === 'sequence' ? this.#model.clock : strict ? promise + 1 : this.#model.clock;
    const ts = Math.max(0, from - 1 + at);
    const value = tick && this.mode !== 'serialize' ? null : `v${this.#names++}`;
    this.real.calls.push(`${String(value)} at ${ts}: ${this.#sendReal(index, value, ts)}`);
    this.ideal.calls.push(`${String(value)} at ${ts}: ${this.#sendIdeal(index, value, ts)}`);
  }

  #sendReal(index: number, value: string | null, ts: number): string {
    const sender = this.#pick(this.#senders, index)?.real;
    if (sender === undefined) return 'nobody';
    return JSON.stringify('trySend' in sender ? sender.trySend(value as string) : sender.tryForward(value, ts));
  }

  #sendIdeal(index: number, value: string | null, ts: number): string {
    const sender = this.#pick(this.#senders, index)?.ideal;
    if (sender === undefined) return 'nobody';
    const { mode } = this;
    return JSON.stringify(
      mode === 'serialize' ? this.#model.send(sender, value as string) : this.#model.forward(sender, value, ts),
    );
  }

  /** Listens; with a reply, sends something on from inside the handler. */
  #subscribe(index: number, reply: number | null): void {
    const receiver = this.#pick(this.#receivers, index);
    if (receiver === undefined || receiver.subscription !== undefined) return;
    const { real, ideal } = receiver;
    const answering = (
      history: History,
      send: (index: number, value: string, ts: number) => string,
    ): ((item: Clocked<string>) => void) => {
      return ([value, ts]) => {
        history.emit(real.name, `${String(value)}@${ts}`);
        if (reply === null || value === null || value.split('>').length > 3) return;
        history.emit(real.name, `reply to ${value}: ${send(reply, `${value}>${real.name}`, ts + 1)}`);
      };
    };
    const items: Clocked<string>[] = [];
    this.seen.push({ items, receiver: real });
    const hear = answering(this.real, (...args) => this.#sendReal(...args));
    this.#subscribing = true;
    receiver.subscription = real.subscribe({
      next: (item) => {
        items.push(item);
        if (!this.#subscribing) this.emitted.push([real.name, ...item]);
        hear(item);
      },
      complete: () => this.real.emit(real.name, '|'),
    });
    this.#subscribing = false;
    ideal.subscribe({
      next: answering(this.ideal, (...args) => this.#sendIdeal(...args)),
      complete: () => this.ideal.emit(real.name, '|'),
    });
  }

  #read(what: 'pull' | 'drain' | 'leave' | 'unsubscribe', index: number): void {
    const receiver = this.#pick(this.#receivers, index);
    if (receiver === undefined) return;
    const { real, ideal } = receiver;
    if (what === 'leave') {
      real.close();
      this.#model.leave(ideal);
    } else if (what === 'unsubscribe') {
      receiver.subscription?.unsubscribe();
      ideal.unsubscribe();
      receiver.subscription = undefined;
    } else {
      for (let more = true; more;) {
        const [a, b] = [real.tryReceive(), ideal.pull()];
        this.real.calls.push(`${real.name} gives ${JSON.stringify(a)}`);
        this.ideal.calls.push(`${real.name} gives ${JSON.stringify(b)}`);
        more = what === 'drain' && a !== undefined;
      }
    }
  }

  #pick<X>(among: readonly X[], index: number): X | undefined {
    return among[index % Math.max(1, among.length)];
  }
}

interface RealAndIdeal {
  readonly real: ClockedReceiver<string>;
  readonly ideal: ModelReceiver;
  subscription: { unsubscribe(): void } | undefined;
}
