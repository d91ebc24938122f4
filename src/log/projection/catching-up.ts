import { ReplaySubject, type Observable } from 'rxjs';
import type { Timestamp } from '../../index.js';
import type { ProjectionProgress } from './durable-projection.js';

/** Tells how far a projection is with what the log had when it was opened. */
export class CatchingUp {
  readonly ready: Promise<void>;
  readonly progress$: Observable<ProjectionProgress>;
  readonly #progress = new ReplaySubject<ProjectionProgress>(1);
  #of: Timestamp = Infinity;
  #isOver = false;
  #resolve!: () => void;
  #reject!: (error: unknown) => void;

  constructor() {
    this.progress$ = this.#progress.asObservable();
    this.ready = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // Whoever doesn't wait for it is told by the projection itself.
    this.ready.catch(() => undefined);
  }

  begin(at: Timestamp, of: Timestamp): void {
    this.#of = of;
    this.reach(at);
  }

  reach(at: Timestamp): void {
    if (this.#isOver) return;
    this.#progress.next({ at, of: this.#of });
    if (at < this.#of) return;
    this.#isOver = true;
    this.#resolve();
    this.#progress.complete();
  }

  /** There is nothing more to tell: the projection itself fails with the reason. */
  fail(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#reject(error);
    this.#progress.complete();
  }
}
