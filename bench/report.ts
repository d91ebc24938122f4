import { ratio, type Result } from './harness.js';
import type { Scenario } from './scenario.js';
import { contendersAt } from './scenario.js';
import { scenarios } from './scenarios/index.js';
import { beyondReach, count, met, type Verdict } from './verdict.js';

/** Where a run took place. */
export interface Place {
  readonly node: string;
  readonly v8: string;
  readonly cpu: string;
  readonly date: string;
  readonly command: string;
}

/** What `bench/results/latest.json` holds. */
export interface Run {
  readonly place: Place;
  readonly results: readonly Result[];
  readonly growth: readonly Result[];
  readonly verdicts: readonly Verdict[];
}

/** Targets, one a row. */
export function targetTable(verdicts: readonly Verdict[]): string {
  return table(
    ['', 'target', 'measured', ''],
    verdicts.map((verdict) => {
      const { what, target, measured, unit, limit } = verdict;
      const beside = limit === undefined ? '' : ` (limit: ${count(limit)} ${unit})`;
      const result = met(verdict) ? 'met' : beyondReach(verdict) ? 'missed, by the limit too' : 'missed';
      return [what, target, `${count(measured)} ${unit}${beside}`, result];
    }),
  );
}

/** What each contender of a scenario needs, one a row. */
export function costTable(scenario: Scenario, results: readonly Result[]): string {
  const rows = scenario.sizes.flatMap((size) =>
    contendersAt(scenario, size).flatMap((contender) => {
      const find = (name: string): Result | undefined =>
        results.find((r) => r.scenario === scenario.name && r.size === size && r.contender === name);
      const result = find(contender);
      if (result === undefined) return [];
      const against = (name: string): string => {
        const other = find(name);
        return other === undefined ? '' : count(ratio(result, other));
      };
      return [
        [
          count(size),
          contender,
          count(result.nanoseconds),
          result.bytes === null ? '' : count(Math.round(result.bytes)),
          against('limit'),
          against('callbacks'),
          against('rxjs'),
        ],
      ];
    }),
  );
  return table([scenario.unit, '', 'ns/message', 'bytes/message', '× limit', '× callbacks', '× rxjs'], rows);
}

/** Everything, as `docs/performance.md` shows it. */
export function report({ place, results, verdicts }: Run): string {
  const parts = [
    `Node ${place.node} (V8 ${place.v8}), ${place.cpu}, ${place.date}, by \`${place.command}\`. Ratios below 1: faster.`,
    targetTable(verdicts),
    ...scenarios
      .filter(({ name }) => results.some((r) => r.scenario === name))
      .map((scenario) => `### ${scenario.title}\n\n${costTable(scenario, results)}`),
  ];
  return parts.join('\n\n');
}

/** What the README shows: of each scenario, a row or two. */
const SUMMARY: readonly { title: string; scenario: string; sizes: readonly number[]; contender?: string }[] = [
  { title: 'serialize, 1 receiver subscribed', scenario: 'serialize', sizes: [1] },
  { title: 'serialize, 10 receivers, each told of every message', scenario: 'serialize', sizes: [10] },
  { title: 'serialize, 1,000 receivers, ticks coalesced', scenario: 'coalesced', sizes: [1000] },
  { title: 'broadcast to 10, to 100', scenario: 'broadcast', sizes: [10, 100] },
  { title: '`clockedDispatch()`, 4 sources, 4 receivers', scenario: 'operator', sizes: [4] },
  { title: 'sequence, shuffled within a window of 1,000', scenario: 'sequence', sizes: [1000] },
  { title: 'watermark, 2, 10, 100, 1,000 sources', scenario: 'watermark', sizes: [2, 10, 100, 1000] },
  { title: 'watermark, 10 sources far apart', scenario: 'watermark, behind', sizes: [10] },
  { title: '`for await`, beside an async generator', scenario: 'pull', sizes: [1] },
  { title: '`receiveMany(256)`, beside an async generator', scenario: 'pull', sizes: [1], contender: 'receiveMany' },
  { title: 'a slow consumer behind `bound: 1024`, the sender awaiting', scenario: 'slow consumer', sizes: [1024] },
];

/** The short table of the README, and what is weighed in bytes. */
export function summary({ place, results, verdicts }: Run): string {
  const rows = SUMMARY.map(({ title, scenario, sizes, contender = 'package' }) => {
    const ratios = (against: string): number[] =>
      sizes.map((size) => {
        const find = (name: string): Result =>
          results.find((r) => r.scenario === scenario && r.size === size && r.contender === name)!;
        return ratio(find(contender), find(against));
      });
    const byHand = ratios('rxjs').map((r) => rounded(1 / r));
    return [title, ratios('limit').map(rounded).join(', '), `${byHand.join(', ')} ×`];
  });
  const bytes = verdicts.filter(({ unit }) => unit === 'bytes').map((v) => [v.what, count(Math.round(v.measured))]);
  return [
    table(['Scenario', '× limit', 'faster than RxJS by hand'], rows),
    table(['Size', 'bytes'], bytes),
    `Node ${place.node}, ${place.cpu}, ${place.date}, by \`${place.command}\`.`,
  ].join('\n\n');
}

/** Two figures are enough for a reader, and more than a noisy machine can tell. */
function rounded(value: number): string {
  return Number(value.toPrecision(2)).toLocaleString('en');
}

/** A markdown table whose columns line up. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, c) => Math.max(3, title.length, ...rows.map((row) => row[c]!.length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => cell.padEnd(widths[c]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
