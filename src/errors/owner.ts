import { show } from './show.js';

/** The functions of this package that check what they are given; of some, each input (`alignLatest[key]`). */
const CHECKS =
  /^(alignLatest|clock|concatMapValue|consume|filterValue|holdUntil|isCurrent|mapValue|mergeClocked|optimistic|projection|reorder|scanValue|skipTo|stamp|switchMapValue|tapValue|values|whenClock)(\[|$)/;
/** Those that hold messages. */
const HOLDS = /^(alignLatest|concatMapValue|holdUntil|mergeClocked|reorder)$/;

/**
 * Who was given something: a function, or else a sender by its name.
 *
 * The name alone decides, so that an error that is made to compare with has the message of the one that was thrown. A
 * sender that has the name of a function is spoken of as the function.
 */
export function showSender(name: string): string {
  return CHECKS.test(name) ? name : `sender ${show(name)}`;
}

/** Who holds messages: a function, or else a receiver by its name. */
export function showReceiver(name: string): string {
  return HOLDS.test(name) ? name : `receiver ${show(name)}`;
}
