import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  ElementRef,
  inject,
  viewChild,
  viewChildren,
} from '@angular/core';
import { BOARDS, REGIONS } from '../flights/flight';
import { Desk } from '../desk/desk';
import type { FeedState } from '../desk/feed';
import type { Pace } from '../desk/outlet';
import { Icon } from '../shared/icon';
import { Painter, type Lane, type Layout } from './painter';
import { readPalette, type Palette } from './palette';

interface FeedLabel {
  readonly index: number;
  readonly letter: string;
  readonly name: string;
  readonly state: FeedState;
  readonly holds: boolean;
  readonly note: string;
}

interface BoardLabel {
  readonly index: number;
  readonly title: string;
  readonly pace: Pace;
  readonly queued: number;
  readonly bound: number;
  readonly dropped: number;
  readonly fill: number;
}

/** Lanes of marbles, one for each source and each board, and the frontier. The canvas is for the eye; labels are for all. */
@Component({
  selector: 'desk-stage',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './stage.html',
  styleUrl: './stage.css',
})
export class Stage {
  readonly #desk = inject(Desk);
  readonly #destroyRef = inject(DestroyRef);
  private readonly canvas = viewChild.required<ElementRef<HTMLCanvasElement>>('canvas');
  private readonly ruler = viewChild.required<ElementRef<HTMLElement>>('ruler');
  private readonly divider = viewChild.required<ElementRef<HTMLElement>>('divider');
  private readonly feedRows = viewChildren<ElementRef<HTMLElement>>('feedRow');
  private readonly boardRows = viewChildren<ElementRef<HTMLElement>>('boardRow');
  readonly #painter = new Painter();
  #layout: Layout | undefined;
  #palette: Palette | undefined;

  protected readonly paces: readonly { readonly value: Pace; readonly text: string }[] = [
    { value: 'at once', text: 'at once' },
    { value: 20, text: '20 / s' },
    { value: 5, text: '5 / s' },
    { value: 1, text: '1 / s' },
  ];

  protected readonly feeds = computed<FeedLabel[]>(() => {
    const snapshot = this.#desk.snapshot();
    const holder = this.#desk.holder()?.source;
    return REGIONS.map(({ letter, name }, index) => {
      const state = this.#desk.feedStates[index]!();
      const source = snapshot?.stats.sources.find((stats) => stats.name === name);
      const feed = snapshot?.feeds[index];
      const holds = holder === name;
      return { index, letter, name, state, holds, note: noteOf(state, source, feed) };
    });
  });

  protected readonly boards = computed<BoardLabel[]>(() => {
    const receivers = this.#desk.snapshot()?.stats.receivers;
    return BOARDS.map(({ name, title }, index) => {
      const stats = receivers?.find((receiver) => receiver.name === name);
      const { queued = 0, dropped = 0, bound = this.#desk.settings().bound } = stats ?? {};
      return {
        index,
        title,
        pace: this.#desk.paces[index]!(),
        queued,
        bound,
        dropped,
        fill: Math.min(1, queued / bound),
      };
    });
  });

  constructor() {
    afterNextRender(() => {
      const resize = new ResizeObserver(() => this.#measure());
      resize.observe(this.canvas().nativeElement);
      const theme = matchMedia('(prefers-color-scheme: dark)');
      const recolour = (): void => void (this.#palette = readPalette(this.canvas().nativeElement));
      theme.addEventListener('change', recolour);
      recolour();
      this.#painter.lively = !matchMedia('(prefers-reduced-motion: reduce)').matches;
      const draw = (): void => this.#draw();
      this.#desk.onFrame.add(draw);
      this.#destroyRef.onDestroy(() => {
        resize.disconnect();
        theme.removeEventListener('change', recolour);
        this.#desk.onFrame.delete(draw);
      });
    });
  }

  protected toggle(index: number, state: 'paused' | 'silent'): void {
    const feed = this.#desk.feedStates[index]!;
    const { name } = REGIONS[index]!;
    const now = feed() === state ? 'live' : state;
    feed.set(now);
    this.#desk.announcement.set(now === 'live' ? `${name} reports again` : `${name} is ${now}`);
  }

  protected slow(index: number, value: string): void {
    const pace = value === 'at once' ? value : Number(value);
    this.#desk.paces[index]!.set(pace);
    this.#desk.announcement.set(`${BOARDS[index]!.title} reads ${pace === 'at once' ? pace : `${pace} a second`}`);
  }

  #measure(): void {
    const canvas = this.canvas().nativeElement;
    const { width, height, top } = canvas.getBoundingClientRect();
    const ratio = Math.min(devicePixelRatio, 2);
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext('2d')!.setTransform(ratio, 0, 0, ratio, 0, 0);
    const laneOf = ({ nativeElement }: ElementRef<HTMLElement>): Lane => {
      const row = nativeElement.getBoundingClientRect();
      return { top: row.top - top, height: row.height };
    };
    this.#layout = {
      width,
      height,
      ruler: laneOf(this.ruler()),
      divider: laneOf(this.divider()),
      feeds: this.feedRows().map(laneOf),
      boards: this.boardRows().map(laneOf),
    };
  }

  #draw(): void {
    const run = this.#desk.run();
    const context = this.canvas().nativeElement.getContext('2d');
    if (run === undefined || context === null || this.#layout === undefined || this.#palette === undefined) return;
    this.#painter.paint(context, this.#layout, this.#palette, run, this.#desk.rate(), performance.now());
  }
}

function noteOf(
  state: FeedState,
  source: { readonly held: number; readonly idle: boolean } | undefined,
  feed: { readonly waiting: number; readonly blocked: boolean; readonly late: number } | undefined,
): string {
  if (source?.idle) return 'left out: silent';
  if (state === 'silent') return 'silent';
  if (state === 'paused') return `paused, keeps ${feed?.waiting ?? 0}`;
  if (feed?.blocked) return `waits for room, keeps ${feed.waiting}`;
  const late = feed?.late ? `, ${feed.late} too late` : '';
  return `${source?.held ?? 0} held${late}`;
}
