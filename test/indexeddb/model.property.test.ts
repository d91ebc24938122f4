import { fc } from '../support/fast-check.js';
import { openIndexedDbLog } from 'rxjs-clocked-dispatch/indexeddb';
import { memoryLog, type EventLog } from 'rxjs-clocked-dispatch/log';
import { expect, test } from 'vitest';
import {
  abortedHalfway,
  answerLost,
  closeConnections,
  closeConnectionsSilently,
  leaveAlone,
  nextTransactions,
  type Mood,
} from './browser.js';
import { newName } from './fake.js';

const PAGES = 3;
const DEDUPE = 4;

/** What happens to the log by one page, or to that page. */
type Step =
  | {
      readonly kind: 'append';
      readonly page: number;
      readonly ids: readonly (number | undefined)[];
      readonly behind: number | undefined;
      readonly mood: Mood | undefined;
    }
  | { readonly kind: 'trim'; readonly page: number; readonly to: number }
  | { readonly kind: 'save'; readonly page: number; readonly ts: number; readonly version: number }
  | { readonly kind: 'reopen'; readonly page: number }
  | { readonly kind: 'closed by the browser'; readonly silently: boolean };

const page = fc.nat(PAGES - 1);
const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      page,
      ids: fc.array(fc.option(fc.nat(8), { nil: undefined }), { maxLength: 4 }),
      behind: fc.option(fc.nat(1), { nil: undefined }),
      mood: fc.constantFrom(undefined, undefined, abortedHalfway, answerLost),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('trim' as const), page, to: fc.nat(30) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('save' as const), page, ts: fc.nat(9), version: fc.nat(2) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), page }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('closed by the browser' as const), silently: fc.boolean() }) },
);

test('several pages with one log are one log in memory, whatever the browser does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 25 }), async (schedule) => {
      const name = newName();
      const open = () => openIndexedDbLog<number>(name, { dedupe: DEDUPE });
      const pages = [await open(), await open(), await open()];
      const model = memoryLog<number>({ dedupe: DEDUPE });
      for (const [i, step] of schedule.entries()) {
        if (step.kind === 'reopen') {
          await pages[step.page]!.close();
          pages[step.page] = await open();
        } else if (step.kind === 'closed by the browser') {
          if (step.silently) closeConnectionsSilently();
          else closeConnections();
        } else {
          const { last } = model;
          const expected = await outcome(act(model, step, i, last));
          if (step.kind === 'append') nextTransactions(whenWriting(step.mood));
          expect(await outcome(act(pages[step.page]!, step, i, last))).toEqual(expected);
          leaveAlone();
        }
      }
      for (const log of pages) {
        expect(await log.head()).toEqual(await model.head());
        expect(await log.read(0, 100)).toEqual(await model.read(0, 100));
        expect(await log.read(model.trimmed + 1, 2)).toEqual(await model.read(model.trimmed + 1, 2));
        expect(await log.load('sum')).toEqual(await model.load('sum'));
        await log.close();
      }
    }),
    { numRuns: 60 },
  );
});

function whenWriting(mood: Mood | undefined): Mood {
  return (tx) => {
    if (tx.mode === 'readwrite') mood?.(tx);
  };
}

function act(log: EventLog<number>, step: Step, i: number, last: number): Promise<unknown> {
  switch (step.kind) {
    case 'append': {
      const ids = step.ids.map((id) => (id === undefined ? undefined : `${id}`));
      const expected = step.behind === undefined ? undefined : Math.max(0, last - step.behind);
      return log.append(
        ids.map((_, k) => i * 10 + k),
        { ids, expected },
      );
    }
    case 'trim':
      return log.trim(step.to);
    case 'save':
      return log.save('sum', { ts: step.ts, version: step.version, state: i });
    default:
      throw new Error(`${step.kind} is nothing that a log does`);
  }
}

/** What a call resolves with, or the name of what it rejects with. */
async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return { value: await call };
  } catch (error) {
    return { error: (error as Error).name };
  }
}
