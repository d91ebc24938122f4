import { isObservable, of, Subscription, type Observable, type OperatorFunction } from 'rxjs';
import { ClockedDispatchError, UnknownOptionError, type Clocked } from 'rxjs-clocked-dispatch';
import { vi } from 'vitest';
import { CODES } from '../../../src/errors/codes.js';
import type { Change } from './changes.js';
import type { Kind } from './kinds.js';
import { newWorld, type World } from './world.js';
import { OWN } from './wrong-values.js';

/** Something public that takes arguments, and how it is called. */
export interface Row {
  readonly kinds: readonly Kind[];
  readonly call: (world: World, args: readonly unknown[]) => unknown;
  /** Uses what the call has returned, where that takes more than to subscribe to it, or to wait for it. */
  readonly use?: (result: unknown, world: World, ends: Subscription) => unknown;
  /** Whether it takes longer than a few microtasks. */
  readonly isSlow?: boolean;
  /** Whether a call that is refused has an effect that is meant. */
  readonly hasEffect?: boolean;
  /** Errors of others that are right, too. */
  readonly allows?: (error: unknown) => boolean;
}

/** What one call should have done and did not; `undefined` where all is well. */
export async function faultOf(
  row: Row,
  change: Pick<Change, 'verdict' | 'typo'>,
  argsFor: (world: World) => unknown[],
) {
  const world = await newWorld();
  const ends = new Subscription(() => world.close());
  try {
    const before = { ...world.traces(), timers: 0 };
    const error = await attempt(row, world, argsFor(world), ends);
    return (
      faultIn(row, error, change) ?? (error === undefined || row.hasEffect === true ? undefined : left(before, world))
    );
  } finally {
    ends.unsubscribe();
    vi.clearAllTimers();
  }
}

function faultIn({ allows }: Row, error: unknown, { verdict, typo }: Pick<Change, 'verdict' | 'typo'>) {
  if (error === undefined) return verdict === false ? 'was ignored' : undefined;
  if (error === OWN || allows?.(error) === true) return undefined;
  if (!(error instanceof ClockedDispatchError) || CODES[error.code] !== error.name)
    return `gave ${error instanceof Error ? error.toString() : typeof error}`;
  if (verdict === true) return `was refused: ${error.message}`;
  if (typo === undefined) return undefined;
  const isNamed = error instanceof UnknownOptionError && error.option === typo.option && error.nearest === typo.meant;
  const advice = typo.meant === undefined ? typo.option : `did you mean '${typo.meant}'?`;
  return isNamed && error.message.includes(advice) ? undefined : `gave ${error.message}`;
}

/** What a call that was refused has changed. */
function left(before: Traces, world: World): string | undefined {
  const after: Traces = { ...world.traces(), timers: vi.getTimerCount() };
  const changed = Object.keys(after).filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]));
  if (changed.length === 0) return undefined;
  return `left ${changed.map((key) => `${key} ${JSON.stringify(after[key])}`).join(', ')}`;
}

type Traces = Readonly<Record<string, unknown>>;

/** Calls it, and lets what it has returned begin. Resolves with the error that came of it. */
async function attempt(row: Row, world: World, args: unknown[], ends: Subscription): Promise<unknown> {
  try {
    const result = row.call(world, args);
    const begun = row.use === undefined ? begin(result, ends) : row.use(result, world, ends);
    if (row.isSlow === true) await begun;
    else await Promise.race([begun, aFewMicrotasks()]);
    return undefined;
  } catch (error) {
    return error;
  }
}

const ITEMS: readonly Clocked<string>[] = [
  ['a', 1],
  ['b', 2],
  [null, 3],
];

function begin(result: unknown, ends: Subscription): unknown {
  if (isObservable(result)) return subscribed(result, ends);
  if (typeof result === 'function')
    return subscribed((result as OperatorFunction<unknown, unknown>)(of(...ITEMS)), ends);
  if (result instanceof ReadableStream) return result.getReader().read();
  if (isAsyncIterable(result)) {
    const iterator = result[Symbol.asyncIterator]();
    ends.add(() => void iterator.return?.());
    return iterator.next();
  }
  return result;
}

/** Rejects with what the stream errors with. */
export function subscribed(stream: Observable<unknown>, ends: Subscription): Promise<unknown> {
  return new Promise((complete, error) => ends.add(stream.subscribe({ error, complete: () => complete(undefined) })));
}

function isAsyncIterable(result: unknown): result is AsyncIterable<unknown> {
  return typeof result === 'object' && result !== null && Symbol.asyncIterator in result;
}

async function aFewMicrotasks(): Promise<void> {
  for (let i = 0; i < 30; i++) await Promise.resolve();
}
