import type { WatermarkInput } from './watermark-input.js';

/** Counts the sources that are there, by what decides whether a timestamp may come again. */
export class PresentSources {
  size = 0;
  #strict = 0;
  /** Those that are waited for and may repeat a timestamp. */
  #loose = 0;

  /** Whether a promise is kept strictly by all who are waited for. */
  get strict(): boolean {
    return this.size > 0 && this.#loose === 0;
  }

  /** Whether there is a single source, which never repeats a timestamp. */
  get unique(): boolean {
    return this.size === 1 && this.#strict === 1;
  }

  add({ silent, strict }: WatermarkInput): void {
    this.size++;
    if (strict) this.#strict++;
    else if (!silent) this.#loose++;
  }

  delete({ silent, strict }: WatermarkInput): void {
    this.size--;
    if (strict) this.#strict--;
    else if (!silent) this.#loose--;
  }
}
