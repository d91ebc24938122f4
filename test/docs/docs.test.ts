import { describe, expect, test } from 'vitest';
import { blocksOf, pages, place, type Block } from './blocks.js';
import { check } from './check.js';
import { brokenLinks } from './links.js';
import { run } from './run.js';

const blocks = pages().flatMap((page) => blocksOf(page));
const runnable = blocks.filter(({ noRun }) => !noRun);

describe('the code in the documentation', () => {
  test('compiles', () => {
    expect(check(blocks)).toEqual([]);
  }, 60_000);

  test.for(runnable.map((block) => [place(block), block] as const))(
    '%s runs and prints what it says',
    async ([, block]) => {
      const printed = await run(block).catch((error: unknown) => {
        throw new Error(`${place(block)} throws: ${String(error)}`, { cause: error });
      });

      expect(printed, `${place(block)} prints`).toBe(block.output ?? '');
    },
  );
});

test('links within the documentation lead somewhere', () => {
  expect(pages().flatMap(brokenLinks)).toEqual([]);
});

describe('what is read out of a page', () => {
  const page = (...lines: string[]): string => lines.join('\n');

  test('a block, the heading above it, its line, and the output below it', () => {
    const text = page('# Title', '', '## Part', 'Text.', '```ts', 'one();', 'two();', '```', '', '```text', '1', '```');

    expect(blocksOf('page.md', text)).toEqual([
      { file: 'page.md', heading: 'Part', line: 6, code: 'one();\ntwo();\n', noRun: false, output: '1\n' },
    ]);
  });

  test('an output belongs to the block right above it, and to no other', () => {
    const text = page('```ts', 'one();', '```', 'And now:', '```text', 'something else', '```', '```ts no-run', '```');

    expect(blocksOf('page.md', text).map(({ output, noRun }) => [output, noRun])).toEqual([
      [undefined, false],
      [undefined, true],
    ]);
  });

  test('headings in blocks, and blocks in other languages, are none', () => {
    const text = page('# Title', '```sh', '# comment', '```', '```ts', 'one();', '```');

    expect(blocksOf('page.md', text)).toMatchObject([{ heading: 'Title', line: 6 }]);
  });

  test('mistakes are named with their place', () => {
    expect(() => blocksOf('page.md', page('', '```ts', 'one();'))).toThrow('page.md:2: this block never ends');
    expect(() => blocksOf('page.md', page('```ts norun', '```'))).toThrow("page.md:1: a block of ts can't be 'norun'");
    expect(() => blocksOf('page.md', page('# A', '```ts no-run', '```', '```text', '```'))).toThrow('page.md:3 (A)');
  });
});

describe('what is said of a block', () => {
  const block = (code: string, output?: string): Block => ({
    file: 'page.md',
    heading: 'Part',
    line: 10,
    code,
    noRun: false,
    output,
  });

  test('what it prints is what Node prints, on several lines where it is long', async () => {
    const printed = await run(block(`console.log('%d of', 1, [null, 2], { a: 'a'.repeat(50), b: 'b'.repeat(50) });`));

    expect(printed).toBe(`1 of [ null, 2 ] {\n  a: '${'a'.repeat(50)}',\n  b: '${'b'.repeat(50)}'\n}\n`);
  });

  test('also what it prints later, and what it should not have', async () => {
    const code = `setTimeout(() => console.log('later'), 5); await Promise.resolve(); console.log('now');`;

    expect(await run(block(code, 'now\nlater\n'))).toBe('now\nlater\n');
    expect(await run(block(`console.log('once'); queueMicrotask(() => console.log('again'));`, 'once\n'))).toBe(
      'once\nagain\n',
    );
  });

  test('it imports what a reader would', async () => {
    const code = `
      import assert from 'node:assert/strict';
      import * as rxjs from 'rxjs';
      import { TestScheduler as Scheduler } from 'rxjs/testing';
      import { createDispatcher, type Clocked } from 'rxjs-clocked-dispatch';
      import { clocked } from 'rxjs-clocked-dispatch/testing';
      const item: Clocked<number> = [1, 2];
      console.log(...[assert, rxjs.of, Scheduler, createDispatcher, clocked].map((value) => typeof value), item);`;

    expect(await run(block(code))).toBe('function function function function function [ 1, 2 ]\n');
  });

  test('the name and code of the error that ends it, where the page announces it', async () => {
    const code = `throw Object.assign(new RangeError('too much'), { code: 'X1' });`;

    expect(await run(block(code, 'RangeError X1\n'))).toBe('RangeError X1\n');
    await expect(run(block(code, 'RangeError X2\n'))).rejects.toThrow('too much');
    await expect(run(block(code))).rejects.toThrow('too much');
  });

  test('what it can not import', async () => {
    await expect(run(block(`import { x } from 'elsewhere'; x();`))).rejects.toThrow(/'elsewhere'/);
  });

  test('the line of the page where its types are wrong', () => {
    const wrong = block(`const a: number = 1;\nconst b: string = a;\nconsole.log(b);\n`);

    expect(check([wrong])).toEqual(["page.md:11 (Part): Type 'number' is not assignable to type 'string'."]);
  }, 60_000);
});
