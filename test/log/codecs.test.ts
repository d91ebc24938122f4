import { jsonCodec, structuredCodec, UnstorableValueError } from 'rxjs-clocked-dispatch/log';
import { runInNewContext } from 'node:vm';
import { fc } from '../support/fast-check.js';
import { describe, expect, test } from 'vitest';

describe('jsonCodec()', () => {
  const codec = jsonCodec();
  const refused = (value: unknown): unknown => {
    try {
      void codec.encode(value);
    } catch (error) {
      return error;
    }
    throw new Error('was not refused');
  };

  test('everything that JSON can say comes back', () => {
    fc.assert(
      // Those of fast-check may have a -0, which JSON can't say.
      fc.property(
        fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
        (value) => {
          expect(codec.decode(codec.encode(value) as string)).toStrictEqual(value);
        },
      ),
    );
  });

  test('what is not refused comes back as it was, whatever it is', () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      withBoxedValues: true,
      withNullPrototype: false,
    });
    fc.assert(
      fc.property(anything, (value) => {
        let stored: string;
        try {
          stored = codec.encode(value) as string;
        } catch (error) {
          expect(error).toBeInstanceOf(UnstorableValueError);
          return;
        }
        expect(codec.decode(stored)).toStrictEqual(value);
      }),
      { numRuns: 500 },
    );
  });

  class Order {
    readonly lines = 1;
  }
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const hole: number[] = [1];
  hole[2] = 3;

  test.each<[unknown, string, string]>([
    [undefined, '$', 'undefined'],
    [{ a: [{ b: undefined }] }, '$.a[0].b', 'undefined'],
    [{ 'due date': new Date(0) }, '$["due date"]', 'a Date'],
    [[new Map()], '$[0]', 'a Map'],
    [new Set(), '$', 'a Set'],
    [{ n: 10n }, '$.n', 'the bigint 10'],
    [{ n: NaN }, '$.n', 'NaN'],
    [{ n: -Infinity }, '$.n', '-Infinity'],
    [{ n: -0 }, '$.n', '-0'],
    [{ f: () => 1 }, '$.f', 'a function'],
    [{ toJSON: () => 1 }, '$.toJSON', 'a function'],
    [{ s: Symbol('s') }, '$.s', 'a symbol'],
    [{ [Symbol('s')]: 1 }, '$', 'an object with a symbol as a key'],
    [hole, '$[1]', 'a hole in an array'],
    [Object.assign([1], { index: 0 }), '$', 'an array with fields of its own'],
    [{ order: new Order() }, '$.order', 'an Order'],
    [Object.create({ inherited: 1 }), '$', 'an object of a class'],
    [new (class extends Array {})(), '$', 'an object of a class'],
    [new Uint8Array(1), '$', 'an Uint8Array'],
    [Buffer.from('a'), '$', 'a Buffer'],
    [/a/, '$', 'a RegExp'],
    [new Error('e'), '$', 'an Error'],
    [new String('s'), '$', 'a String'],
    [circular, '$.self.self.self', 'nested more than 1000 levels deep, or contains itself'],
  ])('%o is refused, with its place', (value, path, found) => {
    expect(refused(value)).toMatchObject({ name: 'UnstorableValueError', code: 'RCD107', path, found });
  });

  test('plain objects of another realm, and those without a prototype, are plain', () => {
    expect(codec.encode(runInNewContext('({ a: [1, { b: [] }] })'))).toBe('{"a":[1,{"b":[]}]}');
    expect(codec.encode(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
    expect(refused(runInNewContext('new Date(0)'))).toMatchObject({ found: 'a Date' });
    expect(refused(runInNewContext('new (class Order {})()'))).toMatchObject({ found: 'an Order' });
  });

  test('what another codec wrote is told', () => {
    expect(() => codec.decode(new Uint8Array(3) as never)).toThrow('another codec');
  });
});

describe('structuredCodec()', () => {
  const codec = structuredCodec();

  test('what structured clone can copy comes back', () => {
    const value = {
      when: new Date(0),
      map: new Map([[1, new Set([2n])]]),
      bytes: new Uint8Array([1]),
      none: undefined,
    };
    const stored = codec.encode(value);

    expect(Object.getPrototypeOf(stored)).toBe(Uint8Array.prototype);
    expect(codec.decode(stored)).toStrictEqual(value);
  });

  test('a function is refused', () => {
    expect(() => codec.encode(() => 1)).toThrow(UnstorableValueError);
  });

  test('what another codec wrote is told', () => {
    expect(() => codec.decode('{}')).toThrow('another codec');
  });

  test('without the serializer of Node it copies', () => {
    const here = Object.getOwnPropertyDescriptor(process, 'getBuiltinModule');
    process.getBuiltinModule = undefined as never;
    try {
      const copying = structuredCodec();
      const value = new Map([[1, 1]]);
      const stored = copying.encode(value);
      value.set(1, 2);

      expect(copying.decode(stored)).toStrictEqual(new Map([[1, 1]]));
      expect(() => copying.encode(() => 1)).toThrow(UnstorableValueError);
    } finally {
      Object.defineProperty(process, 'getBuiltinModule', here!);
    }
  });
});
