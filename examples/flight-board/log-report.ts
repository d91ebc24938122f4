import type { EventLog } from 'rxjs-clocked-dispatch/log';
import type { Boards } from './log-states.js';
import { table } from './table.js';

/** So many boards have a line of their own. */
const BUSIEST = 10;

/** What the boards show, as of the end of the log. */
export function boardsTable({ reported, shown }: Boards, flights: number, log: EventLog): string {
  const boards = Object.entries(shown).sort(([, a], [, b]) => b - a);
  const others = boards.slice(BUSIEST);
  const sum = others.reduce((total, [, count]) => total + count, 0);
  const rows = [...boards.slice(0, BUSIEST), ...(others.length > 0 ? [[`${others.length} others`, sum] as const] : [])];
  return [
    `\n${number(reported)} of ${number(flights)} reports; the log ends at ${number(log.last)}, and so do all boards`,
    table(
      [['board', 'flights']],
      rows.map(([name, count]) => [name, number(count)]),
    ),
  ].join('\n\n');
}

function number(amount: number): string {
  return amount.toLocaleString('en');
}
