/** The same in ascending order. */
export function sorted<T extends number | string>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
