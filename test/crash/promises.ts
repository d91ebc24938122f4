import { add, NOTHING, type Digest } from './digest.js';

/** What a projection was at a position, as a life has told, or as it was saved. */
interface Fold extends Digest {
  readonly name: string;
  readonly ts: number;
}

/** What was promised over all lives, and where a promise was broken. */
export class Promises {
  readonly faults: string[] = [];
  opened = 0;
  acknowledged = 0;
  trimmed = 0;
  last = 0;
  /** Up to here everything was told to the audit. */
  audited = 0;
  #id = '';
  readonly #ids = new Map<number, string[]>();
  readonly #folds: Fold[] = [];

  get folds(): number {
    return this.#folds.length;
  }

  /** Judges the lines of one life. */
  judge(lines: readonly string[]): void {
    let told = -Infinity;
    for (const line of lines) {
      const [what = '', a = '', ...rest] = line.split(' ');
      const [b = '', c = '', d = ''] = rest;
      const ts = Number(a);
      if (what === 'open') this.#open(a, Number(b), Number(c));
      else if (what === 'stored' || what === 'both') this.#stored(ts, rest);
      else if (what === 'trimmed') this.trimmed = ts;
      else if (what === 'fold') this.#folds.push({ name: a, ts: Number(b), count: Number(c), hash: Number(d) });
      else if (what === 'told') {
        if (told > -Infinity && ts !== told && ts !== told + 1)
          this.faults.push(`law 47: ${ts} was told after ${told}`);
        this.#note(ts, b);
        // Of the last one there may be more.
        this.audited = Math.max(this.audited, ts - 1);
        told = ts;
      } else if (what === 'twice') this.faults.push(`law 42: ${a} was stored twice`);
      else if (what === 'untold') this.faults.push(`law 46: ${a} was acknowledged when ${b} had been told`);
      else if (what === 'back') this.faults.push(`law 47: ${a} was told after ${b}`);
    }
  }

  /** Judges what the log has in the end. */
  verify(lines: readonly string[]): void {
    this.judge(lines);
    let expected = this.trimmed + 1;
    const there = new Set<string>();
    for (const line of lines) {
      const [what, a = '', b = '', c = '', d = '', e = ''] = line.split(' ');
      if (what === 'checkpoint') {
        if (b !== c) this.faults.push(`law 45: the checkpoint is not whole: ${line}`);
        this.#folds.push({ name: a, ts: Number(b), count: Number(d), hash: Number(e) });
      }
      if (what !== 'entry') continue;
      const ts = Number(a);
      if (ts !== expected && ts !== expected - 1) this.faults.push(`law 43: position ${ts} follows ${expected - 1}`);
      if (there.has(b)) this.faults.push(`law 42: ${b} is stored twice`);
      there.add(b);
      expected = ts + 1;
      this.#note(ts, b);
      this.audited = Math.max(this.audited, ts);
    }
    if (expected <= this.last) this.faults.push(`law 40: the log ends at ${expected - 1}, after ${this.last}`);
    for (const [ts, ids] of this.#ids) {
      for (const id of ids) if (ts > this.trimmed && !there.has(id)) this.faults.push(`law 40: ${id} at ${ts} is lost`);
    }
    this.#verifyNext();
    this.#verifyFolds();
  }

  #open(id: string, trimmed: number, last: number): void {
    this.opened++;
    if (this.#id !== '' && this.#id !== id) this.faults.push(`another log: ${id} after ${this.#id}`);
    if (last < this.last) this.faults.push(`law 40: the log ends at ${last}, after ${this.last} was acknowledged`);
    if (trimmed < this.trimmed) this.faults.push(`trimmed is ${trimmed}, after ${this.trimmed}`);
    this.#id = id;
    this.trimmed = trimmed;
  }

  #stored(ts: number, ids: readonly string[]): void {
    this.acknowledged++;
    for (const id of ids) this.#note(ts, id);
    this.last = Math.max(this.last, ts);
  }

  #note(ts: number, id: string): void {
    const ids = this.#ids.get(ts);
    if (ids === undefined) this.#ids.set(ts, [id]);
    else if (!ids.includes(id)) {
      ids.push(id);
      // Only a transaction has two: its first message is for `even`.
      ids.sort();
      if (!ids.every((each) => each.includes('.tx.')) || ids.length > 2)
        this.faults.push(`${ids.join(' and ')} at ${ts}`);
    }
  }

  /** Law 50: of what was sent by `next`, a prefix is there, in order. */
  #verifyNext(): void {
    const counts = new Map<string, number>();
    for (const ts of [...this.#ids.keys()].sort((a, b) => a - b)) {
      const [, life = '', n = ''] = /^(\d+)\.next\.(\d+)o$/.exec(this.#ids.get(ts)![0]!) ?? [];
      if (life === '') continue;
      const expected = counts.get(life) ?? 0;
      if (Number(n) !== expected) this.faults.push(`law 50: ${n} of life ${life} follows ${expected - 1}`);
      counts.set(life, Number(n) + 1);
    }
  }

  /** Law 51: each projection was the fold of the log up to its position. */
  #verifyFolds(): void {
    const digests = { even: NOTHING, all: NOTHING };
    const folds = this.#folds.filter(({ ts }) => ts <= this.audited).sort((a, b) => a.ts - b.ts);
    let at = 0;
    for (const { name, ts, count, hash } of folds) {
      while (at < ts) {
        for (const id of this.#ids.get(++at) ?? []) {
          digests.all = add(digests.all, at, id);
          if (id.endsWith('e')) digests.even = add(digests.even, at, id);
        }
      }
      const expected = digests[name as 'even' | 'all'];
      if (count !== expected.count || hash !== expected.hash) {
        this.faults.push(
          `law 51: ${name} at ${ts} has ${count} messages (${hash}), not ${expected.count} (${expected.hash})`,
        );
      }
    }
  }
}
