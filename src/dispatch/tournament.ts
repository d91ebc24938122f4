/**
 * A winner tree: knows the least of many keys at any time, and takes a changed key in O(log n).
 *
 * Each player has a key and may be `ready`. The least key wins; of equal keys a ready one; of those the first to have
 * joined. See Knuth, The Art of Computer Programming, vol. 3, 5.4.1.
 */
export class Tournament {
  #keys = new Float64Array(2).fill(Infinity);
  #ready = new Uint8Array(2);
  /** `#winners[1]` is the root; the children of node `i` are `2i` and `2i + 1`; the leaves are implied. */
  #winners = new Int32Array(2);
  #capacity = 2;
  #joined = 0;
  /** The greatest key that two players were ever found to share: above it, nobody's place depends on who is ready. */
  #tied = -Infinity;

  /** How many seats are left before `grow` is needed. */
  get full(): boolean {
    return this.#joined === this.#capacity;
  }

  get winner(): number {
    return this.#winners[1] as number;
  }

  get winnerKey(): number {
    return this.#keys[this.winner] as number;
  }

  get winnerReady(): boolean {
    return this.#ready[this.winner] === 1;
  }

  /** Takes the next seat. A seat's number is its rank among equals. */
  join(): number {
    return this.#joined++;
  }

  /** Begins anew with room for `players`, all of them out of the game. */
  reset(players: number): void {
    while (this.#capacity < players) this.#capacity *= 2;
    this.#keys = new Float64Array(this.#capacity).fill(Infinity);
    this.#ready = new Uint8Array(this.#capacity);
    this.#winners = new Int32Array(this.#capacity);
    for (let node = this.#capacity - 1; node > 0; node--) this.#winners[node] = this.#leftmost(node);
    this.#joined = 0;
    this.#tied = -Infinity;
  }

  update(seat: number, key: number, ready: boolean): void {
    const keys = this.#keys;
    const winners = this.#winners;
    this.#ready[seat] = ready ? 1 : 0;
    if (keys[seat] === key && key > this.#tied) return;
    keys[seat] = key;
    let node = (seat + this.#capacity) >> 1;
    let left = seat & ~1;
    let right = left + 1;
    for (;;) {
      const before = winners[node] as number;
      const now = this.#beats(left, right) ? left : right;
      winners[node] = now;
      // Where another than this seat has won before and wins again, nothing changes further up.
      if ((before === now && now !== seat) || node === 1) return;
      left = winners[node & ~1] as number;
      right = winners[node | 1] as number;
      node >>= 1;
    }
  }

  #beats(left: number, right: number): boolean {
    const a = this.#keys[left] as number;
    const b = this.#keys[right] as number;
    if (a !== b) return a < b;
    if (a > this.#tied && a < Infinity) this.#tied = a;
    return (this.#ready[left] as number) >= (this.#ready[right] as number);
  }

  #leftmost(node: number): number {
    while (node < this.#capacity) node *= 2;
    return node - this.#capacity;
  }
}
