import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  Injector,
  input,
  untracked,
  type OnInit,
  type Signal,
} from '@angular/core';
import { scanValue } from 'rxjs-clocked-dispatch';
import { toClockedSignal, type ClockedSignal } from 'rxjs-clocked-dispatch/angular';
import { Desk } from '../desk/desk';
import { list, type Listing, type Outlet } from '../desk/outlet';
import type { Timeline } from '../desk/timeline';
import { isLate, REGIONS, type BoardDefinition, type Flight } from '../flights/flight';
import { timeOf } from '../flights/timetable';

/** Flights a second that can still be read as they come. */
const LEGIBLE = 100;

/** One board: what its receiver has brought, and how current that is. */
@Component({
  selector: 'desk-board',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './board.html',
  styleUrl: './board.css',
})
export class Board implements OnInit {
  readonly definition = input.required<BoardDefinition>();
  readonly outlet = input.required<Outlet>();
  readonly timeline = input.required<Timeline>();

  readonly #desk = inject(Desk);
  readonly #injector = inject(Injector);
  #listing!: ClockedSignal<Listing>;

  protected readonly failure = computed(() => failureOf(this.#listing.value));
  protected readonly asOf = computed(() => this.timeline().label(this.#clock()));
  protected readonly day = computed(() => this.timeline().day(this.#clock()));
  protected readonly behind = computed(() => {
    const stats = this.#desk.snapshot()?.stats;
    const queued = stats?.receivers.find(({ name }) => name === this.definition().name)?.queued ?? 0;
    return queued > 0 ? { queued, clock: this.timeline().label(stats!.clock) } : undefined;
  });
  protected readonly rows = computed(() => this.#shown().flights.map(rowOf));
  /** Since when there has been nothing: a board that gets ticks knows that it is so. */
  protected readonly quietSince = computed(() => {
    const { ts } = this.#shown();
    return ts === undefined || this.timeline().label(ts) === this.asOf() ? undefined : this.timeline().label(ts);
  });

  readonly #clock = computed(() => this.#legibly(this.#listing.clock));
  readonly #shown = computed(() => this.#legibly(this.#listing.value));

  ngOnInit(): void {
    const { listing, clock } = this.outlet();
    this.#listing = toClockedSignal(this.outlet().pipe(scanValue(list, listing)), {
      initialValue: listing,
      initialClock: clock,
      injector: this.#injector,
    });
  }

  /** With each change; when nobody could read that, with each snapshot of the desk. */
  #legibly<T>(changing: Signal<T>): T {
    if (this.#desk.rate() <= LEGIBLE) return changing();
    this.#desk.snapshot();
    return untracked(changing);
  }

  protected reopen(): void {
    this.#desk.restart();
  }
}

interface Row {
  readonly index: number;
  readonly region: number;
  readonly letter: string;
  readonly time: string;
  readonly from: string;
  readonly to: string;
  readonly delay: string;
  readonly late: boolean;
  /** Whether a later flight had been shown before it. */
  readonly disordered: boolean;
}

function rowOf(flight: Flight, row: number, flights: readonly Flight[]): Row {
  const { index, region, time, from, to, delay } = flight;
  const before = flights[row + 1];
  return {
    index,
    region,
    letter: REGIONS[region]!.letter,
    time: timeOf(time),
    from,
    to,
    delay: delay > 0 ? `+${delay}` : String(delay),
    late: isLate(flight),
    disordered: before !== undefined && before.time > time,
  };
}

/** A signal of a receiver that has failed throws what it failed with. */
function failureOf(value: Signal<unknown>): Error | undefined {
  try {
    value();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
