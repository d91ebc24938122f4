import 'fake-indexeddb/auto';

let made = 0;

/** A name that no log has. */
export function newName(): string {
  return `log ${Date.now()} ${made++}`;
}
