import { test as prop } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { ProgressWaiters } from '../../src/progress/waiters.js';
import { fc } from '../support/fast-check.js';

/** A waiter that writes down what it is told. */
function waiter(told: unknown[], name: unknown): { reached: () => void; ended: (end: unknown) => void } {
  return { reached: () => told.push(name), ended: (end) => told.push([name, end]) };
}

describe('ProgressWaiters', () => {
  test('tells who waits for as much or less, in order, then by arrival', () => {
    const told: unknown[] = [];
    const waiters = new ProgressWaiters();
    for (const [i, ts] of [3, 1, 2, 1, -4, 9].entries()) waiters.add(ts, waiter(told, `${ts}#${i}`));
    expect(waiters.next).toBe(-4);

    waiters.advance(2);
    expect(told).toEqual(['-4#4', '1#1', '1#3', '2#2']);
    expect(waiters.next).toBe(3);
    waiters.advance(2);
    expect(told).toHaveLength(4);
  });

  test('who has given up is told nothing, also by another one who is told', () => {
    const told: unknown[] = [];
    const waiters = new ProgressWaiters();
    waiters.add(1, { reached: () => leave(), ended: () => undefined });
    const leave = waiters.add(1, waiter(told, 'second'));
    waiters.advance(1);
    leave();
    expect(told).toEqual([]);
    expect(waiters.next).toBe(Infinity);
  });

  test('tells all who are left how it has ended, once', () => {
    const told: unknown[] = [];
    const waiters = new ProgressWaiters();
    waiters.add(3, { reached: () => undefined, ended: () => leave() });
    waiters.add(4, waiter(told, 'b'));
    const leave = waiters.add(5, waiter(told, 'c'));
    waiters.end({ failed: false });
    waiters.end({ failed: true });
    waiters.advance(9);
    expect(told).toEqual([['b', { failed: false }]]);
  });

  test('one who is told may add another one, also while all are told of the end', () => {
    const told: unknown[] = [];
    const waiters = new ProgressWaiters();
    waiters.add(1, { reached: () => waiters.add(2, waiter(told, 'within')), ended: () => undefined });
    waiters.advance(2);
    expect(told).toEqual(['within']);

    let leave = (): void => undefined;
    waiters.add(7, { reached: () => undefined, ended: () => (leave = waiters.add(8, waiter(told, 'new'))) });
    waiters.add(7, waiter(told, 'other'));
    waiters.end({ failed: false });
    expect(waiters.next).toBe(8);
    leave();
    expect(waiters.next).toBe(Infinity);
  });

  prop.prop([
    fc.array(
      fc.oneof(
        fc.record({ add: fc.integer({ min: -20, max: 20 }) }),
        fc.record({ leave: fc.nat(40) }),
        fc.record({ advance: fc.integer({ min: -25, max: 25 }) }),
      ),
      { maxLength: 120 },
    ),
  ])('agrees with a sorted list', (steps) => {
    const waiters = new ProgressWaiters();
    const told: unknown[] = [];
    const expected: unknown[] = [];
    let model: { readonly ts: number; readonly id: number }[] = [];
    const leaves: (() => void)[] = [];
    for (const step of steps) {
      if ('add' in step) {
        const id = leaves.length;
        leaves.push(waiters.add(step.add, waiter(told, id)));
        model.push({ ts: step.add, id });
      } else if ('leave' in step) {
        leaves[step.leave]?.();
        model = model.filter(({ id }) => id !== step.leave);
      } else {
        waiters.advance(step.advance);
        const due = model.filter(({ ts }) => ts <= step.advance).sort((a, b) => a.ts - b.ts || a.id - b.id);
        expected.push(...due.map(({ id }) => id));
        model = model.filter(({ ts }) => ts > step.advance);
      }
      expect(told).toEqual(expected);
      expect(waiters.next).toBe(Math.min(Infinity, ...model.map(({ ts }) => ts)));
    }
  });
});
