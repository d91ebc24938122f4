import type { TickRefusal } from '../../../src/dispatch/orders/order.js';
import { WatermarkModel, type Message, type Source } from './watermark-model.js';

export interface Key {
  readonly name: string;
}

/** A receiver: a model of the order by watermark, and what it has taken out of there at once. */
export interface ReceiverModel {
  readonly key: Key;
  readonly model: WatermarkModel;
  readonly sources: Map<FrontierSource, Source>;
  due: Message[];
}

export interface FrontierSource {
  readonly own: Source;
  readonly everybody: boolean;
  /** What is for everybody and went out nowhere yet, in the order of arrival. */
  readonly broadcasts: Map<string, Broadcast>;
}

interface Broadcast {
  readonly ts: number;
  readonly arrival: number;
  readonly unclaimed: boolean;
}

/** A frontier for each receiver, in the plainest way. */
export class ReceiverFrontierModel {
  readonly receivers: ReceiverModel[] = [];
  readonly sources: FrontierSource[] = [];
  clock: number;
  readonly seed: number;
  /** What went out somewhere, in the order in which it went out first. */
  readonly ranks: string[] = [];
  readonly #given: [seed: number | undefined, maxLead: number | undefined, resyncAfter: number | undefined];
  /** Of what each source has said, without the clocks of receivers. */
  readonly #words: WatermarkModel;
  #arrivals = 0;

  constructor(...given: [seed: number | undefined, maxLead: number | undefined, resyncAfter: number | undefined]) {
    this.#given = given;
    this.#words = new WatermarkModel(...given);
    this.seed = this.clock = given[0] ?? -Infinity;
  }

  receiver(key: Key): ReceiverModel | undefined {
    return this.receivers.find((receiver) => receiver.key === key);
  }

  receiversOf(source: FrontierSource): ReceiverModel[] {
    return this.receivers.filter(({ sources }) => sources.get(source)?.gone === false);
  }

  get held(): number {
    const unclaimed = this.sources.flatMap(({ broadcasts }) => [...broadcasts.values()].filter((b) => b.unclaimed));
    return this.receivers.reduce((sum, receiver) => sum + this.heldAt(receiver).length, unclaimed.length);
  }

  heldOf(source: FrontierSource): number {
    const here = (receiver: ReceiverModel) =>
      this.heldAt(receiver).filter((message) => message.source === receiver.sources.get(source));
    const unclaimed = [...source.broadcasts.values()].filter((broadcast) => broadcast.unclaimed).length;
    return this.receivers.reduce((sum, receiver) => sum + here(receiver).length, unclaimed);
  }

  heldAt(receiver: ReceiverModel): Message[] {
    return [...receiver.due, ...receiver.model.held];
  }

  settledAt({ due, model }: ReceiverModel): number {
    return due.length === 0 ? model.settled : Math.min(model.settled, model.clock - 1);
  }

  holderAt({ due, model, sources }: ReceiverModel): FrontierSource | undefined {
    if (due.length > 0 || model.holder === undefined) return undefined;
    return [...sources].find(([, part]) => part === model.holder)?.[0];
  }

  promiseOf(source: FrontierSource): number {
    const receivers = this.receiversOf(source);
    if (receivers.length === 0) return source.own.promise;
    return Math.min(...receivers.map(({ sources }) => (sources.get(source) as Source).promise));
  }

  // -- what comes in

  judge(source: FrontierSource, ts: number, keys: readonly Key[] | undefined): TickRefusal | undefined {
    const receivers = this.receiversOf(source);
    const concerned = receivers.filter(({ key }) => keys === undefined || keys.includes(key));
    const settled =
      concerned.length === 0 ? this.seed : Math.min(...concerned.map((receiver) => this.settledAt(receiver)));
    const bases = receivers.map(({ model, sources }) => model.leadBase(sources.get(source) as Source));
    return this.#words.judgeAgainst(source.own, ts, keys === undefined, settled, Math.min(...bases));
  }

  lateAt(source: FrontierSource, ts: number, keys: readonly Key[]): Key[] {
    const late = this.receiversOf(source).filter((receiver) => ts <= this.settledAt(receiver));
    return keys.filter((key) => late.some((receiver) => receiver.key === key));
  }

