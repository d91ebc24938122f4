import type { TickRefusal } from '../../../src/dispatch/orders/order.js';
import { WatermarkModel, type Message, type Source } from './watermark-model.js';

export interface Key {
  readonly name: string;
}

/** A receiver: a model of the order by watermark, and what it has taken out of there at once. */
export interface Lane {
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
  readonly lanes: Lane[] = [];
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

  lane(key: Key): Lane | undefined {
    return this.lanes.find((lane) => lane.key === key);
  }

  lanesOf(source: FrontierSource): Lane[] {
    return this.lanes.filter(({ sources }) => sources.get(source)?.gone === false);
  }

  get held(): number {
    const unclaimed = this.sources.flatMap(({ broadcasts }) => [...broadcasts.values()].filter((b) => b.unclaimed));
    return this.lanes.reduce((sum, lane) => sum + this.heldAt(lane).length, unclaimed.length);
  }

  heldOf(source: FrontierSource): number {
    const here = (lane: Lane) => this.heldAt(lane).filter((message) => message.source === lane.sources.get(source));
    const unclaimed = [...source.broadcasts.values()].filter((broadcast) => broadcast.unclaimed).length;
    return this.lanes.reduce((sum, lane) => sum + here(lane).length, unclaimed);
  }

  heldAt(lane: Lane): Message[] {
    return [...lane.due, ...lane.model.held];
  }

  settledAt({ due, model }: Lane): number {
    return due.length === 0 ? model.settled : Math.min(model.settled, model.clock - 1);
  }

  holderAt({ due, model, sources }: Lane): FrontierSource | undefined {
    if (due.length > 0 || model.holder === undefined) return undefined;
    return [...sources].find(([, part]) => part === model.holder)?.[0];
  }

  promiseOf(source: FrontierSource): number {
    const lanes = this.lanesOf(source);
    if (lanes.length === 0) return source.own.promise;
    return Math.min(...lanes.map(({ sources }) => (sources.get(source) as Source).promise));
  }

  // -- what comes in

  judge(source: FrontierSource, ts: number, keys: readonly Key[] | undefined): TickRefusal | undefined {
    const lanes = this.lanesOf(source);
    const concerned = lanes.filter(({ key }) => keys === undefined || keys.includes(key));
    const settled = concerned.length === 0 ? this.seed : Math.min(...concerned.map((lane) => this.settledAt(lane)));
    const bases = lanes.map(({ model, sources }) => model.leadBase(sources.get(source) as Source));
    return this.#words.judgeAgainst(source.own, ts, keys === undefined, settled, Math.min(...bases));
  }

  lateAt(source: FrontierSource, ts: number, keys: readonly Key[]): Key[] {
    const late = this.lanesOf(source).filter((lane) => ts <= this.settledAt(lane));
    return keys.filter((key) => late.some((lane) => lane.key === key));
  }

