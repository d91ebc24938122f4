import type { Subscriber } from 'rxjs';
import { Ring } from '../dispatch/structures/ring.js';
import type { ProgressEnd } from '../progress/progress.js';

/**
 * Subscribers who are all told the same, in turns: what one of them brings about is told after what they are being told,
 * by a loop, to all of them. Who joins meanwhile is told from the next turn on. Joining and leaving take constant time.
 *
 * @internal
 */
export class Audience<T> {
  readonly #members = new Map<Subscriber<T>, number>();
  readonly #waiting = new Ring<() => void>();
  #turn = 0;
  #isBusy = false;

  join(member: Subscriber<T>): void {
    this.#members.set(member, this.#turn);
    member.add(() => this.#members.delete(member));
  }

  /** Runs `work` when everything before it has been told. */
  inTurn(work: () => void): void {
    this.#waiting.push(work);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    this.#isBusy = false;
  }

  /** Runs `work` now, as part of the turn that is on, if any: what it brings about is told after it. */
  now(work: () => void): void {
    if (this.#isBusy) work();
    else this.inTurn(work);
  }

  /** To be called in turn. */
  tell(how: (member: Subscriber<T>) => void): void {
    const turn = ++this.#turn;
    for (const [member, joined] of this.#members) if (joined < turn) how(member);
  }
}

/**
 * Tells a subscriber how it has ended.
 *
 * @internal
 */
export function finish(subscriber: Subscriber<unknown>, { failed, error }: ProgressEnd): void {
  if (failed) subscriber.error(error);
  else subscriber.complete();
}
