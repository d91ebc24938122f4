import type { ObservableNotification } from 'rxjs';
import type { Clocked } from '../types.js';
import { look } from './look.js';

/**
 * A notification as it looked when it came: later its values may look otherwise.
 *
 * @internal
 */
export interface Seen {
  readonly kind: 'N' | 'E' | 'C';
  /** The value, or the error, as source code would say it. */
  readonly text: string;
  /** Of several values with this text each is named by itself: what sets them apart isn't shown. */
  readonly identity: unknown;
  /** What stands behind the name: a timestamp. */
  readonly ts: string;
  /** The value is a short word, and its own name. */
  readonly word: string | undefined;
}

/**
 * Keeps of a notification what its token says.
 *
 * @internal
 */
export function see(notification: ObservableNotification<unknown>): Seen {
  if (notification.kind === 'C') return { kind: 'C', text: '', identity: undefined, ts: '', word: undefined };
  if (notification.kind === 'E') return { kind: 'E', ...appearance(notification.error), ts: '' };
  const { value } = notification;
  if (!isClocked(value)) return { kind: 'N', ...appearance(value), ts: '' };
  const ts = String(value[1]);
  return value[0] === null
    ? { kind: 'N', text: '_', identity: undefined, ts, word: '_' }
    : { kind: 'N', ...appearance(value[0]), ts };
}

function appearance(value: unknown): Pick<Seen, 'text' | 'identity' | 'word'> {
  const { text, isWhole } = look(value);
  const word = typeof value === 'string' && WORD.test(value) ? value : undefined;
  return { text, identity: isWhole ? undefined : value, word };
}

/**
 * Writes notifications as the tokens of a row, and remembers what they stand for.
 *
 * A word of letters is its own name, any other value gets the next free letter, the same one for values that look the
 * same and show all that they are.
 *
 * @internal
 */
export class Names {
  /** By text, then by identity. */
  readonly #names = new Map<string, Map<unknown, string>>();
  readonly #taken = new Set<string>();
  readonly #legend = new Set<string>();
  #letters = 0;

  /** `a1`, `_3`, `|`, `#`; a value without a timestamp by its name alone. */
  token(seen: Seen): string {
    if (seen.kind === 'C') return '|';
    if (seen.kind === 'N') return seen.word === '_' ? `_${seen.ts}` : `${this.#name(seen)}${seen.ts}`;
    this.#legend.add(`# = ${seen.text}`);
    return '#';
  }

  /** A line for each name that doesn't speak for itself, and for each error. */
  get legend(): string[] {
    return [...this.#legend];
  }

  #name({ text, identity, word }: Seen): string {
    let alike = this.#names.get(text);
    if (alike === undefined) this.#names.set(text, (alike = new Map<unknown, string>()));
    const known = alike.get(identity);
    if (known !== undefined) return known;
    const itself = word !== undefined && !this.#taken.has(word);
    const name = itself ? word : this.#freeLetter();
    this.#taken.add(name);
    alike.set(identity, name);
    if (!itself) this.#legend.add(`${name} = ${text}`);
    return name;
  }

  #freeLetter(): string {
    for (;;) {
      const name = letters(this.#letters++);
      if (!this.#taken.has(name)) return name;
    }
  }
}

/**
 * Whether this looks like `[value, ts]`.
 *
 * @internal
 */
export function isClocked(value: unknown): value is Clocked<unknown> {
  return Array.isArray(value) && value.length === 2 && Number.isSafeInteger(value[1]);
}

const WORD = /^[A-Za-z]{1,8}$/;

/** A, B, ... Z, AA, AB, ... */
function letters(n: number): string {
  return (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
}
