/** The names that messages are addressed to, each the target of one sender of each writer. */
export const NAMES = ['a', 'b', 'c'] as const;

/** A message, known by who has sent it and how many it had sent to this name before. */
export interface Message {
  readonly writer: number;
  readonly to: (typeof NAMES)[number];
  readonly number: number;
  readonly text: string;
}

export function idOf({ writer, to, number }: Message): string {
  return `${writer}.${to}.${number}`;
}
