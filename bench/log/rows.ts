import { memoryLog, type EventLog } from 'rxjs-clocked-dispatch/log';
import type { Cost } from '../cost.js';
import { bareLevel, bareMemory, committed, freshLevel, sent, type Contender } from './contenders.js';
import { appending, filled, readByPages, readByReceiver, reading } from './turns.js';

/** Two that do the same, so that their costs can be compared. */
export interface Row {
  readonly name: string;
  readonly bare: (milliseconds: number) => Promise<Cost>;
  readonly ours: (milliseconds: number) => Promise<Cost>;
  /** The target: what is left of the throughput of `bare`. */
  readonly least?: number;
}

let stored: Promise<EventLog> | undefined;
/** Filled when it is asked for, so that nobody else is disturbed by that. */
const toRead = (): Promise<EventLog> => (stored ??= filled(50_000));

export const rows: readonly Row[] = [
  row(
    'append, fsync',
    () => bareLevel(true),
    async () => committed(await freshLevel(true)),
  ),
  row(
    'append',
    () => bareLevel(false),
    async () => committed(await freshLevel(false)),
  ),
  row('append, memory', bareMemory, () => Promise.resolve(committed(memoryLog()))),
  row(
    'send, fsync',
    () => bareLevel(true),
    async () => sent(await freshLevel(true), 1),
    0.8,
  ),
  row(
    'send, 1000 recv',
    () => bareLevel(true),
    async () => sent(await freshLevel(true), 1000),
    0.4,
  ),
  row('send, memory', bareMemory, () => sent(memoryLog(), 1), 0.5),
  {
    name: 'catch-up',
    bare: async () => reading(await toRead(), readByPages),
    ours: async () => reading(await toRead(), readByReceiver),
    least: 0.6,
  },
];

export async function close(): Promise<void> {
  await (await stored)?.close();
}

function row(name: string, bare: () => Promise<Contender>, ours: () => Promise<Contender>, least?: number): Row {
  return {
    name,
    bare: async (milliseconds) => appending(await bare(), milliseconds),
    ours: async (milliseconds) => appending(await ours(), milliseconds),
    ...(least !== undefined && { least }),
  };
}
