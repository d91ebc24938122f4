import { NOT_TAKEN } from './constants.js';
import { measureTogether } from './measure.js';
import { simulate } from './model.js';
import type { Plan } from './plan.js';
import { atRate, behindATimer, run } from './real.js';

const PLAN: Plan = {
  name: 'one process',
  rate: 10_000,
  processes: 1,
  receivers: 1000,
  seconds: 4,
  network: Infinity,
  together: true,
};

/** By what factor a simulated figure may miss the real one. */
const FACTOR = 2;
const TRIES = 3;

/**
 * A real run with 1,000 receivers at a steady rate, beside its simulation. The constants are measured right before, with at
 * most 400 receivers and at other rates; in place of the disk there is a timer, whose time does not depend on what others do.
 */
export async function check(): Promise<boolean> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const simulated = simulate(PLAN, { ...NOT_TAKEN, ...(await measureTogether(behindATimer)) });
    const real = await run(behindATimer, PLAN.receivers, atRate(PLAN.rate, PLAN.seconds * 1000));
    const rows = [
      figure('messages a second', simulated.stored / PLAN.seconds, (real.messages / real.elapsed) * 1000),
      figure('messages in a commit', simulated.stored / simulated.commits, real.messages / real.commits),
      figure('busy, of 1', simulated.load.log, real.busy / real.elapsed),
      figure('median, ms', simulated.median, real.lags.quantile(0.5)),
    ];
    console.table(rows);
    if (rows.every(({ ratio }) => ratio < FACTOR && ratio > 1 / FACTOR)) return true;
  }
  return false;
}

function figure(
  what: string,
  simulated: number,
  real: number,
): { what: string; simulated: number; real: number; ratio: number } {
  const rounded = (value: number): number => Number(value.toPrecision(3));
  return { what, simulated: rounded(simulated), real: rounded(real), ratio: rounded(simulated / real) };
}
