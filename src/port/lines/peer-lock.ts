/** What is used here of the Web Locks API. */
export interface Locks {
  /** Calls back when the lock is free, and holds it until the promise settles. */
  request(name: string, callback: () => Promise<void>): Promise<unknown>;
  /** The same, until it is aborted. */
  request(name: string, options: { readonly signal: AbortSignal }, callback: () => void): Promise<unknown>;
  /** Who holds which lock. */
  query(): Promise<{ readonly held?: readonly { readonly name?: string }[] }>;
}

/** Those of this browser, where it has any: pages without TLS have none. */
export function webLocks(): Locks | undefined {
  return (globalThis.navigator as { readonly locks?: Locks } | undefined)?.locks;
}

/**
 * Holds a lock until it is released, or until this page or worker is gone, however it went. `held` is called when there is
 * something to watch.
 */
export function holdLock(locks: Locks, name: string, held: () => void): () => void {
  let release!: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  const hold = (): Promise<void> => {
    held();
    return released;
  };
  // Some places forbid locks: then the line has to do without.
  locks.request(name, hold).catch(() => {});
  return release;
}

/**
 * Watches a lock that the other side holds; `gone` is called when it does no more. Of another origin, its locks can't be
 * seen here, and nothing is watched. Returns how to stop.
 */
export function watchLock(locks: Locks, name: string, gone: () => void): () => void {
  const stop = new AbortController();
  const watch = async (): Promise<void> => {
    const { held = [] } = await locks.query();
    if (!held.some((lock) => lock.name === name)) return;
    await locks.request(name, { signal: stop.signal }, () => {});
    gone();
  };
  watch().catch(() => {});
  return () => stop.abort();
}
