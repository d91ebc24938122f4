import { BATCH } from '../protocol/frames.js';

/**
 * How many messages go into a frame. Where a line breaks before it has answered anything that it carried, frames may be too
 * long for it: half as many the next time. What works for a while is tried with more again.
 */
export class BatchSize {
  most: number = BATCH;
  #line: 'unused' | 'unanswered' | 'answered' = 'unused';
  #answers = 0;

  /** How many messages may be under way, so that no frame has more than pass; any number, where no line has broken over them. */
  get window(): number {
    return this.most === BATCH ? Infinity : this.most;
  }

  sent(): void {
    if (this.#line === 'unused') this.#line = 'unanswered';
  }

  answered(): void {
    this.#line = 'answered';
    if (this.most === BATCH || ++this.#answers < BATCH) return;
    this.#answers = 0;
    this.most = Math.min(BATCH, this.most * 2);
  }

  lost(): void {
    if (this.#line === 'unanswered') this.most = Math.max(1, this.most >> 1);
    this.#line = 'unused';
    this.#answers = 0;
  }
}
