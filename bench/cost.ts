import { median } from './lines.js';
import { cpuTime } from './scenario.js';

/** Messages a second, and nanoseconds of all processors for each: the latter holds on a busy machine, too. */
export interface Cost {
  readonly rate: number;
  readonly cpu: number;
}

/** What two contenders cost, one after the other. */
export type Pair = readonly [bare: Cost, ours: Cost];

/** What is compared, and the target: what is left of `bare`. */
export interface Compared {
  readonly name: string;
  readonly least?: number;
}

/** What `work` costs, which answers how many messages it went through. */
export async function costOf(work: () => Promise<number>): Promise<Cost> {
  const [began, cpu] = [performance.now(), cpuTime()];
  const messages = await work();
  return { rate: (messages / (performance.now() - began)) * 1000, cpu: (cpuTime() - cpu) / messages };
}

/** Whether a row meets its target but for `margin`, within so many tries; each is printed. */
export async function passes<R extends Compared>(
  row: R,
  turns: (row: R) => Promise<readonly Pair[]>,
  { judged, margin, tries }: { readonly judged: keyof Cost; readonly margin: number; readonly tries: number },
): Promise<boolean> {
  for (let left = tries; ; left--) {
    if (report(row, await turns(row), judged) * margin >= (row.least ?? 0)) return true;
    if (left === 1) return false;
    console.log(`${row.name}: once more`);
  }
}

/** Prints a row, and answers with the ratio that is judged. Above 1: cheaper than `bare`. */
function report({ name, least }: Compared, pairs: readonly Pair[], judged: keyof Cost): number {
  const of = (value: (pair: Pair) => number): number => median(pairs.map(value));
  const ratios = { rate: of(([bare, ours]) => ours.rate / bare.rate), cpu: of(([bare, ours]) => bare.cpu / ours.cpu) };
  const both = (cost: keyof Cost): string =>
    [0, 1].map((i) => Math.round(of((pair) => pair[i]![cost])).toLocaleString('en')).join(' and ');
  const ratio = (cost: keyof Cost): string =>
    `ratio ${ratios[cost].toFixed(2)}${cost === judged && least !== undefined ? ` (target ${least})` : ''}`;
  console.log(
    [
      name.padEnd(20),
      `${both('rate')} a second, ${ratio('rate')}`,
      `${both('cpu')} ns of all processors, ${ratio('cpu')}`,
    ].join('   '),
  );
  return ratios[judged];
}
