import { ChangeDetectionStrategy, Component, computed, DestroyRef, inject, input, type OnInit } from '@angular/core';
import { combineLatest, Subscription } from 'rxjs';
import { alignLatest, filterValue, values, type Timestamp } from 'rxjs-clocked-dispatch';
import { Desk } from '../desk/desk';
import type { Run } from '../desk/run';
import { isLate, type Flight } from '../flights/flight';
import { timeOf } from '../flights/timetable';

/** What a join has brought so far. */
class Score {
  states = 0;
  contradictions = 0;
  departures: Flight | undefined;
  late: Flight | undefined;
  asOf: Timestamp | undefined;

  /** Both boards tell which late flight was the last: a pair that doesn't agree is a state that never was. */
  take(departures: Flight, late: Flight, asOf?: Timestamp): void {
    this.states++;
    if (departures.index !== late.index) this.contradictions++;
    this.departures = departures;
    this.late = late;
    this.asOf = asOf;
  }
}

interface Side {
  readonly name: string;
  readonly states: number;
  readonly contradictions: number;
  readonly share: number;
  readonly departures: string;
  readonly late: string;
  readonly agrees: boolean;
  readonly asOf: string | undefined;
}

/** Two boards joined twice, and how often the result contradicts itself. */
@Component({
  selector: 'desk-join',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './join.html',
  styleUrl: './join.css',
})
export class Join implements OnInit {
  readonly run = input.required<Run>();
  readonly #desk = inject(Desk);
  readonly #destroyRef = inject(DestroyRef);
  readonly #combined = new Score();
  readonly #aligned = new Score();

  protected readonly sides = computed<Side[]>(() => {
    this.#desk.snapshot();
    return [this.#show('combineLatest', this.#combined), this.#show('alignLatest', this.#aligned)];
  });
  protected readonly lost = computed(() =>
    (this.#desk.snapshot()?.stats.receivers ?? []).reduce((sum, { dropped }) => sum + dropped, 0),
  );

  ngOnInit(): void {
    const [board, late] = this.run().outlets as [Run['outlets'][0], Run['outlets'][0]];
    const departures = board.pipe(filterValue(isLate));
    const ignore = { error: () => {} };
    const joins = new Subscription();
    joins.add(
      combineLatest([departures.pipe(values()), late.pipe(values())]).subscribe({
        ...ignore,
        next: ([ours, theirs]) => this.#combined.take(ours, theirs),
      }),
    );
    // As much may wait as the slower board leaves to wait.
    joins.add(
      alignLatest({ departures, late }, { bound: Infinity }).subscribe({
        ...ignore,
        next: ([both, ts]) => both !== null && this.#aligned.take(both.departures, both.late, ts),
      }),
    );
    this.#destroyRef.onDestroy(() => joins.unsubscribe());
  }

  #show(name: string, { states, contradictions, departures, late, asOf }: Score): Side {
    return {
      name,
      states,
      contradictions,
      share: states === 0 ? 0 : contradictions / states,
      departures: describe(departures),
      late: describe(late),
      agrees: departures?.index === late?.index,
      asOf: asOf === undefined ? undefined : this.run().timeline.label(asOf),
    };
  }
}

function describe(flight: Flight | undefined): string {
  return flight === undefined ? 'none yet' : `${timeOf(flight.time)} ${flight.from} → ${flight.to}`;
}
