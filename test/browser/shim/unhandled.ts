/** As test/support/unhandled.ts, where nobody has caught an error, or handled a rejection, in a page. */
export async function unhandledIn(body: () => unknown): Promise<unknown[]> {
  const reported: unknown[] = [];
  const report = (event: ErrorEvent | PromiseRejectionEvent): void => {
    event.preventDefault();
    reported.push('reason' in event ? event.reason : event.error);
  };
  window.addEventListener('error', report);
  window.addEventListener('unhandledrejection', report);
  try {
    await body();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    window.removeEventListener('error', report);
    window.removeEventListener('unhandledrejection', report);
  }
  return reported;
}
