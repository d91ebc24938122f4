/**
 * Short names for values in rows: a word of letters is its own name, anything else gets the next free letter.
 *
 * @internal
 */
export class Names {
  readonly #names = new Map<string, string>();
  readonly #taken = new Set<string>();
  #next = 0;

  /** The same for values that look the same. */
  of(value: unknown): string {
    const looks = show(value);
    const known = this.#names.get(looks);
    if (known !== undefined) return known;
    const name = typeof value === 'string' && WORD.test(value) && !this.#taken.has(value) ? value : this.#free();
    this.#taken.add(name);
    this.#names.set(looks, name);
    return name;
  }

  /** One line for each name that doesn't speak for itself. */
  legend(): string[] {
    return [...this.#names].filter(([looks, name]) => looks !== `'${name}'`).map(([looks, name]) => `${name} = ${looks}`);
  }

  #free(): string {
    let name: string;
    do name = letters(this.#next++);
    while (this.#taken.has(name));
    return name;
  }
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
