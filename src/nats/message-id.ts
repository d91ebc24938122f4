/**
 * An id as the server's header takes it: as it is, where that is possible, so that other programs can send the same.
 * Any other one is written as JSON, which begins with a quote.
 */
export function messageId(id: string): string {
  return /^[\x21\x23-\x7e][\x21-\x7e]*$/.test(id) ? id : JSON.stringify(id);
}
