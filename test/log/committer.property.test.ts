import { fc } from '../support/fast-check.js';
import { expect, test } from 'vitest';
import { CommitChain } from '../../src/log/commit-chain.js';
import { Committer } from '../../src/log/committer.js';
import { UnreliableLog, type Mood } from './support.js';

/** One call of `append`: in one of three chains or in none, with an id or without one, also one used before. */
interface Call {
  readonly chain: 0 | 1 | 2 | undefined;
  readonly id: string | undefined;
  /** Whether the next call comes in a later turn. */
  readonly pause: boolean;
}

type Outcome = { readonly ts: number } | { readonly stored: 'nothing' | 'unknown' };

const calls = fc.array(
  fc.record<Call>({
    chain: fc.constantFrom(undefined, undefined, 0, 1, 2),
    id: fc.option(fc.constantFrom('u', 'v', 'w', 'x', 'y', 'z'), { nil: undefined }),
    pause: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);
const moods = fc.array(fc.constantFrom<Mood>('store', 'store', 'refuse', 'lose the answer', 'store a part'), {
  maxLength: 12,
});

test('laws 42, 49 and 50: what is told of each entry is what became of it, whatever the store does', async () => {
  await fc.assert(
    fc.asyncProperty(
      calls,
      moods,
      fc.integer({ min: 1, max: 6 }),
      fc.infiniteStream(fc.nat(1)),
      async (all, ...rest) => {
        const [stores, batch, delays] = rest;
        const store = new UnreliableLog();
        store.moods.push(...stores);
        store.delay = () => delays.next().value as number;
        const committer = new Committer(store.log, { batch });
        const chains = [new CommitChain(), new CommitChain(), new CommitChain()];
        const outcomes: Promise<Outcome>[] = [];
        for (const [i, { chain, id, pause }] of all.entries()) {
          const options = { id, chain: chain === undefined ? undefined : chains[chain] };
          outcomes.push(committer.append(entryOf(all, i), options).then((ts) => ({ ts }), outcomeOf));
          if (pause) await new Promise((resolve) => setImmediate(resolve));
        }
        await committer.close();
        judge(all, await Promise.all(outcomes), await store.contents());
      },
    ),
    { numRuns: 300 },
  );
});

/** What is sent with the same id is the same. */
function entryOf(all: readonly Call[], i: number): string {
  return all[i]!.id ?? `entry ${i}`;
}

function outcomeOf(error: unknown): Outcome {
  const { stored = 'nothing' } = error as { stored?: 'nothing' | 'unknown' };
  return { stored };
}

/** The laws, said over the whole run: `log` is what the store has in the end. */
function judge(all: readonly Call[], outcomes: readonly Outcome[], log: readonly string[]): void {
  // Law 42: nothing is stored twice.
  expect(new Set(log).size).toBe(log.length);

  const mentioned = all.map((_, i) => entryOf(all, i));
  outcomes.forEach((outcome, i) => {
    const entry = mentioned[i]!;
    // Each call got the position of its own entry.
    if ('ts' in outcome) expect(log[outcome.ts - 1]).toBe(entry);
    // Law 49: what was refused is not there, unless another call with its id was stored.
    else if (outcome.stored === 'nothing' && all[i]!.id === undefined) expect(log).not.toContain(entry);
  });

  // Entries without an id are stored in the order of the calls.
  const order = log.filter((entry) => entry.startsWith('entry')).map((entry) => mentioned.indexOf(entry));
  expect(order).toEqual([...order].sort((a, b) => a - b));

  // Law 50: in a chain, nothing is stored behind what was not.
  for (const chain of [0, 1, 2] as const) {
    const own = outcomes.filter((_, i) => all[i]!.chain === chain);
    const failed = own.findIndex((outcome) => !('ts' in outcome));
    if (failed >= 0) expect(own.slice(failed).every((outcome) => !('ts' in outcome))).toBe(true);
  }
}
