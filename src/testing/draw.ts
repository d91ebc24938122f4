/**
 * A token in a row, and when.
 *
 * @internal
 */
export interface Mark {
  readonly frame: number;
  readonly token: string;
}

/**
 * A row to be drawn, and what stands before it.
 *
 * @internal
 */
export interface Row {
  readonly label: string;
  readonly marks: readonly Mark[];
}

/**
 * Draws rows under each other, one column a frame; `undefined` when a row can't be written as marbles: a group takes as
 * many frames as it has tokens, parentheses included, and the next mark comes before these are over.
 *
 * @internal
 */
export function draw(rows: readonly Row[]): string[] | undefined {
  const placed = rows.map(({ marks }) => place(marks));
  if (!placed.every((cells) => cells !== undefined)) return undefined;
  const lines = rows.map(({ label }) => (label === '' ? [] : [pad(label, rows.map((row) => row.label))]));
  const ends = rows.map(({ marks }, i) => (hasEnded(marks) ? Math.max(...placed[i]!.keys()) : Infinity));
  const columns = [...new Set(placed.flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b);

  const add = (frame: number, tokenOf: (row: number) => string): void => {
    const tokens = rows.map((_, row) => (frame > ends[row]! ? '' : tokenOf(row)));
    tokens.forEach((token, row) => lines[row]!.push(pad(token, tokens)));
  };

  let frame = 0;
  for (const column of columns) {
    if (column - frame > MOST_DASHES) add(frame, () => `${column - frame}ms`);
    else for (; frame < column; frame++) add(frame, () => '-');
    add(column, (row) => placed[row]!.get(column) ?? '-');
    frame = column + 1;
  }
  return lines.map((tokens) => tokens.join(' ').trimEnd());
}

/** The same marks, one frame each, in the order in which they are. */
export function inSequence({ label, marks }: Row): Row {
  return { label, marks: marks.map(({ token }, frame) => ({ frame, token })) };
}

/** A longer pause is written as a time. */
const MOST_DASHES = 5;

/** One token for each frame that the marks take. */
function place(marks: readonly Mark[]): Map<number, string> | undefined {
  const cells = new Map<number, string>();
  let free = 0;
  for (let i = 0, next = 0; i < marks.length; i = next) {
    const { frame } = marks[i]!;
    if (frame < free) return undefined;
    while (marks[next]?.frame === frame) next++;
    const together = marks.slice(i, next).map(({ token }) => token);
    const tokens = together.length === 1 ? together : ['(', ...together, ')'];
    tokens.forEach((token, k) => cells.set(frame + k, token));
    free = frame + tokens.length;
  }
  return cells;
}

function hasEnded(marks: readonly Mark[]): boolean {
  const last = marks.at(-1)?.token;
  return last === '|' || last === '#';
}

function pad(text: string, among: readonly string[]): string {
  return text.padEnd(Math.max(...among.map(({ length }) => length)));
}
