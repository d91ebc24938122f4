import { startTimer } from '../../dispatch/timing/timer.js';
import type { Scheduler } from '../../dispatch/scheduler.js';
import { FrameLimit } from '../protocol/frame-limit.js';
import type { Inbox } from './inbox.js';

/** Whoever speaks for a session now. */
export interface Speaker {
  /** A newer line speaks for the session. */
  replaced(): void;
}

/** What is known of one client: it outlives its lines. */
export class Session {
  readonly id: string;
  readonly inboxes: Map<string, Inbox> = new Map();
  /** How long a frame may be for the client. */
  readonly limit: FrameLimit = new FrameLimit();
  speaker: Speaker | undefined;
  timer: { unsubscribe(): void } | undefined;

  constructor(id: string) {
    this.id = id;
  }
}

/** Sessions, with a line or without. */
export class Sessions {
  readonly #byId = new Map<string, Session>();
  /** Those without a line, whose lines were gone first at the beginning. */
  readonly #waiting = new Set<Session>();
  readonly #most: number;
  readonly #linger: number;
  readonly #scheduler: Scheduler;

  constructor(most: number, linger: number, scheduler: Scheduler) {
    this.#most = most;
    this.#linger = linger;
    this.#scheduler = scheduler;
  }

  get size(): number {
    return this.#byId.size;
  }

  get senders(): number {
    let count = 0;
    for (const { inboxes } of this.#byId.values()) count += inboxes.size;
    return count;
  }

  /** The session of a new line. An older line of it is told so. */
  speak(id: string, speaker: Speaker): Session {
    const session = this.#byId.get(id) ?? new Session(id);
    session.timer?.unsubscribe();
    session.timer = undefined;
    const before = session.speaker;
    session.speaker = speaker;
    this.#waiting.delete(session);
    this.#byId.set(id, session);
    before?.replaced();
    return session;
  }

  /** A line is gone: its session is remembered for a while. */
  left(session: Session, speaker: Speaker): void {
    if (session.speaker !== speaker) return;
    session.speaker = undefined;
    if (session.inboxes.size === 0 && !session.limit.isFound) return this.#forget(session);
    if (this.#linger < Infinity) {
      session.timer = startTimer(this.#scheduler, this.#linger, () => this.#forget(session));
    }
    this.#waiting.add(session);
    this.#makeRoom();
  }

  close(): void {
    for (const session of this.#byId.values()) this.#forget(session);
  }

  /** Those whose lines were gone first are forgotten first. */
  #makeRoom(): void {
    for (const session of this.#waiting) {
      if (this.#waiting.size <= this.#most) return;
      this.#forget(session);
    }
  }

  #forget(session: Session): void {
    session.timer?.unsubscribe();
    this.#byId.delete(session.id);
    this.#waiting.delete(session);
    for (const inbox of session.inboxes.values()) inbox.complete();
    session.inboxes.clear();
  }
}
