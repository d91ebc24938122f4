/** Pixels from one position to the next, at ease. */
const WIDEST = 19;
const WIDEST_NARROW = 14;
/** Messages a second times pixels: the stage doesn't run faster than the eye can follow. */
const FASTEST = 240;
const FASTEST_DENSE = 620;

/** What the camera has to show. */
export interface Scene {
  readonly frontier: number;
  /** How far the source that is ahead has got. */
  readonly head: number;
  /** How far the board that is behind has got. */
  readonly tail: number;
  /** Messages a second. */
  readonly rate: number;
}

/** Follows the frontier smoothly, and draws back when something is far ahead of it or far behind. */
export class Camera {
  /** Pixels for one position. */
  scale = 0;
  #anchor = 0;
  #focus = 0;
  #last = 0;

  /** Where a position is, in pixels from the left. */
  x(position: number): number {
    return this.#anchor + (position - this.#focus) * this.scale;
  }

  /** Which position is at a pixel. */
  position(x: number): number {
    return this.#focus + (x - this.#anchor) / this.scale;
  }

  follow({ frontier, head, tail, rate }: Scene, width: number, now: number): void {
    const widest = width < 480 ? WIDEST_NARROW : WIDEST;
    const speed = rate > 200 ? FASTEST_DENSE : FASTEST;
    const waiting = Math.max(0, head - frontier);
    const target = Math.min(
      Math.min(widest, Math.max(speed / rate, 0.1)),
      Math.max((width * 0.4) / (waiting + 1), 0.02),
      Math.max((width * 0.5) / (frontier - tail + 1), 3),
    );
    const elapsed = now - this.#last;
    const cut = this.scale === 0 || elapsed > 400 || Math.abs(frontier - this.#focus) * this.scale > width * 2;
    this.#last = now;
    this.#anchor = width * 0.56;
    this.scale = cut ? target : ease(this.scale, target, elapsed / 260);
    this.#focus = cut ? frontier : ease(this.#focus, frontier, elapsed / 180);
  }
}

function ease(from: number, to: number, time: number): number {
  return to + (from - to) * Math.exp(-time);
}
