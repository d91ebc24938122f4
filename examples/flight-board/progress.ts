import { SingleBar } from 'cli-progress';

/** A progress bar on stderr; where that is no terminal, plain lines: at the start, now and then, at the end. */
export function progressBar(
  label: string,
  total: number,
  what = 'flights',
): { update(value: number): void; stop(): void } {
  const bar = new SingleBar({
    format: `${label.padEnd(11)}  {bar}  {percentage} %  {value} of {total} ${what}`,
    formatValue: (value, _options, type) =>
      type === 'percentage' ? `${value}`.padStart(3) : value.toLocaleString('en'),
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 30,
    noTTYOutput: true,
    // Otherwise the bar would take the first Ctrl-C for itself, so as to restore a terminal that this leaves as it is.
    gracefulExit: false,
    linewrap: true,
  });
  bar.start(total, 0);
  return bar;
}
