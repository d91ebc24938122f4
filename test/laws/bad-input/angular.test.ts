// @vitest-environment jsdom
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useAngular } from '../../angular/support.js';
import { faultsOf } from './faults.js';
import { ANGULAR } from './table/angular.js';
import { useFakeTimers, useRealTimers } from './timers.js';

beforeAll(useFakeTimers);
afterAll(useRealTimers);

describe('laws 24 and 31: with signals as well', () => {
  useAngular();

  test.for(Object.entries(ANGULAR))('%s', async ([, row]) => {
    expect(await faultsOf(row)).toEqual([]);
  });
});
