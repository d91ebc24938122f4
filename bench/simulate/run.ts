/**
 * `npm run simulate`: what one clock carries beyond one machine, worked out from what one machine takes.
 *
 *     npm run simulate                # the plans of docs/scaling.md, from the constants in constants.json
 *     npm run simulate -- --measure   # measures the constants on this machine first, and keeps them
 *     npm run simulate -- --check     # a small plan, beside a real run here: fails where they differ by more than a factor of two
 */
import { check } from './check.js';
import { measureAll, recorded } from './constants.js';
import { simulate } from './model.js';
import type { Outcome, Plan } from './plan.js';
import { PLANS } from './plans.js';

if (process.argv.includes('--measure')) await measureAll();
if (process.argv.includes('--check')) process.exitCode = (await check()) ? 0 : 1;
else {
  const constants = recorded();
  const { machine, receiverBytes, publish, together, level, jetstream } = constants;
  console.log(`${machine}; ${receiverBytes} bytes a receiver; a writer needs ${publish} ms for a message of a stream`);
  console.table({ together, level, jetstream });
  console.table(Object.fromEntries(PLANS.map((plan) => [plan.name, row(plan, simulate(plan, constants[plan.store]))])));
}

function row(
  { rate, processes, receivers }: Plan,
  { commits, stored, median, p99, load, ticks, serverBytes, pageBytes, keepsUp }: Outcome,
): Readonly<Record<string, string | number>> {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return {
    'messages/s': rate,
    processes,
    receivers,
    'in a commit': Math.round(stored / commits),
    log: percent(load.log),
    feed: percent(load.feed),
    network: percent(load.network),
    relay: percent(load.relay),
    process: percent(load.process),
    'median ms': median.toFixed(1),
    '99 % ms': p99.toFixed(1),
    'ticks/s': Math.round(ticks),
    'server MB/s': (serverBytes / 1e6).toFixed(0),
    'pages MB/s': (pageBytes / 1e6).toFixed(1),
    'keeps up': keepsUp ? 'yes' : 'no',
  };
}
