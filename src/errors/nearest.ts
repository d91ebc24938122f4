/** The candidate that `word` was most likely meant to be: the least number of typing mistakes away, two at most. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  for (let mistakes = 0; mistakes < Math.min(3, word.length); mistakes++) {
    const found = candidates.find((candidate) => isNear(word.toLowerCase(), candidate.toLowerCase(), mistakes));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether so many characters inserted, deleted, replaced or swapped make one word of the other. */
function isNear(a: string, b: string, mistakes: number): boolean {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const [x, y] = [a.slice(same), b.slice(same)];
  if (x === y || mistakes === 0) return x === y;
  const after = (inA: number, inB: number): boolean => isNear(x.slice(inA), y.slice(inB), mistakes - 1);
  const isSwapped = y.length > 1 && x.startsWith(`${y.charAt(1)}${y.charAt(0)}`);
  return after(1, 0) || after(0, 1) || after(1, 1) || (isSwapped && after(2, 2));
}
