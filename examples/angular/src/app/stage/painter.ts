import type { Stats } from 'rxjs-clocked-dispatch';
import { REGIONS } from '../flights/flight';
import type { Run } from '../desk/run';
import { TICK, type Track } from '../desk/track';
import { Camera } from './camera';
import type { Palette } from './palette';

/** Where a lane is on the canvas. */
export interface Lane {
  readonly top: number;
  readonly height: number;
}

/** Where everything is on the canvas, in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly ruler: Lane;
  readonly divider: Lane;
  readonly feeds: readonly Lane[];
  readonly boards: readonly Lane[];
}

/** Below this many pixels from one marble to the next, lanes show how many there are, not which. */
const DENSE = 3;
/** Width of a bar of a dense lane. */
const BAR = 3;
const BARS = 2048;
const ARRIVAL_LASTS = 450;
const TAU = Math.PI * 2;

/** Draws one frame of the stage. Everything is laid out along one axis: the order that the dispatcher makes. */
export class Painter {
  readonly #camera = new Camera();
  /** Scratch: for each bar, how many marbles of each region, of all, and where the next region begins. */
  readonly #bars: readonly Uint16Array[] = REGIONS.map(() => new Uint16Array(BARS));
  readonly #totals = new Uint16Array(BARS);
  readonly #offsets = new Float32Array(BARS);
  #context!: CanvasRenderingContext2D;
  #layout!: Layout;
  #palette!: Palette;

  /** Whether marbles may move for show. */
  lively = true;

