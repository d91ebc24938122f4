import { ClockedDispatchError } from '../../errors/clocked-dispatch-error.js';
import { FrameTooLargeError, PastGoneError, RefusedError } from '../errors.js';
import type { ErrorFrame } from './frames.js';

/** So many characters are said, at most: an error has to go into a frame. */
const LONGEST = 1024;

/** What is said of an error: its name and message, never its stack. */
export function frameOf(error: unknown): ErrorFrame {
  if (!(error instanceof Error)) return { name: 'Error', message: shortened(String(error)) };
  const name = shortened(error.name);
  const message = shortened(error.message);
  if (!(error instanceof ClockedDispatchError)) return { name, message };
  return {
    name,
    message,
    code: error.code,
    ...(error instanceof PastGoneError && { clock: error.clock }),
    ...(error instanceof RefusedError && { why: shortened(error.why) }),
    ...(error instanceof FrameTooLargeError && excessOf(error)),
  };
}

function excessOf({ bytes, most, ts }: FrameTooLargeError): Partial<ErrorFrame> {
  return { bytes, ...(most !== undefined && { most }), ...(ts !== undefined && { ts }) };
}

function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
