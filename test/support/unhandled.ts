import { config } from 'rxjs';
import { turn } from './async.js';

/** Runs `body` and returns the errors that RxJS reported as unhandled meanwhile. */
export async function unhandledIn(body: () => unknown): Promise<unknown[]> {
  const reported: unknown[] = [];
  const before = config.onUnhandledError;
  config.onUnhandledError = (error) => reported.push(error);
  try {
    await body();
    // RxJS reports from a timer.
    await new Promise((resolve) => setTimeout(resolve, 2));
    await turn();
  } finally {
    config.onUnhandledError = before;
  }
  return reported;
}