  paint(
    context: CanvasRenderingContext2D,
    layout: Layout,
    palette: Palette,
    run: Run,
    rate: number,
    now: number,
  ): void {
    this.#context = context;
    this.#layout = layout;
    this.#palette = palette;
    const stats = run.stats();
    const at = (ts: number): number => run.timeline.positionOf(ts);
    const clocks = run.outlets.map(({ clock }) => at(clock));
    const promises = stats.sources.map(({ promise, name }) => ({ name, position: at(promise) }));
    const frontier = at(stats.clock);
    // In a sequence, the promise of a source says nothing: what counts is how far its marbles lie.
    const head = Math.max(
      frontier,
      ...promises.map(({ position }) => position),
      ...run.feedTracks.map(({ newest }) => newest),
    );
    this.#camera.follow({ frontier, head, tail: Math.min(...clocks), rate }, layout.width, now);

    context.clearRect(0, 0, layout.width, layout.height);
    const waitsAtAll = stats.mode !== 'serialize';
    if (waitsAtAll) this.#paintZone(frontier + 0.5);
    this.#paintRuler(run, this.#camera.x(frontier + 0.5));
    if (waitsAtAll) this.#paintSides(frontier + 0.5);
    layout.feeds.forEach((lane, region) => {
      const name = REGIONS[region]!.name;
      const promise = promises.find((source) => source.name === name)?.position ?? frontier;
      const reach = stats.mode === 'watermark' ? promise + 0.5 : frontier + 0.5;
      this.#paintRail(lane, reach, palette.regions[region]!, stats.heldBy?.source === name);
    });
    layout.boards.forEach((lane, board) => this.#paintRail(lane, clocks[board]! + 0.5, palette.muted, false));
    if (this.#camera.scale < DENSE) this.#paintDense(run, frontier, clocks);
    else this.#paintMarbles(run, frontier, clocks, now);
    this.#paintFrontier(frontier + 0.5, run, stats);
  }

  /** Right of the frontier, nothing is certain yet. */
  #paintZone(frontier: number): void {
    const { width, feeds, boards } = this.#layout;
    const context = this.#context;
    const x = this.#camera.x(frontier);
    const top = feeds[0]!.top;
    const last = boards.at(-1)!;
    context.fillStyle = this.#palette.zone;
    context.fillRect(x, top, Math.max(0, width - x), last.top + last.height - top);
  }

  /** What the two sides of the frontier mean, between sources and boards. */
  #paintSides(frontier: number): void {
    const { width, divider } = this.#layout;
    const context = this.#context;
    const x = this.#camera.x(frontier);
    const narrow = width < 480;
    const write = (text: string, ground: string, side: 1 | -1): void => {
      const room = context.measureText(text).width;
      context.fillStyle = ground;
      context.fillRect(side > 0 ? x + 7 : x - room - 13, divider.top + 2, room + 6, divider.height - 3);
      context.fillStyle = this.#palette.muted;
      context.fillText(text, x + side * (10 + room / 2), divider.top + divider.height / 2);
    };
    context.font = PLAIN;
    write(narrow ? 'settled' : 'settled: nothing earlier can come', this.#palette.surface, -1);
    write(narrow ? 'open' : 'open: something earlier may still come', this.#palette.zone, 1);
  }

  #paintRuler(run: Run, flag: number): void {
    const { width, ruler, feeds, boards } = this.#layout;
    const context = this.#context;
    const step = niceStep(110 / this.#camera.scale);
    const bottom = boards.at(-1)!.top + boards.at(-1)!.height;
    context.font = PLAIN;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    const first = Math.max(1, Math.ceil(this.#camera.position(-40) / step) * step);
    for (let position = first; this.#camera.x(position) < width + 40; position += step) {
      const x = Math.round(this.#camera.x(position)) + 0.5;
      context.fillStyle = this.#palette.line;
      context.fillRect(x - 0.5, feeds[0]!.top, 1, bottom - feeds[0]!.top);
      if (x < 22 || x > width - 22 || Math.abs(x - flag) < 88) continue;
      context.fillStyle = this.#palette.muted;
      context.fillText(run.timeline.ruler(position), x, ruler.top + ruler.height / 2);
    }
  }

  /** How far a lane has got: solid up to there, dotted beyond. */
  #paintRail({ top, height }: Lane, reach: number, colour: string, holds: boolean): void {
    const context = this.#context;
    const y = Math.round(top + height / 2) + 0.5;
    const x = Math.max(0, Math.min(this.#layout.width, this.#camera.x(reach)));
    context.lineWidth = 2;
    context.strokeStyle = colour;
    context.globalAlpha = 0.55;
    stroke(context, 0, y, x, y);
    context.globalAlpha = 1;
    context.lineWidth = 1;
    context.strokeStyle = this.#palette.tick;
    context.setLineDash([1, 5]);
    stroke(context, x, y, this.#layout.width, y);
    context.setLineDash([]);
    if (!holds) return;
    context.strokeStyle = this.#palette.flag;
    context.lineWidth = 6;
    stroke(context, x, top + 5, x, top + height - 5);
  }

  #paintMarbles(run: Run, frontier: number, clocks: readonly number[], now: number): void {
    const { feeds, boards } = this.#layout;
    const left = this.#camera.position(-20);
    const queued: { position: number; region: number; boards: number }[] = [];
    const slowest = Math.min(...clocks);
    feeds.forEach((lane, region) => {
      run.feedTracks[region]!.forEachBack(left, (position, _, number, bits, time) => {
        const held = position > frontier;
        this.#paintMarble(position, lane, region, number, held, this.lively ? now - time : ARRIVAL_LASTS);
        if (!held && position > slowest) queued.push({ position, region, boards: bits });
      });
    });
    boards.forEach((lane, board) => {
      const clock = clocks[board]!;
      run.boardTracks[board]!.forEachBack(left, (position, kind, number, _, time) => {
        if (kind === TICK) this.#paintTick(position, lane);
        else {
          if (this.lively) this.#paintFall(position, feeds[kind]!, lane, kind, now - time);
          this.#paintMarble(position, lane, kind, number, false, ARRIVAL_LASTS);
        }
      });
      for (const { position, region, boards: bits } of queued) {
        if (position > clock && (bits & (1 << board)) !== 0)
          this.#paintMarble(position, lane, region, 0, true, ARRIVAL_LASTS);
      }
    });
  }

  /** Held, a marble is a ring; let through, it is full. */
  #paintMarble(
    position: number,
    { top, height }: Lane,
    region: number,
    number: number,
    held: boolean,
    age: number,
  ): void {
    const context = this.#context;
    const x = this.#camera.x(position);
    const y = top + height / 2;
    const radius = Math.min(Math.max(this.#camera.scale * 0.46, 3.6), 9);
    const colour = this.#palette.regions[region]!;
    if (age < ARRIVAL_LASTS) {
      const progress = age / ARRIVAL_LASTS;
      context.globalAlpha = 0.5 * (1 - progress);
      context.strokeStyle = colour;
      context.lineWidth = 2;
      circle(context, x, y, radius + progress * 9);
      context.stroke();
      context.globalAlpha = 1;
    }
    circle(context, x, y, held ? radius - 0.8 : radius);
    context.fillStyle = held ? this.#palette.surface : colour;
    context.fill();
    if (held) {
      context.lineWidth = radius < 5 ? 1.5 : 2;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (radius < 6.5 || number === 0) return;
    context.fillStyle = held ? this.#palette.ink : this.#palette.onMarble;
    context.font = radius < 8 ? TINY : SMALL;
    context.fillText(String(number % 100), x, y + 0.5);
  }

  #paintTick(position: number, { top, height }: Lane): void {
    const x = Math.round(this.#camera.x(position));
    this.#context.fillStyle = this.#palette.tick;
    this.#context.fillRect(x - 1, top + height / 2 - 6, 2, 12);
  }

  /** For a moment, a thread leads from a source to the board that its message has just reached. */
  #paintFall(position: number, from: Lane, to: Lane, region: number, age: number): void {
    if (age > ARRIVAL_LASTS) return;
    const context = this.#context;
    const x = this.#camera.x(position);
    context.globalAlpha = 0.6 * (1 - age / ARRIVAL_LASTS);
    context.strokeStyle = this.#palette.regions[region]!;
    context.lineWidth = 2;
    stroke(context, x, from.top + from.height / 2, x, to.top + to.height / 2);
    context.globalAlpha = 1;
  }

  /** Too many marbles to tell apart: bars say how many lie within three pixels. */
  #paintDense(run: Run, frontier: number, clocks: readonly number[]): void {
    const { feeds, boards } = this.#layout;
    feeds.forEach((lane, region) => {
      this.#countBars(run.feedTracks[region]!);
      this.#paintBars(lane, this.#camera.x(frontier + 0.5));
    });
    boards.forEach((lane, board) => {
      this.#countBars(run.boardTracks[board]!);
      this.#paintBars(lane, this.#camera.x(clocks[board]! + 0.5));
    });
  }

  /** A bar is a stretch of positions, not of pixels: so bars keep their height while they wander. */
  #countBars(track: Track): void {
    for (const bars of this.#bars) bars.fill(0);
    const positions = BAR / this.#camera.scale;
    const first = Math.floor(this.#camera.position(0) / positions);
    track.forEachBack(first * positions, (position, kind) => {
      if (kind === TICK) return;
      const bar = Math.floor(position / positions) - first;
      if (bar < BARS) this.#bars[kind]![bar]!++;
    });
  }

  /** The regions of a bar lie upon each other; left of `edge` they are full, right of it pale. */
  #paintBars({ top, height }: Lane, edge: number): void {
    const context = this.#context;
    const positions = BAR / this.#camera.scale;
    const left = this.#camera.x(Math.floor(this.#camera.position(0) / positions) * positions);
    const count = Math.min(BARS, Math.ceil(this.#layout.width / BAR) + 1);
    const split = Math.min(count, Math.max(0, Math.ceil((edge - left) / BAR)));
    const totals = this.#totals;
    let most = 3;
    for (let bar = 0; bar < count; bar++) {
      totals[bar] = this.#bars.reduce((sum, bars) => sum + bars[bar]!, 0);
      most = Math.max(most, totals[bar]!);
    }
    const unit = (height - 6) / most;
    // Whole pixels: they cost a fraction of what half ones do.
    const paint = (bars: Uint16Array, from: number, to: number): void => {
      for (let bar = from; bar < to; bar++) {
        if (bars[bar] === 0) continue;
        const start = Math.round(this.#offsets[bar]!);
        this.#offsets[bar]! += bars[bar]! * unit;
        context.fillRect(Math.round(left) + bar * BAR, start, BAR - 1, Math.round(this.#offsets[bar]!) - start);
      }
    };
    for (let bar = 0; bar < count; bar++) this.#offsets[bar] = top + (height - totals[bar]! * unit) / 2;
    this.#bars.forEach((bars, region) => {
      context.fillStyle = this.#palette.regions[region]!;
      paint(bars, 0, split);
      context.globalAlpha = 0.4;
      paint(bars, split, count);
      context.globalAlpha = 1;
    });
  }

  #paintFrontier(position: number, run: Run, stats: Stats): void {
    const { width, ruler, boards } = this.#layout;
    const context = this.#context;
    const x = this.#camera.x(position);
    const bottom = boards.at(-1)!.top + boards.at(-1)!.height;
    context.strokeStyle = this.#palette.flag;
    context.globalAlpha = 0.35;
    context.lineWidth = 7;
    stroke(context, x, ruler.top + ruler.height, x, bottom);
    context.globalAlpha = 1;
    context.strokeStyle = this.#palette.frontier;
    context.lineWidth = 2;
    stroke(context, x, ruler.top + ruler.height, x, bottom);

    context.font = FLAG;
    const text = `${stats.mode === 'serialize' ? 'clock' : 'frontier'} ${run.timeline.label(stats.clock)}`;
    const flag = context.measureText(text).width + 16;
    const start = Math.max(2, Math.min(width - flag - 2, x - flag / 2));
    context.fillStyle = this.#palette.flag;
    context.beginPath();
    context.roundRect(start, ruler.top + 2, flag, ruler.height - 4, 4);
    context.fill();
    context.fillStyle = this.#palette.onFlag;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillText(text, start + flag / 2, ruler.top + ruler.height / 2 + 0.5);
  }
}

const PLAIN = '11px "B612", sans-serif';
const FLAG = 'bold 12px "B612", sans-serif';
const SMALL = 'bold 9px "B612", sans-serif';
const TINY = 'bold 8px "B612", sans-serif';

/** How far apart the marks of the ruler are: 1, 2 or 5 times a power of ten. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return Math.max(
    1,
    [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least)!,
  );
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

function circle(context: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  context.beginPath();
  context.arc(x, y, Math.max(0.5, radius), 0, TAU);
}
