import { DestroyRef, inject, Injectable, signal } from '@angular/core';
import { ALL, projection, type Projection } from 'rxjs-clocked-dispatch';
import { connect } from 'rxjs-clocked-dispatch/port';
import { addLine, applyHold, countNote, type Command, type Line } from './command';
import { LOST, type Saved } from './states';
import { startHost } from './worker';

/** How it is with the log. */
@Injectable({ providedIn: 'root' })
export class LogState {
  readonly isKept = signal(true);
  /** Why it can't go on, if it can't. */
  readonly problem = signal<string | undefined>(undefined);
}

/** What the commands add up to, in this page. */
interface Views {
  readonly journal: Projection<readonly Line[]>;
  readonly holds: Projection<readonly string[]>;
  readonly notes: Projection<number>;
  /** What they had when this page began. */
  readonly restored: number;
}

/** The desk's own commands. Their dispatcher and its log live in a worker; each page is a client. */
@Injectable({ providedIn: 'root' })
export class CommandLog {
  readonly #host = startHost();
  readonly #connection = connect<Command>(this.#host.dial);
  readonly #state = inject(LogState);
  readonly commands = this.#connection.sender('desk', ALL);
  /** Once it is ready. */
  views!: Views;
  /** Resolves when it knows what the log had, or can't know it. */
  readonly ready: Promise<void> = this.#begin();

  constructor() {
    const lost = new BroadcastChannel(LOST);
    lost.onmessage = ({ data }: MessageEvent<string>) => this.#fail(data);
    inject(DestroyRef).onDestroy(() => {
      lost.close();
      this.#connection.close();
    });
  }

  async #begin(): Promise<void> {
    const nothing = { value: [], clock: 0 };
    const { isKept, journal, holds, notes } = await this.#host.states().catch((error: unknown) => {
      this.#fail(error);
      return { isKept: true, journal: nothing, holds: nothing, notes: { value: 0, clock: 0 } };
    });
    this.#state.isKept.set(isKept);
    this.views = {
      journal: this.#view('journal', journal, addLine),
      holds: this.#view('holds', holds, applyHold),
      notes: this.#view('notes', notes, countNote),
      restored: Math.min(journal.clock, holds.clock, notes.clock),
    };
  }

  /** Goes on from what the worker had. */
  #view<S extends number | readonly unknown[]>(
    name: string,
    { value, clock }: Saved<S>,
    apply: (state: S, command: Command, ts: number) => S,
  ): Projection<S> {
    const receiver = this.#connection.receiver(name, { from: clock });
    const view = projection(receiver, { initial: value, apply });
    view.subscribe({ error: (error: unknown) => this.#fail(error) });
    return view;
  }

  /** The first says why. */
  #fail(error: unknown): void {
    if (this.#state.problem() !== undefined) return;
    this.#state.problem.set(error instanceof Error ? error.message : String(error));
  }
}
