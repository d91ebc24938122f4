import { readFileSync } from 'node:fs';
import * as entry from 'rxjs-clocked-dispatch';
import * as testing from 'rxjs-clocked-dispatch/testing';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/errors/codes.js';
import { blocksOf } from '../docs/blocks.js';

type ErrorClass = new (...args: unknown[]) => entry.ClockedDispatchError;

const PAGE = 'docs/errors.md';
/** Of the entries that these codes belong to. */
const codes = Object.entries(CODES).filter(([code]) => code.startsWith('RCD0'));
const classes = Object.entries<unknown>({ ...entry, ...testing }).filter((exported): exported is [string, ErrorClass] =>
  isErrorClass(exported[1]),
);

/** Headings of the page, each with the text below it. */
const sections = new Map(
  readFileSync(PAGE, 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')), section]),
);

describe('law 24: every refusal has a class, a stable code and a section of the documentation', () => {
  test('each class has one code, and each code a class', () => {
    expect(classes.map(([name]) => name).sort()).toEqual(codes.map(([, name]) => name).sort());
  });

  test('codes are RCD and three digits, in order, without a gap', () => {
    expect(codes.map(([code]) => code)).toEqual(codes.map((_, i) => `RCD${String(i).padStart(3, '0')}`));
  });

  // What was published keeps its code. Only ever add to this list, at its end.
  test('no code has changed its class', () => {
    expect(codes.map(([, name]) => name)).toEqual([
      'ClockedDispatchError',
      'InvalidOptionError',
      'UnknownOptionError',
      'InvalidModeError',
      'InvalidArgumentError',
      'InvalidSourceError',
      'InvalidNameError',
      'DuplicateNameError',
      'UnknownReceiverError',
      'InvalidRouteError',
      'NullValueError',
      'InvalidMessageError',
      'InvalidTimestampError',
      'LateMessageError',
      'AheadMessageError',
      'DuplicateMessageError',
      'ClockExhaustedError',
      'OverflowError',
      'WindowError',
      'TooManyWaitingError',
      'TooManyHeldError',
      'GapError',
      'ClockBehindError',
      'ClosedError',
      'NoReceiverError',
      'ClockNotReachedError',
      'NoClockError',
      'MarbleRowError',
    ]);
  });

  test.for(classes)('%s carries its name, its code, and the address of its section', ([name, Class]) => {
    const error = new Class('x', [], []);
    const { code, url } = error;

    expect(error).toBeInstanceOf(entry.ClockedDispatchError);
    expect(Object.hasOwn(error, 'name')).toBe(true);
    expect(Object.hasOwn(error, 'code')).toBe(true);
    expect([error.name, CODES[code]]).toEqual([name, name]);
    expect(url).toMatch(new RegExp(`^https://github\\.com/.*/${PAGE}#${code.toLowerCase()}$`));
    expect(sections.get(code)).toContain(`\n\n\`${name}\``);
  });

  test('the page has its sections in order of code, and lists them all', () => {
    expect([...sections.keys()].filter((heading) => heading.startsWith('RCD0'))).toEqual(codes.map(([code]) => code));
    const table = readFileSync(PAGE, 'utf8').match(/^\| \[RCD0\d\d\]\(#rcd\d{3}\) +\| `\w+`/gm) ?? [];
    expect(table.map((row) => row.replace(/\s+/g, ' '))).toEqual(
      codes.map(([code, name]) => `| [${code}](#${code.toLowerCase()}) | \`${name}\``),
    );
  });

  // test/docs runs the programs, and compares what they print.
  test.for(codes.slice(1))('the program of %s ends with %s', ([code, name]) => {
    expect(blocksOf(PAGE).filter(({ heading }) => heading === code)).toMatchObject([
      { noRun: false, output: `${name} ${code}\n` },
    ]);
  });
});

function isErrorClass(value: unknown): boolean {
  return typeof value === 'function' && (value as { readonly prototype?: unknown }).prototype instanceof Error;
}
