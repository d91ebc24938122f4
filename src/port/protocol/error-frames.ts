import { ClockedDispatchError } from '../../errors/clocked-dispatch-error.js';
import { PastGoneError, RefusedError } from '../errors.js';
import type { ErrorFrame } from './frames.js';

/** What is said of an error: its name and message, never its stack. */
export function frameOf(error: unknown): ErrorFrame {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message } = error;
  if (!(error instanceof ClockedDispatchError)) return { name, message };
  return {
    name,
    message,
    code: error.code,
    ...(error instanceof PastGoneError && { clock: error.clock }),
    ...(error instanceof RefusedError && { why: error.why }),
  };
}
