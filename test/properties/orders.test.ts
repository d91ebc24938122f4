import { fc } from '../support/fast-check.js';
import { createDispatcher, sequence, watermark } from 'rxjs-clocked-dispatch';
import type { Clocked, Drop, Forwarder, ForwardingDispatcher, Overflow } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { CountingScheduler } from '../support/counting-scheduler.js';
import { dispatcherOf, MODES, receiverOf, type AnySender } from '../support/dispatchers.js';
import { expectLawful, expectOnce } from '../support/lawful.js';
import { data, pullAll, watch, type Watch } from '../support/receivers.js';
import { sorted } from '../support/sorted.js';

const RUNS = 150;

/** One message that a source brings: how far its timestamp is beyond the last, and how late it comes after its peers. */
interface Arrival {
  readonly source: number;
  readonly to: number;
  readonly step: number;
  readonly delay: number;
}

const SOURCES = 3;
const MOST_DISORDER = 4;

const arrivals = fc.array(
  fc.record({
    source: fc.nat({ max: SOURCES - 1 }),
    to: fc.nat({ max: 1 }),
    step: fc.nat({ max: 2 }),
    delay: fc.nat({ max: MOST_DISORDER }),
  }),
  { maxLength: 40, size: 'max' },
);

/** The messages of all sources in the order in which they come: as far backwards as `disorder` allows, and no further. */
function disordered(given: readonly Arrival[], disorder: number): { source: number; value: string; ts: number }[] {
  let ts = 1;
  return given
    .map(({ source, step, delay }, i) => ({
      source,
      value: `v${i}`,
      ts: (ts += step),
      at: ts + Math.min(delay, disorder),
    }))
    .sort((a, b) => a.at - b.at || b.ts - a.ts);
}

/** A dispatcher with a receiver that hears of everything from three sources, and one that only the first writes to. */
function three(dispatcher: ForwardingDispatcher<string>, disorder = 0) {
  const [all, first] = [watch(dispatcher.receiver('all')), watch(dispatcher.receiver('first'))];
  const names = [['all', 'first'], ['all'], ['all']];
  const sources = names.map((to, i) => dispatcher.sender(`s${i}`, to, { disorder }));
  return { dispatcher, sources, all, first };
}

function expectAll(watched: Watch<string>, messages: readonly { value: string }[]): void {
  expectLawful(watched.items);
  expectOnce(watched.items);
  expect(sorted(data(watched.items))).toEqual(sorted(messages.map(({ value }) => value)));
  expect(watched.seen.at(-1)).toBe('|');
}

