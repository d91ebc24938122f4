import { describe, expect, test } from 'vitest';
import { Events } from '../../bench/simulate/events.js';
import { fit } from '../../bench/simulate/fit.js';
import { Gather } from '../../bench/simulate/gather.js';
import { Lags } from '../../bench/simulate/lags.js';
import { simulate } from '../../bench/simulate/model.js';
import type { Constants, Plan } from '../../bench/simulate/plan.js';
import { Station } from '../../bench/simulate/station.js';

const CONSTANTS: Constants = {
  commit: 0.2,
  sync: 1,
  append: 0.004,
  feed: 0.001,
  take: 0.003,
  deliver: 0.001,
  tick: 0.0003,
  messageBytes: 200,
  tickBytes: 50,
  itemBytes: 150,
};
const PLAN: Plan = { name: 'small', rate: 5000, processes: 4, receivers: 200, seconds: 1, network: 1e9 };
const of = (plan: Partial<Plan>, constants: Partial<Constants> = {}) =>
  simulate({ ...PLAN, ...plan }, { ...CONSTANTS, ...constants });

describe('the parts', () => {
  test('events run in the order of their times, those of one time as they were planned, and never in the past', () => {
    const events = new Events();
    const seen: string[] = [];
    const note = (name: string) => () => void seen.push(`${name} at ${events.now}`);
    events.at(3, note('c'));
    events.at(1, () => {
      note('a')();
      events.at(1, note('b'));
      expect(() => events.at(0.5, note('never'))).toThrow(RangeError);
    });
    for (let i = 0; i < 20; i++) events.at(2, note(`${i}`));
    events.run();
    expect(seen).toEqual(['a at 1', 'b at 1', ...Array.from({ length: 20 }, (_, i) => `${i} at 2`), 'c at 3']);
  });

  test('a station does one thing at a time', () => {
    const events = new Events();
    const station = new Station(events);
    const ends: number[] = [];
    for (const time of [5, 3]) station.serve(time, () => ends.push(events.now));
    events.at(20, () => station.serve(1, () => ends.push(events.now)));
    events.run();
    expect(ends).toEqual([5, 8, 21]);
    expect(station.busy).toBe(9);
  });

  test('what comes in while a gather is busy is taken at once, at most so many', () => {
    const taken: (readonly string[])[] = [];
    let done = (): void => undefined;
    const gather = new Gather<string>(3, (items, then) => {
      taken.push(items);
      done = then;
    });
    gather.add(['a']);
    gather.add(['b', 'c']);
    gather.add(['d', 'e']);
    done();
    done();
    done();
    gather.add(['f']);
    expect(taken).toEqual([['a'], ['b', 'c', 'd'], ['e'], ['f']]);
  });

  test('a fit finds what the values are made of, and nothing below zero', () => {
    const rows = [
      [1, 10, 100],
      [1, 100, 100],
      [1, 10, 1000],
      [2, 300, 40],
    ];
    const of = (parts: readonly number[]) => rows.map((row) => row.reduce((sum, x, i) => sum + x * parts[i]!, 0));
    for (const [i, part] of fit(rows, of([3, 0.5, 0.02])).entries()) expect(part).toBeCloseTo([3, 0.5, 0.02][i]!, 6);
    expect(fit(rows, of([3, 0.5, -0.001]))[2]).toBe(0);
  });

  test('quantiles are right to a hundredth', () => {
    const lags = new Lags();
    for (let i = 1; i <= 1000; i++) lags.add(i);
    for (const share of [0.1, 0.5, 0.99]) expect(lags.quantile(share) / (1000 * share)).toBeCloseTo(1, 1.7);
    expect(new Lags().quantile(0.5)).toBeNaN();
  });
});

describe('nothing is lost or made up', () => {
  test.each<Partial<Plan>>([{}, { relays: 2 }, { processes: 1, together: true }, { rate: 300_000 }])('%o', (plan) => {
    const { sent, stored, told, behind } = of(plan);
    expect(sent).toBeGreaterThan(0);
    expect(stored).toBe(sent);
    expect(told).toBe(sent);
    expect(behind).toBeGreaterThanOrEqual(0);
  });

  test('about as many are sent as the rate says', () => {
    expect(of({ rate: 20_000 }).sent / 20_000).toBeCloseTo(1, 1);
  });

  test('the bytes out of the server are those of each message, to each that it feeds', () => {
    const { sent, serverBytes } = of({ rate: 1000, seconds: 10 });
    expect(serverBytes / ((sent * 4 * 200) / 10)).toBeCloseTo(1, 2);
    expect(of({ rate: 1000, seconds: 10, relays: 2 }).serverBytes / serverBytes).toBeCloseTo(0.5, 2);
  });

  test('a run is the same each time, and another with another seed', () => {
    expect(of({})).toEqual(of({}));
    expect(simulate(PLAN, CONSTANTS, 2)).not.toEqual(of({}));
  });
});

describe('more to do takes longer', () => {
  test('no message is told before it is stored and taken in', () => {
    const { commit, sync, append, feed, take, deliver } = CONSTANTS;
    expect(of({ rate: 10, seconds: 10 }).median).toBeGreaterThan(commit + sync + append + feed + take + deliver);
  });

  test('with more receivers, the processes are busier and messages take longer', () => {
    const runs = [100, 1000, 4000].map((receivers) => of({ receivers }));
    expectToGrow(runs.map(({ load }) => load.process));
    expectToGrow(runs.map(({ median }) => median));
  });

  test('at a higher rate, commits hold more, and all are busier', () => {
    const runs = [1000, 10_000, 50_000].map((rate) => of({ rate }));
    expectToGrow(runs.map(({ stored, commits }) => stored / commits));
    expectToGrow(runs.map(({ load }) => load.process));
    expectToGrow(runs.map(({ load }) => load.network));
  });

  test('a slower disk makes commits larger, and messages later', () => {
    const runs = [0.1, 1, 10].map((sync) => of({}, { sync }));
    expectToGrow(runs.map(({ stored, commits }) => stored / commits));
    expectToGrow(runs.map(({ median }) => median));
  });

  test('beyond what the log can store, it falls behind', () => {
    expect(of({ rate: 100_000 }).keepsUp).toBe(true);
    expect(of({ rate: 300_000 }).keepsUp).toBe(false);
  });

  test('beyond what the server can feed, or its network, messages come late; relays and more processors relieve it', () => {
    const many = { rate: 50_000, processes: 40 };
    expect(of(many).keepsUp).toBe(false);
    expect(of({ ...many, feeders: 4 }).keepsUp).toBe(false);
    expect(of({ ...many, feeders: 4, network: 1e10 }).keepsUp).toBe(true);
    expect(of({ ...many, relays: 8 }).keepsUp).toBe(true);
  });

  test('ticks that are told less often cost less, and make no message later', () => {
    const [each, rare] = [of({ receivers: 4000 }), of({ receivers: 4000, tickEvery: 50 })];
    expect(rare.ticks).toBeLessThan(each.ticks / 2);
    expect(rare.load.process).toBeLessThan(each.load.process);
    expect(rare.pageBytes).toBeLessThan(each.pageBytes);
    expect(rare.median).toBeLessThanOrEqual(each.median);
  });
});

function expectToGrow(values: readonly number[]): void {
  expect(values).toEqual([...values].sort((a, b) => a - b));
  expect(new Set(values).size).toBe(values.length);
}
