import type { TickRefusal } from '../../../src/dispatch/orders/order.js';

export interface Message {
  value: string | null;
  readonly ts: number;
  readonly source: Source;
  readonly arrival: number;
  payload: string;
}

export interface Source {
  readonly disorder: number;
  strict: boolean;
  silent: boolean;
  gone: boolean;
  spoken: boolean;
  promise: number;
  /** What it has promised itself, whether it counts yet or not. */
  said: number;
  waitsAt: number | undefined;
  brought: number[];
  lead: number[];
}

/** Whoever `letter` is for goes without it. */
export const withoutLetter = (letter: string) => (payload: string) =>
  payload.includes(letter) ? payload.replace(letter, '') || undefined : payload;

/** Whose ticks stay when their sources have left. */
const NOBODY: Source = {
  ...{ disorder: 0, strict: true, silent: true, gone: true, spoken: true, promise: Infinity, said: Infinity },
  ...{ waitsAt: undefined, brought: [], lead: [] },
};

/** The order by watermark, in the plainest way: everything is a list, and every question goes through all of it. */
export class WatermarkModel {
  readonly sources: Source[] = [];
  held: Message[] = [];
  clock: number;
  settled: number;
  begun = false;
  payload: string | undefined;
  /** Who comes first of those with equal timestamps. */
  readonly #seats: Source[] = [];
  #arrivals = 0;
  readonly #maxLead: number;
  readonly #resyncAfter: number;

  constructor(seed = -Infinity, maxLead = Infinity, resyncAfter = 3) {
    this.clock = this.settled = seed;
    this.#maxLead = maxLead;
    this.#resyncAfter = resyncAfter;
  }

  get present(): Source[] {
    return this.sources.filter(({ gone }) => !gone);
  }

  get counting(): Source[] {
    return this.present.filter(({ silent }) => !silent);
  }

  get frontier(): number {
    return Math.min(...this.counting.map(({ promise }) => promise));
  }

  get strict(): boolean {
    return this.present.length > 0 && this.counting.every(({ strict }) => strict);
  }

  get unique(): boolean {
    return this.present.length === 1 && this.present[0]?.strict === true;
  }

  get due(): Message | undefined {
    return this.#inOrder().find(({ ts }) => ts <= this.frontier);
  }

  get holder(): Source | undefined {
    return this.due === undefined ? this.counting.find(({ promise }) => promise === this.frontier) : undefined;
  }

  get atRest(): boolean {
    return this.due === undefined && !(this.frontier < Infinity && this.frontier > this.clock);
  }

  heldOf(source: Source): number {
    return this.held.filter(({ source: of, value }) => of === source && value !== null).length;
  }

  awaits(source: Source, ts: number): boolean {
    if (source.silent || source.promise > (this.due?.ts ?? this.frontier)) return false;
    if (source.waitsAt !== undefined && source.waitsAt !== ts) return false;
    if (this.heldOf(source) <= source.disorder) return true;
    return (
      ts === source.waitsAt && this.held.every((message) => message.source !== source || message.ts > source.promise)
    );
  }

  // -- who is there

  join(strict: boolean, disorder: number, like: Source | undefined): Source {
    const spoken = like?.spoken === true && like.promise > -Infinity;
    const source: Source = {
      ...{ strict, disorder, silent: false, gone: false, spoken, waitsAt: undefined, lead: [] },
      promise: Math.max(this.clock, like?.promise ?? -Infinity),
      said: spoken ? Math.min(like.said, like.promise) : -Infinity,
      brought: strict && like?.strict === true && like.disorder > 0 ? [...like.brought] : [],
    };
    this.sources.push(source);
    this.#seats.push(source);
    return source;
  }

  setSilent(source: Source, silent: boolean): void {
    if (source.gone || source.silent === silent) return;
    source.silent = silent;
    if (!silent && this.begun) source.promise = Math.max(source.promise, this.clock);
  }

  leave(source: Source): void {
    source.gone = source.silent = true;
    this.#retire();
  }

  // -- what comes in

  judge(source: Source, ts: number, isTick: boolean): TickRefusal | undefined {
    return this.judgeAgainst(source, ts, isTick, this.settled, this.leadBase(source));
  }

