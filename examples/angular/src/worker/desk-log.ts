import { whenClock } from 'rxjs-clocked-dispatch';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { serve, type Line as Connection } from 'rxjs-clocked-dispatch/port';
import { addLine, applyHold, countNote, type Command, type Line } from '../app/log/command';
import { LOST, type Saved, type States } from '../app/log/states';

/** The desk's commands: a dispatcher whose clock is a log in IndexedDB, and what they add up to, saved with its position. */
export interface DeskLog {
  /** Serves a page. */
  accept(line: Connection): void;
  states(): States;
}

/** Opens the log; where there is no IndexedDB, one in memory. Pages are told when it is lost, and then `onLost` is called. */
export async function openDeskLog(onLost?: () => void): Promise<DeskLog> {
  let isKept = true;
  const log = await openIndexedDbLog('flight-desk-log', {
    fallback: () => {
      isKept = false;
      return memoryLog();
    },
    onLost: ({ message }) => {
      new BroadcastChannel(LOST).postMessage(message);
      onLost?.();
    },
  });
  const dispatcher = await openDispatcher<Command>(log, { names: ['journal', 'holds', 'notes'] });
  const journal = dispatcher.projection('journal', {
    initial: [] as readonly Line[],
    apply: addLine,
    saveEvery: 1,
  });
  const holds = dispatcher.projection('holds', { initial: [] as readonly string[], apply: applyHold, saveEvery: 1 });
  const notes = dispatcher.projection('notes', { initial: 0, apply: countNote, saveEvery: 1 });
  await Promise.all([journal.ready, holds.ready, notes.ready]);

  // What was forgotten is deleted once it counts everywhere.
  dispatcher.receiver('journal').subscribe({
    next: ([command, ts]) => {
      if (command?.kind !== 'forget') return;
      whenClock(ts, [journal, holds, notes])
        .then(() => dispatcher.trim(ts))
        .catch(() => undefined);
    },
    error: () => undefined,
  });
  const server = serve(dispatcher);
  return {
    accept: (line) => server.accept(line),
    states: () => ({ isKept, journal: saved(journal), holds: saved(holds), notes: saved(notes) }),
  };
}

function saved<S>({ value, clock }: Saved<S>): Saved<S> {
  return { value, clock: Math.max(0, clock) };
}
