/**
 * A set in the order of joining, read as a list.
 *
 * Joining and leaving take constant time. The list is made anew when it is asked for after a change, by whoever reads
 * all of it anyway; a list that somebody reads never changes.
 */
export class Group<T> {
  size = 0;
  #members: Set<T> | undefined;
  #list: readonly T[] | undefined = NOBODY;

  get list(): readonly T[] {
    return (this.#list ??= [...(this.#members ?? NOBODY)]);
  }

  has(member: T): boolean {
    return this.#members?.has(member) === true;
  }

  add(member: T): void {
    this.#members ??= new Set();
    this.#members.add(member);
    this.#changed();
  }

  delete(member: T): boolean {
    if (this.#members?.delete(member) !== true) return false;
    this.#changed();
    return true;
  }

  clear(): void {
    this.#members = undefined;
    this.#changed();
  }

  #changed(): void {
    this.size = this.#members?.size ?? 0;
    this.#list = undefined;
  }
}

const NOBODY: readonly never[] = [];
