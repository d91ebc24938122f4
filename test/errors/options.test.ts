import { asyncScheduler, VirtualTimeScheduler } from 'rxjs';
import {
  createDispatcher,
  InvalidNameError,
  InvalidOptionError,
  sequence,
  serialize,
  watermark,
} from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';
import {
  callback,
  count,
  flag,
  integer,
  milliseconds,
  name,
  oneOf,
  scheduler,
  signal,
} from '../../src/options/check.js';
import { knownOptions } from '../../src/options/known-options.js';

const OWNER = 'createDispatcher';
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

/** Nothing that takes a number, a word, a function or an object with methods takes one of these. */
const ODD = [null, NaN, -1, 1.5, '5', 5n, {}, [], true, Symbol('a'), revoked, 2 ** 53, -Infinity] as const;

const CHECKS: [string, (value: unknown) => unknown][] = [
  ['count', (value) => count(OWNER, 'option', value, 7)],
  ['oneOf', (value) => oneOf(OWNER, 'option', value, ['error', 'drop'])],
  ['callback', (value) => callback(OWNER, 'option', value)],
  ['scheduler', (value) => scheduler(OWNER, 'option', value)],
  ['signal', (value) => signal(OWNER, 'option', value)],
];

describe.for(CHECKS)('%s', ([, check]) => {
  test.for(ODD.map((value, i) => [i, value] as const))('refuses what is none (%i)', ([, value]) => {
    let thrown: unknown;
    try {
      check(value);
    } catch (error) {
      thrown = error;
    }

    expect(thrown).toBeInstanceOf(InvalidOptionError);
    expect(thrown).toMatchObject({ option: 'option', owner: OWNER, code: 'RCD001' });
    expect((thrown as InvalidOptionError).value).toBe(value);
  });
});

test('what is left out has its default', () => {
  expect(count(OWNER, 'bound', undefined, 7)).toBe(7);
  expect(integer(OWNER, 'seed', undefined, -3)).toBe(-3);
  expect(oneOf(OWNER, 'overflow', undefined, ['error', 'drop'])).toBe('error');
  expect(flag(OWNER, 'strict', undefined)).toBe(false);
  for (const value of [callback, scheduler, signal].map((check) => check<unknown>(OWNER, 'option', undefined))) {
    expect(value).toBeUndefined();
  }
});

test('counts', () => {
  expect([0, 1, Infinity].map((value) => count(OWNER, 'bound', value, 7))).toEqual([0, 1, Infinity]);
  expect(count(OWNER, 'window', 1, 7, 1)).toBe(1);
  expect(() => count(OWNER, 'window', 0, 7, 1)).toThrow('an integer from 1 on, or Infinity');
  expect(() => count(OWNER, 'window', Infinity, 7, 1, false)).toThrow(/an integer from 1 on$/);
});

test('integers: any that is safe', () => {
  const safe = [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];

  expect(safe.map((value) => integer(OWNER, 'seed', value, 0))).toEqual(safe);
  expect(integer(OWNER, 'seed', -0, 0)).toBe(0);
  for (const value of [2 ** 53, 0.5, NaN, Infinity, '1', 1n, null]) {
    expect(() => integer(OWNER, 'seed', value, 0)).toThrow(InvalidOptionError);
  }
});

test('words, flags, functions', () => {
  expect(oneOf(OWNER, 'overflow', 'drop', ['error', 'drop'])).toBe('drop');
  expect(() => oneOf(OWNER, 'overflow', 'dorp', ['error', 'drop'])).toThrow("'dorp': expected 'error' or 'drop'");
  expect([true, false].map((value) => flag(OWNER, 'strict', value))).toEqual([true, false]);
  for (const value of ['no', 0, null]) expect(() => flag(OWNER, 'strict', value)).toThrow(InvalidOptionError);
  expect(callback(OWNER, 'onDrop', flag)).toBe(flag);
});

test('times: from zero on, also beyond what one timer can hold', () => {
  const times = [0, 0.5, 1000, 2 ** 31, Number.MAX_VALUE];

  expect(times.map((value) => milliseconds(OWNER, 'timeout', value))).toEqual(times);
  for (const value of [-1, NaN, Infinity, '', '5', 5n, null, undefined, {}]) {
    expect(() => milliseconds(OWNER, 'timeout', value)).toThrow(InvalidOptionError);
  }
});

test('schedulers and signals, by what they can do', () => {
  const own = { now: () => 0, schedule: () => ({ unsubscribe: () => {} }) };
  const { signal: given } = new AbortController();

  for (const value of [asyncScheduler, new VirtualTimeScheduler(), own]) {
    expect(scheduler(OWNER, 'scheduler', value)).toBe(value);
  }
  expect(signal(OWNER, 'signal', given)).toBe(given);
  expect(() => scheduler(OWNER, 'ticks', { now: () => 0 })).toThrow(InvalidOptionError);
});

test('names', () => {
  expect([' ', '__proto__', 'x'].map((value) => name('receiver', value))).toEqual([' ', '__proto__', 'x']);
  for (const value of ['', undefined, null, 5, Symbol('s'), {}, ['a']]) {
    expect(() => name('receiver', value as string)).toThrow(InvalidNameError);
  }
});

