/** Whether a subject, or all that a pattern stands for, is among what another pattern stands for. */
export function covers(pattern: string, subject: string): boolean {
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === '>') return i < tokens.length;
    const fits = wanted[i] === tokens[i] || (wanted[i] === '*' && tokens[i] !== '>');
    if (i >= tokens.length || !fits) return false;
  }
  return wanted.length === tokens.length;
}

/** Whether any of the patterns does. */
export function coversAny(patterns: readonly string[], subject: string): boolean {
  return patterns.some((pattern) => covers(pattern, subject));
}

/** The subject that entries are published on: the pattern itself, with a word in place of each wildcard. */
export function subjectIn(pattern: string): string {
  return pattern
    .split('.')
    .map((token) => (token === '*' || token === '>' ? 'log' : token))
    .join('.');
}
