import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultsOf } from './faults.js';
import { TABLE } from './table/index.js';
import { useFakeTimers, useRealTimers } from './timers.js';

beforeAll(useFakeTimers);
afterAll(useRealTimers);

describe('laws 24 and 31: bad input is refused with an error of the package, and leaves nothing behind', () => {
  test.for(Object.entries(TABLE))('%s', async ([, row]) => {
    expect(await faultsOf(row)).toEqual([]);
  });
});
