/**
 * A token in a row: when it came, and as the how manieth.
 *
 * @internal
 */
export interface Mark {
  readonly frame: number;
  readonly turn: number;
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
 * Draws rows under each other, one column a frame; or one column a turn, where that is asked for, or where a row can't
 * be written as marbles: a group takes as many frames as it has tokens, parentheses included, and the next mark comes
 * before these are over.
 *
 * @internal
 */
export function draw(rows: readonly Row[], columns: 'time' | 'order', legend: readonly string[]): string {
  const byTime = columns === 'time' ? rows.map(({ marks }) => byFrame(marks)) : [];
  const drawable = columns === 'time' && byTime.every((cells) => cells !== undefined);
  const cells = drawable ? byTime : rows.map(({ marks }) => byTurn(marks));
  const notes = columns === 'time' && !drawable ? [DENSE, ...legend] : legend;

  const labels = rows.map(({ label }) => label);
  const lines = labels.map((label) => (label === '' ? [] : [pad(label, labels)]));
  layOut(cells, lines, drawable ? 0 : undefined);
  const indent = pad('', labels);
  return [...lines, ...notes.map((note) => (indent === '' ? [note] : [indent, note]))]
    .map((tokens) => tokens.join(' ').trimEnd())
    .join('\n');
}

const DENSE = '(one column for each notification: more came at once than marbles can draw)';

/** A longer pause is written as a time. */
const MOST_DASHES = 5;

type Cells = ReadonlyMap<number, string>;

/** Appends the cells to their lines, column by column, from the given one or the first that is taken. */
function layOut(rows: readonly Cells[], lines: readonly string[][], from?: number): void {
  const ends = rows.map((cells) => ([...cells.values()].some(isEnd) ? Math.max(...cells.keys()) : Infinity));
  const taken = [...new Set(rows.flatMap((cells) => [...cells.keys()]))].sort((a, b) => a - b);
  let at = from ?? taken[0] ?? 0;

  const add = (tokenOf: (cells: Cells) => string): void => {
    const tokens = rows.map((cells, row) => (at > ends[row]! ? '' : tokenOf(cells)));
    tokens.forEach((token, row) => lines[row]!.push(pad(token, tokens)));
  };

  for (const column of taken) {
    if (column - at > MOST_DASHES) add(() => `${column - at}ms`);
    else for (; at < column; at++) add(() => '-');
    at = column;
    add((cells) => cells.get(column) ?? '-');
    at++;
  }
}

/** One token for each frame that the marks take; `undefined` where two of them would need the same. */
function byFrame(marks: readonly Mark[]): Cells | undefined {
  const cells = new Map<number, string>();
  let free = -Infinity;
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

function byTurn(marks: readonly Mark[]): Cells {
  return new Map(marks.map(({ turn, token }) => [turn, token]));
}

function isEnd(token: string): boolean {
  return token === '|' || token === '#';
}

function pad(text: string, among: readonly string[]): string {
  return text.padEnd(Math.max(...among.map(({ length }) => length)));
}
