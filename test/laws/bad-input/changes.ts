import type { Kind, Verdict } from './kinds.js';
import { throwOwn, WRONG } from './wrong-values.js';

/** One way to spoil an argument, or to give it in another form. */
export interface Change {
  readonly label: string;
  readonly of: (good: unknown) => unknown;
  /** Whether the result is right; `undefined` where either is. */
  readonly verdict: Verdict;
  /** An option that does not exist, and the one that is meant. */
  readonly typo?: { readonly option: string; readonly meant: string | undefined };
}

/** All that can be done to an argument of this kind. */
export function changesOf(kind: Kind): Change[] {
  const changes: Change[] = WRONG.map(([label, wrong]) => ({ label, of: () => wrong, verdict: kind.takes(wrong) }));
  const isPlain = kind.fields !== undefined || kind.items !== undefined;
  if (kind.isCalled !== true)
    changes.push({ label: 'a Proxy of it', of: proxied, verdict: isPlain ? true : undefined });
  changes.push({ label: 'a revoked Proxy of it', of: revoked, verdict: isPlain ? false : undefined });
  if (isPlain) changes.push({ label: 'frozen', of: (good) => Object.freeze(good), verdict: true });
  for (const [key, field] of Object.entries(kind.fields ?? {})) changes.push(...fieldChanges(kind, key, field));
  if (kind.fields !== undefined && kind.isOpen !== true) changes.push(withTypo('zzzzzzzzz', undefined, (rest) => rest));
  if (kind.items !== undefined) {
    const getter = { get: throwOwn, enumerable: true };
    changes.push({
      label: '[0]: a getter that throws',
      of: (good) => Object.defineProperty([...(good as unknown[])], 0, getter),
      verdict: undefined,
    });
  }
  kind.items?.forEach((item, i) => changes.push(...itemChanges(item, i)));
  return changes;
}

function fieldChanges(kind: Kind, key: string, field: Kind): Change[] {
  const set = (good: unknown, given: unknown): unknown => ({ ...(good as object), [key]: given });
  const changes = changesOf(field).map(({ label, of, ...rest }) => ({
    ...rest,
    label: `${key}: ${label}`,
    of: (good: unknown) => set(good, of((good as Record<string, unknown>)[key])),
  }));
  changes.push({
    label: `${key}: a getter that throws`,
    of: (good) => Object.defineProperty({ ...(good as object) }, key, { get: throwOwn, enumerable: true }),
    verdict: undefined,
  });
  if (kind.isOpen !== true) {
    changes.push(withTypo(`${key}x`, key, ({ [key]: given, ...rest }) => ({ ...rest, [`${key}x`]: given })));
  }
  return changes;
}

function withTypo(
  option: string,
  meant: string | undefined,
  change: (good: Record<string, unknown>) => object,
): Change {
  return {
    label: `the option ${option}`,
    of: (good) => ({ [option]: undefined, ...change(good as Record<string, unknown>) }),
    verdict: false,
    typo: { option, meant },
  };
}

function itemChanges(item: Kind, i: number): Change[] {
  return changesOf(item).map(({ label, of, ...rest }) => ({
    ...rest,
    label: `[${i}]: ${label}`,
    of: (good) => (good as readonly unknown[]).map((given, j) => (j === i ? of(given) : given)),
  }));
}

function proxied(good: unknown): unknown {
  return isObject(good) ? new Proxy(good, {}) : good;
}

/** But not of a function, which is called: what comes of that is its own affair. */

function revoked(good: unknown): unknown {
  if (typeof good === 'function') return good;
  const { proxy, revoke } = Proxy.revocable(isObject(good) ? good : {}, {});
  revoke();
  return proxy;
}

function isObject(given: unknown): given is object {
  return Object(given) === given;
}
