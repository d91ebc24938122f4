import { merge } from 'rxjs';
import { createDispatcher, sequence, watermark, type ForwardingDispatcher } from 'rxjs-clocked-dispatch';
import type { Airport } from './airports.js';
import type { Mode } from './arguments.js';
import { AUDIT, type Board } from './boards.js';
import type { Flight } from './flights.js';

/** Every airport a source, every board a receiver; a flight goes to the board of its destination and to the audit. */
export function wireByDispatcher(
  mode: Mode,
  flights: readonly Flight[],
  airports: Iterable<Airport>,
  boards: readonly Board[],
): ForwardingDispatcher<Flight> {
  // Room for everything, so that the report can tell how little of it was needed.
  const bound = flights.length;
  const dispatcher =
    mode === 'sequence'
      ? createDispatcher<Flight>(sequence({ window: bound }), { bound })
      : createDispatcher<Flight>(watermark(), { bound });
  for (const board of boards) dispatcher.receiver(board.name).subscribe(board);
  for (const { code, reports, disorder } of airports) {
    // By watermark a flight promises that none before it follows from there, but for those that it has overtaken.
    reports.subscribe(dispatcher.sender(code, ({ destination }: Flight) => [destination, AUDIT], { disorder }));
  }
  return dispatcher;
}

/** The same with RxJS alone: what comes first is shown first, and a board hears nothing of the others' flights. */
export function wireByMerge(airports: Iterable<Airport>, boards: readonly Board[]): void {
  const named = new Map(boards.map((board) => [board.name, board]));
  merge(...Array.from(airports, ({ reports }) => reports)).subscribe((message) => {
    const [flight] = message;
    if (flight === null) return;
    for (const name of [flight.destination, AUDIT]) named.get(name)!.next(message);
  });
}

/** The airport that everybody waits for just now. */
export function waitedFor(dispatcher: ForwardingDispatcher<Flight>, flights: readonly Flight[]): string | undefined {
  const { held, clock, heldBy } = dispatcher.stats();
  if (held === 0) return undefined;
  // By sequence a number is missing, and only the schedule knows whose it is; by watermark the dispatcher knows.
  return dispatcher.mode === 'sequence' ? flights[clock]?.origin : heldBy?.source;
}
