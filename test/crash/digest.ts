/** What messages add up to: another number for other messages, another order, or one that is missing or there twice. */
export interface Digest {
  readonly count: number;
  readonly hash: number;
}

export const NOTHING: Digest = { count: 0, hash: 0 };

export function add({ count, hash }: Digest, ts: number, id: string): Digest {
  let next = Math.imul(hash, 31) + ts;
  for (let i = 0; i < id.length; i++) next = (Math.imul(next, 31) + id.charCodeAt(i)) | 0;
  return { count: count + 1, hash: next };
}
