import { describe, expect, it } from 'vitest';
import type { Clocked } from 'rxjs-clocked-dispatch';
import { contendersAt, type Scenario } from '../../bench/scenario.js';
import { scenarios } from '../../bench/scenarios/index.js';

const SMALL = { receivers: [1, 4, 25], sources: [2, 10, 30], window: [10, 100], bound: [8] };

describe.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (name, scenario) => {
  const sizes = name === 'operator' ? [4] : name.endsWith('pull') ? [1] : SMALL[scenario.unit];
  it.each(sizes)(`at ${scenario.unit} %i: all contenders deliver the same`, async (size) => {
    const expected = await delivered(scenario, reference(scenario), size);
    expect(expected.flat().length).toBeGreaterThan(0);
    for (const contender of contendersAt(scenario, size)) {
      expect(await delivered(scenario, contender, size), contender).toEqual(expected);
    }
  });
});

/** The contender that is plainest to read. */
function reference({ contenders }: Scenario): string {
  return 'limit' in contenders ? 'limit' : 'package';
}

/** What each receiver is given in three batches. */
async function delivered(scenario: Scenario, contender: string, size: number): Promise<Clocked<number>[][]> {
  const logs: Clocked<number>[][] = [];
  const batch = await scenario.contenders[contender]!(size, (receiver) => {
    const log: Clocked<number>[] = (logs[receiver] = []);
    return ([value, ts]) => log.push([value, ts]);
  });
  for (let i = 0; i < 3; i++) await batch(200);
  return scenario.name === 'coalesced' ? logs.map(withoutTicksBetween) : logs;
}

/** How many ticks stand for many is each contender's own affair; messages, and where the clock ends, are not. */
function withoutTicksBetween(log: readonly Clocked<number>[]): Clocked<number>[] {
  return [...log.filter(([value]) => value !== null), [null, log.at(-1)![1]]];
}
