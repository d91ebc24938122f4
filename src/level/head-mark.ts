import type * as Fs from 'node:fs';
import type { Timestamp } from '../types.js';
import { crc32 } from './checksum.js';

const encoder = new TextEncoder();

/** Where a log begins and ends, as far as the mark knows. */
export interface Mark {
  /** The last position that is known to have been stored; 0 where none is. */
  readonly last: Timestamp;
  readonly trimmed: Timestamp;
}

/**
 * How far the log has got, in a small file beside LevelDB's own.
 *
 * A log whose end was cut off, or overwritten, is a shorter log: only who knows how long it was can tell. The mark is
 * written after the entries are on the disk, in place and without waiting for the disk, so it is never ahead of them;
 * after a power failure it may be behind, and then tells less. One that can't be read, or written, tells nothing.
 */
export class HeadMark {
  readonly #fs: typeof Fs;
  readonly #path: string;
  #file: number | undefined;

  constructor(fs: typeof Fs, folder: string) {
    this.#fs = fs;
    this.#path = `${folder}/HEAD`;
  }

  read(): Mark {
    try {
      const [, numbers = '', last, trimmed, sum] =
        /^((\d{16}) (\d{16})) (\w{8})\n$/.exec(this.#fs.readFileSync(this.#path, 'latin1')) ?? [];
      if (sum === sumOf(numbers)) return { last: Number(last), trimmed: Number(trimmed) };
    } catch {
      // There is none yet, or nobody can read it.
    }
    return { last: 0, trimmed: 0 };
  }

  write({ last, trimmed }: Mark): void {
    const numbers = `${digits(last)} ${digits(trimmed)}`;
    try {
      this.#file ??= this.#fs.openSync(this.#path, this.#fs.existsSync(this.#path) ? 'r+' : 'w+');
      this.#fs.writeSync(this.#file, `${numbers} ${sumOf(numbers)}\n`, 0);
    } catch {
      // The entries are stored, and that is what counts.
    }
  }

  close(): void {
    if (this.#file !== undefined) this.#fs.closeSync(this.#file);
    this.#file = undefined;
  }
}

function digits(ts: Timestamp): string {
  return String(ts).padStart(16, '0');
}

function sumOf(numbers: string): string {
  return crc32(encoder.encode(numbers)).toString(16).padStart(8, '0');
}
