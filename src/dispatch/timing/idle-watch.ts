import type { Scheduler } from '../scheduler.js';
export class IdleWatch<S extends { heard: number; readonly waiting: boolean }> {
  readonly #after: number; readonly #scheduler: Scheduler; readonly #onIdle: (s: readonly S[]) => void; readonly #w = new Set<S>(); #t: { unsubscribe(): void } | undefined;
  constructor(after: number, scheduler: Scheduler, onIdle: (s: readonly S[]) => void) { this.#after = after; this.#scheduler = scheduler; this.#onIdle = onIdle; }
  hear(s: S): void { s.heard = this.#scheduler.now(); this.#w.add(s); this.#t ??= this.#scheduler.schedule(() => this.#check(), this.#after); }
  forget(s: S): void { this.#w.delete(s); if (this.#w.size === 0) this.stop(); }
  stop(): void { this.#t?.unsubscribe(); this.#t = undefined; }
  #check(): void { const now = this.#scheduler.now(); let next = Infinity; const idle: S[] = []; for (const s of this.#w) { if (s.waiting) s.heard = now; const due = s.heard + this.#after; if (due <= now) idle.push(s); else next = Math.min(next, due); } for (const s of idle) this.#w.delete(s); this.#t = next === Infinity ? undefined : this.#scheduler.schedule(() => this.#check(), next - now); if (idle.length) this.#onIdle(idle); }
}
