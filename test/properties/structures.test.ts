import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Backlog } from '../../src/dispatch/backlog.js';
import { Line, behind } from '../../src/dispatch/line.js';
import type { Place } from '../../src/dispatch/line.js';
import { Ring } from '../../src/dispatch/ring.js';
import { Slots } from '../../src/dispatch/slots.js';
import type { Origin } from '../../src/dispatch/slots.js';
import { Tournament } from '../../src/dispatch/tournament.js';
import type { Targets } from '../../src/dispatch/order.js';
import type { Clocked } from '../../src/types.js';

const RUNS = 500;

describe('the structures of the engine, each against the plainest thing that does the same', () => {
  test('a tournament knows the least key; of equal ones a ready one; of those the first to have joined', () => {
    const update = fc.record({
      seat: fc.nat({ max: 8 }),
      key: fc.oneof(fc.nat({ max: 4 }), fc.constant(Infinity)),
      ready: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.array(update, { maxLength: 60 }), (players, updates) => {
        const game = new Tournament();
        const model = Array.from({ length: players }, () => ({ key: Infinity, ready: false }));
        game.reset(players);
        model.forEach(() => game.join());

        for (const { seat, key, ready } of updates) {
          const player = { key, ready: ready && key < Infinity };
          model[seat % players] = player;
          game.update(seat % players, player.key, player.ready);

          const least = Math.min(...model.map((each) => each.key));
          const first = model.findIndex((each) => each.key === least && each.ready);
          const winner = first < 0 ? model.findIndex((each) => each.key === least) : first;
          expect(game.winnerKey).toBe(least);
          expect(game.winnerReady).toBe(first >= 0);
          // Among players who are out of the game it doesn't matter who wins.
          if (least < Infinity) expect(game.winner).toBe(winner);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('slots hold what was filled, each timestamp once, and give it back in order', () => {
    const step = fc.oneof(fc.record({ fill: fc.integer({ min: 1, max: 100 }) }), fc.constant('take' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const slots = new Slots<string>();
        const model = new Map<number, Clocked<string>>();
        const origins = new Map<number, Origin<string>>();
        let clock = 0;

        for (const step of steps) {
          if (step === 'take') {
            expect(slots.take(clock + 1)).toBe(model.get(clock + 1));
            model.delete(++clock);
          } else {
            const ts = clock + step.fill;
            const item: Clocked<string> = [`at ${ts}`, ts];
            const origin = { since: ts } as Origin<string>;
            expect(slots.fill(item, origin, step.fill)).toBe(!model.has(ts));
            if (!model.has(ts)) {
              model.set(ts, item);
              origins.set(ts, origin);
            }
          }
          const inOrder = [...model.keys()].sort((a, b) => a - b);
          expect(slots.size).toBe(model.size);
          expect([...slots.inOrder(clock + 1)]).toEqual(inOrder.map((ts) => model.get(ts)));
          for (const ts of inOrder) expect(slots.origin(ts)).toBe(origins.get(ts));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a backlog gives its messages by timestamp, then by arrival, each with its targets', () => {
    const [usual, other] = [[], []] as [Targets<string>, Targets<string>];
    const step = fc.oneof(
      fc.record({ ts: fc.nat({ max: 20 }), usual: fc.boolean() }),
      fc.constant('shift' as const),
      fc.record({ remove: fc.boolean() }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, forwards) => {
        const backlog = new Backlog<string>(usual);
        let model: { item: Clocked<string>; targets: Targets<string> }[] = [];
        let last = 0;

        for (const [i, step] of steps.entries()) {
          if (step === 'shift') {
            if (model.length > 0) expect(backlog.shift()).toBe(model.shift()?.item);
          } else if ('remove' in step) {
            const targets = step.remove ? usual : other;
            const found = model.find((each) => each.targets === targets);
            model = model.filter((each) => each !== found);
            expect(backlog.remove(targets)).toBe(found?.item);
          } else {
            const item: Clocked<string> = [`${i}`, forwards ? (last += step.ts) : step.ts];
            const targets = step.usual ? usual : other;
            model.push({ item, targets });
            model.sort((a, b) => a.item[1] - b.item[1]);
            backlog.push(item, targets);
          }
          expect(backlog.size).toBe(model.length);
          expect(backlog.next).toBe(model[0]?.item[1] ?? Infinity);
          if (model[0] !== undefined) expect(backlog.targets).toBe(model[0].targets);
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a ring is a queue', () => {
    const step = fc.oneof(fc.constant('push' as const), fc.constant('shift' as const), fc.nat({ max: 10 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const ring = new Ring<number>();
        const model: number[] = [];

        for (const [i, step] of steps.entries()) {
          if (step === 'push') {
            ring.push(i);
            model.push(i);
          } else if (step === 'shift') expect(ring.shift()).toBe(model.shift());
          else if (step < model.length) expect(ring.remove(step)).toBe(model.splice(step, 1)[0]);
          expect(ring.size).toBe(model.length);
          expect(ring.peek()).toBe(model[0]);
          expect(ring.last()).toBe(model.at(-1));
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('a line keeps the order of those who have not left, also for one who is looking at it meanwhile', () => {
    const step = fc.oneof(
      fc.constant('join' as const),
      fc.constant('look' as const),
      fc.record({ leave: fc.nat({ max: 20 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const line = new Line<number>();
        const places: Place<number>[] = [];
        /** Who looks at the line, one after the other, and what they have seen last. */
        let looking: Place<number> | undefined;
        let seen = -1;
        const present = (): number[] => places.filter(({ left }) => !left).map(({ item }) => item);

        for (const [i, step] of steps.entries()) {
          if (step === 'join') places.push(line.join(i));
          else if (step === 'look') {
            const before = looking;
            looking = before === undefined ? line.first : behind(before);
            // Who came after the last one of the line had left is seen the next time.
            if (looking === undefined) {
              if (before?.left !== true) expect(present().some((item) => item > seen)).toBe(false);
              seen = -1;
            } else {
              expect(looking.item).toBe(present().find((item) => item > seen));
              seen = looking.item;
            }
          } else {
            const place = places[step.leave];
            if (place !== undefined) line.leave(place);
          }
          expect([...line]).toEqual(present());
          expect(line.size).toBe(present().length);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
