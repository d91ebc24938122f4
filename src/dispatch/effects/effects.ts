/** Something that runs user code: whoever is told, of what, and what else belongs to it. */
export interface Effect<A, B = undefined> {
  run(argument: A, more: B): void;
}

/** Each effect takes so many slots, one of them unused, so that it never lies across the end of the ring. */
const STRIDE = 4;

/**
 * What is to be told, in the order in which it was decided. User code runs from here and from nowhere else.
 *
 * An operation commits first, and appends its effects. Whoever finds nobody running them runs them, by a loop; an
 * operation that is called from an effect only appends.
 */
export class Effects {
  /** Nothing is to be told, and nobody is telling. */
  idle = true;
  #slots: unknown[] = new Array<unknown>(16 * STRIDE).fill(undefined);
  #head = 0;
  #size = 0;
  /** What is decided when nothing is to be told any more. */
  #quiet: (() => void)[] = [];

  add<A, B = undefined>(effect: Effect<A, B>, argument: A, more?: B): void {
    if (this.#size === this.#slots.length) this.#grow();
    const at = (this.#head + this.#size) & (this.#slots.length - 1);
    this.#slots[at] = effect;
    this.#slots[at + 1] = argument;
    this.#slots[at + 2] = more;
    this.#size += STRIDE;
  }

  /** As `add`; where the last effect is the same, its argument is replaced: one notification for several items. */
  extend<A>(effect: Effect<A>, argument: A): void {
    if (this.#size > 0) {
      const last = (this.#head + this.#size - STRIDE) & (this.#slots.length - 1);
      if (this.#slots[last] === effect) {
        this.#slots[last + 1] = argument;
        return;
      }
    }
    this.add(effect, argument);
  }

  call(work: () => void): void {
    this.add(CALL, work);
  }

  /** Runs once everything has been told: what the handlers have done meanwhile counts. */
  whenQuiet(work: () => void): void {
    this.#quiet.push(work);
  }

  /** Runs everything, unless that is being done already. */
  run(): void {
    if (!this.idle || (this.#size === 0 && this.#quiet.length === 0)) return;
    this.idle = false;
    this.finish();
  }

  /** `run` by whoever has set `idle` to false. */
  finish(): void {
    if (this.#size > 0) this.#drain();
    while (this.#quiet.length > 0) {
      const works = this.#quiet;
      this.#quiet = [];
      for (const work of works) work();
      this.#drain();
    }
    this.idle = true;
  }

  #drain(): void {
    while (this.#size > 0) {
      const slots = this.#slots;
      const head = this.#head;
      const effect = slots[head] as Effect<unknown, unknown>;
      const argument = slots[head + 1];
      const more = slots[head + 2];
      slots[head] = slots[head + 1] = slots[head + 2] = undefined;
      this.#head = (head + STRIDE) & (slots.length - 1);
      this.#size -= STRIDE;
      try {
        effect.run(argument, more);
      } catch (error) {
        reportUnhandled(error);
      }
    }
  }

  #grow(): void {
    const old = this.#slots;
    const slots = new Array<unknown>(old.length * 2).fill(undefined);
    for (let i = 0; i < this.#size; i++) slots[i] = old[(this.#head + i) & (old.length - 1)];
    this.#slots = slots;
    this.#head = 0;
  }
}

const CALL: Effect<() => void> = { run: (work) => work() };

/** As RxJS does: whose function threw can't be told, and nobody else shall suffer. */
function reportUnhandled(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
