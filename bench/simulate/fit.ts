/**
 * The coefficients that fit best: `values[i] ≈ Σ rows[i][j] · answer[j]`, by least squares of the relative errors, none of
 * them below zero.
 */
export function fit(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const width = rows[0]!.length;
  const scaled = rows.map((row, i) => row.map((x) => x / values[i]!));
  const free = Array.from({ length: width }, (_, j) => j);
  for (;;) {
    const answer = solve(
      free.map((j) => [...free.map((k) => dot(scaled, j, k)), scaled.reduce((sum, row) => sum + row[j]!, 0)]),
    );
    const least = answer.indexOf(Math.min(...answer));
    if (free.length === 0 || answer[least]! >= 0) {
      const all = new Array<number>(width).fill(0);
      free.forEach((j, i) => (all[j] = answer[i]!));
      return all;
    }
    free.splice(least, 1);
  }
}

function dot(rows: readonly (readonly number[])[], j: number, k: number): number {
  return rows.reduce((sum, row) => sum + row[j]! * row[k]!, 0);
}

/** Gaussian elimination, the right-hand side in the last column. */
function solve(matrix: number[][]): number[] {
  for (let i = 0; i < matrix.length; i++) {
    const pivot = matrix.slice(i).reduce((best, row) => (Math.abs(row[i]!) > Math.abs(best[i]!) ? row : best));
    matrix.splice(matrix.indexOf(pivot), 1, matrix[i]!);
    matrix[i] = pivot.map((x) => x / pivot[i]!);
    for (let k = 0; k < matrix.length; k++) {
      if (k === i) continue;
      const factor = matrix[k]![i]!;
      matrix[k] = matrix[k]!.map((x, j) => x - factor * matrix[i]![j]!);
    }
  }
  return matrix.map((row) => row.at(-1)!);
}
