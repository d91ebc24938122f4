/** As test/support/unhandled.ts, where nobody has caught an error in a page. */
export async function unhandledIn(body: () => unknown): Promise<unknown[]> {
  const reported: unknown[] = [];
  const report = (event: ErrorEvent): void => {
    event.preventDefault();
    reported.push(event.error);
  };
  window.addEventListener('error', report);
  try {
    await body();
    await new Promise((resolve) => setTimeout(resolve, 5));
  } finally {
    window.removeEventListener('error', report);
  }
  return reported;
}
