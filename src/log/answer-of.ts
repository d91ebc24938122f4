/** After how many milliseconds an answer of a store counts as lost. */
export const ANSWER_TIMEOUT = 30_000;

/** An answer that doesn't come counts as lost: nobody must wait for ever. */
export function answerOf<T>(answer: Promise<T>, timeout: number, lost: (cause: Error) => Error): Promise<T> {
  if (timeout === Infinity) return answer;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(lost(new Error(`the store did not answer within ${timeout} ms`)));
    }, timeout);
    answer.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}
