import { builtin } from '../log/builtin.js';

type Crc32 = (bytes: Uint8Array, before?: number) => number;

/** CRC-32, going on from the checksum of what came before. By Node's zlib where that has it. */
export const crc32: Crc32 = (builtin('node:zlib') as { readonly crc32?: Crc32 } | undefined)?.crc32 ?? crc32ByTable;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** The same, where zlib has none. */
export function crc32ByTable(bytes: Uint8Array, before = 0): number {
  let sum = ~before;
  for (let i = 0; i < bytes.length; i++) sum = TABLE[(sum ^ bytes[i]!) & 0xff]! ^ (sum >>> 8);
  return ~sum >>> 0;
}
