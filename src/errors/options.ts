import { ClockedDispatchError } from './clocked-dispatch-error.js';
import type { CodeOf } from './codes.js';
import { nearest } from './nearest.js';
import { show, showNames } from './show.js';

/** An option out of its range. */
export class InvalidOptionError extends ClockedDispatchError {
  override name = 'InvalidOptionError';
  override readonly code: CodeOf<'InvalidOptionError'> = 'RCD001';
  /** The option. */
  readonly option: string;
  /** Its value. */
  readonly value: unknown;
  /** What was expected. */
  readonly expected: string;
  /** Whose option it is: a function, or a sender or receiver by its name. */
  readonly owner: string | undefined;

  constructor(option: string, value: unknown, expected: string, owner?: string) {
    super(`option '${option}'${owner === undefined ? '' : ` of ${owner}`} is ${show(value)}: expected ${expected}`);
    this.option = option;
    this.value = value;
    this.expected = expected;
    this.owner = owner;
  }
}

/** An option that does not exist, or not here. */
export class UnknownOptionError extends ClockedDispatchError {
  override name = 'UnknownOptionError';
  override readonly code: CodeOf<'UnknownOptionError'> = 'RCD002';
  /** Whose options they are. */
  readonly owner: string;
  /** The option that it does not have. */
  readonly option: string;
  /** The options that it has. */
  readonly known: readonly string[];
  /** The one that was probably meant. */
  readonly nearest: string | undefined;

  /** `place` says where the option belongs, if it exists elsewhere. */
  constructor(owner: string, option: string, known: readonly string[], place?: string) {
    const meant = nearest(option, known);
    let advice = `its options are ${showNames(known)}`;
    if (known.length === 0) advice = 'it has none';
    if (meant !== undefined) advice = `did you mean '${meant}'?`;
    if (place !== undefined) advice = `it is an option of ${place}`;
    super(`${owner} has no option ${show(option)}: ${advice}`);
    this.owner = owner;
    this.option = option;
    this.known = known;
    this.nearest = meant;
  }
}

/** A mode that is none of `serialize()`, `watermark()` and `sequence()`. */
export class InvalidModeError extends ClockedDispatchError {
  override name = 'InvalidModeError';
  override readonly code: CodeOf<'InvalidModeError'> = 'RCD003';
  /** The function that it was given to. */
  readonly owner: string;
  /** What was given. */
  readonly given: unknown;

  constructor(owner: string, given: unknown) {
    const word = wordOf(given);
    const call = typeof word === 'string' && /^(serialize|watermark|sequence)$/.test(word) ? word : 'serialize';
    const found = word === given ? show(given) : `{ mode: ${show(word)} }`;
    super(
      `${owner} was given ${found}: a mode is a value, write ${owner}(${call}(), options), with ${call} imported from 'rxjs-clocked-dispatch'`,
    );
    this.owner = owner;
    this.given = given;
  }
}

/** What the form before 0.2, `{ mode: 'serialize' }`, says; anything else as it is. */
function wordOf(given: unknown): unknown {
  try {
    return (given as { mode?: unknown } | null | undefined)?.mode ?? given;
  } catch {
    return given;
  }
}
