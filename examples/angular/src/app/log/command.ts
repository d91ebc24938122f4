import type { Timestamp } from 'rxjs-clocked-dispatch';

/** What can be done at the desk. */
export type Command =
  | { readonly kind: 'hold' | 'release'; readonly airport: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'forget' };

/** A command in its place. */
export interface Line {
  readonly ts: Timestamp;
  readonly text: string;
}

/** So many lines are shown. */
const LINES = 200;

/** `hold ORD` and `release ORD`; everything else is a note. */
export function parse(line: string): Command | undefined {
  const text = line.trim().slice(0, 120);
  if (text === '') return undefined;
  const [, verb, airport] = /^(hold|release)\s+([a-z]{3})$/i.exec(text) ?? [];
  if (verb === undefined || airport === undefined) return { kind: 'note', text };
  return { kind: verb.toLowerCase() as 'hold' | 'release', airport: airport.toUpperCase() };
}

/** A projection of the commands: the last of them, the newest first. */
export function addLine(lines: readonly Line[], command: Command, ts: Timestamp): readonly Line[] {
  if (command.kind === 'forget') return [];
  const text = command.kind === 'note' ? command.text : `${command.kind} ${command.airport}`;
  return [{ ts, text }, ...lines].slice(0, LINES);
}

/** Another: the airports that are on hold. */
export function applyHold(held: readonly string[], command: Command): readonly string[] {
  if (command.kind === 'forget') return [];
  if (command.kind === 'note') return held;
  const others = held.filter((airport) => airport !== command.airport);
  return command.kind === 'hold' ? [...others, command.airport] : others;
}

/** Another: how many notes there are. */
export function countNote(count: number, { kind }: Command): number {
  return kind === 'forget' ? 0 : kind === 'note' ? count + 1 : count;
}
