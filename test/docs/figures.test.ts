import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

describe('figures that are published twice', () => {
  const full = resultsOf('docs/performance.md');

  test.each(resultsOf('README.md'))('README and performance page agree: $title', ({ title, cells }) => {
    const row = full.find((one) => one.title === title);
    const [old, now, rxjs] = cells;
    expect([old, now, rxjs]).toEqual([row?.cells[2], row?.cells[3]?.replace(/ \(.*/, ''), row?.cells[6]]);
  });
});

/** Rows of the table that the benchmarks write into a page. */
function resultsOf(page: string): { title: string; cells: string[] }[] {
  const [, table = ''] = /<!-- results:[^]*?-->([^]*?)<!-- end of results -->/.exec(readFileSync(page, 'utf8')) ?? [];
  const rows = table.split('\n').filter((line) => line.startsWith('| '));
  return rows
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, title = '', ...cells]) => ({ title, cells }))
    .filter(({ title }) => title !== '' && !title.startsWith('--'));
}
