import type { Stored } from '../log/errors.js';
import { isOurs } from '../log/is-ours.js';
import { LogFullError, LogStoreError } from '../log/store-errors.js';
import { StreamAccessError } from './errors.js';

/** The codes of the server's answers. */
export const STREAM_NOT_FOUND = 10059;
export const WRONG_LAST_SEQUENCE = 10071;
const CONSUMER_NOT_FOUND = 10014;

/** The names of errors: names of streams and subjects, which texts have in them, may be anything. */
const FORBIDDEN = /^(PermissionViolation|Authorization|UserAuthenticationExpired)Error /m;
const CLOSED = /^(Closed|Draining)ConnectionError /m;
/** What a consumer says instead of messages: it was deleted, or its leader has changed. */
const GONE = /^JetStreamStatusError /m;

/** What the client or the server says, as an error of this package. */
export function natsFailure(stream: string, error: unknown, stored: Stored): Error {
  if (isOurs(error)) return error as Error;
  const said = saidBy(error);
  if (FORBIDDEN.test(said)) return new StreamAccessError(stream, error);
  if (/insufficient|resource limits|maximum (bytes|messages)|no space left/i.test(said)) {
    return new LogFullError(stream, error, stored);
  }
  const advice = CLOSED.test(said) ? 'connect again, and open the log with the new connection' : undefined;
  return new LogStoreError(stream, error, stored, advice);
}

/** As the client says it. */
export function closedConnection(cause?: unknown): Error {
  return Object.assign(new Error('closed connection', { cause }), { name: 'ClosedConnectionError' });
}

/** Whether the server has answered, so that nothing was stored. */
export function isRefusal(error: unknown): boolean {
  return codeOf(error) !== undefined || isUnanswered(error) || /violation for publish/i.test(saidBy(error));
}

/** Whether nobody was there to answer: no such stream, or the server is still starting. */
export function isUnanswered(error: unknown): boolean {
  return /^(JetStreamNotEnabled|NoRespondersError) /m.test(saidBy(error));
}

/** Whether it may work if it is tried again. */
export function isPassing(error: unknown): boolean {
  if (isOurs(error) || FORBIDDEN.test(saidBy(error)) || CLOSED.test(saidBy(error))) return false;
  const { status } = error as { readonly status?: number };
  if (codeOf(error) === undefined || codeOf(error) === CONSUMER_NOT_FOUND || GONE.test(saidBy(error))) return true;
  return (status ?? 0) >= 500;
}

/** The code of an answer of the server that is an error. */
export function codeOf(error: unknown): number | undefined {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'number' ? code : undefined;
}

/** The names and messages of an error and its causes. */
function saidBy(error: unknown): string {
  let said = '';
  for (let cause: unknown = error; cause instanceof Error; { cause } = cause)
    said += `${cause.name} ${cause.message}\n`;
  return said;
}
