import { answerOf } from '../answer-of.js';

/**
 * Waits for what a log has yet to answer, but not for ever: the end of a dispatcher has to come (law 27). Resolves also where
 * it fails.
 */
export async function patiently(work: Promise<unknown>, milliseconds: number): Promise<void> {
  await answerOf(work, milliseconds, (late) => late).catch(() => undefined);
}
