/** Reports an error of somebody else's code as an uncaught one, as RxJS does, so that it can't stop the log. */
export function reportError(error: unknown): void {
  setTimeout(() => {
    throw error;
  });
}
