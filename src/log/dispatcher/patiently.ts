/**
 * Waits for what a log has yet to answer, but not for ever: the end of a dispatcher has to come (law 27). Resolves also where
 * it fails.
 */
export function patiently(work: Promise<unknown>, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    work.then(done, done);
  });
}
