import { show } from '../../errors/show.js';

/** A reason as a text that can be sent; `undefined` where there is none. */
export function textOf(reason: unknown): string | undefined {
  if (reason === undefined || typeof reason === 'string') return reason;
  return reason instanceof Error ? reason.message : show(reason);
}
