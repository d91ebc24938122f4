import type { Engine } from '../engine.js';
import type { Scheduler } from '../scheduler.js';
import type { Stats } from './stats.js';

/** Tells the stats now and every `period` ms, and the last ones when the dispatcher is closed. Returns how to stop. */
export function statsEvery(
  dispatcher: { stats(): Stats; readonly closed: boolean },
  engine: Pick<Engine<unknown>, 'effects' | 'whenClosed'>,
  period: number,
  scheduler: Scheduler,
  subscriber: { readonly closed: boolean; next(stats: Stats): void; complete(): void },
): () => void {
  let timer: { unsubscribe(): void } | undefined;
  const tell = (): void => {
    engine.effects.call(() => {
      subscriber.next(dispatcher.stats());
      if (!subscriber.closed && !dispatcher.closed) timer = scheduler.schedule(tell, period);
    });
    engine.effects.run();
  };
  const forget = engine.whenClosed(() => {
    timer?.unsubscribe();
    subscriber.next(dispatcher.stats());
    subscriber.complete();
  });
  if (!dispatcher.closed) tell();
  return () => {
    timer?.unsubscribe();
    forget();
  };
}
