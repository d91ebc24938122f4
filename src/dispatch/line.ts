/** Those who wait, in the order in which they came; each may leave at any time. Everything takes constant time. */
export class Line<T> {
  size: number = 0;
  first: Place<T> | undefined;
  #last: Place<T> | undefined;

  join(item: T): Place<T> {
    const place: Place<T> = { item, line: this, before: this.#last, behind: undefined, left: false };
    if (this.#last === undefined) this.first = place;
    else this.#last.behind = place;
    this.#last = place;
    this.size++;
    return place;
  }

  leave(place: Place<T>): void {
    if (place.left) return;
    place.left = true;
    if (place.before === undefined) this.first = place.behind;
    else place.before.behind = place.behind;
    if (place.behind === undefined) this.#last = place.before;
    else place.behind.before = place.before;
    this.size--;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = this.first; place !== undefined; place = behind(place)) yield place.item;
  }
}

/** A place in a line. */
export interface Place<T> {
  readonly item: T;
  readonly line: Line<T>;
  before: Place<T> | undefined;
  behind: Place<T> | undefined;
  left: boolean;
}

/** The next one who is still there; whoever has left in the meantime still knows who was behind. */
export function behind<T>(place: Place<T>): Place<T> | undefined {
  let next = place.behind;
  while (next?.left === true) next = next.behind;
  return next;
}
