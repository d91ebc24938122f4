/** Draws the costs of the last run: `node --import tsx bench/plot.ts`, and after each full `npm run bench`. */
import { readFile, writeFile } from 'node:fs/promises';
import type { Result } from './harness.js';
import type { Run } from './report.js';

/** One line of a plot. */
interface Line {
  readonly label: string;
  readonly scenario: string;
  readonly contender: string;
  readonly colour: string;
  readonly dashed?: boolean;
}

/** Colours that can be told apart, and read on white and on black. */
const [BLUE, ORANGE, GREY, PURPLE] = ['#3b8eea', '#d9731a', '#808890', '#a371d8'];
const INK = '#7d8590';

export async function plot({ results }: Pick<Run, 'results'>): Promise<void> {
  await draw('bench-receivers.svg', results, {
    title: 'Cost of a message against the number of subscribed receivers',
    x: 'receivers',
    lines: [
      { label: 'RxJS by hand', scenario: 'serialize', contender: 'rxjs', colour: ORANGE },
      { label: 'each tick', scenario: 'serialize', contender: 'package', colour: BLUE },
      { label: 'limit', scenario: 'serialize', contender: 'limit', colour: GREY, dashed: true },
      { label: 'RxJS, coalesced', scenario: 'coalesced', contender: 'rxjs, coalesced', colour: ORANGE, dashed: true },
      { label: 'coalesced ticks', scenario: 'coalesced', contender: 'package', colour: PURPLE },
    ],
  });
  await draw('bench-sources.svg', results, {
    title: 'Cost of a message against the number of sources merged by watermark',
    x: 'sources',
    lines: [
      { label: 'RxJS by hand', scenario: 'watermark', contender: 'rxjs', colour: ORANGE },
      { label: 'this package', scenario: 'watermark', contender: 'package', colour: BLUE },
      { label: 'bare heap merge', scenario: 'watermark', contender: 'limit', colour: GREY, dashed: true },
    ],
  });
}

interface Chart {
  readonly title: string;
  readonly x: string;
  readonly lines: readonly Line[];
}

const WIDTH = 720;
const HEIGHT = 400;
const MARGIN = { left: 64, right: 136, top: 44, bottom: 48 };

async function draw(file: string, results: readonly Result[], { title, x, lines }: Chart): Promise<void> {
  const drawn = lines
    .map((line) => ({
      ...line,
      points: results
        .filter((r) => r.scenario === line.scenario && r.contender === line.contender)
        .map(({ size, nanoseconds }) => ({ size, nanoseconds })),
    }))
    .filter(({ points }) => points.length > 1);
  const points = drawn.flatMap((line) => line.points);
  const right = scale(extent(points.map(({ size }) => size)), MARGIN.left, WIDTH - MARGIN.right);
  const up = scale(decades(points.map(({ nanoseconds }) => nanoseconds)), HEIGHT - MARGIN.bottom, MARGIN.top);
  const ends = spread(drawn.map(({ points }) => up(points.at(-1)!.nanoseconds)));

  const parts = [
    `<text x="${MARGIN.left}" y="20" font-size="15" font-weight="600" fill="${INK}">${title}</text>`,
    `<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle" fill="${INK}">${x}</text>`,
    ...powers(decades(points.map(({ nanoseconds }) => nanoseconds))).map(
      (value) =>
        `<path d="M${MARGIN.left} ${up(value)}H${WIDTH - MARGIN.right}" stroke="${INK}" stroke-opacity=".3"/>` +
        `<text x="${MARGIN.left - 8}" y="${up(value) + 4}" text-anchor="end" fill="${INK}">${time(value)}</text>`,
    ),
    ...[...new Set(points.map(({ size }) => size))].map(
      (size) =>
        `<text x="${right(size)}" y="${HEIGHT - MARGIN.bottom + 20}" text-anchor="middle" fill="${INK}">` +
        `${size.toLocaleString('en')}</text>`,
    ),
    ...drawn.flatMap(({ label, colour, dashed, points }, i) => [
      `<path d="M${points.map(({ size, nanoseconds }) => `${right(size)} ${up(nanoseconds)}`).join('L')}" fill="none" ` +
        `stroke="${colour}" stroke-width="2.5"${dashed ? ' stroke-dasharray="6 5"' : ''}/>`,
      ...points.map(
        ({ size, nanoseconds }) => `<circle cx="${right(size)}" cy="${up(nanoseconds)}" r="3.5" fill="${colour}"/>`,
      ),
      `<text x="${right(points.at(-1)!.size) + 10}" y="${ends[i]! + 4}" fill="${colour}">${label}</text>`,
    ]),
  ];
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" ` +
      `font-family="system-ui, -apple-system, 'Segoe UI', sans-serif" font-size="12.5">`,
    ...parts.map((part) => `  ${part}`),
    '</svg>',
  ].join('\n');
  await writeFile(new URL(`../docs/assets/${file}`, import.meta.url), `${svg}\n`);
}

type Range = readonly [least: number, most: number];

/** Both axes are logarithmic. */
function scale([least, most]: Range, from: number, to: number): (value: number) => number {
  const length = Math.log(most / least);
  return (value) => Number((from + ((to - from) * Math.log(value / least)) / length).toFixed(1));
}

function extent(values: readonly number[]): Range {
  return [Math.min(...values), Math.max(...values)];
}

function decades(values: readonly number[]): Range {
  const [least, most] = extent(values);
  return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))];
}

function powers([least, most]: Range): number[] {
  return Array.from({ length: Math.round(Math.log10(most / least)) + 1 }, (_, i) => least * 10 ** i);
}

function time(nanoseconds: number): string {
  if (nanoseconds >= 1e6) return `${nanoseconds / 1e6} ms`;
  return nanoseconds >= 1000 ? `${nanoseconds / 1000} µs` : `${nanoseconds} ns`;
}

/** Moves labels apart that would overlap. */
function spread(heights: readonly number[]): number[] {
  const gap = 17;
  const moved = [...heights];
  const order = heights.map((_, i) => i).sort((a, b) => heights[a]! - heights[b]!);
  for (let i = 1; i < order.length; i++) {
    const [above, below] = [order[i - 1]!, order[i]!];
    moved[below] = Math.max(moved[below]!, moved[above]! + gap);
  }
  return moved;
}

if (
  process.argv[1] !== undefined &&
  import.meta.url.endsWith('/bench/plot.ts') &&
  process.argv[1].endsWith('plot.ts')
) {
  await plot(JSON.parse(await readFile(new URL('results/latest.json', import.meta.url), 'utf8')) as Run);
}
