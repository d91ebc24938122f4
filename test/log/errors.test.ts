import { readFileSync } from 'node:fs';
import * as indexeddb from 'rxjs-clocked-dispatch/indexeddb';
import * as level from 'rxjs-clocked-dispatch/level';
import * as log from 'rxjs-clocked-dispatch/log';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/errors/codes.js';
import { blocksOf } from '../docs/blocks.js';

const PAGE = readFileSync('docs/errors.md', 'utf8');
/** Those that no short program gives: a full disk, a failed driver, a missing package, another page. */
const WITHOUT_PROGRAM = ['RCD109', 'RCD113', 'RCD114', 'RCD116', 'RCD117'];
/** Of the log; those of other entries stand elsewhere. */
const codes = Object.entries(CODES).filter(([code]) => code.startsWith('RCD1') && code < 'RCD120');

describe('law 24: every refusal of the log has a class, a stable code and a section of the documentation', () => {
  test('each class has one code, and each code a class', () => {
    const classes = Object.keys({ ...log, ...level, ...indexeddb }).filter((name) => name.endsWith('Error'));
    expect(classes.sort()).toEqual(codes.map(([, name]) => name).sort());
  });

  test('no code has changed its class', () => {
    // What was published keeps its code. Only ever add to this list, at its end.
    expect(codes.map(([, name]) => name)).toEqual([
      'LogPositionError',
      'LogFencedError',
      'LogClosedError',
      'CheckpointError',
      'LogOutcomeUnknownError',
      'LogBusyError',
      'UnstorableValueError',
      'LogDamagedError',
      'LogFullError',
      'LogLockedError',
      'LogFolderError',
      'LogFormatError',
      'LogStoreError',
      'MissingPeerError',
      'CheckpointDamagedError',
      'LogOutdatedError',
      'LogLostError',
      'LogUnavailableError',
      'FoldError',
    ]);
  });

  test.each(codes)('%s has its section and its row', (code, name) => {
    expect(PAGE).toContain(`\n## ${code}\n\n\`${name}\`. `);
    expect(PAGE).toMatch(new RegExp(`^\\| \\[${code}\\]\\(#${code.toLowerCase()}\\) +\\| \`${name}\``, 'm'));
  });

  // test/docs runs the programs, and compares what they print.
  test.each(codes.filter(([code]) => !WITHOUT_PROGRAM.includes(code)))(
    'the program of %s ends with %s',
    (code, name) => {
      expect(blocksOf('docs/errors.md').filter(({ heading }) => heading === code)).toMatchObject([
        { noRun: false, output: `${name} ${code}\n` },
      ]);
    },
  );

  test.each([
    [new log.LogPositionError('sum', 9, { trimmed: 2, last: 5 }), ["'sum'", '9', 'ends at 5']],
    [new log.LogPositionError('sum', 1, { trimmed: 2, last: 5 }), ["'sum'", '1', 'trimmed up to 2']],
    [new log.LogPositionError('sum', 3, { trimmed: 2, last: 5 }, 'abc'), ["'sum'", '3', "'abc'"]],
    [new log.LogFencedError(3, 5), ['3', '5']],
    [
      new log.CheckpointError('sum', { ts: 3, version: 1 }, { ts: 5, version: 2 }),
      ["'sum'", '3 (version 1)', '5 (version 2)'],
    ],
    [new log.LogDamagedError('/l', 3, 5), ["'/l'", '3 to 5', "repair: 'truncate'"]],
    [new log.LogDamagedError('/l', 3, 3, new Error('why')), ['position 3 can', 'why']],
    [new log.LogDamagedError('/l', 3, Infinity), ['from 3 on']],
    [new log.LogFullError('/l', new Error('full'), 'unknown'), ["'/l'", 'unknown', 'with an id']],
    [new indexeddb.LogOutdatedError('l', 2, 1), ["'l'", 'format 2', 'up to 1', 'reload']],
    [new indexeddb.LogLostError('l'), ["'l'", 'deleted']],
    [new indexeddb.LogUnavailableError('l', new Error('why')), ["'l'", 'why', 'fallback']],
    [new log.LogFormatError('/l', 2, 1), ['format 2', 'up to 1', 'update']],
  ] as const)('%s', (error, parts) => {
    for (const part of parts) expect(error.message).toContain(part);
  });
});
