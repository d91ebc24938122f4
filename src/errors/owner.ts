import { show } from './show.js';

/** Functions of this package that hold messages, and those that check what they are given. */
const HOLD = 'reorder|mergeClocked|concatMapValue|alignLatest|holdUntil';
const CHECK = `${HOLD}|stamp|mapValue|filterValue|scanValue|tapValue|switchMapValue|values|clock|projection|optimistic|consume|whenClock|skipTo|isCurrent`;

/**
 * Whom an error is about: a function, an input of it (`alignLatest[key]`), or else a sender or receiver by its name.
 *
 * The name alone decides, so that an error that is made to compare with has the message of the one that was thrown. A
 * sender that has the name of a function is spoken of as the function.
 */
export function showOwner(kind: 'sender' | 'receiver', name: string): string {
  const functions = kind === 'sender' ? CHECK : HOLD;
  const [, called, input] = new RegExp(`^(${functions})(?:\\[(.*)\\])?$`, 's').exec(name) ?? [];
  if (called === undefined) return `${kind} ${show(name)}`;
  return input === undefined ? `${called}()` : `input ${show(input)} of ${called}()`;
}
