/**
 * `npm run bench:check`: fails when a target is missed by far, in less than a minute.
 *
 * It compares what runs side by side, never with numbers of another day, and forgives four times the target, so that a
 * busy machine passes, and so do the targets that are missed today, but not a message that costs ten times as much. Where it is growth that is asked about, it
 * forgives what the limit grows by as well: that is the machine's memory.
 */
import { type Effort, type Entrant, prepare, race, type Result, weighed } from './harness.js';
import { weights } from './memory.js';
import { targetTable } from './report.js';
import { scenarios } from './scenarios/index.js';
import { bytesVerdict, entrantsOf, met, type Verdict, verdicts } from './verdict.js';

const MARGIN = 4;
const effort: Effort = { generations: 1, rounds: 5, turn: 12, warmUp: 100, bytes: false };

await prepare();
const all: Verdict[] = [];
for (const scenario of scenarios) {
  for (const size of scenario.sizes) {
    const targets = scenario.targets.filter((target) => 'sizes' in target && target.sizes.includes(size));
    const results = await raceOnce(targets.flatMap((target) => entrantsOf(scenario, target, size)));
    all.push(...targets.flatMap((target) => verdicts(scenario, target, results)));
  }
  for (const target of scenario.targets.filter((target) => 'growth' in target)) {
    all.push(...verdicts(scenario, target, await raceOnce(entrantsOf(scenario, target))));
  }
}
for (const weight of weights) all.push(bytesVerdict(weight.name, weight.most, await weighed(weight)));

console.log(targetTable(all));
const failed = all.filter((verdict) => !met(verdict, MARGIN * Math.max(1, verdict.limit ?? 1)));
for (const { what, target } of failed) console.error(`missed by more than ${MARGIN} ×: ${what} (${target})`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** A race in which everybody takes part once. */
async function raceOnce(entrants: readonly Entrant[]): Promise<Result[]> {
  const distinct = new Map(entrants.map((entrant) => [JSON.stringify(entrant), entrant]));
  return race([...distinct.values()], effort);
}
