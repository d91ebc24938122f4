import { inject, Injectable, InjectionToken, signal, type FactoryProvider } from '@angular/core';
import { injectProjection, provideDispatcher } from 'rxjs-clocked-dispatch/angular';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { memoryLog, openDispatcher, type DurableDispatcher } from 'rxjs-clocked-dispatch/log';
import { addLine, applyHold, countNote, type Command, type Line } from './command';

/** The desk's own commands: a dispatcher whose clock is a log in IndexedDB, the same in all tabs. */
export const COMMANDS = new InjectionToken<Promise<DurableDispatcher<Command>>>('COMMANDS');

/** Opens the log. Where there is no IndexedDB, the desk forgets. */
export function provideCommands(): FactoryProvider {
  return provideDispatcher(COMMANDS, async (onCleanup) => {
    const state = inject(LogState);
    const log = await openIndexedDbLog('flight-desk-log', {
      fallback: () => {
        state.isKept.set(false);
        return memoryLog();
      },
      onLost: ({ message }) => state.problem.set(message),
    });
    onCleanup(() => log.close());
    return openDispatcher<Command>(log, { names: ['journal', 'holds', 'notes'] });
  });
}

/** How it is with the log. */
@Injectable({ providedIn: 'root' })
export class LogState {
  readonly isKept = signal(true);
  /** Why it can't go on, if it can't. */
  readonly problem = signal<string | undefined>(undefined);
}

/** What the commands add up to: each state is saved with its position. */
@Injectable({ providedIn: 'root' })
export class CommandLog {
  readonly journal = injectProjection(COMMANDS, 'journal', {
    initial: [] as readonly Line[],
    apply: addLine,
    saveEvery: 1,
  });
  readonly holds = injectProjection(COMMANDS, 'holds', {
    initial: [] as readonly string[],
    apply: applyHold,
    saveEvery: 1,
  });
  readonly notes = injectProjection(COMMANDS, 'notes', { initial: 0, apply: countNote, saveEvery: 1 });
  /** Resolves when they have what the log had, or can't have it. */
  readonly ready: Promise<unknown>;
  readonly #dispatcher = inject(COMMANDS);

  constructor() {
    const { problem } = inject(LogState);
    const error = (reason: unknown): void => problem.set(reason instanceof Error ? reason.message : String(reason));
    this.journal.subscribe({ error });
    this.holds.subscribe({ error });
    this.notes.subscribe({ error });
    this.ready = Promise.allSettled([this.journal.ready, this.holds.ready, this.notes.ready]);
  }

  /** Deletes the commands up to a position: what they add up to is saved. */
  async trim(upTo: number): Promise<void> {
    await (await this.#dispatcher).trim(upTo);
  }
}
