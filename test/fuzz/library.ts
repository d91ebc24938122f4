import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Observable } from 'rxjs';

// The part of the public API that the fuzz uses, by shape: it also runs against other builds of the package.

export type ModeName = 'serialize' | 'watermark' | 'sequence';
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';
export type Item = readonly [value: string | null, ts: number];

export interface Scheduler {
  now(): number;
  schedule(work: () => void, delay?: number): { unsubscribe(): void };
}

interface Waiting {
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly ok: boolean;
  readonly ts?: number;
  readonly reason?: string;
}

export interface Sender {
  readonly closed: boolean;
  next(message: unknown): void;
  complete(): void;
  error(error: unknown): void;
  clone(name: string): Sender;
  toBroadcaster(name: string): Sender;
  // serialize
  trySend(value: string): Answer;
  send(value: string, options?: Waiting): Promise<number>;
  // watermark, sequence
  tryForward(value: string | null, ts: number): Answer;
  forward(value: string | null, ts: number, options?: Waiting): Promise<void>;
  // sequence
  fill?(from: number, to: number): Answer;
  expect?(ts: number): void;
  snapshot?(value: string, ts: number): Answer;
}

export interface Delivery {
  readonly value: string;
  readonly ts: number;
  ack(): void;
}

export interface Receiver extends Observable<Item>, AsyncIterable<Item> {
  readonly clock: number;
  readonly settled: number;
  readonly closed: boolean;
  readonly clock$: Observable<number>;
  tryReceive(): Item | undefined;
  receive(options?: Waiting): Promise<Item | undefined>;
  receiveMany(max?: number, options?: Waiting): Promise<readonly Item[]>;
  deliveries?(): AsyncIterable<Delivery>;
  close(): void;
}

export interface Drop {
  readonly receiver: string;
  readonly value: string;
  readonly ts: number;
  readonly reason: string;
}

export interface Gap {
  readonly from: number;
  readonly to: number;
}

export interface SourceStats {
  readonly name: string;
  readonly promise: number;
  readonly idle: boolean;
  readonly held: number;
  readonly waiting: number;
}

export interface ReceiverStats {
  readonly name: string;
  readonly clock: number;
  readonly queued: number;
  readonly held: number;
  readonly bound: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly waiting: number;
}

/** What a build older than the accounts of law 28 does not have is `undefined` there. */
export interface Stats {
  readonly clock: number;
  readonly frontier: number | null;
  readonly held: number;
  readonly offered: number;
  readonly accepted: number;
  readonly refused: number;
  readonly late: number;
  readonly ahead: number;
  readonly duplicates: number;
  readonly heldBy: { readonly source: string; readonly promise: number } | null;
  readonly sources: readonly SourceStats[];
  readonly receivers: readonly ReceiverStats[];
}

export interface Dispatcher {
  readonly clock: number;
  readonly closed: boolean;
  receiver(name: string, options: object): Receiver;
  sender(name: string, to: unknown, options?: object): Sender;
  broadcaster(name: string, options?: object): Sender;
  close(): void;
  stats(): Stats;
  stats$(period: number, scheduler: Scheduler): Observable<Stats>;
  // serialize
  transact?(messages: readonly (readonly [Sender, string])[], options?: Waiting): Promise<number>;
  // watermark, sequence
  readonly late$: Observable<{ readonly value: string; readonly ts: number; readonly receivers?: readonly string[] }>;
  readonly gaps$: Observable<Gap>;
  // sequence
  skipTo?(ts: number): void;
}

export interface Library {
  readonly ALL: symbol;
  serialize(options: object): unknown;
  watermark(options: object): unknown;
  sequence(options: object): unknown;
  createDispatcher(mode: unknown, options: object): Dispatcher;
  whenClock(ts: number, receivers: readonly Receiver[], options?: Waiting): Promise<number>;
}

/** This package, or another build of it: a folder with `dist` or `src`, or a module. */
export async function loadLibrary(path?: string): Promise<Library> {
  if (path === undefined) return (await import('rxjs-clocked-dispatch')) as unknown as Library;
  const module = [`${path}/dist/esm/index.js`, `${path}/src/index.ts`, path].find((each) => existsSync(each)) ?? path;
  return (await import(pathToFileURL(resolve(module)).href)) as Library;
}

/** Whether an error is one of the package's own classes, from whichever build. */
export function isLibraryError(error: unknown): boolean {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = Object.getPrototypeOf(at)) {
    if ((at as { constructor?: { name?: string } }).constructor?.name === 'ClockedDispatchError') return true;
  }
  return false;
}
