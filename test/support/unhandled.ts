/** Runs `body` and returns the errors that were thrown meanwhile where nobody could catch them, as RxJS reports them. */
export async function unhandledIn(body: () => unknown): Promise<unknown[]> {
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', report);
  try {
    await body();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    process.off('uncaughtException', report);
    for (const other of others) process.on('uncaughtException', other);
  }
  return reported;
}
