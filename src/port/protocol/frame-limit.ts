import type { Line } from '../line.js';
import type { LineClosedError } from '../lines/errors.js';

/** By how much a frame is too long. */
export interface Excess {
  readonly bytes: number;
  /** What the other side has said; `undefined` where it has said nothing of that, and closed a line. */
  readonly most: number | undefined;
  /** Whether no frame of that length can have passed: a line has closed over one that was no longer. */
  readonly isFound: boolean;
}

/** How long a frame may be for the other side: what it has said, and what it has closed a line over. It outlives lines. */
export class FrameLimit {
  #line: Line | undefined;
  #said = Infinity;
  #found = Infinity;
  /** Bytes of the longest frame that this line was given. */
  #longest = 0;

  /** Whether a line has closed over a frame that was too long. */
  get isFound(): boolean {
    return this.#found < Infinity;
  }

  begin(line: Line, said: number | undefined): void {
    this.#line = line;
    this.#longest = 0;
    this.say(said);
  }

  /** The other side has said what it takes. */
  say(most: number | undefined): void {
    this.#said = most ?? Infinity;
  }

  /** Nothing for a frame that is about to be posted; of one that is too long, by how much. */
  excess(frame: unknown): Excess | undefined {
    const bytes = this.#line?.size?.(frame) ?? 0;
    if (bytes <= this.#said && bytes <= this.#found) {
      if (bytes > this.#longest) this.#longest = bytes;
      return undefined;
    }
    return { bytes, most: bytes > this.#said ? this.#said : undefined, isFound: bytes > this.#found };
  }

  /**
   * The line is gone. Where the other side has closed it over a frame that was too long, as long a frame as the longest is
   * certainly too long: answers with its bytes.
   */
  closed(reason: unknown): number | undefined {
    const { frameTooLong } = Object(reason) as Partial<LineClosedError>;
    if (frameTooLong !== true || this.#longest === 0) return undefined;
    this.#found = Math.min(this.#found, this.#longest - 1);
    return this.#longest;
  }
}

/** What is said of a line to the other side: how long a frame may be that comes to this end. */
export function maxFrameOf({ maxFrame }: Line): { readonly maxFrame?: number } {
  return Number.isSafeInteger(maxFrame) && maxFrame! > 0 ? { maxFrame: maxFrame! } : {};
}
