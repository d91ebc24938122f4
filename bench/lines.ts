import type { Measured, Name } from './race.js';
import { randomNumbers, type Scenario } from './scenario.js';

/** A median with its 95 % bootstrap interval. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** What was measured, or why it was not; `undefined` where nobody took part. */
export type Outcome = Estimate | string | undefined;

/** What is published of a row: how many times the bare loop it costs, how many times the lesser size, or bytes. */
export interface Line {
  readonly title: string;
  readonly most?: number | undefined;
  /** The bare loop in nanoseconds. */
  readonly bare?: Outcome;
  /** What the bare loop grows by, where it is growth that is asked about. */
  readonly bareGrowth?: Outcome;
  readonly old: Outcome;
  readonly now: Outcome;
  readonly nowToOld: Outcome;
  readonly rxjsToNow?: Outcome;
}

/** What a run says about a scenario; what 0.1 needed is from an earlier run where it did not take part itself. */
export function linesOf(scenario: Scenario, run: readonly Measured[], recorded: readonly Measured[] = []): Line[] {
  const { contenders, growth, measuresItself, most = {} } = scenario;
  const find = (size: number, name: Name, among = run): Measured | undefined =>
    among.find((m) => m.scenario === scenario.name && m.size === size && m.name === name);
  const old = (size: number): Measured[] => [...(find(size, 'old') ? run : recorded)];
  const oldRatio = (size: number, from: number, name: Name): Outcome =>
    compare(find(size, 'old', old(size)), find(from, name, old(size)));

  const lines: Line[] = [];
  for (const size of scenario.sizes.filter((size) => find(size, 'new') !== undefined)) {
    const now = find(size, 'new');
    const line = { title: scenario.title(size), most: most[size], rxjsToNow: compare(find(size, 'rxjs'), now) };
    if (measuresItself === 'bytes') {
      const before = find(size, 'old', old(size));
      lines.push({ ...line, old: absolute(before), now: absolute(now), nowToOld: compare(now, before) });
    } else if (contenders.bare !== undefined) {
      const toBare = { old: oldRatio(size, size, 'bare'), now: compare(now, find(size, 'bare')) };
      const nowToOld = find(size, 'old') ? compare(now, find(size, 'old')) : divided(toBare.now, toBare.old);
      lines.push({ ...line, bare: absolute(find(size, 'bare')), ...toBare, nowToOld });
    }
  }
  if (growth !== undefined && find(growth.to, 'new') !== undefined && find(growth.from, 'new') !== undefined) {
    const { from, to, title, most } = growth;
    lines.push({
      title: `${title}: ${from.toLocaleString('en')} -> ${to.toLocaleString('en')}`,
      most,
      bareGrowth: compare(find(to, 'bare'), find(from, 'bare')),
      old: oldRatio(to, from, 'old'),
      now: compare(find(to, 'new'), find(from, 'new')),
      nowToOld: compare(find(from, 'new'), find(from, 'old')),
    });
  }
  return lines;
}

/** Where the interval holds what is asked, nobody can tell. */
export function judge(outcome: Outcome, most: number): 'met' | 'missed' | 'undecided' {
  if (typeof outcome !== 'object') return 'missed';
  return outcome.median <= most ? 'met' : outcome.low <= most ? 'undecided' : 'missed';
}

export function exactly(value: number): Estimate {
  return { median: value, low: value, high: value };
}

/** How many times `b` is `a`: from the ratios of neighbours, which have met the same machine. */
function compare(a: Measured | undefined, b: Measured | undefined): Outcome {
  if (a === undefined || b === undefined) return undefined;
  return a.failure ?? b.failure ?? estimate(a.samples.slice(0, b.samples.length).map((x, i) => x / b.samples[i]!));
}

function absolute(measured: Measured | undefined): Outcome {
  return measured && (measured.failure ?? estimate(measured.samples));
}

function divided(a: Outcome, b: Outcome): Outcome {
  if (typeof a !== 'object' || typeof b !== 'object') return undefined;
  return { median: a.median / b.median, low: a.low / b.median, high: a.high / b.median };
}

const RESAMPLES = 2000;

function estimate(values: readonly number[]): Estimate {
  const random = randomNumbers(1);
  const draw = (): number => values[Math.floor(random() * values.length)]!;
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw))).sort((a, b) => a - b);
  return { median: median(values), low: medians[RESAMPLES * 0.025]!, high: medians[RESAMPLES * 0.975 - 1]! };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
