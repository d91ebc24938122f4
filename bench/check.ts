/**
 * `npm run bench:check`: fails when a target is missed by far, in about a minute.
 *
 * It compares what runs side by side, never with numbers of another day. It forgives twice the target, and measures again
 * what has missed even that, so that a busy machine passes, but not a message that costs several times as much. Where it
 * is growth that is asked about, it forgives what the limit grows by as well: that is the machine's memory.
 */
import { type Effort, prepare, race, weighed } from './harness.js';
import { weights } from './memory.js';
import { targetTable } from './report.js';
import type { Scenario, Target } from './scenario.js';
import { scenarios } from './scenarios/index.js';
import { bytesVerdict, entrantsOf, met, type Verdict, verdicts } from './verdict.js';

const MARGIN = 2;
const TRIES = 4;
const effort: Effort = { generations: 1, rounds: 5, turn: 12, warmUp: 100, bytes: false };

await prepare();
const all: Verdict[] = [];
for (const scenario of scenarios) {
  for (const size of scenario.sizes) {
    const targets = scenario.targets.filter((target) => 'sizes' in target && target.sizes.includes(size));
    all.push(...(await judged(scenario, targets, size)));
  }
  for (const target of scenario.targets) if ('growth' in target) all.push(...(await judged(scenario, [target])));
}
for (const weight of weights) all.push(bytesVerdict(weight.name, weight.most, await weighed(weight)));

console.log(targetTable(all));
const failed = all.filter((verdict) => !passes(verdict));
for (const { what, target } of failed) console.error(`missed by more than ${MARGIN} ×: ${what} (${target})`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** What a race says about these targets: the first one that passes, else the last. */
async function judged(scenario: Scenario, targets: readonly Target[], size?: number): Promise<Verdict[]> {
  const entrants = targets.flatMap((target) => entrantsOf(scenario, target, size));
  const distinct = [...new Map(entrants.map((entrant) => [JSON.stringify(entrant), entrant])).values()];
  let judged: Verdict[] = [];
  for (let i = 0; i < TRIES; i++) {
    const results = await race(distinct, effort);
    judged = targets.flatMap((target) => verdicts(scenario, target, results));
    if (judged.every(passes)) break;
  }
  return judged;
}

function passes(verdict: Verdict): boolean {
  return met(verdict, MARGIN * Math.max(1, verdict.limit ?? 1));
}
