/**
 * `npm run soak:log`: ten million messages through a dispatcher over a log, beside a reader that reads nothing. Fails when
 * the heap does not stay flat, or when a reader does not get each message once, in order.
 *
 *     npm run soak:log                # two logs: one in memory, trimmed all the time, and one on disk
 *     npm run soak:log -- --short     # a fiftieth of the load, for CI
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clocked } from 'rxjs-clocked-dispatch';
import { openLevelLog } from 'rxjs-clocked-dispatch/level';
import { type EventLog, LogPositionError, memoryLog, openDispatcher } from 'rxjs-clocked-dispatch/log';
import { heap, trend } from './heap.js';

/** Calls under way at once; between two of these turns the heap may be looked at. */
const TURN = 2000;
const BOUND = 256;
const SAMPLES = 200;

interface Course {
  readonly name: string;
  readonly open: () => Promise<EventLog>;
  /** Whether what was sent is trimmed at once, whoever has yet to read it. */
  readonly trims: boolean;
}

/** Answers what went wrong. */
async function soak({ name, open, trims }: Course, messages: number): Promise<string[]> {
  const wrong: string[] = [];
  const log = await open();
  const dispatcher = await openDispatcher<number>(log, { bound: BOUND });
  const [sender, live] = dispatcher.channel('sender', 'board');
  const asleep = dispatcher.receiver('asleep', { addressedTo: 'board' });
  const reader = new InOrder();
  live.subscribe((message) => reader.take(message));

  const heaps: number[] = [];
  for (let sent = 0; sent < messages; sent += TURN) {
    await Promise.all(Array.from({ length: TURN }, (_, i) => sender.send(sent + i + 1)));
    if (trims) await dispatcher.trim(sent, { force: true });
    if (sent >= (heaps.length * messages) / SAMPLES) heaps.push(heap());
  }
  const { first, last, grown } = trend(heaps);
  if (grown) wrong.push(`the heap has grown from ${first} to ${last} bytes`);
  if (reader.last !== messages) wrong.push(`the live reader has got ${reader.last} of ${messages}`);
  if (reader.disorder > 0) wrong.push(`${reader.disorder} messages were out of order at the live reader`);

  const late = new InOrder();
  const outcome = await readAll(asleep, messages, late);
  if (late.disorder > 0) wrong.push(`${late.disorder} messages were out of order at the reader that woke up`);
  if (trims ? !(outcome instanceof LogPositionError) : outcome !== undefined || late.last !== messages) {
    wrong.push(`the reader that woke up has got ${late.last} of ${messages}, and then ${String(outcome)}`);
  }
  await dispatcher.close();
  await log.close();
  const mb = (bytes: number): string => (bytes / 1e6).toFixed(2);
  console.log(
    `${name}: ${messages.toLocaleString('en')} messages; heap ${mb(first)} -> ${mb(last)} MB; ` +
      `the reader that woke up: ${late.last.toLocaleString('en')} in order${trims ? ', then its place was gone' : ''}`,
  );
  return wrong.map((what) => `${name}: ${what}`);
}

/** Message `n` is the number `n`, at timestamp `n`. */
class InOrder {
  last = 0;
  disorder = 0;

  take([value, ts]: Clocked<number>): void {
    if (value === null) return;
    if (value !== this.last + 1 || value !== ts) this.disorder++;
    this.last = value;
  }
}

/** Reads up to the last message. Answers with the error that ended it before, if one did. */
async function readAll(receiver: AsyncIterable<Clocked<number>>, messages: number, into: InOrder): Promise<unknown> {
  try {
    for await (const message of receiver) {
      into.take(message);
      if (into.last === messages) return undefined;
    }
    return new Error('it ended');
  } catch (error) {
    return error;
  }
}

const messages = process.argv.includes('--short') ? 200_000 : 10_000_000;
const folder = mkdtempSync(join(tmpdir(), 'clocked-soak-'));
try {
  const wrong = [
    ...(await soak({ name: 'in memory', open: () => Promise.resolve(memoryLog()), trims: true }, messages)),
    ...(await soak({ name: 'on disk', open: () => openLevelLog(folder, { sync: false }), trims: false }, messages)),
  ];
  for (const what of wrong) console.error(what);
  process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
