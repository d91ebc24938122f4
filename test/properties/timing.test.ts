import { fc } from '../support/fast-check.js';
import { VirtualTimeScheduler } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Scheduler } from '../../src/dispatch/scheduler.js';
import { elapsedOn } from '../../src/dispatch/timing/elapsed.js';
import { IdleWatch } from '../../src/dispatch/timing/idle-watch.js';
import type { WatchHost } from '../../src/dispatch/timing/idle-watch.js';
import { startTimer } from '../../src/dispatch/timing/timer.js';

const LONGEST = 2 ** 31 - 1;
const millisecond = fc.nat({ max: 40 });
const jump = fc.constantFrom(0, 0, -3_600_000, -7, 5, 86_400_000);

/** A machine whose wall clock is set at will, and whose timers go by the time that really passes. */
class Machine implements Scheduler {
  time = 0;
  offset = 1_700_000_000_000;
  /** How much too early timers of more than a millisecond fire. */
  haste = 0;
  readonly delays: number[] = [];
  #timers: { readonly at: number; readonly work: () => void }[] = [];

  constructor() {
    vi.spyOn(performance, 'now').mockImplementation(() => this.time);
    vi.spyOn(Date, 'now').mockImplementation(() => this.now());
  }

  get pending(): number {
    return this.#timers.length;
  }

  now(): number {
    return Math.floor(this.time + this.offset);
  }

  schedule(work: () => void, delay = 0): { unsubscribe(): void } {
    this.delays.push(delay);
    const timer = { at: this.time + Math.max(Math.min(1, delay), delay - this.haste), work };
    this.#timers.push(timer);
    return { unsubscribe: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  pass(ms: number): void {
    const until = this.time + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.time = next.at;
      next.work();
    }
    this.time = until;
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe('elapsed time', () => {
  test('law 30: is what has passed, however the wall clock is set', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ ms: millisecond, jump })), (steps) => {
        const machine = new Machine();
        const elapsed = elapsedOn(machine);
        const begun = elapsed();
        let passed = 0;
        for (const step of steps) {
          machine.pass(step.ms);
          machine.offset += step.jump;
          passed += step.ms;
          expect(elapsed() - begun).toBe(passed);
        }
      }),
    );
  });

  test('law 30: a millisecond that ends while it is read makes no difference', () => {
    const machine = new Machine();
    const elapsed = elapsedOn({ now: () => Date.now(), schedule: (work, ms) => machine.schedule(work, ms) });
    const begun = elapsed();
    let reading = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => machine.now() + reading++);
    machine.pass(10);
    machine.offset -= 5000;
    expect(elapsed() - begun).toBe(10);
  });

  test('is the virtual time of a virtual scheduler', () => {
    const scheduler = new VirtualTimeScheduler();
    const elapsed = elapsedOn(scheduler);
    const seen: number[] = [];
    for (const ms of [0, 3, 10]) scheduler.schedule(() => seen.push(elapsed()), ms);
    const begun = elapsed();
    scheduler.flush();
    expect(seen.map((at) => at - begun)).toEqual([0, 3, 10]);
  });

  test('is virtual inside TestScheduler.run, and goes on where it was', () => {
    const scheduler = new TestScheduler((actual, expected) => expect(actual).toEqual(expected));
    const outside = new Machine();
    const elapsed = elapsedOn({
      now: () => (inside ? scheduler.now() : outside.now()),
      schedule: () => ({ unsubscribe() {} }),
    });
    let inside = false;
    const begun = elapsed();
    outside.pass(4);
    expect(elapsed() - begun).toBe(4);
    inside = true;
    scheduler.run(() => {
      elapsed();
      scheduler.schedule(() => expect(elapsed() - begun).toBe(14), 10);
    });
    inside = false;
    expect(elapsed() - begun).toBe(14);
    outside.pass(6);
    expect(elapsed() - begun).toBe(20);
  });

  test.each([['Date', 'performance'] as const, ['Date'] as const])(
    'is the time of fake timers (%s, %s)',
    (...toFake) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', ...toFake] });
      const elapsed = elapsedOn({ now: () => Date.now(), schedule: () => ({ unsubscribe() {} }) });
      const begun = elapsed();
      vi.advanceTimersByTime(1500);
      expect(elapsed() - begun).toBe(1500);
    },
  );
});

