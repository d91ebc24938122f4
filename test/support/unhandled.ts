const EVENTS = ['uncaughtException', 'unhandledRejection'];

/** Runs `body` and returns the errors that were thrown, or rejected with, meanwhile where nobody could catch them. */
export async function unhandledIn(body: () => unknown): Promise<unknown[]> {
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const others = EVENTS.map((event) => ({ event, listeners: process.listeners(event as 'uncaughtException') }));
  for (const { event } of others) {
    process.removeAllListeners(event);
    process.on(event, report);
  }
  try {
    await body();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    for (const { event, listeners } of others) {
      process.off(event, report);
      for (const listener of listeners) process.on(event, listener);
    }
  }
  return reported;
}
