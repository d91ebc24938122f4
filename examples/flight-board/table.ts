/** Rows of text as aligned columns: the first to the left, the others to the right; a rule below the header rows. */
export function table(header: readonly (readonly string[])[], body: readonly (readonly string[])[]): string {
  const rows = [...header, ...body];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join(GAP);
  const rule = '─'.repeat(line(rows[0]!).length);
  return [...header.map(line), rule, ...body.map(line)].join('\n');
}

const GAP = '  ';
