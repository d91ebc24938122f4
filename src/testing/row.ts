import { ClockedDispatchError } from '../errors/clocked-dispatch-error.js';
import type { CodeOf } from '../errors/codes.js';
import { InvalidArgumentError } from '../errors/inputs.js';
import { isUsable } from '../options/guards.js';
import type { Clocked } from '../types.js';

/** A row that can't be read; the message points at the place. */
export class MarbleRowError extends ClockedDispatchError {
  override name = 'MarbleRowError';
  override readonly code: CodeOf<'MarbleRowError'> = 'RCD027';
  /** The row. */
  readonly row: string;
  /** Where the trouble is: an index into the row. */
  readonly column: number;

  /** Made by `clocked`. */
  constructor(row: string, column: number, trouble: string) {
    super(`${trouble} at column ${column + 1}:\n  ${row}\n  ${' '.repeat(column)}^`);
    this.row = row;
    this.column = column;
  }
}

/** What {@link clocked} returns: the arguments that every marble function of RxJS's TestScheduler and of rxjs-marbles takes. */
export type ClockedMarbles<T> = [marbles: string, values: Record<string, Clocked<T>>, error?: unknown];

/**
 * Reads a row of a clocked stream: values, ticks and their timestamps in one line of ASCII.
 *
 *     m.expect(orders).toBeObservable(...clocked('a1 - _2 b3 |'));
 *     m.hot(...clocked('-a1-b2-|', { a: 10, b: 20 }));
 *     expectObservable(alerts).toBe(...clocked('_1 4ms (c2 _3) #', undefined, new Error('gone')));
 *
 * A row is a marble diagram of RxJS in which a token stands where RxJS has one character:
 *
 * | token          | meaning                                                           | time                        |
 * | -------------- | ----------------------------------------------------------------- | --------------------------- |
 * | `a1` `a-1`     | the value `a` at timestamp 1, at -1: letters, then an integer     | 1 frame                     |
 * | `_3`           | a tick at timestamp 3                                             | 1 frame                     |
 * | `-`            | nothing                                                           | 1 frame                     |
 * | `\|` `#`       | completion, error                                                 | 1 frame                     |
 * | `(a1 _2 \|)`   | all at the frame of the `(`                                       | 1 frame each, with ( and )  |
 * | `10ms` `2s` `1m` | nothing, for so long; needs spaces around, and run mode          | so long                     |
 * | `^`            | where a hot stream is subscribed                                  | 1 frame                     |
 * | space          | nothing at all: put tokens in columns with it                     | none                        |
 *
 * So `a12 -- _13 |` takes the frames of `a--b|`, and rows can stand under each other, and under plain ones:
 *
 *     source   '  a  -  b  c  |'
 *     expected '  a1 -  b2 _3 |'
 *
 * A letter stands for itself, or for what `values` says. Throws `MarbleRowError` for what it can't read.
 */
export function clocked<T = string>(
  row: string,
  values?: Readonly<Record<string, T>>,
  error?: unknown,
): ClockedMarbles<T> {
  if (typeof row !== 'string') throw new InvalidArgumentError('clocked', 'row', row, 'a row, such as a1 - _2 |');
  if (values !== undefined && (!isUsable(values) || Object(values) !== values)) {
    throw new InvalidArgumentError('clocked', 'values', values, 'an object with the values of letters');
  }
  const characters = new Map<string, string>();
  const messages: Record<string, Clocked<T>> = {};
  let marbles = '';

  const message = (name: string, ts: number, column: number): Clocked<T> => {
    if (name === '_') return [null, ts];
    if (values === undefined) return [name as T, ts];
    if (!Object.hasOwn(values, name)) throw new MarbleRowError(row, column, `no value is given for '${name}',`);
    return [values[name] as T, ts];
  };

  for (const { 0: token, 1: name, 2: ts, 3: time, 4: sign, index } of row.matchAll(TOKENS)) {
    if (name !== undefined && ts !== undefined) {
      if (!Number.isSafeInteger(Number(ts))) throw new MarbleRowError(row, index, `${ts} is no timestamp,`);
      const character = characters.get(token) ?? String.fromCodePoint(FIRST_CHARACTER + characters.size);
      characters.set(token, character);
      messages[character] = message(name, Number(ts), index);
      marbles += character;
    } else if (time !== undefined) marbles += ` ${time} `;
    else if (sign !== undefined) marbles += sign.trim();
    else if (/[0-9]/.test(token)) throw new MarbleRowError(row, index, LONE_NUMBER);
    else throw new MarbleRowError(row, index, `'${token}' is neither a value such as a1 nor a tick such as _1,`);
  }
  checkGroups(row);
  return [marbles, messages, error];
}

const LONE_NUMBER =
  'a number stands alone: a timestamp follows its letter (a1), a time such as 10ms has its unit behind it and spaces around,';

/** RxJS takes all that follows a group without an end for a part of it. */
function checkGroups(row: string): void {
  let open: number | undefined;
  for (const { 0: sign, index } of row.matchAll(/[()]/g)) {
    if (sign === '(' && open !== undefined) throw new MarbleRowError(row, index, 'a group begins within another one,');
    if (sign === ')' && open === undefined) throw new MarbleRowError(row, index, 'a group ends that has not begun,');
    open = sign === '(' ? index : undefined;
  }
  if (open !== undefined) throw new MarbleRowError(row, open, 'a group begins and does not end,');
}

/** A value or tick; a time; a sign that means to RxJS what it means here; anything else. */
const TOKENS = /([A-Za-z]+|_)(-?[0-9]+)|(?<![^ ])([0-9]+(?:\.[0-9]+)?(?:ms|s|m))(?![^ ])|([-()|#^ ])|[A-Za-z_]+|./gs;

/** Characters for private use, of which none means anything to RxJS. */
const FIRST_CHARACTER = 0xe000;
