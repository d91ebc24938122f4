import * as entry from 'rxjs-clocked-dispatch';
import { describe, expect, test } from 'vitest';

/** An error, and what its message must name: who, and both values. */
const ERRORS: [entry.ClockedDispatchError, ...string[]][] = [
  [new entry.InvalidOptionError('bound', -1, 'an integer'), "'bound'", '-1', 'an integer'],
  [new entry.InvalidOptionError('bound', -1, 'an integer', 'createDispatcher'), 'of createDispatcher'],
  [
    new entry.UnknownOptionError('createDispatcher', 'bonud', ['bound']),
    'createDispatcher',
    "'bonud'",
    "mean 'bound'?",
  ],
  [new entry.UnknownOptionError('stamp', 'x', ['seed', 'strict']), "'x'", "its options are 'seed', 'strict'"],
  [new entry.UnknownOptionError('clock', 'x', []), 'it has none'],
  [new entry.UnknownOptionError('createDispatcher', 'seed', ['seek'], 'the mode'), 'it is an option of the mode'],
  [new entry.InvalidArgumentError('mapValue', 'project', 7, 'a function'), 'mapValue', "'project'", '7', 'a function'],
  [new entry.InvalidSourceError(undefined, 42), '42', 'source(name, input, { to })'],
  [new entry.InvalidSourceError('web', 42), "'web'", '42', 'an Observable'],
  [new entry.InvalidNameError('receiver', ''), 'receiver', "''", 'not empty'],
  [new entry.DuplicateNameError('receiver', 'view'), 'receiver', "'view'", 'choose another name'],
  [new entry.UnknownReceiverError('web', 'veiw', ['view']), "'web'", "'veiw'", "'view'"],
  [new entry.UnknownReceiverError('web', 'veiw', []), 'there are none'],
  [new entry.InvalidRouteError('web', 7), "'web'", '7', 'ALL'],
  [new entry.NullValueError('web', 3), "'web'", 'at 3', 'use undefined'],
  [new entry.InvalidMessageError('feed', 'a'), "'feed'", "'a'", '[value, ts]'],
  [new entry.InvalidTimestampError('feed', 1.5), "'feed'", '1.5', 'safe integer'],
  [new entry.LateMessageError('feed', 1, 2), "'feed'", 'at 1', '2 was', "'late'"],
  [new entry.AheadMessageError('feed', 99, 2, 10), "'feed'", 'at 99', 'at 2', '10 (maxLead)', 'raise maxLead'],
  [new entry.DuplicateMessageError('feed', 3, 5), "'feed'", '3', '5', 'ignored'],
  [new entry.ClockExhaustedError('web', Number.MAX_SAFE_INTEGER), "'web'", '9007199254740991', 'lower seed'],
  [new entry.OverflowError('view', 16, 17), "'view'", '16', '17', 'overflow'],
  [new entry.WindowError('feed', 9, 2, 4), "'feed'", '9', '2', '4', 'forward()'],
  [new entry.TooManyWaitingError('view', 'web', 8), "'view'", "'web'", '8', 'await'],
  [new entry.TooManyWaitingError(undefined, 'web', 8), "'web'", 'its turn'],
  [new entry.TooManyHeldError('news', 8, 9), "'news'", '8', '9', 'add a receiver'],
  [new entry.GapError(3, 4), '3 to 4', 'skipAfter'],
  [new entry.GapError(3, 3), 'the timestamp 3 '],
  [new entry.ClockBehindError('skipTo', 3, 5), 'skipTo', '3', '5', 'never goes back'],
  [new entry.ClosedError('sender', 'web'), 'sender', "'web'", 'create another'],
  [new entry.ClosedError('dispatcher', 'web'), "dispatcher of 'web'", 'create a new'],
  [new entry.NoReceiverError('web', ['view']), "'web'", "'view'", 'write to another'],
  [new entry.NoReceiverError('web', []), "'web'", 'add one first'],
  [new entry.NoClockError('whenClock', 'stream'), 'whenClock', "'stream'", 'give a receiver'],
];

