import type { Choices } from './choices.js';
import type { SenderRecord, World } from './world.js';

/** The clock, or where it may begin. */
export function start({ dispatcher, setup }: World): number {
  const { clock } = dispatcher;
  return Number.isFinite(clock) ? clock : typeof setup.seed === 'number' ? setup.seed : 0;
}

/** A timestamp around the one that is due, now and then too small or too large. */
export function timestamp(world: World, choices: Choices, { last, disorder }: SenderRecord): number {
  const { mode, window = 1024 } = world.setup;
  const clock = start(world);
  let ts: number;
  if (mode === 'sequence') {
    ts = clock + 1;
    if (choices.chance(0.55)) ts += choices.below(Math.min(window, 8) + 2);
    if (choices.chance(0.06)) ts -= choices.below(4);
  } else {
    ts = Math.max(last, clock) + choices.pick([0, 0, 1, 1, 2, 4]);
    if (choices.chance(0.1) || disorder > 0) ts -= choices.below(disorder + 2);
    if (choices.chance(0.03)) ts += 20;
  }
  return world.legacy ? Math.max(0, ts) : ts;
}
