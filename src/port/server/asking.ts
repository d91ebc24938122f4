import { isThenable } from '../../options/guards.js';
import type { ServeSettings, AuthorizeRequest } from './options.js';

/** What was asked for, and is not decided yet. */
interface Asked {
  allowed: boolean | undefined;
  readonly decided: (allowed: boolean) => void;
}

/** Asks whether something is allowed, and does what follows in the order of the questions, however long answers take. */
export class Asking {
  readonly #authorize: ServeSettings['authorize'];
  readonly #asked: Asked[] = [];

  constructor(authorize: ServeSettings['authorize']) {
    this.#authorize = authorize;
  }

  ask(request: AuthorizeRequest, decided: (allowed: boolean) => void): void {
    const answer = this.#ask(request);
    const asked: Asked = { allowed: typeof answer === 'boolean' ? answer : undefined, decided };
    this.#asked.push(asked);
    if (typeof answer === 'boolean') return this.#goOn();
    const decide = (allowed: boolean): void => {
      asked.allowed = allowed;
      this.#goOn();
    };
    answer.then(
      (allowed: unknown) => decide(allowed === true),
      () => decide(false),
    );
  }

  #ask(request: AuthorizeRequest): boolean | PromiseLike<boolean> {
    try {
      const answer = this.#authorize === undefined || this.#authorize(request);
      return answer === true || isThenable(answer) ? answer : false;
    } catch {
      return false;
    }
  }

  #goOn(): void {
    for (let first = this.#asked[0]; first?.allowed !== undefined; first = this.#asked[0]) {
      this.#asked.shift();
      first.decided(first.allowed);
    }
  }
}