  insert(source: FrontierSource, value: string, ts: number, keys: readonly Key[], everybody: boolean): void {
    const late = this.lateAt(source, ts, keys);
    let places = 0;
    for (const { key, model, sources } of this.receiversOf(source)) {
      const part = sources.get(source) as Source;
      if (keys.includes(key) && !late.includes(key)) {
        model.insert(part, value, ts, '.');
        places++;
      } else model.bring(part, ts);
    }
    this.#words.bring(source.own, ts);
    const broadcast = { ts, arrival: this.#arrivals++, unclaimed: places === 0 };
    if (everybody && (places > 0 || keys.length === 0)) source.broadcasts.set(value, broadcast);
  }

  tick(source: FrontierSource, ts: number): void {
    this.#words.tick(source.own, ts);
    for (const { model, sources } of this.receiversOf(source)) model.tick(sources.get(source) as Source, ts);
  }

  hold(source: FrontierSource, ts: number | undefined): void {
    this.#words.hold(source.own, ts);
    for (const { model, sources } of this.receiversOf(source)) model.hold(sources.get(source) as Source, ts);
  }

  // -- what goes out

  hasDue({ due, model }: ReceiverModel): boolean {
    return due.length > 0 || model.due !== undefined;
  }

  /** The next message of a receiver where one is due. */
  takeAt(receiver: ReceiverModel): Message | undefined {
    if (receiver.due.length === 0) {
      const ts = receiver.model.due?.ts;
      while (receiver.model.due?.ts === ts && receiver.model.due !== undefined)
        receiver.due.push(receiver.model.take() as Message);
      const rank = ({ value }: Message): number => this.#rankOf(value as string);
      const ranked = receiver.due.filter((message) => rank(message) < Infinity).sort((a, b) => rank(a) - rank(b));
      receiver.due = [...ranked, ...receiver.due.filter((message) => rank(message) === Infinity)];
      for (const message of receiver.due) if (rank(message) === Infinity) this.ranks.push(message.value as string);
      this.clock = Math.max(this.clock, receiver.model.clock);
    }
    const message = receiver.due.shift();
    for (const { broadcasts } of this.sources) broadcasts.delete(message?.value ?? '');
    return message;
  }

  /** Nothing is due there: its clock goes as far as it can. */
  rest({ model }: ReceiverModel): void {
    model.take();
    this.clock = Math.max(this.clock, model.clock);
  }

  /**
   * What is held for this receiver and gone now. What is for everybody and held nowhere else is for those who come, where
   * the receiver has left; where all who are there do without, it is gone for them, too.
   */
  drop(receiver: ReceiverModel, values: readonly string[], hasLeft: boolean): void {
    const isGone = ({ value }: Message): boolean => values.includes(value as string);
    receiver.due = receiver.due.filter((message) => !isGone(message));
    receiver.model.held = receiver.model.held.filter((message) => !isGone(message));
    const elsewhere = this.receivers.flatMap((other) => this.heldAt(other).map(({ value }) => value as string));
    for (const { broadcasts } of this.sources) {
      for (const value of values) {
        const broadcast = broadcasts.get(value);
        if (broadcast === undefined || elsewhere.includes(value)) continue;
        if (hasLeft) broadcasts.set(value, { ...broadcast, unclaimed: true });
        else broadcasts.delete(value);
      }
    }
  }

  /** In the order in which it would go out. */
  inOrder(messages: readonly { value: string | null; ts: number }[]): string[] {
    const rank = (value: string): number => this.#rankOf(value);
    const seat = (value: string): number => Number(value.split('/')[0]);
    const arrival = (value: string): number => Number(value.split('/')[1]);
    const compare = (a: string, b: string): number =>
      rank(a) === rank(b) ? seat(a) - seat(b) || arrival(a) - arrival(b) : rank(a) - rank(b);
    const named = messages.map(({ value, ts }) => ({ value: value as string, ts }));
    return named.sort((a, b) => a.ts - b.ts || compare(a.value, b.value)).map(({ value }) => value);
  }

  #rankOf(value: string): number {
    return this.ranks.includes(value) ? this.ranks.indexOf(value) : Infinity;
  }

  // -- who is there

  open(key: Key): number {
    const receiver: ReceiverModel = { key, model: new WatermarkModel(...this.#given), sources: new Map(), due: [] };
    for (const source of this.sources) {
      if ((source.everybody && !source.own.gone) || source.broadcasts.size > 0) this.#connect(source, receiver);
    }
    const messages = this.sources.flatMap((source) =>
      [...source.broadcasts].map(([value, broadcast]) => ({ source, value, ...broadcast })),
    );
    for (const { source, value, ts } of messages.sort((a, b) => a.arrival - b.arrival)) {
      receiver.model.insert(receiver.sources.get(source) as Source, value, ts, '.');
      source.broadcasts.set(value, { ...(source.broadcasts.get(value) as Broadcast), unclaimed: false });
    }
    for (const [source, part] of receiver.sources) if (source.own.gone) receiver.model.leave(part);
    this.receivers.push(receiver);
    return messages.length;
  }

  close(receiver: ReceiverModel): string[] {
    const held = this.heldAt(receiver);
    const values = this.inOrder(held);
    this.receivers.splice(this.receivers.indexOf(receiver), 1);
    this.drop(receiver, values, true);
    return values;
  }

  join(keys: readonly Key[] | 'all', strict: boolean, disorder: number, like?: FrontierSource): FrontierSource {
    const own = this.#words.join(strict, disorder, like?.own);
    const source: FrontierSource = { own, everybody: keys === 'all', broadcasts: new Map() };
    this.sources.push(source);
    for (const receiver of this.receivers)
      if (keys === 'all' || keys.includes(receiver.key)) this.#connect(source, receiver);
    return source;
  }

  leave(source: FrontierSource): void {
    for (const { model, sources } of this.receiversOf(source)) model.leave(sources.get(source) as Source);
    this.#words.leave(source.own);
  }

  setSilent(source: FrontierSource, silent: boolean): void {
    for (const { model, sources } of this.receiversOf(source)) model.setSilent(sources.get(source) as Source, silent);
    this.#words.setSilent(source.own, silent);
  }

  setStrict(source: FrontierSource): void {
    if (source.own.gone) return;
    source.own.strict = true;
    for (const { sources } of this.receiversOf(source)) (sources.get(source) as Source).strict = true;
  }

  #connect(source: FrontierSource, { model, sources }: ReceiverModel): void {
    const { own } = source;
    const part = model.join(own.strict, own.disorder, own);
    Object.assign(part, { spoken: own.spoken, said: own.said, waitsAt: own.waitsAt, silent: own.silent });
    sources.set(source, part);
  }
}