test.for(ERRORS)('%s', ([error, ...parts]) => {
  for (const part of parts) expect(error.message).toContain(part);
});

describe('a mode that is none', () => {
  test.for([
    [{ mode: 'watermark', late: 'drop' }, "given { mode: 'watermark' }", 'createDispatcher(watermark(), options)'],
    ['sequence', "given 'sequence'", 'createDispatcher(sequence(), options)'],
    [undefined, 'given undefined', 'createDispatcher(serialize(), options)'],
    [null, 'given null', 'createDispatcher(serialize(), options)'],
    [() => 1, 'given a function', 'createDispatcher(serialize(), options)'],
    [{ mode: 'fast' }, "given { mode: 'fast' }", 'createDispatcher(serialize(), options)'],
    [{ mode: { toString: null } }, 'given { mode: an object }', 'createDispatcher(serialize(), options)'],
  ] as const)('%#: the message shows the form to write', ([given, found, right]) => {
    const { message } = new entry.InvalidModeError('createDispatcher', given);

    expect(message).toContain(found);
    expect(message).toContain(right);
  });

  test('a revoked Proxy', () => {
    expect(new entry.InvalidModeError('clockedDispatch', revoked({})).message).toContain('given an object');
  });
});

describe('what is shown of a value', () => {
  const shown = (value: unknown): string => new entry.InvalidMessageError('s', value).message;
  const longest = shown('').length + 100;

  test.for([
    ['a string', () => 'a', "'a'"],
    ['undefined', () => undefined, 'given undefined'],
    ['null', () => null, 'given null'],
    ['a symbol', () => Symbol('a'), 'Symbol(a)'],
    ['a bigint', () => 5n, 'given 5n: '],
    ['an array', () => [1, 2], 'an array of 2'],
    ['a function', () => () => 1, 'a function'],
    ['a class', () => Map, 'a function'],
    ['a promise', () => Promise.resolve(1), 'a promise (is an await missing?)'],
    ['an object whose toString throws', () => ({ toString: thrower }), 'an object'],
    ['an object without a prototype', () => Object.create(null) as unknown, 'an object'],
    ['a revoked Proxy', () => revoked({}), 'an object'],
    ['a revoked Proxy of an array', () => revoked([]), 'an object'],
    ['a Proxy of a function, whose traps throw', () => new Proxy(thrower, { get: thrower }), 'a function'],
    ['an array whose length throws', () => new Proxy([], { get: thrower }), 'an object'],
    ['a huge string', () => 'x'.repeat(1_000_000), 'xxx… (1000002 characters)'],
    ['a huge bigint', () => 10n ** 1000n, '000… (1002 characters)'],
    ['a symbol with a huge description', () => Symbol('x'.repeat(1000)), 'xxx… (1008 characters)'],
  ] as [string, () => unknown, string][])('%s', ([, make, expected]) => {
    const value = make();

    expect(shown(value)).toContain(expected);
    expect(shown(value).length).toBeLessThan(longest);
  });

  test('names are cut, and of many only some are listed', () => {
    const names = Array.from({ length: 100_000 }, (_, i) => `receiver ${i}`);
    const error = new entry.UnknownReceiverError('s'.repeat(1000), 'r'.repeat(1_000_000), names);

    expect(error.message).toContain("'receiver 9' and 99990 more");
    expect(error.message.length).toBeLessThan(600);
    expect(error.existing).toBe(names);
  });

  test('a name of the wrong kind breaks no message', () => {
    const name = Symbol('name') as never;

    for (const error of [new entry.ClosedError('sender', name), new entry.DuplicateNameError('sender', name)]) {
      expect(error.message).toContain('Symbol(name)');
    }
  });
});

function thrower(): never {
  throw new Error('thrown by a trap');
}

function revoked<T extends object>(target: T): T {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}
