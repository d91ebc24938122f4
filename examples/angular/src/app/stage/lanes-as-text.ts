import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  inject,
  input,
  signal,
  type OnInit,
} from '@angular/core';
import { Desk } from '../desk/desk';
import type { Run } from '../desk/run';
import { BOARDS, REGIONS } from '../flights/flight';

/** What a board has emitted: a flight, or a run of ticks. */
interface Emission {
  readonly key: number;
  readonly flight: number | undefined;
  readonly text: string;
}

const KEPT = 60;

/** The lanes for those who don't see them: what each source has promised, and what each board has been told, in order. */
@Component({
  selector: 'desk-lanes-as-text',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './lanes-as-text.html',
  styleUrl: './lanes-as-text.css',
  host: { '[class.open]': 'open()' },
})
export class LanesAsText implements OnInit {
  readonly run = input.required<Run>();
  readonly #desk = inject(Desk);
  readonly #destroyRef = inject(DestroyRef);
  readonly #emissions: readonly Emission[][] = BOARDS.map(() => []);
  protected readonly open = signal(false);

  protected readonly sources = computed(() => {
    const stats = this.#desk.snapshot()?.stats;
    const { timeline } = this.run();
    return REGIONS.map(({ name }) => {
      const source = stats?.sources.find((candidate) => candidate.name === name);
      const promise = source === undefined ? 'nothing yet' : timeline.label(source.promise);
      return { name, promise, held: source?.held ?? 0, idle: source?.idle ?? false };
    });
  });

  protected readonly boards = computed(() => {
    this.#desk.snapshot();
    return BOARDS.map(({ title }, board) => ({ title, emissions: [...this.#emissions[board]!] }));
  });

  ngOnInit(): void {
    const { outlets, timeline } = this.run();
    const subscriptions = outlets.map((outlet, board) => {
      const emissions = this.#emissions[board]!;
      let key = 0;
      return outlet.subscribe({
        next: ([flight, ts]) => {
          if (!this.open()) return;
          const last = emissions.at(-1);
          const tick = `nothing until ${timeline.label(ts)}`;
          if (flight === null && last?.flight === undefined && last)
            emissions[emissions.length - 1] = { ...last, text: tick };
          else if (flight === null) emissions.push({ key: key++, flight: undefined, text: tick });
          else
            emissions.push({
              key: key++,
              flight: flight.index,
              text: `${flight.from} to ${flight.to}, ${timeline.label(ts)}`,
            });
          if (emissions.length > KEPT) emissions.shift();
        },
        error: () => {},
      });
    });
    this.#destroyRef.onDestroy(() => subscriptions.forEach((subscription) => subscription.unsubscribe()));
  }
}
