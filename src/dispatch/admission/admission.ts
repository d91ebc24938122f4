import type { Caller, WaitCount, WaitingCall } from './waiting-call.js';
import type { Waiters, Waiting } from './waiters.js';

/**
 * Who waits, for what, and in which order.
 *
 * A call waits for the first thing that it lacks. Nobody is asked who isn't concerned: waiters are served when what they
 * wait for has come.
 */
export class Admission {
  /** How many calls wait. */
  waiting = 0;
  /** The calls that everybody waits for, where there are any: they may go in beyond the bound. */
  awaited: () => Iterable<Waiting> = () => NOBODY;
  /** Nobody else can be served. True where something was done about it, so that they are to be tried again. */
  blocked: () => boolean = () => false;
  #tickets = 0;
  #serving = false;
  readonly #due: Waiters[] = [];

  /** Lets a call wait, among `waiters` unless earlier calls come first. */
  enter(call: WaitingCall, waiters: Waiters | undefined, count: WaitCount | undefined): void {
    call.ticket = this.#tickets++;
    call.count = count;
    if (count !== undefined) count.waiting++;
    this.waiting++;
    for (const turn of call.turns) {
      const { caller } = turn;
      turn.before = caller.last;
      if (caller.last === undefined) caller.first = turn;
      else caller.last.behind = turn;
      caller.last = turn;
    }
    waiters?.join(call, call.rank(waiters));
    call.changed(true);
  }

  /** A call is decided: those behind it come next. */
  leave(call: WaitingCall): void {
    call.settled = true;
    if (call.count !== undefined) call.count.waiting--;
    this.waiting--;
    call.waiters?.leave(call);
    for (const turn of call.turns) {
      const { caller, before, behind } = turn;
      if (before === undefined) caller.first = behind;
      else before.behind = behind;
      if (behind === undefined) caller.last = before;
      else behind.before = before;
    }
    call.changed(false);
    for (const { behind } of call.turns) if (behind !== undefined) this.#advance(behind.call);
  }

  /** A caller has left: its calls fail. Returns how many messages they brought. */
  reject(caller: Caller, error: unknown): number {
    let messages = 0;
    for (let turn = caller.last; turn !== undefined; turn = caller.last) {
      messages += turn.call.messages;
      turn.call.abandon(error);
      this.leave(turn.call);
    }
    return messages;
  }

  /** What these wait for may have come. */
  freed(waiters: Waiters): void {
    if (waiters.size === 0 || waiters.due) return;
    waiters.due = true;
    this.#due.push(waiters);
  }

  /** Serves whoever can be served; to be called after every commit while somebody waits. */
  serve(): void {
    if (this.#serving) return;
    this.#serving = true;
    try {
      while (this.#serveDue() || this.#serveAwaited() || this.blocked());
    } finally {
      this.#serving = false;
    }
  }

  #serveDue(): boolean {
    const waiters = this.#due.pop();
    if (waiters === undefined) return false;
    waiters.due = false;
    for (let call = waiters.next(); call !== undefined; call = waiters.next()) {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- nothing else joins waiters
      if (!this.#try(call as WaitingCall)) break;
    }
    return true;
  }

  #serveAwaited(): boolean {
    for (const call of this.awaited()) {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- as above
      if (this.#try(call as WaitingCall)) return true;
    }
    return false;
  }

  /** False where the call goes on waiting for the same. */
  #try(call: WaitingCall): boolean {
    const { waiters } = call;
    const lacking = call.attempt();
    if (lacking === undefined) this.leave(call);
    else if (lacking === waiters) return false;
    else {
      waiters?.leave(call);
      lacking.join(call, call.rank(lacking));
    }
    return true;
  }

  /** An earlier call is decided: this one waits in its own place now. */
  #advance(call: WaitingCall): void {
    if (call.settled || call.waiters !== undefined || !call.isFirst) return;
    const home = call.home();
    if (home === undefined) this.#try(call);
    else {
      home.join(call, call.rank(home));
      this.freed(home);
    }
  }
}

const NOBODY: readonly never[] = [];
