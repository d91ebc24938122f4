import type { Timestamp } from '../../types.js';
import { Tournament } from '../structures/tournament.js';
import { InputsByKey } from './inputs-by-key.js';
import type { WatermarkInput } from './watermark-input.js';

/**
 * Who comes next among the sources: those who are there, and those who have left and still hold something, in the order
 * of joining.
 *
 * One tournament serves both purposes. A source's key is the timestamp of its next message where its promise covers
 * that, else the promise itself. When a message wins, every other source has promised its timestamp; when a promise
 * wins, it is the frontier.
 */
export class WatermarkSeats<T, P> {
  readonly tournament: Tournament = new Tournament();
  /** The promises alone, where they are asked for. */
  readonly #promises: Tournament | undefined;
  readonly #byKey = new InputsByKey<WatermarkInput<T, P>>();
  #inputs: (WatermarkInput<T, P> | undefined)[] = [];

  constructor(withPromises: boolean) {
    this.#promises = withPromises ? new Tournament() : undefined;
  }

  /** Who has won. */
  get winner(): WatermarkInput<T, P> {
    return this.#inputs[this.tournament.winner] as WatermarkInput<T, P>;
  }

  /** All of them, in order. */
  get inputs(): WatermarkInput<T, P>[] {
    return this.#inputs.filter((input) => input !== undefined);
  }

  /** Those whose messages may concern `key`; all, where that isn't said. */
  concerning(key: object | undefined): readonly WatermarkInput<T, P>[] {
    return key === undefined ? this.inputs : this.#byKey.of(key);
  }

  has(input: WatermarkInput<T, P>): boolean {
    return this.#inputs[input.seat] === input;
  }

  add(input: WatermarkInput<T, P>): void {
    if (this.tournament.full) this.#reseat();
    this.#byKey.add(input);
    this.#seat(input);
  }

  /** One that has left gives up its seat once it holds nothing. */
  vacate(input: WatermarkInput<T, P>): void {
    if (!input.gone || input.backlog.size > 0 || !this.has(input)) return;
    this.#inputs[input.seat] = undefined;
    this.#byKey.delete(input);
  }

  /** To be called after every change of an input. */
  update(input: WatermarkInput<T, P>): void {
    if (!this.has(input)) return;
    const next = input.backlog.peek();
    const limit = input.silent ? Infinity : input.promise;
    if (next !== undefined && next[1] <= limit) this.tournament.update(input.seat, next[1], true);
    else this.tournament.update(input.seat, limit, false);
    if (this.#promises !== undefined) this.#promises.update(input.seat, limit, false);
  }

  /** The least promise that counts, `Infinity` where none does. */
  get leastPromise(): Timestamp {
    const { winnerKey, winnerReady } = this.tournament;
    // Where a message is due, promises are further.
    if (!winnerReady) return winnerKey;
    return this.inputs.reduce((least, { silent, promise }) => (silent || promise > least ? least : promise), Infinity);
  }

  /** The least promise of the others, where promises are asked for; `Infinity` where nobody else is waited for. */
  leastPromiseBesides(input: WatermarkInput<T, P>): Timestamp {
    return this.#promises?.leastBesides(input.seat) ?? Infinity;
  }

  #seat(input: WatermarkInput<T, P>): void {
    input.seat = this.tournament.join();
    this.#promises?.join();
    this.#inputs[input.seat] = input;
    this.update(input);
  }

  /** Those who are still there take new seats, in the same order. */
  #reseat(): void {
    const staying = this.inputs;
    const players = 2 * (staying.length + 1);
    this.#inputs = [];
    this.tournament.reset(players);
    this.#promises?.reset(players);
    for (const input of staying) this.#seat(input);
  }
}
