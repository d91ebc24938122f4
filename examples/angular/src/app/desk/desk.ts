import {
  computed,
  DestroyRef,
  effect,
  inject,
  Injectable,
  signal,
  untracked,
  type WritableSignal,
} from '@angular/core';
import type { Stats } from 'rxjs-clocked-dispatch';
import { BOARDS, REGIONS } from '../flights/flight';
import { loadTimetable, type Timetable } from '../flights/timetable';
import type { FeedState } from './feed';
import type { Pace } from './outlet';
import { Run, type Tally } from './run';
import { DEFAULT_SETTINGS, type Settings } from './settings';

/** What the panels show of a run: a copy, a few times a second. */
export interface Snapshot {
  readonly stats: Stats;
  readonly tally: Tally;
  /** For each source: reports that it keeps, whether it is refused for want of room, how many came too late. */
  readonly feeds: readonly { readonly waiting: number; readonly blocked: boolean; readonly late: number }[];
}

/** Milliseconds between two snapshots. */
const SNAPSHOT_EVERY = 100;
/** Slower frames than this stop the replay rather than flood it. */
const LONGEST_FRAME = 100;

/** The flight desk: the settings, the replay, and the run that is on. */
@Injectable({ providedIn: 'root' })
export class Desk {
  readonly settings = signal<Settings>(DEFAULT_SETTINGS, { equal: isSame });
  readonly rate = signal(12);
  readonly running = signal(true);
  readonly feedStates: readonly WritableSignal<FeedState>[] = REGIONS.map(() => signal<FeedState>('live'));
  readonly paces: readonly WritableSignal<Pace>[] = BOARDS.map(() => signal<Pace>('at once'));

  readonly run = signal<Run | undefined>(undefined);
  readonly failure = signal<unknown>(undefined);
  readonly snapshot = signal<Snapshot | undefined>(undefined);
  /** What happens in a second, measured once a second. */
  readonly pace = signal({ frames: 0, messages: 0, emissions: 0 });
  /** What a screen reader is told: what a control has done, and who holds everybody back. */
  readonly announcement = signal('');

  readonly holder = computed(() => this.snapshot()?.stats.heldBy ?? null, { equal: sameHolder });
  readonly timeline = computed(() => this.run()?.timeline);

  /** Called with each frame, after the run has advanced. */
  readonly onFrame = new Set<(run: Run, now: number) => void>();

  #timetable: Timetable | undefined;
  #playhead = 0;
  #lastFrame = performance.now();
  #lastSnapshot = 0;
  #second = { from: performance.now(), frames: 0, arrived: 0, emitted: 0 };

  constructor() {
    loadTimetable().then(
      (timetable) => {
        this.#timetable = timetable;
        this.restart();
      },
      (error: unknown) => this.failure.set(error),
    );
    // Another setting is another dispatcher.
    effect(() => {
      this.settings();
      untracked(() => this.restart());
    });
    let handle = requestAnimationFrame(function frame() {
      handle = requestAnimationFrame(frame);
      step();
    });
    const step = (): void => this.#frame();
    inject(DestroyRef).onDestroy(() => {
      cancelAnimationFrame(handle);
      this.run()?.close();
    });
  }

  change(settings: Partial<Settings>): void {
    this.settings.update((before) => ({ ...before, ...settings }));
  }

  /** A new dispatcher that goes on where the last one has stopped: its seed is the timestamp before the next flight. */
  restart(): void {
    if (this.#timetable === undefined) return;
    const last = this.run();
    this.#playhead = last?.stoppedAt ?? 0;
    const run = new Run(this.settings(), this.#timetable, last);
    last?.close();
    this.run.set(run);
    this.#second = { from: performance.now(), frames: 0, arrived: 0, emitted: 0 };
    this.#publish();
  }

  #frame(): void {
    const now = performance.now();
    const elapsed = Math.min(now - this.#lastFrame, LONGEST_FRAME);
    this.#lastFrame = now;
    const run = untracked(this.run);
    if (run === undefined) return;
    if (untracked(this.running)) {
      this.#playhead += (untracked(this.rate) * elapsed) / 1000;
      run.advance(this.#playhead, this.feedStates.map(untracked), this.paces.map(untracked), elapsed, now);
    }
    for (const draw of this.onFrame) draw(run, now);
    this.#second.frames++;
    if (now - this.#lastSnapshot >= SNAPSHOT_EVERY) {
      this.#lastSnapshot = now;
      this.#publish();
    }
    if (now - this.#second.from >= 1000) this.#measure(run, now);
  }

  #publish(): void {
    const run = this.run();
    if (run === undefined) return;
    this.snapshot.set({
      stats: run.stats(),
      tally: run.tally(),
      feeds: run.feeds.map(({ waiting, blocked, region }) => ({ waiting, blocked, late: run.late[region]! })),
    });
  }

  #measure(run: Run, now: number): void {
    const last = this.#second;
    const { arrived, emitted } = run.tally();
    const perSecond = (count: number): number => Math.round((1000 * count) / (now - last.from));
    this.pace.set({
      frames: perSecond(last.frames),
      messages: perSecond(arrived - last.arrived),
      emissions: perSecond(emitted - last.emitted),
    });
    this.#second = { from: now, frames: 0, arrived, emitted };
  }
}

function isSame<T extends object>(a: T, b: T): boolean {
  return (Object.keys(a) as (keyof T)[]).every((key) => a[key] === b[key]);
}

function sameHolder(a: Stats['heldBy'], b: Stats['heldBy']): boolean {
  return a?.source === b?.source && a?.promise === b?.promise;
}
