/** Messages at one timestamp come in one order at all receivers (law 1). */
export class Ties {
  readonly #order = new Map<string, string>();
  readonly #differs: (detail: string) => void;

  constructor(differs: (detail: string) => void) {
    this.#differs = differs;
  }

  see(first: string, second: string, where: string): void {
    const other = this.#order.get(`${second} ${first}`);
    if (other !== undefined) this.#differs(`${first} before ${second} at ${where}, after it at ${other}`);
    this.#order.set(`${first} ${second}`, where);
  }
}
