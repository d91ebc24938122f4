import { expect, test } from 'vitest';
import { nearest } from '../../src/errors/nearest.js';

const KNOWN = ['bound', 'overflow', 'onDrop', 'ticks', 'maxWaiting', 'maxHeld', 'sourceError'];

test.for([
  ['bounds', 'bound'],
  ['bonud', 'bound'],
  ['Bound', 'bound'],
  ['overFlow', 'overflow'],
  ['ondrop', 'onDrop'],
  ['tick', 'ticks'],
  ['maxWating', 'maxWaiting'],
  ['maxheled', 'maxHeld'],
  ['boundary', undefined],
  ['maxHeldXY', 'maxHeld'],
  ['maxHeldXYZ', undefined],
  ['max', undefined],
  ['seed', undefined],
  ['', undefined],
  ['x', undefined],
] as const)('%s', ([word, expected]) => {
  expect(nearest(word, KNOWN)).toBe(expected);
});

test('of several the nearest, and of equals the first', () => {
  expect(nearest('maxHelp', ['maxHelps', 'maxHeld'])).toBe('maxHelps');
  expect(nearest('receive', ['receiver', 'received', 'receive'])).toBe('receive');
});

test('a short word is not turned into another one', () => {
  expect(nearest('a', ['b', 'ab'])).toBeUndefined();
  expect(nearest('to', ['of', 'no', 'do'])).toBe('no');
});

test('a huge word is far from all', () => {
  expect(nearest('bound'.repeat(200_000), KNOWN)).toBeUndefined();
});
