/** What the getters and traps below throw: the user's own error, which may be passed on. */
export const OWN = new Error('thrown by a getter');

export function throwOwn(): never {
  throw OWN;
}

function revoked(target: object): object {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

const TRAPS = ['get', 'has', 'ownKeys', 'getOwnPropertyDescriptor', 'getPrototypeOf'] as const;

/** An object that nothing can be asked of. */
export const THROWER: object = new Proxy({}, Object.fromEntries(TRAPS.map((trap) => [trap, throwOwn])));

/** One or more of each kind: most of them are wrong wherever something is expected. */
export const WRONG: readonly (readonly [label: string, value: unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['7', 7],
  ['-1', -1],
  ['0.5', 0.5],
  ['NaN', NaN],
  ['Infinity', Infinity],
  ['2 ** 53', 2 ** 53],
  ["'x'", 'x'],
  ["''", ''],
  ['true', true],
  ['a symbol', Symbol('s')],
  ['5n', 5n],
  ['[]', []],
  ["['x']", ['x']],
  ['[[]]', [[]]],
  ['{}', {}],
  ['a frozen object', Object.freeze({})],
  ['{ x: 1 }', { x: 1 }],
  ['a function', () => undefined],
  ['a Proxy', new Proxy({}, {})],
  ['a revoked Proxy', revoked({})],
  ['a revoked Proxy of an array', revoked([])],
  ['what throws whatever it is asked', THROWER],
];
