import { fc } from '../support/fast-check.js';
import { describe, expect, test } from 'vitest';
import { GivenUp } from '../../src/dispatch/orders/given-up.js';
import { Intervals } from '../../src/dispatch/orders/intervals.js';
import { KnownSince } from '../../src/dispatch/orders/known-since.js';
import { Group } from '../../src/dispatch/structures/group.js';
import { Heap } from '../../src/dispatch/structures/heap.js';
import { Ring } from '../../src/dispatch/structures/ring.js';
import { Tournament } from '../../src/dispatch/structures/tournament.js';

const RUNS = { numRuns: 200 };
const index = fc.nat({ max: 12 });

/** Some of these, one after the other, each with a number. */
function steps<A extends string>(...actions: A[]): fc.Arbitrary<{ do: A; n: number }[]> {
  return fc.array(fc.record({ do: fc.constantFrom(...actions), n: index }), { maxLength: 80, size: 'max' });
}

describe('the structures of the engine, each against a plain array', () => {
  test('a ring is a queue, also where something is put in or taken out in its middle', () => {
    fc.assert(
      fc.property(steps('push', 'push', 'shift', 'remove', 'insert', 'set', 'clear'), (actions) => {
        const ring = new Ring<number>();
        const model: number[] = [];
        for (const [i, { do: action, n }] of actions.entries()) {
          if (action === 'push') ring.push(i);
          if (action === 'push') model.push(i);
          if (action === 'shift') expect(ring.shift()).toBe(model.shift());
          if (action === 'remove' && n < model.length) expect(ring.remove(n)).toBe(model.splice(n, 1)[0]);
          if (action === 'insert' && n <= model.length) {
            ring.insert(n, i);
            model.splice(n, 0, i);
          }
          if (action === 'set' && n < model.length) {
            ring.set(n, i);
            model[n] = i;
          }
          if (action === 'clear' && n === 0) {
            ring.clear();
            model.length = 0;
          }
          expect(Array.from({ length: ring.size }, (_, at) => ring.at(at))).toEqual(model);
          expect([ring.peek(), ring.last()]).toEqual([model[0], model.at(-1)]);
        }
      }),
      RUNS,
    );
  });

  test('a heap gives the least key first, and of equal ones what came first', () => {
    fc.assert(
      fc.property(steps('push', 'push', 'pop', 'keep'), (actions) => {
        const heap = new Heap<number>();
        let model: { readonly key: number; readonly item: number }[] = [];
        for (const [item, { do: action, n: key }] of actions.entries()) {
          if (action === 'push') {
            heap.push(key, item);
            model.push({ key, item });
            // Sorting is stable.
            model.sort((a, b) => a.key - b.key);
          } else if (action === 'pop') expect(heap.pop()).toBe(model.shift()?.item);
          else {
            heap.keep((each) => each % 3 !== 0);
            model = model.filter((each) => each.item % 3 !== 0);
          }
          expect([heap.size, heap.peek(), heap.leastKey]).toEqual([
            model.length,
            model[0]?.item,
            model[0]?.key ?? Infinity,
          ]);
        }
        expect(model.map(() => heap.pop())).toEqual(model.map(({ item }) => item));
      }),
      RUNS,
    );
  });

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
        expect(model.map(() => game.join())).toEqual([...model.keys()]);
        for (const { seat, key, ready } of updates) {
          const player = { key, ready: ready && key < Infinity };
          model[seat % players] = player;
          game.update(seat % players, player.key, player.ready);

          const least = Math.min(...model.map((each) => each.key));
          const first = model.findIndex((each) => each.key === least && each.ready);
          expect([game.winnerKey, game.winnerReady]).toEqual([least, first >= 0]);
          // Among players who are out of the game it doesn't matter who wins.
          const winner = first < 0 ? model.findIndex((each) => each.key === least) : first;
          if (least < Infinity) expect(game.winner).toBe(winner);
          for (const other of model.keys()) {
            const others = model.filter((_, at) => at !== other).map((each) => each.key);
            expect(game.leastBesides(other)).toBe(Math.min(...others));
          }
        }
      }),
      RUNS,
    );
  });

  test('a group lists its members in the order of joining, and a list that somebody reads never changes', () => {
    fc.assert(
      fc.property(steps('add', 'add', 'delete', 'clear'), (actions) => {
        const group = new Group<number>();
        let model: number[] = [];
        for (const { do: action, n } of actions) {
          const read = group.list;
          const copy = [...read];
          if (action === 'add') {
            group.add(n);
            if (!model.includes(n)) model.push(n);
          } else if (action === 'delete') {
            expect(group.delete(n)).toBe(model.includes(n));
            model = model.filter((each) => each !== n);
          } else if (n === 0) {
            group.clear();
            model = [];
          }
          expect([group.list, group.size, group.has(n)]).toEqual([model, model.length, model.includes(n)]);
          expect(read).toEqual(copy);
        }
      }),
      RUNS,
    );
  });

  test('intervals are a set of numbers', () => {
    const action = fc.record({
      do: fc.constantFrom('add', 'add', 'add', 'through', 'after', 'first'),
      from: fc.integer({ min: -8, max: 30 }),
      length: fc.nat({ max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40, size: 'max' }), (actions) => {
        const intervals = new Intervals();
        let model = new Set<number>();
        for (const { do: what, from, length } of actions) {
          const keep = (wanted: (n: number) => boolean): Set<number> => new Set([...model].filter(wanted));
          const least = Math.min(...model);
          let end = least;
          while (model.has(end + 1)) end++;
          if (what === 'add') {
            intervals.add(from, from + length);
            for (let n = from; n <= from + length; n++) model.add(n);
          } else if (what === 'through') {
            intervals.dropThrough(from);
            model = keep((n) => n > from);
          } else if (what === 'after') {
            intervals.dropAfter(from);
            model = keep((n) => n <= from);
          } else {
            intervals.dropFirst();
            model = keep((n) => n > end);
          }
          expect(intervals.size).toBe([...model].filter((n) => !model.has(n - 1)).length);
          for (let n = -10; n < 40; n++) {
            let last = n - 1;
            while (model.has(last + 1)) last++;
            expect([intervals.has(n), intervals.from(n), intervals.endOf(n)]).toEqual([
              model.has(n),
              Math.min(...[...model].filter((each) => each >= n)),
              last,
            ]);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('what was given up is remembered in so many ranges, the oldest of which are forgotten first', () => {
    const givenUp = new GivenUp();
    for (let n = 0; n < 100_000; n++) givenUp.add(n * 3, n * 3 + 1);
    expect(givenUp.count).toBe(200_000);
    expect([...Array(300_000).keys()].filter((ts) => givenUp.has(ts))).toHaveLength(2 * 1024);
    expect([givenUp.has(299_998), givenUp.has(299_999), givenUp.has(0)]).toEqual([true, false, false]);
    // What adjoins is one range.
    const all = new GivenUp();
    for (let n = 0; n < 100_000; n++) all.add(n, n);
    expect([all.has(0), all.has(99_999), all.has(100_000)]).toEqual([true, true, false]);
  });

  test('since when it is known how far the numbers go is remembered in so many notes; what is forgotten errs on the late side', () => {
    let time = 0;
    const known = new KnownSince(() => time, 4);
    for (time = 1; time <= 10; time++) known.note(time * 10, 0);
    expect([0, 9, 10, 30, 31, 99, 100].map((clock) => known.since(clock))).toEqual([1, 1, 2, 10, 10, 10, Infinity]);
  });
});
