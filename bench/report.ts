import { type Line, judge, type Outcome } from './lines.js';

/** Costs up to this are no difference: what is asked of every row beside version 0.1. */
const NOT_SLOWER = 1.05;

/** Everything, as `docs/performance.md` shows it. */
export function report(lines: readonly Line[]): string {
  const rows = lines.map(({ title, most, bare, bareGrowth, old, now, nowToOld, rxjsToNow }) => [
    title,
    bareGrowth === undefined ? short(bare) : `(grows ${short(bareGrowth)})`,
    most === undefined ? '' : `<= ${count(most)}`,
    short(old),
    exact(now),
    exact(nowToOld),
    [
      ...(most === undefined ? [] : [judge(now, most)]),
      ...(typeof nowToOld === 'object' && judge(nowToOld, NOT_SLOWER) === 'missed' ? ['slower'] : []),
    ].join(', '),
    short(rxjsToNow),
  ]);
  return table(['', 'bare, ns', 'target', '0.1', 'now (95 %)', 'now / 0.1', '', 'RxJS / now'], rows);
}

/** The short form for the README. */
export function summary(lines: readonly Line[]): string {
  const rows = lines
    .filter(({ rxjsToNow }) => rxjsToNow !== undefined)
    .map(({ title, old, now, rxjsToNow }) => [title, short(old), short(now), short(rxjsToNow)]);
  return table(['', '0.1', 'now', 'times as fast as RxJS by hand'], rows);
}

function short(outcome: Outcome): string {
  return typeof outcome === 'object' ? count(outcome.median) : (outcome ?? '');
}

function exact(outcome: Outcome): string {
  if (typeof outcome !== 'object' || outcome.low === outcome.high) return short(outcome);
  return `${count(outcome.median)} (${count(outcome.low)}–${count(outcome.high)})`;
}

/** A number as one reads it: 10,000; 1.25; 820. */
function count(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: value < 1000 ? 3 : 6 });
}

/** A markdown table whose columns line up. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(3, title.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => cell.padEnd(widths[c]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
