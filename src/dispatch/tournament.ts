/**
 * A winner tree: knows the least of many keys at any time, and takes a changed key in O(log n).
 *
 * Each player has a key and may be `ready`. The least key wins; of equal keys a ready one; of those the first to have
 * joined. See Knuth, The Art of Computer Programming, vol. 3, 5.4.1.
 */
export class Tournament {
  /** Who wins, to be read only. */
  winner: number = 0;
  winnerKey: number = Infinity;
  winnerReady: boolean = false;
  #keys = new Float64Array(2).fill(Infinity);
  #ready = new Uint8Array(2);
  /** `#winners[1]` is the root; the children of node `i` are `2i` and `2i + 1`; the leaves are implied. */
  #winners = new Int32Array(2);
  #capacity = 2;
  #joined = 0;
  /** The greatest key that two players were ever found to share: above it, nobody's place depends on who is ready. */
  #tied = -Infinity;

  /** Whether `reset` is needed before somebody else may join. */
  get full(): boolean {
    return this.#joined === this.#capacity;
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
    this.#crown();
  }

  update(seat: number, key: number, ready: boolean): void {
    const keys = this.#keys;
    const winners = this.#winners;
    this.#ready[seat] = ready ? 1 : 0;
    if (keys[seat] === key && key > this.#tied) {
      if (seat === this.winner) this.winnerReady = ready;
      return;
    }
    keys[seat] = key;
    let best = seat;
    let rival = seat ^ 1;
    for (let node = (seat + this.#capacity) >> 1; node > 0; node >>= 1) {
      const rivalKey = keys[rival] as number;
      if (rivalKey < key || (rivalKey === key && this.#beatsEqual(rival, best))) {
        best = rival;
        key = rivalKey;
        // Where another than this seat has won before and wins again, nothing changes further up.
        if (winners[node] === best) return;
      }
      winners[node] = best;
      rival = winners[node ^ 1] as number;
    }
    this.#crown();
  }

  #crown(): void {
    this.winner = this.#winners[1] as number;
    this.winnerKey = this.#keys[this.winner] as number;
    this.winnerReady = this.#ready[this.winner] === 1;
  }

  #beatsEqual(seat: number, other: number): boolean {
    const key = this.#keys[seat] as number;
    if (key > this.#tied && key < Infinity) this.#tied = key;
    const ahead = (this.#ready[seat] as number) - (this.#ready[other] as number);
    return ahead > 0 || (ahead === 0 && seat < other);
  }

  #leftmost(node: number): number {
    while (node < this.#capacity) node *= 2;
    return node - this.#capacity;
  }
}
