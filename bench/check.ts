/**
 * `npm run bench:check`: fails when a target is missed by far, in less than a minute.
 *
 * It compares what runs side by side, never with numbers of another day, and forgives twice the target, so that a busy
 * machine passes and a message that costs ten times as much does not.
 */
import { type Effort, type Entrant, prepare, race, type Result, weigh } from './harness.js';
import { weights } from './memory.js';
import { targetTable } from './report.js';
import { scenarios } from './scenarios/index.js';
import { bytesVerdict, entrantsOf, met, type Verdict, verdicts } from './verdict.js';

const MARGIN = 2;
const effort: Effort = { generations: 1, rounds: 5, turn: 15, warmUp: 120, bytes: false };

await prepare();
const all: Verdict[] = [];
for (const scenario of scenarios) {
  for (const size of scenario.sizes) {
    const entrants = scenario.targets.filter((t) => 'against' in t).flatMap((t) => entrantsOf(scenario, t, size));
    all.push(...verdicts(await raceOnce(entrants)));
  }
  for (const target of scenario.targets.filter((t) => 'growth' in t)) {
    all.push(...verdicts(await raceOnce(entrantsOf(scenario, target))));
  }
}
for (const { name, title, most } of weights) all.push(bytesVerdict(title, most, await weigh(name)));

console.log(targetTable(all));
const failed = all.filter((verdict) => !met(verdict, MARGIN));
for (const { what, target } of failed) console.error(`missed by more than ${MARGIN} ×: ${what} (${target})`);
process.exitCode = failed.length === 0 ? 0 : 1;

/** A race in which everybody takes part once. */
async function raceOnce(entrants: readonly Entrant[]): Promise<Result[]> {
  const distinct = new Map(entrants.map((entrant) => [JSON.stringify(entrant), entrant]));
  return race([...distinct.values()], effort);
}
