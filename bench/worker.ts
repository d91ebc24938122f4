/** A process of its own for one contender, so that it meets the compiler in a fresh state. Told what to do by `race.ts`. */
import { type Entrant, prepare, type Ready, turn, warmUp } from './measure.js';

/** The first request comes with an entrant, which is warmed up. */
export interface Request {
  readonly entrant?: Entrant;
  readonly milliseconds: number;
}

export type Answer = { readonly answer: number } | { readonly failure: string };

let ready: Ready;

process.on('message', ({ entrant, milliseconds }: Request) => {
  void (async () => {
    try {
      const measure = entrant === undefined ? turn : warmUp;
      if (entrant !== undefined) ready = await prepare(entrant);
      process.send!({ answer: await measure(ready, milliseconds) } satisfies Answer);
    } catch (error) {
      process.send!({ failure: error instanceof Error ? error.name : String(error) } satisfies Answer);
    }
  })();
});
process.on('disconnect', () => process.exit());
