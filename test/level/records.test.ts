import { crc32 as ofZlib } from 'node:zlib';
import { fc } from '../support/fast-check.js';
import { expect, test } from 'vitest';
import { crc32, crc32ByTable } from '../../src/level/checksum.js';
import { decodeRecord, encodeRecord } from '../../src/level/record.js';

const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: 'binary' }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'v', 'b')), tie('value'), {
      noNullPrototype: true,
    }),
  ),
})).value;

test('a record gives back what was written, with bytes wherever they were', () => {
  fc.assert(
    fc.property(value, (written) => {
      expect(decodeRecord('key', encodeRecord('key', written))).toStrictEqual(written);
    }),
  );
});

test('a record that was altered, cut, or put under another key is refused', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.integer({ min: 1, max: 255 }), (written, place, change) => {
      const record = encodeRecord('key', written);
      const altered = Uint8Array.from(record);
      altered[place % altered.length]! ^= change;

      expect(() => decodeRecord('key', altered)).toThrow('wrong checksum');
      expect(() => decodeRecord('key', record.subarray(0, place % record.length))).toThrow('wrong checksum');
      expect(() => decodeRecord('kez', record)).toThrow('wrong checksum');
    }),
  );
});

test('a Buffer comes back as bytes like any other', () => {
  expect(decodeRecord('key', encodeRecord('key', [Buffer.from('abc')]))).toStrictEqual([new Uint8Array([97, 98, 99])]);
});

test('both checksums are that of zlib', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      for (const sum of [crc32, crc32ByTable]) expect(sum(b, sum(a))).toBe(ofZlib(b, ofZlib(a)));
    }),
  );
});
