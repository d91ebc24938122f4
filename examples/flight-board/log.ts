import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { whenClock } from 'rxjs-clocked-dispatch';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { openDispatcher, type DurableProjection, type EventLog } from 'rxjs-clocked-dispatch/log';
import { byArrival, type Flight } from './flights.js';
import { InputError } from './input-error.js';
import { arrive, NO_FLIGHTS, NO_RUNS, note, RUNS, type Boards, type RunNote, type Runs } from './log-states.js';
import { boardsTable } from './log-report.js';
import { progressBar } from './progress.js';

/** So many reports are sent at once: the log stores them together. */
const CHUNK = 50;
const BOARDS = 'boards';

/**
 * The reports go to a log, one after the other as they come in, and the boards are a projection of it. Whenever the
 * process ends, the next one goes on behind the last report that was stored.
 */
export async function flightLog(
  folder: string,
  data: string,
  flights: readonly Flight[],
  refold: boolean,
): Promise<void> {
  const log = await open(folder);
  try {
    await run(log, basename(data), flights, refold);
  } finally {
    await log.close();
  }
}

async function open(folder: string): Promise<EventLog> {
  try {
    return await openLevelLog(folder);
  } catch (error) {
    throw new InputError((error as Error).message);
  }
}

async function run(log: EventLog, data: string, flights: readonly Flight[], refold: boolean): Promise<void> {
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const saved = await log.load(BOARDS);
  const dispatcher = await openDispatcher<Flight | RunNote>(log);
  const runs = dispatcher.projection<Runs>(RUNS, {
    initial: NO_RUNS,
    apply: (state, message) => note(state, message as RunNote),
  });
  await runs.ready;
  const { last } = runs.value;
  if (last !== null && (last.data !== data || last.flights !== flights.length)) {
    await dispatcher.close();
    throw new InputError(
      `the log is that of ${last.flights} flights of ${last.data}, not of ${flights.length} of ${data}: use another folder`,
    );
  }

  const boards = dispatcher.projection<Boards>(BOARDS, {
    initial: NO_FLIGHTS,
    apply: (state, message) => arrive(state, message as Flight),
    // Another version than the saved one: all is counted anew.
    version: (saved?.version ?? 1) + (refold ? 1 : 0),
  });
  await showFolding(boards);

  const before = boards.value.reported;
  const beginning = howItBegan(runs.value, before, flights.length);
  const runSender = dispatcher.sender('runs', RUNS);
  const reports = dispatcher.sender('reports', BOARDS);
  await runSender.send({ kind: 'started', data, flights: flights.length });
  console.log(beginning);
  const bar = progressBar('stored', flights.length);
  bar.update(before);
  const arrivals = byArrival(flights);
  for (let at = before; at < arrivals.length && !stop.signal.aborted; at += CHUNK) {
    const sent = arrivals.slice(at, at + CHUNK).map((flight) => reports.send(flight, { id: `flight ${flight.ts}` }));
    // The boards show what was written: read your own writes.
    await whenClock((await Promise.all(sent)).at(-1)!, boards);
    bar.update(boards.value.reported);
    await setImmediate();
  }
  bar.stop();
  await runSender.send({ kind: 'stopped' });
  await dispatcher.close();
  console.log(boardsTable(boards.value, flights.length, log));
  if (boards.value.reported < flights.length) console.log('\nStopped: start it again, and it goes on from here.');
}

/** Waits until the boards have what the log has, with a bar where that is more than was saved. */
async function showFolding(boards: DurableProjection<Boards>): Promise<void> {
  let bar: ReturnType<typeof progressBar> | undefined;
  let begun: number | undefined;
  boards.progress$.subscribe(({ at, of }) => {
    begun ??= at;
    if (of > begun) bar ??= progressBar('folded', of - begun, 'entries');
    bar?.update(at - begun);
  });
  await boards.ready;
  bar?.stop();
}

function howItBegan({ last, started, stopped }: Runs, reported: number, flights: number): string {
  if (last === null) return 'A new log: begins with the first report.';
  const how = started > stopped ? 'was killed' : 'was stopped, or had come to its end';
  return `Run ${started + 1}: the last one ${how}; goes on after ${reported.toLocaleString('en')} of ${flights.toLocaleString('en')} reports.`;
}
