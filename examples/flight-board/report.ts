import { basename } from 'node:path';
import { outOfOrder, type Board } from './boards.js';
import { byArrival, type Flight } from './flights.js';
import type { Replay } from './replay.js';
import { table } from './table.js';

/** So many boards have a line of their own; the others share one. */
const BUSIEST = 10;

/** What the replays have shown, side by side. */
export function report(file: string, flights: readonly Flight[], replays: readonly Replay[]): string {
  return [title(file, flights), summary(flights, replays), byBoard(replays), FOOTNOTE].join('\n\n');
}

const FOOTNOTE = `\
Out of order: shown after a flight that the schedule has later. Clock: what a board was told last.
By plain merge that is its own last flight, and no board can tell how current it is; a dispatcher
tells every board of every flight.`;

function title(file: string, flights: readonly Flight[]): string {
  const airports = new Set(flights.map(({ origin }) => origin)).size;
  return `${basename(file)}: ${number(flights.length)} flights, ${number(airports)} airports as sources`;
}

function summary(flights: readonly Flight[], replays: readonly Replay[]): string {
  const onArrival = outOfOrder(byArrival(flights).map(({ ts }) => ts));
  const row = (label: string, cell: (replay: Replay) => string) => [label, ...replays.map(cell)];
  return table(
    [row('', ({ way }) => way)],
    [
      row('boards (and the audit, which gets all)', ({ boards }) => number(boards.length - 1)),
      row('flights shown by the boards', ({ boards: [, ...boards] }) => number(flightsOf(boards))),
      row('flights shown by the audit', ({ boards: [audit] }) => number(flightsOf([audit!]))),
      row('out of order on arrival', () => `${number(onArrival)} (${percent(onArrival, flights.length)})`),
      row('out of order at the audit', ({ boards: [audit] }) => number(disorderOf([audit!]))),
      row('out of order at the boards', ({ boards: [, ...boards] }) => number(disorderOf(boards))),
      row('clocks at the end', ({ boards }) => clocksOf(boards)),
      row('ticks told to all', ({ boards }) => number(sum(boards.map(({ ticks }) => ticks)))),
      row('most flights held at once', ({ heldMost }) => number(heldMost)),
      row('held the frontier longest (of the run)', longest),
      row('flights a second', ({ rate }) => rate.toLocaleString('en', { maximumSignificantDigits: 2 })),
    ],
  );
}

function byBoard(replays: readonly Replay[]): string {
  const [audit, ...boards] = replays[0]!.boards;
  const names = boards.sort((a, b) => b.shown.length - a.shown.length).map(({ name }) => name);
  const others = names.slice(BUSIEST);
  const row = (label: string, included: readonly string[]) => {
    const groups = replays.map((replay) => replay.boards.filter(({ name }) => included.includes(name)));
    const cells = groups.map((boards) => pair(number(disorderOf(boards)), clocksOf(boards)));
    return [label, number(flightsOf(groups[0]!)), ...cells];
  };
  return table(
    [
      ['', '', ...replays.map(({ way }) => way)],
      ['board', 'flights', ...replays.map(() => pair('out of order', 'clock'))],
    ],
    [
      row(audit!.name, [audit!.name]),
      ...names.slice(0, BUSIEST).map((name) => row(name, [name])),
      ...(others.length > 0 ? [row(`${others.length} others`, others)] : []),
    ],
  );
}

/** Two cells of one replay, as one. */
function pair(disorder: string, clock: string): string {
  return `${disorder.padStart(12)} ${clock.padStart(11)}`;
}

function flightsOf(boards: readonly Board[]): number {
  return sum(boards.map(({ shown }) => shown.length));
}

function disorderOf(boards: readonly Board[]): number {
  return sum(boards.map(({ shown }) => outOfOrder(shown)));
}

function clocksOf(boards: readonly Board[]): string {
  const clocks = boards.map(({ clock }) => clock);
  const least = Math.min(...clocks);
  if (least !== Math.max(...clocks)) return `from ${number(least)}`;
  return boards.length > 1 ? `all ${number(least)}` : number(least);
}

function longest({ waitedFor, samples }: Replay): string {
  const [most] = [...waitedFor].sort(([, a], [, b]) => b - a);
  return most === undefined ? '–' : `${most[0]} (${percent(most[1], samples)})`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function number(amount: number): string {
  return amount.toLocaleString('en');
}

function percent(part: number, whole: number): string {
  return `${Math.round((100 * part) / whole)} %`;
}