describe('timers', () => {
  test.each([0, 1, 50, LONGEST, LONGEST + 1, 3 * LONGEST + 7, 2 ** 40])('law 30: %d ms are kept', (ms) => {
    const machine = new Machine();
    const work = vi.fn();
    startTimer(machine, ms, work);
    if (ms > 0) machine.pass(ms - 1);
    if (ms > 0) machine.offset -= 2 * ms;
    expect(work).toHaveBeenCalledTimes(0);
    machine.pass(1);
    expect(work).toHaveBeenCalledTimes(1);
    expect(Math.max(...machine.delays)).toBeLessThanOrEqual(LONGEST);
    expect(machine.pending).toBe(0);
  });

  test('what fires too early waits for the rest', () => {
    const machine = new Machine();
    machine.haste = 0.75;
    let at = NaN;
    startTimer(machine, 50, () => (at = machine.time));
    machine.pass(60);
    expect(at).toBeGreaterThanOrEqual(50);
    expect(at).toBeLessThanOrEqual(51);
  });

  test('a timer whose clock stands still fires all the same', () => {
    const scheduler = new VirtualTimeScheduler();
    const work = vi.fn();
    startTimer({ now: () => 7, schedule: (inner, ms) => scheduler.schedule(inner, ms) }, 50, work);
    scheduler.flush();
    expect(work).toHaveBeenCalledTimes(1);
    expect(scheduler.frame).toBe(50);
  });

  test('a timer that is stopped leaves nothing, in its second stretch too', () => {
    const machine = new Machine();
    const work = vi.fn();
    const timers = [50, LONGEST + 50].map((ms) => startTimer(machine, ms, work));
    timers[0]?.unsubscribe();
    machine.pass(LONGEST + 10);
    timers[1]?.unsubscribe();
    expect(machine.pending).toBe(0);
    machine.pass(100);
    expect(work).not.toHaveBeenCalled();
  });
});

interface Source {
  readonly name: number;
  heard: number;
  waiting: boolean;
}

const action = fc.oneof(
  fc.record({ do: fc.constant('hear' as const), source: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('forget' as const), source: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('wait' as const), source: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('go on' as const), source: fc.nat({ max: 3 }) }),
  fc.record({ do: fc.constant('pass' as const), ms: millisecond, jump }),
);

/** Where nothing is told: a timer is started at once. */
const HOST: WatchHost = { effects: { call: (work) => work() }, begin: () => undefined, end: () => undefined };

describe('the watch of idle sources', () => {
  test('law 11: tells of whoever has been silent for so long, and has one timer at most', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40, size: 'max' }), fc.constantFrom(1, 10, 25), (actions, after) => {
        const machine = new Machine();
        const sources = [0, 1, 2, 3].map((name): Source => ({ name, heard: NaN, waiting: false }));
        /** When each of those that are watched spoke last, or waited last. */
        const spoke = new Map<Source, number>();
        const watch = new IdleWatch<Source>(after, machine, HOST, (idle) => {
          for (const source of idle) {
            expect(machine.time - (spoke.get(source) ?? NaN)).toBe(after);
            spoke.delete(source);
          }
        });
        for (const step of actions) {
          const source = sources['source' in step ? step.source : 0]!;
          if (step.do === 'hear') {
            watch.hear(source);
            spoke.set(source, machine.time);
          } else if (step.do === 'forget') {
            watch.forget(source);
            spoke.delete(source);
          } else if (step.do === 'wait') source.waiting = true;
          else if (step.do === 'go on') {
            // As a dispatcher does it: what waited comes in.
            source.waiting = false;
            watch.hear(source);
            spoke.set(source, machine.time);
          } else {
            machine.offset += step.jump;
            for (let ms = 0; ms < step.ms; ms++) {
              machine.pass(1);
              for (const each of spoke.keys()) if (each.waiting) spoke.set(each, machine.time);
            }
            for (const [each, at] of spoke) expect(each.waiting || machine.time - at < after).toBe(true);
          }
          expect(machine.pending).toBe(spoke.size > 0 ? 1 : 0);
        }
        watch.stop();
        expect(machine.pending).toBe(0);
      }),
    );
  });

  test('law 11: whoever speaks at the very moment of the check is not idle', () => {
    const machine = new Machine();
    const idle: string[] = [];
    const [a, b] = ['a', 'b'].map((name) => ({ name, heard: 0, waiting: false })) as [Named, Named];
    const watch: IdleWatch<Named> = new IdleWatch<Named>(10, machine, HOST, (sources) => {
      idle.push(`${sources.map(({ name }) => name).join()}@${machine.time}`);
      if (machine.time === 10) watch.hear(b);
    });
    watch.hear(a);
    machine.schedule(() => watch.hear(b), 10);
    machine.pass(10);
    watch.hear(b);
    machine.pass(9);
    expect(idle).toEqual(['a@10']);
    machine.pass(1);
    expect(idle).toEqual(['a@10', 'b@20']);
    expect(machine.pending).toBe(0);
  });
});

interface Named {
  readonly name: string;
  heard: number;
  readonly waiting: boolean;
}
