import { VirtualTimeScheduler, queueScheduler } from 'rxjs';
import type { Choices } from './choices.js';
import type { Dispatcher, Drop, Library, ModeName, Overflow } from './library.js';

/** The dispatcher of one run, in plain data. What is left out has its default. */
export interface Setup {
  readonly mode: ModeName;
  readonly bound?: number;
  readonly overflow?: Overflow;
  readonly ticks?: 'virtual' | 'queue';
  readonly maxWaiting?: number;
  readonly maxHeld?: number;
  readonly sourceError?: 'error' | 'complete';
  readonly seed?: number | 'first';
  readonly late?: 'error' | 'drop' | 'divert';
  readonly idleAfter?: number;
  readonly frontier?: 'receiver';
  readonly maxLead?: number;
  readonly resyncAfter?: number;
  readonly window?: number;
  readonly gap?: 'wait' | 'error' | { readonly skipAfter: number };
}

/** `legacy`: without the options that version 0.1 lacks. */
export function chooseSetup(choices: Choices, mode: ModeName, legacy: boolean): Setup {
  const maybe = <K extends keyof Setup>(probability: number, key: K, values: readonly Setup[K][]): object =>
    choices.chance(probability) ? { [key]: choices.pick(values) } : {};
  const seeds: readonly number[] = legacy ? [0, 7] : [0, 7, -5];
  return {
    mode,
    bound: choices.pick([0, 1, 1, 2, 4, 16]),
    ...maybe(0.8, 'overflow', ['error', 'drop-oldest', 'drop-newest', 'drop-newest']),
    ...maybe(0.35, 'ticks', ['virtual', 'virtual', 'virtual', 'queue']),
    ...maybe(0.3, 'maxWaiting', [1, 2, 3]),
    ...maybe(0.3, 'maxHeld', [0, 1, 2, 4]),
    ...maybe(0.7, 'sourceError', ['error', 'complete']),
    ...maybe(0.4, 'seed', mode === 'sequence' && !legacy ? [...seeds, 'first', 'first'] : seeds),
    ...(mode === 'serialize' ? {} : maybe(0.8, 'late', ['error', 'drop', 'divert'])),
    ...(mode === 'watermark' ? maybe(0.25, 'idleAfter', [1, 5]) : {}),
    ...(mode === 'watermark' ? maybe(0.25, 'frontier', ['receiver']) : {}),
    ...(mode === 'watermark' && !legacy ? maybe(0.25, 'maxLead', [1, 4]) : {}),
    ...(mode === 'watermark' && !legacy ? maybe(0.2, 'resyncAfter', [1, 2]) : {}),
    ...(mode === 'sequence' ? maybe(0.8, 'window', [1, 2, 4, 16]) : {}),
    ...(mode === 'sequence' ? maybe(0.6, 'gap', ['wait', 'error', { skipAfter: 5 }]) : {}),
  };
}

/** The options of the dispatcher; all others are the mode's. */
const OF_DISPATCHER = ['bound', 'overflow', 'maxWaiting', 'maxHeld', 'sourceError'];

export function openDispatcher(
  library: Library,
  { mode, ticks, ...rest }: Setup,
  scheduler: VirtualTimeScheduler,
  onDrop: (drop: Drop) => void,
): Dispatcher {
  const entries = Object.entries(rest);
  const own = Object.fromEntries(entries.filter(([key]) => !OF_DISPATCHER.includes(key)));
  const options = Object.fromEntries(entries.filter(([key]) => OF_DISPATCHER.includes(key)));
  const timers = mode === 'serialize' ? {} : { scheduler };
  return library.createDispatcher(library[mode]({ ...own, ...timers }), {
    ...options,
    ...(ticks === undefined ? {} : { ticks: ticks === 'virtual' ? scheduler : queueScheduler }),
    onDrop,
  });
}