describe('options as a whole', () => {
  interface Options {
    readonly bound?: number | undefined;
    readonly overflow?: string | undefined;
  }
  const read = (options: unknown, elsewhere?: Record<string, string>) =>
    knownOptions<Options>(OWNER, options as Options | undefined, ['bound', 'overflow'], elsewhere);

  test('none, some, frozen, inherited', () => {
    expect(read(undefined)).toEqual({});
    expect(read({ bound: 1, overflow: undefined })).toStrictEqual({ bound: 1 });
    expect(read(Object.freeze({ bound: 1 }))).toEqual({ bound: 1 });
    expect(read(Object.create({ bound: 1 }))).toEqual({ bound: 1 });
    expect(read(Object.assign(Object.create(null), { bound: 1 }))).toEqual({ bound: 1 });
  });

  test('what is no object', () => {
    for (const options of [null, 5, 'bound', true, 5n, Symbol('o'), () => 1, [], ['bound'], revoked]) {
      expect(() => read(options)).toThrow(
        expect.objectContaining({ name: 'InvalidArgumentError', called: OWNER, parameter: 'options' }),
      );
    }
  });

  test('an unknown one, with the nearest known one', () => {
    expect(() => read({ bonud: 5 })).toThrow("createDispatcher has no option 'bonud': did you mean 'bound'?");
    expect(() => read({ bound: 5, late: undefined })).toThrow(
      expect.objectContaining({ name: 'UnknownOptionError', option: 'late', nearest: undefined }),
    );
    for (const option of ['constructor', 'toString', '__proto__']) {
      expect(() => read(Object.defineProperty({}, option, { value: 1, enumerable: true }), {})).toThrow(
        expect.objectContaining({ name: 'UnknownOptionError', option }),
      );
    }
  });

  test('a misplaced one, with its place', () => {
    expect(() => read({ seed: 5 }, { seed: 'the mode: serialize({ seed })' })).toThrow(
      "createDispatcher has no option 'seed': it is an option of the mode: serialize({ seed })",
    );
  });

  test.for([
    [{ seed: 3 }, 'it is an option of the mode, as in serialize({ seed })'],
    [{ idleAfter: 3 }, 'it is an option of the mode, as in watermark({ idleAfter })'],
    [{ gap: 'wait' }, 'it is an option of the mode, as in sequence({ gap })'],
    [{ mode: 'sequence' }, 'it is an option of version 0.1: the mode is the first argument'],
  ] as const)('one of the mode, given to the dispatcher: %j', ([options, place]) => {
    const [option] = Object.keys(options);
    expect(() => createDispatcher(serialize(), options as object)).toThrow(
      `createDispatcher has no option '${option}': ${place}`,
    );
  });

  test.for([
    ['serialize', () => serialize({ bound: 3 } as object), 'bound'],
    ['watermark', () => watermark({ overflow: 'drop-oldest' } as object), 'overflow'],
    ['sequence', () => sequence({ ticks: 'each' } as object), 'ticks'],
  ] as const)('one of the dispatcher, given to the mode %s', ([mode, make, option]) => {
    const place = `it is an option of the dispatcher, beside its mode: createDispatcher(mode, { ${option} })`;
    expect(make).toThrow(`${mode} has no option '${option}': ${place}`);
  });

  test('internal ones are read, and not spoken of', async () => {
    const internal = knownOptions<{ signal?: number; own?: number }>(OWNER, { own: 5 }, ['signal'], {}, ['own']);
    expect(internal).toEqual({ own: 5 });
    const sender = createDispatcher<number>(serialize()).channel('s', 'r')[0];
    await expect(sender.send(1, { foo: 1 } as object)).rejects.toThrow(
      /has no option 'foo': its options are 'signal'$/,
    );
  });

  test('each is read once, and only those that are known', () => {
    const reads: string[] = [];
    const options = new Proxy(
      { bound: 1 },
      {
        get: (target, key, self) => (reads.push(String(key)), Reflect.get(target, key, self) as unknown),
      },
    );
    const given = read(options);

    expect([given.bound, given.bound, given.overflow]).toEqual([1, 1, undefined]);
    expect(reads).toEqual(['bound', 'overflow']);
  });

  test('nothing is read where one is unknown', () => {
    let reads = 0;

    expect(() =>
      read({
        get bound() {
          return ++reads;
        },
        typo: 1,
      }),
    ).toThrow('typo');
    expect(reads).toBe(0);
  });

  test.for([new Error('mine'), new TypeError('mine, too')])('what a getter throws is passed on: %s', (mine) => {
    const thrower = (): never => {
      throw mine;
    };
    let thrown: unknown;
    try {
      read(Object.defineProperty({}, 'bound', { get: thrower, enumerable: true }));
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBe(mine);
  });

  test('what a trap throws', () => {
    const thrower = (error: Error) => () => {
      throw error;
    };

    expect(() => read(new Proxy({}, { ownKeys: thrower(new Error('mine')) }))).toThrow('mine');
    expect(() => read(new Proxy({}, { get: thrower(new Error('mine')) }))).toThrow('mine');
  });
});
