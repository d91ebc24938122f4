/** Longer strings are cut: a message has to stay readable, whatever was given. */
const LONGEST = 60;

/** A value as it appears in a message: short, and never throwing, not even for a revoked Proxy. */
export function show(value: unknown): string {
  try {
    if (typeof value === 'string') return `'${cut(value)}'`;
    if (typeof value === 'bigint') return `${cut(String(value))}n`;
    if (typeof value === 'function') return 'a function';
    if (typeof value !== 'object' || value === null) return cut(String(value));
    return Array.isArray(value) ? `an array of ${String(value.length)}` : 'an object';
  } catch {
    return 'an object';
  }
}

/** Names in quotes, separated by commas; of many, the first ten. */
export function showNames(names: readonly string[]): string {
  const first = names.slice(0, 10).map(show).join(', ');
  return names.length > 10 ? `${first} and ${names.length - 10} more` : first;
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}