  insert(source: FrontierSource, value: string, ts: number, keys: readonly Key[], everybody: boolean): void {
    const late = this.lateAt(source, ts, keys);
    let places = 0;
    for (const { key, model, sources } of this.lanesOf(source)) {
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
    for (const { model, sources } of this.lanesOf(source)) model.tick(sources.get(source) as Source, ts);
  }

  hold(source: FrontierSource, ts: number | undefined): void {
    this.#words.hold(source.own, ts);
    for (const { model, sources } of this.lanesOf(source)) model.hold(sources.get(source) as Source, ts);
  }

  // -- what goes out

  hasDue({ due, model }: Lane): boolean {
    return due.length > 0 || model.due !== undefined;
  }

  /** The next message of a receiver where one is due. */
  takeAt(lane: Lane): Message | undefined {
    if (lane.due.length === 0) {
      const ts = lane.model.due?.ts;
      while (lane.model.due?.ts === ts && lane.model.due !== undefined) lane.due.push(lane.model.take() as Message);
      const rank = ({ value }: Message): number => this.#rankOf(value as string);
      const ranked = lane.due.filter((message) => rank(message) < Infinity).sort((a, b) => rank(a) - rank(b));
      lane.due = [...ranked, ...lane.due.filter((message) => rank(message) === Infinity)];
      for (const message of lane.due) if (rank(message) === Infinity) this.ranks.push(message.value as string);
      this.clock = Math.max(this.clock, lane.model.clock);
    }
    const message = lane.due.shift();
    for (const { broadcasts } of this.sources) broadcasts.delete(message?.value ?? '');
    return message;
  }

  /** Nothing is due there: its clock goes as far as it can. */
  rest({ model }: Lane): void {
    model.take();
    this.clock = Math.max(this.clock, model.clock);
  }

  /** What is held for this receiver and gone now; what is for everybody and nowhere else is for those who come. */
  drop(lane: Lane, values: readonly string[]): void {
    const isGone = ({ value }: Message): boolean => values.includes(value as string);
    lane.due = lane.due.filter((message) => !isGone(message));
    lane.model.held = lane.model.held.filter((message) => !isGone(message));
    const elsewhere = this.lanes.flatMap((other) => this.heldAt(other).map(({ value }) => value as string));
    for (const { broadcasts } of this.sources) {
      for (const value of values) {
        const broadcast = broadcasts.get(value);
        if (broadcast !== undefined && !elsewhere.includes(value))
          broadcasts.set(value, { ...broadcast, unclaimed: true });
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
    const lane: Lane = { key, model: new WatermarkModel(...this.#given), sources: new Map(), due: [] };
    for (const source of this.sources) {
      if ((source.everybody && !source.own.gone) || source.broadcasts.size > 0) this.#connect(source, lane);
    }
    const messages = this.sources.flatMap((source) =>
      [...source.broadcasts].map(([value, broadcast]) => ({ source, value, ...broadcast })),
    );
    for (const { source, value, ts } of messages.sort((a, b) => a.arrival - b.arrival)) {
      lane.model.insert(lane.sources.get(source) as Source, value, ts, '.');
      source.broadcasts.set(value, { ...(source.broadcasts.get(value) as Broadcast), unclaimed: false });
    }
    for (const [source, part] of lane.sources) if (source.own.gone) lane.model.leave(part);
    this.lanes.push(lane);
    return messages.length;
  }

  close(lane: Lane): string[] {
    const held = this.heldAt(lane);
    const values = this.inOrder(held);
    this.lanes.splice(this.lanes.indexOf(lane), 1);
    this.drop(lane, values);
    return values;
  }

  join(keys: readonly Key[] | 'all', strict: boolean, disorder: number, like?: FrontierSource): FrontierSource {
    const own = this.#words.join(strict, disorder, like?.own);
    const source: FrontierSource = { own, everybody: keys === 'all', broadcasts: new Map() };
    this.sources.push(source);
    for (const lane of this.lanes) if (keys === 'all' || keys.includes(lane.key)) this.#connect(source, lane);
    return source;
  }

  leave(source: FrontierSource): void {
    for (const { model, sources } of this.lanesOf(source)) model.leave(sources.get(source) as Source);
    this.#words.leave(source.own);
  }

  setSilent(source: FrontierSource, silent: boolean): void {
    for (const { model, sources } of this.lanesOf(source)) model.setSilent(sources.get(source) as Source, silent);
    this.#words.setSilent(source.own, silent);
  }

  setStrict(source: FrontierSource): void {
    if (source.own.gone) return;
    source.own.strict = true;
    for (const { sources } of this.lanesOf(source)) (sources.get(source) as Source).strict = true;
  }

  #connect(source: FrontierSource, { model, sources }: Lane): void {
    const { own } = source;
    const part = model.join(own.strict, own.disorder, own);
    Object.assign(part, { spoken: own.spoken, said: own.said, waitsAt: own.waitsAt, silent: own.silent });
    sources.set(source, part);
  }
}
