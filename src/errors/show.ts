/** Longer texts are cut: a message has to stay readable, whatever was given. */
const LONGEST = 60;

/** A value as it appears in a message: short, and never throwing, not even for a revoked Proxy. */
export function show(value: unknown): string {
  let text = `a${typeof value === 'object' ? 'n' : ''} ${typeof value}`;
  try {
    if (Array.isArray(value)) text = `an array of ${String(value.length)}`;
    else if (typeof value === 'string') text = `'${value}'`;
    else if (typeof value === 'bigint') text = `${value}n`;
    else if (value instanceof Date) text = value.toISOString();
    else if (value instanceof Promise) text = 'a promise (is an await missing?)';
    else if (Object(value) !== value) text = String(value);
  } catch {
    // Then its type has to do.
  }
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}… (${text.length} characters)` : text;
}

/** Names in quotes, separated by commas; of many, the first ten. */
export function showNames(names: readonly string[]): string {
  const first = names.slice(0, 10).map(show).join(', ');
  return names.length > 10 ? `${first} and ${names.length - 10} more` : first;
}
