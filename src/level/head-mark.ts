import type * as Fs from 'node:fs';
import type { Timestamp } from '../types.js';
import { crc32 } from './checksum.js';

const encoder = new TextEncoder();

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

  /** The last position that is known to have been stored; 0 where none is. */
  read(): Timestamp {
    try {
      const [ts = '', sum] = this.#fs.readFileSync(this.#path, 'latin1').trimEnd().split(' ');
      return sum === sumOf(ts) ? Number(ts) : 0;
    } catch {
      return 0;
    }
  }

  write(last: Timestamp): void {
    const ts = String(last).padStart(16, '0');
    try {
      this.#file ??= this.#fs.openSync(this.#path, this.#fs.existsSync(this.#path) ? 'r+' : 'w+');
      this.#fs.writeSync(this.#file, `${ts} ${sumOf(ts)}\n`, 0);
    } catch {
      // The entries are stored, and that is what counts.
    }
  }

  close(): void {
    if (this.#file !== undefined) this.#fs.closeSync(this.#file);
    this.#file = undefined;
  }
}

function sumOf(ts: string): string {
  return crc32(encoder.encode(ts)).toString(16).padStart(8, '0');
}
