import type { ObservableNotification } from 'rxjs';
import type { Clocked } from '../types.js';

/**
 * Writes notifications as the tokens of a row, and remembers what they stand for.
 *
 * A word of letters is its own name, any other value gets the next free letter, the same one for values that look the
 * same.
 *
 * @internal
 */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  readonly #legend = new Set<string>();
  #letters = 0;

  /** `a1`, `_3`, `|`, `#`; a value without a timestamp by its name alone. */
  token(notification: ObservableNotification<unknown>): string {
    switch (notification.kind) {
      case 'N': {
        const { value } = notification;
        if (!isClocked(value)) return this.#name(value);
        return `${value[0] === null ? '_' : this.#name(value[0])}${value[1]}`;
      }
      case 'E':
        this.#legend.add(`# = ${show(notification.error)}`);
        return '#';
      case 'C':
        return '|';
    }
  }

  /** A line for each name that doesn't speak for itself, and for each error. */
  get legend(): string[] {
    return [...this.#legend];
  }

  #name(value: unknown): string {
    const looks = show(value);
    const known = this.#names.get(looks);
    if (known !== undefined) return known;
    const itself = typeof value === 'string' && WORD.test(value) && !this.#taken.has(value);
    const name = itself ? value : this.#freeLetter();
    this.#taken.add(name);
    this.#names.set(looks, name);
    if (!itself) this.#legend.add(`${name} = ${looks}`);
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

/**
 * A value as source code would say it, near enough, and within a few levels.
 *
 * @internal
 */
export function show(value: unknown, depth = 3): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[function ${value.name}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Error) return `${value.name}('${value.message}')`;
  if (value instanceof Date) return `Date(${value.toJSON()})`;
  if (depth === 0) return '...';
  const list = (items: Iterable<unknown>): string => [...items].map((item) => show(item, depth - 1)).join(', ');
  if (Array.isArray(value)) return `[${list(value)}]`;
  const kind = (Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'Object';
  if (value instanceof Map || value instanceof Set) return `${kind}(${list(value)})`;
  const fields = Object.entries(value).map(([key, field]) => `${key}: ${show(field, depth - 1)}`);
  return `${kind === 'Object' ? '' : kind}{${fields.join(', ')}}`;
}

const WORD = /^[A-Za-z]{1,8}$/;

/** A, B, ... Z, AA, AB, ... */
function letters(n: number): string {
  return (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(65 + (n % 26));
}
