import { describe, expect, it } from 'vitest';
import * as build from 'rxjs-clocked-dispatch';
import type { Clocked } from 'rxjs-clocked-dispatch';
import type { Contender, Scenario } from '../../bench/scenario.js';
import { scenarios } from '../../bench/scenarios/index.js';

const compared = scenarios.filter(({ contenders }) => contenders.bare !== undefined);

/** Small ones: what is told differs from size to size, not how. */
function sizesOf({ name, sizes }: Scenario): number[] {
  return [...new Set(sizes.map((size) => Math.min(size, name === 'slow-consumer' ? 8 : 25)))];
}

describe.each(compared.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
  it.each(sizesOf(scenario))('of size %i: all contenders deliver the same', async (size) => {
    const expected = await delivered(scenario, scenario.contenders.bare!, size);
    expect(expected.flat().length).toBeGreaterThan(0);
    for (const [name, contender] of Object.entries(scenario.contenders)) {
      expect(await delivered(scenario, contender, size), name).toEqual(expected);
    }
  });
});

/** What each receiver is given in three batches. */
async function delivered({ name }: Scenario, contender: Contender, size: number): Promise<Clocked<number>[][]> {
  const logs: Clocked<number>[][] = [];
  const consumer = (receiver: number) => {
    const log: Clocked<number>[] = (logs[receiver] = []);
    return ([value, ts]: Clocked<number>) => void log.push([value, ts]);
  };
  const run = contender({ size, build, consumer });
  for (let i = 0; i < 3; i++) await run(200);
  return name === 'coalesced' ? logs.map(withoutTicksBetween) : logs;
}

/** How many ticks stand for many is each contender's own affair; messages, and where the clock ends, are not. */
function withoutTicksBetween(log: readonly Clocked<number>[]): Clocked<number>[] {
  return [...log.filter(([value]) => value !== null), [null, log.at(-1)![1]]];
}