describe('orders that the model does not know', () => {
  test('sources that run backwards, no further than they said, lose nothing', () => {
    fc.assert(
      fc.property(
        arrivals,
        fc.nat({ max: MOST_DISORDER }),
        fc.integer({ min: 1, max: SOURCES }),
        (given, disorder, count) => {
          const { dispatcher, sources, all, first } = three(
            createDispatcher<string>(watermark(), { bound: 1000 }),
            disorder,
          );
          const messages = disordered(given, disorder).map((message) => ({
            ...message,
            source: message.source % count,
          }));
          for (const source of sources.slice(count)) source.complete();
          for (const { source, value, ts } of messages) {
            expect(sources[source]?.tryForward(value, ts)).toEqual({ ok: true });
          }
          expect(dispatcher.stats().late).toBe(0);
          for (const source of sources) source.complete();

          expectAll(all, messages);
          expectAll(
            first,
            messages.filter(({ source }) => source === 0),
          );
          expect(all.items.filter(([value]) => value !== null).map(([, ts]) => ts)).toEqual(
            sorted(messages.map(({ ts }) => ts)),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });

  test('with a frontier for each receiver, each gets its own in order, and needs to wait for nobody else', () => {
    fc.assert(
      fc.property(arrivals, (given) => {
        const { sources, all, first } = three(
          createDispatcher<string>(watermark({ frontier: 'receiver' }), { bound: 1000 }),
        );
        const messages = disordered(given, 0);
        const mine: string[] = [];
        for (const { source, value, ts } of messages) {
          expect(sources[source]?.tryForward(value, ts)).toEqual({ ok: true });
          if (source === 0) mine.push(value);
          expect(data(first.items)).toEqual(mine);
        }
        for (const source of sources) source.complete();

        expectAll(all, messages);
        expectAll(
          first,
          messages.filter(({ source }) => source === 0),
        );
      }),
      { numRuns: RUNS },
    );
  });

  test('sources that fall idle and come back: what is accepted is delivered in order, all else is late', () => {
    fc.assert(
      fc.property(arrivals, fc.array(fc.nat({ max: 8 })), (given, pauses) => {
        const scheduler = new CountingScheduler();
        const { dispatcher, sources, all } = three(
          createDispatcher<string>(watermark({ idleAfter: 6, scheduler, late: 'drop' }), { bound: 1000 }),
        );
        const accepted: { value: string }[] = [];
        let late = 0;
        let settled = -Infinity;
        for (const [i, message] of disordered(given, MOST_DISORDER).entries()) {
          scheduler.pass(pauses[i] ?? 0);
          const before = dispatcher.clock;
          // When all are idle, everything up to the clock is settled.
          if (dispatcher.stats().sources.every(({ idle }) => idle)) settled = before;
          const { ok } = sources[message.source]?.tryForward(message.value, message.ts) ?? {};
          if (ok) accepted.push(message);
          else late++;
          expect(ok === true).toBe(message.ts >= before && message.ts > settled);
        }
        expect(dispatcher.stats().late).toBe(late);
        for (const source of sources) source.complete();

        expectAll(all, accepted);
        expect(scheduler.pending).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });

  test('numbers that are missing are given up after a while: what is accepted is delivered in order', () => {
    const numbers = fc.array(
      fc.record({ source: fc.nat({ max: 2 }), ts: fc.integer({ min: 1, max: 30 }), pause: fc.nat({ max: 4 }) }),
      {
        maxLength: 40,
        size: 'max',
      },
    );
    fc.assert(
      fc.property(numbers, (given) => {
        const scheduler = new CountingScheduler();
        const { dispatcher, sources, all } = three(
          createDispatcher<string>(sequence({ gap: { skipAfter: 10 }, scheduler, late: 'drop' }), { bound: 1000 }),
        );
        const lost: number[] = [];
        dispatcher.gaps$.subscribe(({ from, to }) => {
          for (let ts = from; ts <= to; ts++) lost.push(ts);
        });
        const accepted: { value: string; ts: number }[] = [];
        for (const [i, { source, ts, pause }] of given.entries()) {
          scheduler.pass(pause);
          if (sources[source]?.tryForward(`v${i}`, ts).ok) accepted.push({ value: `v${i}`, ts });
          else expect([...lost, ...accepted.map((message) => message.ts)]).toContain(ts);
        }
        scheduler.pass(100);

        // Whatever was missing has been waited for long enough.
        expect(data(all.items)).toHaveLength(accepted.length);
        for (const source of sources) source.complete();
        expectAll(all, accepted);
        expectLawful(all.items, true);
        const brought = sorted(accepted.map(({ ts }) => ts));
        expect(sorted([...lost, ...brought])).toEqual(Array.from({ length: brought.at(-1) ?? 0 }, (_, i) => i + 1));
        expect(dispatcher.stats().skipped).toBe(lost.length);
        expect(scheduler.pending).toBe(0);
      }),
      { numRuns: RUNS },
    );
  });
});

describe.for(MODES)('next without room (%s)', (mode) => {
  /** Something is sent to one or to both, or read. */
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ do: fc.constant('next' as const), sender: fc.nat({ max: 2 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('pull' as const), sender: fc.nat({ max: 1 }) }) },
  );

  test('what is not delivered is reported, once, and its timestamp is told', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 60, size: 'max' }),
        fc.constantFrom<Overflow>('drop-oldest', 'drop-newest'),
        fc.integer({ min: 1, max: 4 }),
        (steps, overflow, bound) => {
          const drops: Drop<string>[] = [];
          const options = { bound, overflow, onDrop: (drop: Drop<string>) => drops.push(drop) };
          const dispatcher = dispatcherOf(mode, options);
          const receivers = ['r0', 'r1'].map((name) => receiverOf(dispatcher, name));
          const got: Clocked<string>[][] = [[], []];
          const sent: string[][] = [[], []];
          const senders = [['r0'], ['r1'], ['r0', 'r1']].map((to, i) => dispatcher.sender(`s${i}`, to));
          // By watermark, what everybody waits for is admitted beyond the bound: at most one message of each source.
          const excess = mode === 'watermark' ? senders.length - 1 : 0;
          let ts = 0;

          for (const { do: what, sender: index } of steps) {
            if (what === 'pull') {
              const item = receivers[index]?.tryReceive();
              if (item !== undefined) got[index]?.push(item);
              continue;
            }
            const sender = senders[index] as AnySender;
            ts++;
            for (const to of index === 2 ? [0, 1] : [index]) sent[to]?.push(`v${ts}@${ts}`);
            if ('trySend' in sender) sender.next(`v${ts}`);
            else sender.next([`v${ts}`, ts]);
            for (const { queued } of dispatcher.stats().receivers) expect(queued).toBeLessThanOrEqual(bound + excess);
          }
          if (mode === 'watermark') for (const sender of senders) (sender as Forwarder<string>).next([null, ts]);
          expect(dispatcher.clock).toBe(ts);
          dispatcher.close();

          for (const [i, receiver] of receivers.entries()) {
            const items = [...(got[i] ?? []), ...pullAll(receiver)];
            expectLawful(items);
            const delivered = items.filter(([value]) => value !== null).map((item) => `${String(item[0])}@${item[1]}`);
            const dropped = drops
              .filter((drop) => drop.receiver === receiver.name)
              .map((drop) => `${drop.value}@${drop.ts}`);
            expect(sorted([...delivered, ...dropped])).toEqual(sorted(sent[i] ?? []));
            expect(items.at(-1)?.[1] ?? 0).toBe(ts);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});
