import { readFileSync } from 'node:fs';
import * as port from 'rxjs-clocked-dispatch/port';
import { describe, expect, test } from 'vitest';
import { CODES } from '../../src/errors/codes.js';
import { blocksOf } from '../docs/blocks.js';

const PAGE = readFileSync('docs/errors.md', 'utf8');
const codes = Object.entries(CODES).filter(([code]) => code >= 'RCD120' && code < 'RCD140');

describe('law 24: every refusal of the line has a class, a stable code and a section of the documentation', () => {
  test('each class has one code, and each code a class', () => {
    const classes = Object.keys(port).filter((name) => name.endsWith('Error'));
    expect(classes.sort()).toEqual(codes.map(([, name]) => name).sort());
  });

  // What was published keeps its code. Only ever add to this list.
  test('no code has changed its class', () => {
    expect(Object.fromEntries(codes)).toEqual({
      RCD120: 'ProtocolError',
      RCD121: 'ProtocolVersionError',
      RCD122: 'PastGoneError',
      RCD123: 'SendUnknownError',
      RCD124: 'RefusedError',
      RCD125: 'RemoteError',
      RCD126: 'LineSilentError',
      RCD127: 'FrameTooLargeError',
      RCD130: 'UnsendableValueError',
      RCD131: 'LineClosedError',
    });
  });

  test.each(codes)('%s has its section, its row, and a program that ends with %s', (code, name) => {
    expect(PAGE).toContain(`\n## ${code}\n\n\`${name}\`. `);
    expect(PAGE).toMatch(new RegExp(`^\\| \\[${code}\\]\\(#${code.toLowerCase()}\\) +\\| \`${name}\``, 'm'));
    expect(blocksOf('docs/errors.md').filter(({ heading }) => heading === code)).toMatchObject([
      { noRun: false, output: `${name} ${code}\n` },
    ]);
  });

  test.each([
    [new port.ProtocolError('the id is no safe integer'), ['the id is no safe integer']],
    [new port.ProtocolVersionError(1, 2), ['version 1', 'version 2', 'same release']],
    [new port.PastGoneError('ui', 3, 9), ["'ui'", 'after 3', 'at 9', "onGone: 'now'"]],
    [new port.PastGoneError('ui', 3, null), ["'ui'", 'after 3', 'another dispatcher']],
    [new port.SendUnknownError('web', 7, 'why'), ["'web'", 'after 7', 'why']],
    [new port.RefusedError('sender', 'web', 'why'), ["sender 'web'", 'why']],
    [new port.RemoteError('LogFullError', 'full', 'RCD109'), ['LogFullError', 'full']],
    [new port.FrameTooLargeError('sender', 'web', { bytes: 9, most: 7 }), ["sender 'web'", '9 bytes', 'takes 7']],
    [new port.FrameTooLargeError('receiver', 'ui', { bytes: 9, most: 7 }, 3), ["receiver 'ui'", 'at 3', '9 bytes']],
    [new port.FrameTooLargeError('sender', 'web', { bytes: 9, most: undefined }), ['9 bytes', 'a line was closed']],
    [new port.FrameTooLargeError('connection', '', { bytes: 9, most: 7 }), ['first frame', 'token', '9 bytes']],
    [new port.LineSilentError(30_000), ['30000 ms', 'silence']],
  ] as const)('%s', (error, parts) => {
    for (const part of parts) expect(error.message).toContain(part);
  });
});
