import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Board } from './boards/board';
import { Desk } from './desk/desk';
import { DEFAULT_SETTINGS, MODES, type Mode, type Settings } from './desk/settings';
import { BOARDS, REGIONS } from './flights/flight';
import { Join } from './join/join';
import { LanesAsText } from './stage/lanes-as-text';
import { Log } from './log/log';
import { Icon } from './shared/icon';
import { Stage } from './stage/stage';

/** Something to try, and what it shows. */
interface Try {
  readonly title: string;
  readonly shows: string;
  readonly set: () => void;
}

const SLOWEST = 1;
const FASTEST = 5000;
/** Steps of the slider of the speed. */
const STEPS = 100;

@Component({
  selector: 'desk-app',
  imports: [Board, Icon, Join, LanesAsText, Log, Stage],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './app.html',
  styleUrl: './app.css',
})
export class App {
  protected readonly desk = inject(Desk);
  protected readonly boards = BOARDS;
  protected readonly modes = Object.entries(MODES).map(([name, mode]) => ({ name: name as Mode, ...mode }));
  protected readonly bounds = [8, 64, 256, 4096];
  protected readonly steps = STEPS;

  protected readonly mode = computed(() => MODES[this.desk.settings().mode]);
  protected readonly rateText = computed(() => `${this.desk.rate().toLocaleString('en')} flights a second`);
  protected readonly rateStep = computed(() =>
    Math.round((STEPS * Math.log(this.desk.rate() / SLOWEST)) / Math.log(FASTEST / SLOWEST)),
  );

  /** Who holds everybody back, in words. */
  protected readonly status = computed(() => {
    const stats = this.desk.snapshot()?.stats;
    const timeline = this.desk.timeline();
    if (stats === undefined || timeline === undefined) return undefined;
    const region = REGIONS.findIndex(({ name }) => name === stats.heldBy?.source);
    return {
      mode: stats.mode,
      held: stats.held,
      region,
      name: REGIONS[region]?.name,
      letter: REGIONS[region]?.letter,
      clock: timeline.label(stats.clock),
      next: timeline.label(stats.clock + 1),
    };
  });

  /** How often something came, or was shown, after something later. */
  protected readonly disorder = computed(() => {
    const tally = this.desk.snapshot()?.tally;
    if (tally === undefined) return undefined;
    return {
      arrived: percent(tally.arrivedDisordered, tally.arrived),
      shown: percent(tally.shownDisordered, tally.shown),
    };
  });

  protected readonly tries: readonly Try[] = [
    {
      title: 'A silent source',
      shows:
        'West says nothing, so nobody knows whether something earlier will come: the line stops, and marbles wait.',
      set: () => {
        this.#reset({});
        this.desk.feedStates[3]!.set('silent');
      },
    },
    {
      title: 'Leave it out',
      shows: 'A source that is silent for a second is left out of the frontier: the line goes on without West.',
      set: () => {
        this.#reset({ giveUpAfter: 1000 });
        this.desk.feedStates[3]!.set('silent');
      },
    },
    {
      title: 'A slow board',
      shows: 'Late reads one message a second: its buffer fills, its clock falls behind, and the other boards go on.',
      set: () => {
        this.#reset({});
        this.desk.paces[1]!.set(1);
      },
    },
    {
      title: 'Don’t wait',
      shows: 'Serialize numbers what comes as it comes: boards still agree with each other, but not with the time.',
      set: () => this.#reset({ mode: 'serialize' }),
    },
    {
      title: '5,000 a second',
      shows: 'Every message to every board that wants it, every tick to every board that does not.',
      set: () => {
        this.#reset({ bound: 4096 });
        this.desk.rate.set(FASTEST);
      },
    },
    { title: 'Start over', shows: 'Four sources, three boards, nothing in their way.', set: () => this.#reset({}) },
  ];

  protected try({ set, shows }: Try): void {
    set();
    this.desk.announcement.set(shows);
  }

  protected setRate(step: number): void {
    const rate = SLOWEST * (FASTEST / SLOWEST) ** (step / STEPS);
    this.desk.rate.set(rate < 20 ? Math.round(rate) : Math.round(rate / 10) * 10);
  }

  protected setMode(mode: Mode): void {
    this.desk.change({ mode });
    this.desk.announcement.set(MODES[mode].law);
  }

  protected set<K extends keyof Settings>(key: K, value: string): void {
    const number = Number(value);
    this.desk.change({ [key]: Number.isNaN(number) ? value : number });
  }

  #reset(settings: Partial<Settings>): void {
    this.desk.settings.set({ ...DEFAULT_SETTINGS, ...settings });
    this.desk.rate.set(12);
    this.desk.running.set(true);
    for (const state of this.desk.feedStates) state.set('live');
    for (const pace of this.desk.paces) pace.set('at once');
  }
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '0%' : `${Math.round((100 * part) / whole)}%`;
}
