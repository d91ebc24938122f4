/**
 * A value as source code would say it, near enough.
 *
 * @internal
 */
export interface Look {
  readonly text: string;
  /** Whether the text says all that there is: then another value with the same text is the same. */
  readonly isWhole: boolean;
}

/** Deeper levels, more fields and longer texts are cut off. */
const DEPTH = 3;
const FIELDS = 20;
const LENGTH = 400;

/** A getter that throws, a Proxy that was revoked. */
const UNREADABLE: Look = { text: '[unreadable]', isWhole: false };

/**
 * Shows any value, also one that can't be read.
 *
 * @internal
 */
export function look(value: unknown): Look {
  const shown = show(value, DEPTH);
  return shown.text.length <= LENGTH ? shown : { text: `${shown.text.slice(0, LENGTH)}...`, isWhole: false };
}

function show(value: unknown, depth: number): Look {
  try {
    return typeof value === 'object' && value !== null ? showObject(value, depth) : showPrimitive(value);
  } catch {
    // Such as a Proxy that was revoked.
    return UNREADABLE;
  }
}

function showPrimitive(value: unknown): Look {
  switch (typeof value) {
    case 'string':
      return value.length > LENGTH ? part(quote(value.slice(0, LENGTH))) : whole(quote(value));
    case 'bigint':
      return whole(`${value}n`);
    case 'function':
      return part(`[function ${value.name}]`);
    case 'symbol':
      return part(String(value));
    default:
      return whole(Object.is(value, -0) ? '-0' : String(value));
  }
}

function showObject(value: object, depth: number): Look {
  if (value instanceof Error) return part(`${value.name}(${quote(value.message)})`);
  if (value instanceof Date) return whole(`Date(${Number.isNaN(value.getTime()) ? 'invalid' : value.toJSON()})`);
  if (depth === 0) return part('...');
  if (Array.isArray(value)) return enclose('[', list(value, depth), ']');
  if (value instanceof Map || value instanceof Set) return enclose(`${kindOf(value)}(`, list(value, depth), ')');
  const fields = firstOf(Object.keys(value)).map((key) => {
    if (key === undefined) return part('...');
    const { text, isWhole } = showField(value as Record<string, unknown>, key, depth - 1);
    return { text: `${key}: ${text}`, isWhole };
  });
  const kind = kindOf(value);
  // What has no fields may keep what it is to itself.
  return enclose(`${kind === 'Object' ? '' : kind}{`, fields, '}', fields.length > 0);
}

function showField(value: Readonly<Record<string, unknown>>, key: string, depth: number): Look {
  try {
    return show(value[key], depth);
  } catch {
    return UNREADABLE;
  }
}

function list(items: Iterable<unknown>, depth: number): Look[] {
  const looks: Look[] = [];
  for (const item of items) {
    if (looks.length === FIELDS) return [...looks, part('...')];
    looks.push(show(item, depth - 1));
  }
  return looks;
}

function firstOf(keys: readonly string[]): (string | undefined)[] {
  return keys.length > FIELDS ? [...keys.slice(0, FIELDS), undefined] : [...keys];
}

function enclose(before: string, looks: readonly Look[], after: string, isWhole = true): Look {
  return {
    text: `${before}${looks.map(({ text }) => text).join(', ')}${after}`,
    isWhole: isWhole && looks.every((each) => each.isWhole),
  };
}

function kindOf(value: object): string {
  const made: unknown = (Object.getPrototypeOf(value) as { readonly constructor?: unknown } | null)?.constructor;
  return typeof made === 'function' && made.name !== '' ? made.name : 'Object';
}

function quote(text: string): string {
  const escaped = text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t');
  return `'${escaped}'`;
}

function whole(text: string): Look {
  return { text, isWhole: true };
}

function part(text: string): Look {
  return { text, isWhole: false };
}
