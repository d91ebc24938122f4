import type { Refusal } from '../../../src/dispatch/orders/order.js';
import type { Clocked, Gap } from '../../../src/types.js';

/** Whom a message is for. */
export type Names = readonly string[];
export const NOBODY: Names = [];

interface Place {
  item: Clocked<string>;
  payload: Names;
  /** The number of the source, -1 for a tick. */
  readonly source: number;
}

/** What a sequence order does, number by number: every question is answered by asking each number. */
export class SequenceModel {
  clock: number;
  readonly start: number;
  /** Where it began. */
  beginning: number;
  skipped = 0;
  payload: Names = NOBODY;
  readonly window: number;
  readonly first: boolean;
  places = new Map<number, Place>();
  filled = new Set<number>();
  readonly givenUp = new Set<number>();
  /** The numbers that were known to be sent, and when that became known. */
  known: { readonly ts: number; readonly at: number }[] = [];

  constructor(seed: number | 'first', window: number) {
    this.first = seed === 'first';
    this.clock = this.start = this.beginning = seed === 'first' ? -Infinity : seed;
    this.window = window;
  }

  get begun(): boolean {
    return this.clock !== -Infinity;
  }

  get isEmpty(): boolean {
    return this.begun && this.places.size === 0 && ![...this.filled].some((ts) => ts > this.clock);
  }

  get messages(): Place[] {
    return [...this.places.values()].filter(({ source }) => source >= 0).sort((a, b) => a.item[1] - b.item[1]);
  }

  get gaps(): Gap[] {
    const gaps: { from: number; to: number }[] = [];
    const top = Math.max(...this.known.map(({ ts }) => ts));
    for (let n = this.clock + 1; this.begun && n <= top; n++) {
      if (this.there(n)) continue;
      const last = gaps.at(-1);
      if (last?.to === n - 1) last.to = n;
      else gaps.push({ from: n, to: n });
    }
    return gaps;
  }

  get gap(): Gap | undefined {
    return this.gaps.find(({ from }) => from === this.clock + 1);
  }

  get since(): number {
    return Math.min(...this.known.filter(({ ts }) => ts > this.clock).map(({ at }) => at));
  }

  there(ts: number): boolean {
    return this.places.has(ts) || this.filled.has(ts);
  }

  judge(ts: number): Refusal | undefined {
    if (!this.begun) return undefined;
    if (ts > this.clock + this.window) return 'beyond';
    if (this.givenUp.has(ts) || (this.first && ts <= this.beginning)) return 'late';
    return ts <= this.clock || this.there(ts) ? 'duplicate' : undefined;
  }

  put(item: Clocked<string>, payload: Names, source: number, at: number): void {
    if (!this.begun && source < 0) return;
    if (!this.begun) this.clock = this.beginning = item[1] - 1;
    this.places.set(item[1], { item, payload, source });
    this.known.push({ ts: item[1], at });
  }

  fill(from: number, to: number, at: number): Refusal | undefined {
    if (!this.begun) return undefined;
    if (to <= this.clock) return 'duplicate';
    if (from > this.clock + 1 && to > this.clock + this.window) return 'beyond';
    for (let n = Math.max(from, this.clock + 1); n <= to; n++) this.filled.add(n);
    if (from <= to) this.known.push({ ts: to, at });
    return undefined;
  }

  take(): Clocked<string> | undefined {
    const next = this.clock + 1;
    const place = this.places.get(next);
    if (place === undefined && !this.filled.has(next)) return undefined;
    this.places.delete(next);
    this.clock = next;
    this.payload = place?.payload ?? NOBODY;
    if (place !== undefined) return place.item;
    while (this.filled.has(this.clock + 1) && !this.places.has(this.clock + 1)) this.clock++;
    return [null, this.clock];
  }

  remove(name: string, count: number): Place[] {
    const concerned = this.messages.filter(({ payload }) => payload.includes(name)).slice(0, Math.max(0, count));
    const before = concerned.map((place) => ({ ...place }));
    for (const { item, payload, source } of before) {
      const rest = payload.filter((other) => other !== name);
      if (rest.length > 0) this.places.set(item[1], { item, payload: rest, source });
      else this.places.set(item[1], { item: [null, item[1]], payload: NOBODY, source: -1 });
    }
    return before;
  }

  clear(): Place[] {
    const all = this.messages;
    this.places.clear();
    this.filled.clear();
    for (const ts of this.givenUp) if (ts > this.clock) this.givenUp.delete(ts);
    this.known = [];
    return all;
  }

  skip(to: number): Place[] {
    if (to <= this.clock) return [];
    if (!this.begun) this.beginning = to;
    const lost = this.messages.filter(({ item }) => item[1] <= to);
    for (const ts of [...this.places.keys()]) if (ts <= to) this.places.delete(ts);
    this.clock = to;
    return lost;
  }

  skipBefore(ts: number): Place[] {
    if (ts <= this.clock) return [];
    const lost = this.skip(ts);
    this.filled.delete(ts);
    this.clock--;
    if (this.beginning === ts) this.beginning--;
    return lost;
  }

  giveUp(to: number): void {
    const now = new Set<number>();
    for (let n = this.clock + 1; this.begun && n <= to; n++) if (!this.there(n)) now.add(n);
    this.skipped += now.size;
    for (const n of now) this.givenUp.add(n);
    while (now.has(this.clock + 1)) this.clock++;
    for (const n of now) if (n > this.clock) this.filled.add(n);
  }
}
