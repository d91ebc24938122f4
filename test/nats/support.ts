import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Entry, EventLog } from 'rxjs-clocked-dispatch/log';
import { openJetStreamLog, type JetStreamLogOptions } from 'rxjs-clocked-dispatch/nats';
import { newName, type NatsServer } from './server.js';

/** A log in a stream of its own, and what manages streams. */
export interface Opened {
  readonly log: EventLog;
  readonly stream: string;
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
}

/** A new stream with the subjects NAME and NAME.>, as a log. */
export async function openNew(server: NatsServer, options: Partial<JetStreamLogOptions> = {}): Promise<Opened> {
  const stream = options.stream ?? newName();
  const connection = await server.connect();
  const manager = await jetstreamManager(connection);
  if (options.stream === undefined) await manager.streams.add({ name: stream, subjects: [stream, `${stream}.>`] });
  const log = await openJetStreamLog(connection, { stream, subjects: stream, ...options });
  return { log, stream, connection, manager };
}

export function entry(value: unknown, to: readonly string[] | '*' = ['a']): Entry {
  return { messages: [{ value: JSON.stringify(value), to }], at: 0 };
}

/** Entries with the values `from` to `to`. */
export function entries(from: number, to: number): Entry[] {
  return Array.from({ length: to - from + 1 }, (_, i) => entry(from + i));
}

/** What a log pushes: positions, of passed ones with a minus. Grows until it is stopped; its end says why. */
export function followed(
  log: EventLog,
  after = 0,
): { readonly seen: number[]; readonly end: Promise<unknown>; readonly stop: () => void } {
  const seen: number[] = [];
  const stopping = new AbortController();
  const end = (async () => {
    for await (const [entry, ts] of log.follow!(after, { signal: stopping.signal }))
      seen.push(entry === null ? -ts : ts);
  })().catch((error: unknown) => error);
  return { seen, end, stop: () => stopping.abort() };
}

/** Waits, at most twenty seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what = 'it'): Promise<void> {
  for (let tries = 0; !(await condition()); tries++) {
    if (tries > 1000) throw new Error(`${what} never came to be`);
    await pause(20);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** What a promise rejects with; nothing where it resolves. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}
