import type { Timestamp } from 'rxjs-clocked-dispatch';

/** What can be typed at the desk. */
export type Command =
  { readonly kind: 'hold' | 'release'; readonly airport: string } | { readonly kind: 'note'; readonly text: string };

/** A command in its place: what is stored. */
export interface Entry {
  readonly ts: Timestamp;
  readonly command: Command;
}

/** `hold ORD` and `release ORD`; everything else is a note. */
export function parse(line: string): Command | undefined {
  const text = line.trim().slice(0, 120);
  if (text === '') return undefined;
  const [, verb, airport] = /^(hold|release)\s+([a-z]{3})$/i.exec(text) ?? [];
  if (verb === undefined || airport === undefined) return { kind: 'note', text };
  return { kind: verb.toLowerCase() as 'hold' | 'release', airport: airport.toUpperCase() };
}

export function describe(command: Command): string {
  return command.kind === 'note' ? command.text : `${command.kind} ${command.airport}`;
}

/** A projection of the commands: the airports that are on hold. */
export function applyHold(held: readonly string[], command: Command): readonly string[] {
  if (command.kind === 'note') return held;
  const others = held.filter((airport) => airport !== command.airport);
  return command.kind === 'hold' ? [...others, command.airport] : others;
}

/** Another: how many notes there are. */
export function countNote(count: number, { kind }: Command): number {
  return kind === 'note' ? count + 1 : count;
}
