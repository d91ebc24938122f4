/**
 * `npm run simulate`: what one clock carries beyond one machine, worked out from what one machine takes.
 *
 *     npm run simulate                # the plans of docs/scaling.md, from the constants in constants.json
 *     npm run simulate -- --measure   # measures the constants on this machine first, and keeps them
 *     npm run simulate -- --check     # a small plan, beside a real run here: fails where they differ by more than a factor of two
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { format } from 'prettier';
import { check } from './check.js';
import { measure } from './measure.js';
import { simulate } from './model.js';
import type { Constants, Plan } from './plan.js';
import { PLANS } from './plans.js';

const file = new URL('constants.json', import.meta.url);

if (process.argv.includes('--measure')) {
  const constants = Object.fromEntries(
    Object.entries<number>({ ...(await measure()) }).map(([name, value]) => [name, Number(value.toPrecision(3))]),
  );
  const json = JSON.stringify({ machine: `Node ${process.version}, ${cpus()[0]!.model.trim()}`, ...constants });
  writeFileSync(file, await format(json, { parser: 'json' }));
}
if (process.argv.includes('--check')) process.exitCode = (await check()) ? 0 : 1;
else {
  const constants = JSON.parse(readFileSync(file, 'utf8')) as Constants;
  console.table(constants);
  console.table(Object.fromEntries(PLANS.map((plan) => [plan.name, row(plan, constants)])));
}

function row(plan: Plan, constants: Constants): Readonly<Record<string, string | number>> {
  const { commits, stored, median, p99, load, ticks, serverBytes, pageBytes, keepsUp } = simulate(plan, constants);
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  return {
    'messages/s': plan.rate,
    processes: plan.processes,
    receivers: plan.receivers,
    'in a commit': Math.round(stored / commits),
    'log busy': percent(load.log),
    'network busy': percent(load.network),
    'process busy': percent(load.process),
    'median ms': median.toFixed(1),
    '99 % ms': p99.toFixed(1),
    'ticks/s': Math.round(ticks),
    'server MB/s': (serverBytes / 1e6).toFixed(0),
    'process MB/s': (pageBytes / 1e6).toFixed(1),
    'keeps up': keepsUp ? 'yes' : 'no',
  };
}