  judgeAgainst(source: Source, ts: number, isTick: boolean, settled: number, base: number): TickRefusal | undefined {
    const refusal = this.#refusal(source, ts, isTick, settled);
    const ahead = refusal === undefined && ts > base + this.#maxLead;
    if (!ahead || ts < (source.lead.at(-1) ?? -Infinity)) source.lead = [];
    if (ahead) source.lead.push(ts);
    return refusal ?? (ahead && source.lead.length < this.#resyncAfter ? 'ahead' : undefined);
  }

  leadBase(source: Source): number {
    const others = this.counting.filter((other) => other !== source).map(({ promise }) => promise);
    if (!this.begun) return Infinity;
    return others.length === 0 ? this.clock : Math.min(...others);
  }

  insert(source: Source, value: string, ts: number, payload: string): void {
    this.held.push({ value, ts, source, payload, arrival: this.#arrivals++ });
    this.bring(source, ts);
  }

  bring(source: Source, ts: number): void {
    if (source.strict) source.brought.push(ts);
    this.#say(source, this.#wordOf(source, ts), ts);
  }

  tick(source: Source, ts: number): void {
    this.#say(source, ts, undefined);
  }

  hold(source: Source, ts: number | undefined): void {
    source.waitsAt = ts;
    if (source.spoken) this.#count(source, source.said, undefined);
  }

  // -- what goes out

  take(): Message | undefined {
    const { due } = this;
    if (due !== undefined) {
      this.held = this.held.filter((message) => message !== due);
      this.payload = due.payload;
      this.#retire();
      this.#move(due.ts);
    } else if (this.counting.length > 0) {
      if (this.frontier > this.clock) this.#move(this.frontier);
    } else if (this.present.length > 0 && this.begun) this.settled = Math.max(this.settled, this.clock);
    return due;
  }

  remove(letter: string, count: number): [string, string][] {
    const taken = this.#inOrder()
      .filter(({ payload }) => payload.includes(letter))
      .slice(0, count);
    const results = taken.map((message): [string, string] => {
      const before = message.payload;
      message.payload = before.replace(letter, '');
      const { value } = message;
      if (message.payload === '') this.#blank(message);
      return [value as string, before];
    });
    this.#retire();
    return results;
  }

  /** Of the ticks of sources that have left, and hold no message any more, the last stays. */
  #retire(): void {
    const rest = this.held.filter(({ source }) => source.gone && this.heldOf(source) === 0);
    const [last] = rest.sort((a, b) => b.ts - a.ts);
    if (last === undefined) return;
    if (!this.#seats.includes(NOBODY)) this.#seats.push(NOBODY);
    this.held = this.held.filter((message) => !rest.includes(message));
    this.held.push({ ...last, source: NOBODY });
  }

  /** What is for nobody leaves a tick; of several in a row the last stays. */
  #blank(message: Message): void {
    message.value = null;
    const own = this.#inOrder().filter(({ source }) => source === message.source);
    const twins = own.filter(({ value }, at) => value === null && own[at + 1]?.value === null);
    this.held = this.held.filter((other) => !twins.includes(other));
  }

  #refusal(source: Source, ts: number, isTick: boolean, settled: number): TickRefusal | undefined {
    const { strict, disorder, spoken, waitsAt, said, promise } = source;
    const waits = waitsAt !== undefined && ts >= waitsAt - disorder && ts <= waitsAt;
    const broken = strict && spoken && ts <= said && !(waits && ts > promise);
    if (isTick) return broken || ts <= settled ? 'past' : undefined;
    if (disorder === 0 ? broken : this.#hasRecently(source, ts)) return 'duplicate';
    if (ts <= settled) return 'late';
    return broken ? 'duplicate' : undefined;
  }

  /** What a message promises; a strict source that runs backwards may still bring the last timestamp of its window. */
  #wordOf(source: Source, ts: number): number {
    const { disorder, strict } = source;
    const word = ts - disorder;
    return strict && disorder > 0 && !this.#hasRecently(source, word) ? word - 1 : word;
  }

  #hasRecently({ brought, disorder, strict }: Source, ts: number): boolean {
    return strict && disorder > 0 && brought.includes(ts);
  }

  #say(source: Source, word: number, brought: number | undefined): void {
    source.said = source.spoken ? Math.max(source.said, word) : word;
    source.spoken = true;
    this.#count(source, word, brought);
  }

  /** A call that waits may still bring its message, and those behind it what is `disorder` before. */
  #count(source: Source, word: number, brought: number | undefined): void {
    const { waitsAt, strict, disorder } = source;
    const least = waitsAt === undefined ? Infinity : waitsAt - disorder;
    const isOpen = strict && brought !== least && !this.#hasRecently(source, least);
    const most = isOpen ? least - 1 : least;
    if (disorder > 0 || word <= most) source.promise = Math.max(source.promise, Math.min(word, most));
  }

  #move(ts: number): void {
    this.begun = true;
    this.clock = ts;
    const final = this.strict && this.due?.ts !== ts;
    this.settled = Math.max(this.settled, final ? ts : ts - 1);
  }

  #inOrder(): Message[] {
    const seat = (message: Message): number => this.#seats.indexOf(message.source);
    return [...this.held].sort((a, b) => a.ts - b.ts || seat(a) - seat(b) || a.arrival - b.arrival);
  }
}
