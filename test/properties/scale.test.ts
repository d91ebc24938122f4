import { fc } from '../support/fast-check.js';
import { createDispatcher, sequence, serialize, watermark } from 'rxjs-clocked-dispatch';
import type { Clocked, Forwarder } from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import { expectLawful } from '../support/lawful.js';
import { data, pullAll, watch } from '../support/receivers.js';

const RUNS = 150;

/** As many messages, sources and receivers as it takes for what is inside to grow, wrap around and shrink again. */
describe('many at once, against the plainest thing that does the same', () => {
  test('a channel is a queue, however long it gets', () => {
    const step = fc.record({ send: fc.nat({ max: 70 }), take: fc.nat({ max: 60 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const [sender, receiver] = createDispatcher<number>(serialize(), { bound: Infinity }).channel('s', 'r');
        const queue: Clocked<number>[] = [];
        for (const { send, take } of steps) {
          for (let i = 0; i < send; i++) {
            const sent = sender.trySend(i);
            if (sent.ok) queue.push([i, sent.ts]);
          }
          for (let i = 0; i < take; i++) expect(receiver.tryReceive()).toEqual(queue.shift());
        }
        expect(pullAll(receiver)).toEqual(queue);
      }),
      { numRuns: RUNS },
    );
  });

  test('a full channel that drops its oldest keeps the newest', () => {
    const step = fc.record({ send: fc.nat({ max: 12 }), take: fc.nat({ max: 8 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(step, { maxLength: 20 }), (bound, steps) => {
        const dispatcher = createDispatcher<number>(serialize(), { bound, overflow: 'drop-oldest' });
        const [sender, receiver] = dispatcher.channel('s', 'r');
        let queue: Clocked<number>[] = [];
        let ts = 0;
        for (const { send, take } of steps) {
          for (let i = 0; i < send; i++) {
            sender.next(++ts);
            queue = [...queue, [ts, ts] as const].slice(-bound);
          }
          for (let i = 0; i < take; i++) expect(receiver.tryReceive()).toEqual(queue.shift());
        }
        expect(pullAll(receiver)).toEqual(queue);
      }),
      { numRuns: RUNS },
    );
  });

  test('by sequence, each number leaves once and in order, in whatever order and however often it comes', () => {
    const jump = fc.record({
      source: fc.nat({ max: 3 }),
      ahead: fc.integer({ min: -3, max: 100 }),
      tick: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(jump, { maxLength: 200 }), (jumps) => {
        const dispatcher = createDispatcher<string>(sequence({ seed: 100, window: 100 }));
        const receiver = dispatcher.receiver('r');
        const { items } = watch(receiver);
        const sources = [0, 1, 2, 3].map((i) => dispatcher.sender(`s${i}`, 'r'));
        const came = new Map<number, string | null>();
        let clock = 100;
        const bring = (source: Forwarder<string> | undefined, value: string | null, ts: number): void => {
          expect(source?.tryForward(value, ts).ok).toBe(ts > clock && !came.has(ts));
          if (ts > clock && !came.has(ts)) came.set(ts, value);
          while (came.has(clock + 1)) clock++;
          expect(dispatcher.clock).toBe(clock);
        };
        for (const { source, ahead, tick } of jumps) {
          const ts = clock + ahead;
          bring(sources[source], tick ? null : `v${ts}`, ts);
        }
        for (const last = Math.max(100, ...came.keys()); clock < last;) bring(sources[0], null, clock + 1);

        const expected = [...came].sort(([a], [b]) => a - b).map(([ts, value]) => [value, ts]);
        expect(items).toEqual(expected);
      }),
      { numRuns: RUNS },
    );
  });

  test('by watermark, what every source has reached leaves by timestamp, then by source, then by arrival', () => {
    const step = fc.record({ source: fc.nat({ max: 39 }), ahead: fc.nat({ max: 4 }), kind: fc.nat({ max: 19 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(step, { maxLength: 200, size: 'max' }), (count, steps) => {
        const dispatcher = createDispatcher<string>(watermark({ seed: 0 }), { bound: Infinity });
        const { items } = watch(dispatcher.receiver('r'));
        let joined = 0;
        const join = () => ({ rank: joined, promise: dispatcher.clock, real: dispatcher.sender(`s${joined++}`, 'r') });
        let sources = Array.from({ length: count }, join);
        const held: { value: string; ts: number; rank: number; arrival: number }[] = [];
        const released: Clocked<string>[] = [];
        const release = (): void => {
          const frontier = Math.min(...sources.map(({ promise }) => promise));
          held.sort((a, b) => a.ts - b.ts || a.rank - b.rank || a.arrival - b.arrival);
          while (held[0] !== undefined && held[0].ts <= frontier) {
            const { value, ts } = held.shift() as (typeof held)[0];
            released.push([value, ts]);
          }
        };

        for (const [arrival, { source: index, ahead, kind }] of steps.entries()) {
          const source = sources[index % sources.length] as (typeof sources)[0];
          if (kind === 0) sources.push(join());
          else if (kind === 1 && sources.length > 1) {
            source.real.complete();
            sources = sources.filter((other) => other !== source);
          } else {
            // A source that has said nothing yet can't repeat the seed, which counts as released.
            const ts = Math.max(source.promise + ahead, 1);
            const value = kind < 6 ? null : `v${arrival}`;
            expect(source.real.tryForward(value, ts)).toEqual({ ok: true });
            source.promise = ts;
            if (value !== null) held.push({ value, ts, rank: source.rank, arrival });
          }
          release();
          expect(items.filter(([value]) => value !== null)).toEqual(released);
        }
        expectLawful(items);
      }),
      { numRuns: RUNS },
    );
  });

  test('receivers come and go while others are told, and each that stays gets everything since it came', () => {
    const step = fc.record({
      do: fc.constantFrom('join', 'leave', 'send', 'send in a handler', 'join in a handler', 'leave in a handler'),
      who: fc.nat({ max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const dispatcher = createDispatcher<string>(serialize());
        const everybody = dispatcher.broadcaster('all');
        const present = new Set<Guest>();
        const gone: Guest[] = [];
        let names = 0;
        let handler: (() => void) | undefined;

        const join = (): void => {
          const receiver = dispatcher.receiver(`r${names++}`);
          const guest: Guest = { items: [], since: dispatcher.clock, leave: () => receiver.close() };
          present.add(guest);
          receiver.subscribe((item) => {
            guest.items.push(item);
            const react = handler;
            handler = undefined;
            react?.();
          });
        };
        const leave = (who: number): void => {
          const guest = [...present][who % Math.max(1, present.size)];
          if (guest === undefined) return;
          present.delete(guest);
          gone.push(guest);
          guest.leave();
        };
        const send = (): void => everybody.next(`v${dispatcher.clock + 1}`);

        for (const { do: what, who } of steps) {
          const act = what.startsWith('join') ? join : what.startsWith('leave') ? () => leave(who) : send;
          if (what.endsWith('handler')) {
            handler = act;
            send();
            handler = undefined;
          } else act();
        }

        const clock = dispatcher.clock;
        for (const { items, since } of present) {
          const expected = Array.from({ length: clock - since }, (_, i) => `v${since + i + 1}`);
          expect(data(items)).toEqual(expected);
          expectLawful(items, true);
        }
        for (const { items } of gone) expectLawful(items, true);
      }),
      { numRuns: RUNS },
    );
  });
});

interface Guest {
  readonly items: Clocked<string>[];
  readonly since: number;
  readonly leave: () => void;
}
