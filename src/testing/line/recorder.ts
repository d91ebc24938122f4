import type { Line } from '../../port/line.js';

/** Both ends of a line. */
export type LinePair = readonly [one: Line, other: Line];

/** Declares a test that has both ends of a new line: one that speaks, and one that listens. */
export type TestWithLine = (title: string, body: (speaker: Line, listener: Line) => Promise<void>) => void;

/** Milliseconds that something that has to happen may take. */
const PATIENCE = 10_000;
/** Milliseconds to wait for what must not happen. */
const A_WHILE = 30;

/** What one end of a line is told. */
export class Recorder {
  readonly frames: unknown[] = [];
  readonly ends: unknown[] = [];
  /** What it was told, in order. */
  readonly told: ('frame' | 'end')[] = [];

  constructor(line: Line) {
    line.onframe = (frame) => {
      this.frames.push(frame);
      this.told.push('frame');
    };
    line.onclose = (reason) => {
      this.ends.push(reason);
      this.told.push('end');
    };
  }

  /** Resolves when it has got so many frames. */
  async has(count: number): Promise<void> {
    await until(
      () => this.frames.length >= count,
      () => `${count} frames were posted, but ${this.frames.length} have come`,
    );
  }

  /** Resolves when it was told of the end. */
  async hasEnded(): Promise<void> {
    await until(
      () => this.ends.length > 0,
      () => 'onclose was not called',
    );
  }
}

/** Resolves when something is so, and fails with what is said where it does not come to be. */
export async function until(holds: () => boolean, failure: () => string): Promise<void> {
  const last = Date.now() + PATIENCE;
  while (!holds()) {
    if (Date.now() > last) throw new Error(failure());
    await pause(2);
  }
}

/** Time for what must not happen. */
export function aWhile(): Promise<void> {
  return pause(A_WHILE);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
