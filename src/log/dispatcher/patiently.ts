import { answerOf } from '../answer-of.js';

/** After how many milliseconds the end of a dispatcher waits no longer for what the log has still to bring. */
const PATIENCE = 5000;

/** Waits for what the log has still to bring, but not for ever: the end has to come (law 27). Resolves also where it fails. */
export async function patiently(work: Promise<unknown>): Promise<void> {
  await answerOf(work, PATIENCE, (late) => late).catch(() => undefined);
}
