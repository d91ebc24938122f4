import type { Flight } from './flights.js';

/** The name that notes about runs are for. */
export const RUNS = 'runs';

/** A run begins or ends; one that is killed can't say so. */
export type RunNote =
  { readonly kind: 'started'; readonly data: string; readonly flights: number } | { readonly kind: 'stopped' };

/** How many runs there were, and what the last one reported of. */
export interface Runs {
  readonly started: number;
  readonly stopped: number;
  readonly last: { readonly data: string; readonly flights: number } | null;
}

export const NO_RUNS: Runs = { started: 0, stopped: 0, last: null };

export function note({ started, stopped, last }: Runs, message: RunNote): Runs {
  // A killed run and its end go together once the next one begins.
  if (message.kind === 'stopped') return { started, stopped: started, last };
  return { started: started + 1, stopped, last: { data: message.data, flights: message.flights } };
}

/** What the boards show. */
export interface Boards {
  readonly reported: number;
  /** How many flights each board has shown. */
  readonly shown: Readonly<Record<string, number>>;
}

export const NO_FLIGHTS: Boards = { reported: 0, shown: {} };

export function arrive({ reported, shown }: Boards, { destination }: Flight): Boards {
  return { reported: reported + 1, shown: { ...shown, [destination]: (shown[destination] ?? 0) + 1 } };
}
