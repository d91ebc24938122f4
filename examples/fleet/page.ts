/** A page: the stock as the gateway had it, and every movement after that, in the order in which all pages see them. */
import { projection, tapValue, type Timestamp, whenClock } from 'rxjs-clocked-dispatch';
import { connect, socketLine } from 'rxjs-clocked-dispatch/port';
import { move, type Movement, type Snapshot, STOCK } from './stock.js';

const ROWS = 12;
const me = `page ${crypto.randomUUID().slice(0, 8)}`;
const element = (id: string): HTMLElement => document.getElementById(id)!;

const { log, ts, stock } = (await (await fetch('/stock')).json()) as Snapshot;
const connection = connect<Movement>(() => socketLine(new WebSocket(location.origin.replace('http', 'ws'))));
connection.state$.subscribe(({ state }) => (element('state').textContent = state));

const movements$ = connection.receiver(me, { from: { log, ts }, addressedTo: STOCK }).pipe(tapValue(show));
const view = projection(movements$, { initial: stock, apply: move });
view.subscribe(([, ts]) => {
  element('clock').textContent = String(ts);
  const items = Object.entries(view.value).sort(([a], [b]) => a.localeCompare(b));
  element('stock').replaceChildren(...items.map(row));
});

const desk = connection.sender(me, STOCK);
let n = 0;
element('take').addEventListener('click', () => void take());

async function take(): Promise<void> {
  const at = await desk.send({ desk: me, n: ++n, item: 'bolts', pieces: -1 });
  // Read your own write: by now, the table has it.
  await whenClock(at, view);
  element('sent').textContent = `taken at ${at}, and shown`;
}

function show({ desk, n, item, pieces }: Movement, ts: Timestamp): void {
  const line = document.createElement('li');
  line.value = ts;
  line.textContent = `${desk}, its ${n}.: ${pieces} ${item}`;
  const list = element('movements');
  list.prepend(line);
  if (list.childElementCount > ROWS) list.lastElementChild!.remove();
}

function row([item, pieces]: readonly [string, number]): HTMLElement {
  const line = document.createElement('tr');
  for (const text of [item, String(pieces)]) {
    const cell = document.createElement('td');
    cell.textContent = text;
    line.append(cell);
  }
  return line;
}
