import { catchError, defer, EMPTY, from, Observable, switchMap, type Subscriber } from 'rxjs';
import { ClosedError } from '../../errors/life.js';
import type { DurableProjection, ProjectionProgress } from '../../log/projection/durable-projection.js';
import { latestOf } from '../../operators/latest.js';
import { FOLDED_ID, type KnowsIds } from '../../operators/message-ids.js';
import { withProgress } from '../../progress/carry.js';
import type { ProgressEnd } from '../../progress/progress.js';
import type { Clocked, Timestamp } from '../../types.js';
import { OpeningProgress } from './opening-progress.js';

/**
 * A projection of a dispatcher that is being opened: its initial state, then the projection itself.
 *
 *     opening      -------- D
 *     D's own      -------- x2 y3
 *     told         -------- x2 y3     `value` is the initial state before
 */
export class OpeningProjection<S> extends Observable<Clocked<S>> implements DurableProjection<S> {
  readonly ready: Promise<void>;
  readonly progress$: Observable<ProjectionProgress>;
  readonly #name: string;
  readonly #initial: S;
  readonly #opened: Promise<DurableProjection<S>>;
  readonly #progress: OpeningProgress;
  readonly #early = new Set<Subscriber<Clocked<S>>>();
  /** Told when it is closed before there is one: who waits for it need not wait on. */
  #giveUp!: (error: unknown) => void;
  #real: DurableProjection<S> | undefined;
  /** How it ended before there was one. */
  #end: ProgressEnd | undefined;

  constructor(name: string, initial: S, opening: Promise<() => DurableProjection<S>>) {
    super((subscriber) => this.#join(subscriber));
    this.#name = name;
    this.#initial = initial;
    this.#progress = new OpeningProgress(name);
    withProgress(this, this.#progress);
    const closed = new Promise<never>((_, reject) => (this.#giveUp = reject));
    this.#opened = Promise.race([closed, opening.then((project) => this.#open(project))]);
    this.#opened.catch((error: unknown) => this.#finish({ failed: true, error }));
    this.ready = this.#opened.then((real) => real.ready);
    // Whoever doesn't wait for it is told by the projection itself.
    this.ready.catch(() => undefined);
    this.progress$ = defer(() => from(this.#opened)).pipe(
      switchMap((real) => real.progress$),
      catchError(() => EMPTY),
    );
    Object.defineProperty(this, FOLDED_ID, { value: (id: string) => this.#foldedAt(id) });
  }

  get value(): S {
    return this.#real === undefined ? this.#initial : this.#real.value;
  }

  get clock(): Timestamp {
    return this.#real?.clock ?? -Infinity;
  }

  get settled(): Timestamp {
    return this.#real?.settled ?? -Infinity;
  }

  get saved(): Timestamp {
    return this.#real?.saved ?? 0;
  }

  get closed(): boolean {
    return this.#end !== undefined || this.#real?.closed === true;
  }

  /** It reads by itself. */
  connect(): void {
    this.#real?.connect();
  }

  close(): void {
    if (this.#real !== undefined) this.#real.close();
    else {
      this.#finish({ failed: false });
      this.#giveUp(this.#closedError());
    }
  }

  async save(): Promise<void> {
    const real = await this.#opened;
    await real.save();
  }

  [Symbol.asyncIterator](): AsyncIterator<Clocked<S>, undefined> {
    return latestOf(this);
  }

  #join(subscriber: Subscriber<Clocked<S>>): (() => void) | undefined {
    if (this.#real !== undefined) this.#real.subscribe(subscriber);
    else if (this.#end !== undefined) finish(subscriber, this.#end);
    else {
      this.#early.add(subscriber);
      return () => void this.#early.delete(subscriber);
    }
    return undefined;
  }

  #foldedAt(id: string): Timestamp | undefined {
    const known = (this.#real ?? {}) as KnowsIds;
    return known[FOLDED_ID]?.(id);
  }

  /** One that is closed by now has no name, so that the next one can have it. */
  #open(project: () => DurableProjection<S>): DurableProjection<S> {
    if (this.#end !== undefined) throw this.#closedError();
    const real = (this.#real = project());
    for (const subscriber of this.#early) real.subscribe(subscriber);
    this.#early.clear();
    this.#progress.opened(real);
    return real;
  }

  #closedError(): ClosedError {
    return new ClosedError('receiver', this.#name);
  }

  #finish(end: ProgressEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    for (const subscriber of this.#early) finish(subscriber, end);
    this.#early.clear();
    this.#progress.end(end);
  }
}

function finish(subscriber: Subscriber<unknown>, { failed, error }: ProgressEnd): void {
  if (failed) subscriber.error(error);
  else subscriber.complete();
}
